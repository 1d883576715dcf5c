"""The sample catalog is what its source says, hangs together, and every judged id is in it."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

CATALOG = Path(__file__).resolve().parents[2] / "sample_catalog"
AT_LEAST = {"track": 3500, "album": 1000, "artist": 350, "playlist": 60, "station": 30, "podcast": 40}
Entity = dict[str, Any]


@pytest.fixture(scope="module")
def entities() -> dict[str, Entity]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CATALOG.glob("*.jsonl"))]
    rows = [json.loads(line) for text in texts for line in text.split("\n") if line]
    assert [i for i, n in Counter(row["id"] for row in rows).items() if n > 1] == []
    return {row["id"]: row for row in rows}


def qrels() -> list[tuple[str, str, int]]:
    rows = [line.split(" ") for line in (CATALOG / "judgments" / "qrels.txt").read_text(encoding="utf-8").splitlines()]
    return [(qid, entity_id, int(grade)) for qid, _, entity_id, grade in rows]


def queries() -> dict[str, str]:
    lines = (CATALOG / "judgments" / "queries.tsv").read_text(encoding="utf-8").splitlines()
    return {qid: query for qid, query in (line.split("\t") for line in lines)}


def test_the_files_are_what_the_source_expands_to() -> None:
    done = subprocess.run([sys.executable, CATALOG / "expand.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_there_is_plenty_of_every_kind(entities: dict[str, Entity]) -> None:
    counts = Counter(e["type"] for e in entities.values())
    assert {kind: n for kind, n in AT_LEAST.items() if counts[kind] < n} == {}
    readme = (CATALOG / "README.md").read_text(encoding="utf-8")
    assert [n for n in counts.values() if f"{n:,} |" not in readme] == []


def test_references_lead_to_entities(entities: dict[str, Entity]) -> None:
    names = {e["title"] for e in entities.values() if e["type"] == "artist"}
    for e in entities.values():
        assert all(entities[i]["type"] == "track" for i in e.get("tracks", [])), e["id"]
        assert "album_id" not in e or e["id"] in entities[e["album_id"]]["tracks"], e["id"]
        assert "artist" not in e or e["artist"] in names, e["id"]
        assert len(set(e.get("tracks", []))) == len(e.get("tracks", [])), e["id"]


def test_values_are_plausible(entities: dict[str, Entity]) -> None:
    for e in entities.values():
        assert e["title"].strip(" *~|=") == e["title"].strip() != "", e["id"]
        assert all(0 < weight <= 1 for weight in e.get("genres", {}).values()), e["id"]
        assert 0 <= e["popularity"] <= 100, e["id"]
        assert 1700 <= e.get("year", 2000) <= 2025, e["id"]
        assert 1700 <= e.get("active_from", 2000) <= 2025, e["id"]
        assert 60 <= e.get("duration_s", 60) <= 1800, e["id"]


def test_every_query_has_an_answer_and_every_judged_id_exists(entities: dict[str, Entity]) -> None:
    asked, judged = queries(), qrels()
    assert len(asked) >= 80
    assert {i for _, i, _ in judged} <= entities.keys()
    assert {grade for _, _, grade in judged} == {0, 1, 2, 3}
    assert {qid for qid, _, grade in judged if grade == 3} == {qid for qid in asked if not qid.startswith("none-")}


def test_love_is_a_word_and_a_topic(entities: dict[str, Entity]) -> None:
    songs = [e for e in entities.values() if e["type"] == "track" and "love" in e["title"].lower()]
    assert any("love songs" not in e.get("topics", []) for e in songs)
    taylor = [e for e in entities.values() if e.get("artist") == "Taylor Swift" and "love songs" in e.get("topics", [])]
    assert len([e for e in taylor if "lov" in e["title"].lower()]) >= 3
    assert entities["artist:taylor-swift"]["popularity"] == max(e["popularity"] for e in entities.values())
