"""Every logged search can be made again, or it is said what is not there any more."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import QueryError
from ltrr_cli.evaluate.replay import DIFFERENT, GONE, SAME, replay, replays
from ltrr_cli.feedback import log
from ltrr_cli.learn.fold import forget
from ltrr_cli.learn.ranker import Challenger, _promote, rollback
from ltrr_cli.policy.base import POLICIES
from ltrr_cli.rank.features import VERSION
from ltrr_cli.settings import Settings
from ltrr_cli.workspace import Workspace

Process = Callable[..., Any]
NOW = 1_770_000_000.0
QUERIES = ["love", "tayler love", "beatles", "rain jacket", "black", "running shoe", "halo", "東京", "help", "coffee", ""]
NEW = [{"id": f"new-{i}", "type": "track", "name": f"Love Again {i}", "artist": "Somebody New", "year": 2020} for i in range(5)]


def use(folder: str, searches: int, seed: int = 1, start: float = NOW) -> dict[str, str]:
    """Search in many ways, with feedback in between; return each page as `ltrr search --json` prints it, by its id."""
    rng = Random(seed)
    pages = {}
    graph = False
    engine = Engine(folder)
    for i in range(searches):
        if i % 50 == 0:
            engine.close()
            engine = Engine(folder, graph=graph, epsilon=rng.choice([0.0, 0.3]), budget=rng.choice([20, 40]))
            graph = not graph
        now = start + 600.0 * i
        page = engine.search(
            rng.choice(QUERIES) + rng.choice(["", "", " live"]),
            limit=rng.choice([3, 10, 10, 25]),
            types=rng.choice([(), (), ("track",)]),
            where=rng.choice(["", "", "", "year>=1980"]),
            user=rng.choice([None, "ann", "bob"]),
            session=rng.choice([None, f"s{i // 7}"]),
            context=rng.choice([(), (("mood", "0.5"), ("timezone", "Asia/Tokyo"))]),
            arms=rng.choice([(), (), ("lexical", "memory", "fresh")]),
            policy=rng.choice([None, None, "uniform"]),
            interleave=rng.choice([None, None, None, ("epsilon_greedy", "uniform")]),
            explore=rng.choice([None, None, False]),
            diverse=rng.random() < 0.2,
            facets=rng.choice([(), (), ("year",)]),
            seed=rng.choice([None, i]),
            now=now,
        )
        pages[page.search_id] = json.dumps(page.to_dict())
        if page.results and rng.random() < 0.6:
            action = rng.choice(["click", "play", "like", "skip", "dislike"])
            engine.feedback(rng.randint(1, len(page.results)), action=action, search_id=page.search_id, now=now + 60)
    engine.close()
    return pages


def add(folder: str) -> None:
    path = os.path.join(os.path.dirname(folder), "new.jsonl")
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(row) + "\n" for row in NEW)
    ltrr_cli.add([path], folder)


def test_searches_half_of_them_from_an_older_generation_come_out_the_same(own: str) -> None:
    pages = use(own, 200)
    add(own)
    pages |= use(own, 200, seed=2, start=NOW + 600 * 200)
    done = list(replays(own))
    assert len(done) == len(pages) == 400
    assert {r.outcome for r in done} == {SAME}
    assert {r.search_id: json.dumps(r.page.to_dict()) for r in done if r.page is not None} == pages
    assert len({r.page.generation for r in done if r.page is not None}) == 2


def test_one_search_alone_comes_out_the_same(own: str) -> None:
    pages = use(own, 60)
    for search_id in list(pages)[::12]:
        again = ltrr_cli.replay(search_id, own)
        assert again.outcome == SAME
        assert again.page is not None
        assert json.dumps(again.page.to_dict()) == pages[search_id]


def test_replaying_leaves_the_folder_as_it_was(own: str) -> None:
    use(own, 40)
    with Engine(own) as engine:
        before = list(engine.export())
    assert {r.outcome for r in replays(own)} == {SAME}
    with Engine(own) as engine:
        assert list(engine.export()) == before


def test_a_generation_that_is_gone_is_named(own: str) -> None:
    first = list(use(own, 30))
    add(own)
    second = list(use(own, 30, seed=2, start=NOW + 1e5))
    shutil.rmtree(Workspace(own).generation("00000001"))
    done = {r.search_id: r for r in replays(own)}
    assert {done[i].outcome for i in second} == {SAME}
    assert {(done[i].outcome, done[i].why, done[i].page) for i in first} == {
        (GONE, ("index generation 00000001: searches use 00000002 now",), None)
    }


def test_a_generation_that_was_changed_in_place_is_named(own: str) -> None:
    search_id = next(iter(use(own, 1)))
    path = os.path.join(Workspace(own).generation("00000001"), "meta.json")
    with open(path, encoding="utf-8") as f:
        meta = json.load(f)
    with open(path, "w", encoding="utf-8") as f:
        json.dump({**meta, "encoder": "minilm"}, f)
    again = replay(search_id, own)
    assert again.outcome == GONE
    assert again.why == ("index generation 00000001 as it was: encoder is 'minilm' now, not 'static'",)


def test_what_was_forgotten_is_named_where_it_matters(own: str) -> None:
    with Engine(own) as engine:
        before = engine.search("love", seed=1, now=NOW)
        page = engine.search("love", user="ann", seed=1, now=NOW + 1)
        engine.feedback(3, action="like", now=NOW + 2)
        after = engine.search("love", seed=1, now=NOW + 3)
        other = engine.search("coffee", seed=1, now=NOW + 4, arms=["lexical"], policy="fixed")
        assert after.results[0].id == page.results[2].id
        assert replay(after.search_id, own).outcome == SAME
        forget(engine.store, Settings(), user="ann")
    assert replay(before.search_id, own).outcome == SAME
    assert replay(other.search_id, own).outcome == SAME
    again = replay(after.search_id, own)
    assert (again.outcome, again.why) == (GONE, ("1 earlier search, forgotten with what was learned from them",))
    with pytest.raises(QueryError):
        replay(page.search_id, own)


def test_a_policy_that_is_gone_is_named(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(own) as engine:
        page = engine.search("love", policy="uniform", now=NOW)
    monkeypatch.delitem(POLICIES, "uniform")
    again = replay(page.search_id, own)
    assert again.outcome == GONE
    assert "uniform" in again.why[0]


def test_the_ranker_that_had_been_promoted_then_ranks_again(own: str) -> None:
    first = {"kind": "pairwise", "features": VERSION, "weights": {"quality": -0.9}}
    second = {"kind": "pairwise", "features": VERSION, "weights": {"quality": 2.0}}
    pages = []
    with Engine(own) as engine:
        for model in ({}, first, second):
            if model:
                _promote(engine.store, Challenger(model, []))
            pages.append(engine.search("love", seed=1, now=NOW))
        assert len({json.dumps([r.score for r in page.results]) for page in pages}) == 3
        for page in pages:
            again = replay(page.search_id, own)
            assert again.page is not None
            assert (again.outcome, again.page.to_dict()) == (SAME, page.to_dict())
        rollback(engine.store)
        assert [replay(page.search_id, own).outcome for page in pages] == [SAME, SAME, GONE]
        assert replay(pages[2].search_id, own).why[0].startswith("the ranker ")


def test_a_log_that_was_changed_is_found_out(own: str) -> None:
    with Engine(own) as engine:
        pages = [engine.search(text, seed=1, now=NOW) for text in ("love", "halo")]
        engine.store.rows("UPDATE searches SET body=(SELECT body FROM searches WHERE seq=2) WHERE seq=1")
    again = replay(pages[0].search_id, own)
    assert (again.outcome, again.search_id) == (SAME, pages[1].search_id)  # it is the other search now, in all its parts
    with Engine(own) as engine:
        packed = engine.store.rows("SELECT body FROM searches WHERE seq=2")[0][0]
        body = log.body(packed)
        body["results"][0]["score"] += 0.001
        body["choice"]["probabilities"][0] += 1e-9
        with engine.store.writing() as db:
            db.execute("UPDATE searches SET body=? WHERE seq=2", (zlib.compress(json.dumps(body).encode()),))
    again = replay(pages[1].search_id, own)
    assert (again.outcome, again.why) == (DIFFERENT, ("choice", "results"))


BUSY = """
import sys
from ltrr_cli.engine import Engine
with Engine(sys.argv[1], epsilon=0.3) as engine:
    for i in range(40):
        page = engine.search(["love", "love story", "halo"][i % 3], now=1770000000.0 + i, seed=None)
        engine.feedback(min(1 + i % 3, len(page.results)), action="play", search_id=page.search_id, now=1770000001.0 + i)
print("done")
"""


def test_searches_of_processes_that_ran_at_once_come_out_the_same(own: str, process: Process) -> None:
    running = [process(BUSY, own) for _ in range(3)]
    for one in running:
        out, err = one.communicate(timeout=120)
        assert out.strip() == "done", err
    done = list(replays(own))
    assert (len(done), {(r.outcome, r.why) for r in done}) == (120, {(SAME, ())})
