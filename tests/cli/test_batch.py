"""Many queries by one command: answered as each would be alone, in order, logged before they are shown."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.cli import batch
from ltrr_cli.cli.batch import GROUP, Batch, answer_all, read
from ltrr_cli.engine import Engine
from ltrr_cli.errors import QueryError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
TEXTS = ["love", "tayler", "track 7", "abba", "zzzzqqqq", "red shoes"]
PRINTED = {"name": None, "as_json": True, "explained": False}
SAME: dict[str, Any] = {"seed": 5, "now": 1_780_000_000.0}


def asked(folder: str, **options: Any) -> Batch:
    return Batch({"folder": folder, "graph": True}, {**SAME, **options}, PRINTED)


def plain(line: str) -> dict[str, Any]:
    """An answer without what no two answers share."""
    page: dict[str, Any] = json.loads(line)
    return {name: value for name, value in page.items() if name not in ("search_id", "took_ms", "qid")}


def alone(folder: str, text: str, **options: Any) -> dict[str, Any]:
    with Engine(folder, graph=True) as engine:
        return plain(json.dumps(engine.search(text, **SAME, **options).to_dict()))


@pytest.mark.parametrize("arms", [(), ("lexical",)])
def test_each_is_answered_as_if_it_were_alone(own: str, capsys: pytest.CaptureFixture[str], arms: tuple[str, ...]) -> None:
    assert answer_all(asked(own, arms=arms), [[(f"q{i}", text) for i, text in enumerate(TEXTS)]], 1)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["qid"] for line in lines] == [f"q{i}" for i in range(len(TEXTS))]
    assert [plain(line) for line in lines] == [alone(own, text, arms=arms, log=False) for text in TEXTS]


def test_several_processes_answer_in_the_order_asked(
    own: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ALONE", GROUP)
    groups = [[(f"{n}-{i}", TEXTS[(n + i) % len(TEXTS)]) for i in range(GROUP)] for n in range(6)]
    assert answer_all(asked(own, arms=("lexical",)), [*groups[:4], [], *groups[4:], [("last", "love")]], 2)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["qid"] for line in lines] == [qid for group in groups for qid, _ in group] + ["last"]
    expected = {text: alone(own, text, arms=("lexical",), log=False) for text in TEXTS}
    assert all(plain(line) == expected[json.loads(line)["query"]] for line in lines)
    with Engine(own) as engine:
        logged = {search["search_id"] for search in engine.export() if search["kind"] == "search"}
        assert logged == {json.loads(line)["search_id"] for line in lines}


def test_what_another_process_can_not_do_is_the_same_error(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "ALONE", 0)
    with pytest.raises(QueryError, match="no arm is called 'lexcal'") as told:
        answer_all(asked(own, arms=("lexcal",)), [[("1", "love")] * GROUP], 2)
    assert "lexical" in told.value.hint


def test_nothing_found_is_told(own: str) -> None:
    assert not answer_all(asked(own, arms=("lexical",)), [[("1", "zzzzqqqq")], []], 1)
    assert not answer_all(asked(own), [], 1)


def test_queries_come_in_groups_with_their_ids(tmp_path: Path) -> None:
    path = tmp_path / "queries.tsv"
    path.write_bytes(b"\xef\xbb\xbflove\n\nq7\tabba\r\n \t \n" + b"".join(b"query %d\n" % i for i in range(5, 205)) + b"end")
    groups = [group for group in read(str(path)) if group]
    assert max(map(len, groups)) == GROUP
    found = [query for group in groups for query in group]
    assert found[:3] == [("1", "love"), ("q7", "abba"), ("5", "query 5")]
    assert found[-1] == ("205", "end") and len(found) == 2 + 200 + 1


def test_queries_longer_than_what_is_read_at_once_stay_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    path = tmp_path / "queries.tsv"
    path.write_text("a long query\nan even longer query\nshort", encoding="utf-8")
    assert [query for group in read(str(path)) for query in group] == [
        ("1", "a long query"),
        ("2", "an even longer query"),
        ("3", "short"),
    ]


def test_who_sends_one_query_at_a_time_gets_each_answer_at_once(own: str) -> None:
    command = [sys.executable, "-m", "ltrr_cli", "search", "--queries", "-", "--json", "--index", own]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": {**os.environ, "PYTHONPATH": ROOT}}
    with subprocess.Popen(command, bufsize=0, **pipes) as process:  # type: ignore[call-overload]
        answers = []
        for text in (b"love\n", b"abba\n"):
            process.stdin.write(text)
            answers.append(process.stdout.readline())  # it would wait for ever
        process.stdin.close()
        assert process.wait(60) == 0
    assert all(answers)


def test_a_group_that_fails_leaves_nothing_in_the_log(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(own) as engine:
        monkeypatch.setattr(engine.generation.columns, "head", io.BytesIO)  # an answer that can't be made
        with pytest.raises(TypeError):
            engine.search_all(["zzzzqqqq", "love"])
        assert engine.store.last_search() is None
        monkeypatch.undo()
        pages = engine.search_all(["zzzzqqqq", "love"])
        assert [s["search_id"] for s in engine.export() if s["kind"] == "search"] == [page.search_id for page in pages]
