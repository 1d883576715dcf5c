"""From a catalog to learned results and back out, through the library, as the README tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby

import pytest

import ltrr_cli

Catalog = Callable[..., str]
SONGS = [
    ("Love Story", "Taylor Swift", 2008), ("Lover", "Taylor Swift", 2019), ("Love Me Do", "The Beatles", 1962),
    ("All You Need Is Love", "The Beatles", 1967), ("Crazy in Love", "Beyoncé", 2003), ("Endless Love", "Diana Ross", 1981),
    ("Love Is a Battlefield", "Pat Benatar", 1983), ("Halo", "Beyoncé", 2008), ("Yesterday", "The Beatles", 1965),
]  # fmt: skip


def test_a_person_indexes_searches_tells_what_was_right_and_finds_it_sooner(catalog: Catalog) -> None:
    rows = [{"id": f"s{i}", "title": title, "artist": artist, "year": year} for i, (title, artist, year) in enumerate(SONGS)]
    path = catalog(rows, "songs.jsonl")
    folder = path.replace("songs.jsonl", ".ltrr")

    built = ltrr_cli.build([path], folder)
    assert (built.entities, built.bad, built.problems, built.generation) == (9, 0, (), "00000001")
    assert built.mapping["title"] == ["title"]
    assert built.mapping["creator"] == ["artist"]

    with ltrr_cli.open(folder) as engine:
        page = engine.search("love", seed=1, policy="fixed")
        assert {r.id for r in page.results} >= {"s0", "s2", "s3", "s4", "s5", "s6"}
        assert page.results[0].type == "song"
        wanted = page.results[4]
        assert engine.search("beyonse halo", seed=1).results[0].title == "Halo"

        for sitting in range(3):
            page = engine.search("love", seed=sitting, session=str(sitting))
            assert engine.feedback(id=wanted.id, action="play", seconds=180).kept == 1
        again = engine.search("love", seed=1)
        assert [r.id for r in again.results].index(wanted.id) <= 1

        told = engine.explain(page.search_id)
        assert [(e["id"], e["action"], e["seconds"]) for e in told["events"]] == [(wanted.id, "play", 180)]

        arms = {report.arm: report for report in engine.arms()}
        assert sum(report.budget_share for report in arms.values()) == pytest.approx(1)
        assert max(report.credit for report in arms.values()) > 0
        assert all(0 <= report.low <= report.hit_rate <= report.high <= 1 for report in arms.values())

        status = engine.status()
        assert (status["entities"], status["searches"], status["events"]) == (9, 6, 3)
        assert status["types"] == {"song": 9}
        assert (status["vectors"], status["graph"], status["encoder"]) == (True, True, "static")
        assert status["bytes"]["all"] >= status["bytes"]["index"] > 0

        assert engine.suggest("lov")[0].text in ("lover", "love me do", "love story", "love is a battlefield")

    added = ltrr_cli.add(
        [catalog([{"id": "new", "title": "Purple Rain", "artist": "Prince", "year": 1984}], "songs2.jsonl")], folder
    )
    assert (added.entities, added.generation) == (1, "00000002")
    with ltrr_cli.open(folder) as engine:
        assert engine.search("purple rain").results[0].id == "new"
        assert [r.id for r in engine.search("love", seed=1).results].index(wanted.id) <= 1

    assert ltrr_cli.delete([wanted.id, "nobody"], folder) == (1, ["nobody"])
    with ltrr_cli.open(folder) as engine:
        assert wanted.id not in [r.id for r in engine.search("love", limit=50).results]
        assert engine.status()["entities"] == 9
        assert engine.status()["deleted_rows"] == 1

        lines = list(engine.export())
        kinds = {kind: len(list(group)) for kind, group in groupby(line["kind"] for line in lines)}
        assert kinds == {"search": 9, "event": 3, "learned": 2}  # the policy, and the guard's sums
        assert all(json.loads(json.dumps(line))["kind"] == line["kind"] for line in lines)
