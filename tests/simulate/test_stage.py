"""The stage is the real engine: the same searches and feedback give the same pages and learn the same bits."""

from __future__ import annotations

import os

import pytest

from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.simulate.rounds import START
from ltrr_cli.simulate.stage import BY_WORDS, Kept, stage

QUERIES = ["love", "tayler swift", "running shoe", "let it be", "coffee", "halo beyonce", "black", "zzqq", "love story taylor"]


def act(engine: Engine, n: int) -> list[tuple[object, ...]]:
    """Search *n* times with clicks between, and return what was seen."""
    seen: list[tuple[object, ...]] = []
    for i in range(n):
        now = START + 600 * i
        user = ("u1", None)[i % 2]
        page = engine.search(QUERIES[i * i % len(QUERIES)], seed=i, now=now, user=user, types=("track",) if i % 7 == 0 else ())
        seen.append((page.query, page.choice, [(r.id, r.score, r.arms, r.why) for r in page.results], page.total))
        if page.results:
            click = {"search_id": page.search_id, "rank": 1 + i % len(page.results), "action": ("click", "like", "skip")[i % 3]}
            engine.feedback_lines([click], now=now + 30)
    return seen


def test_pages_and_what_is_learned_are_the_plain_engines(own: str, shop: str) -> None:
    with Engine(own) as plain:
        expected = act(plain, 60)
        learned = plain.store.policy_state()
    kept = Kept(shop)
    for _ in range(2):  # the second time everything that can be is kept from the first
        with stage(kept) as engine:
            assert act(engine, 60) == expected
            assert engine.store.policy_state() == learned
            assert learned.version > 0


def test_a_query_is_read_with_the_trust_that_was_learned_by_now(shop: str) -> None:
    with stage(Kept(shop)) as engine:
        act(engine, 60)
        assert set(engine.asked.trust.values()) - {1.0}
        for text in QUERIES:
            assert engine.asked.query(text, now=START) == engine.asked._understand(text)._replace(now=START)


@pytest.mark.parametrize("arm", ARMS)
def test_every_arm_draws_as_in_the_plain_engine_whatever_was_kept(arm: str, own: str, shop: str) -> None:
    kept = Kept(shop)
    with Engine(own) as plain, stage(kept) as engine:
        for i in range(6):
            drawn = []
            for one in (plain, engine):
                page = one.search("love", arms=[arm], seed=i, now=START + i, user="u")
                if page.results:
                    one.feedback(len(page.results), now=START + i)
                drawn.append([(result.id, result.score) for result in page.results])
            assert drawn[0] == drawn[1]


@pytest.mark.parametrize("arm", BY_WORDS)
def test_what_an_arm_of_words_finds_does_not_hang_on_how_a_query_is_read(arm: str, own: str) -> None:
    with Engine(own) as engine:
        for text in QUERIES:
            query = engine.search(text, log=False, seed=0, now=START).query
            unread = query._replace(interpretations=(), intent=())
            assert engine.sources.draw(arm, query) == engine.sources.draw(arm, unread)


def test_nothing_is_left_in_the_folder_of_the_index(shop: str) -> None:
    def contents() -> list[tuple[str, int]]:
        files = (os.path.join(where, name) for where, _, names in os.walk(shop) for name in names)
        return sorted((path, os.stat(path).st_mtime_ns) for path in files)

    before = contents()
    with stage(Kept(shop)) as engine:
        state = engine.store.path
        act(engine, 10)
        assert not state.startswith(shop)
    assert contents() == before
    assert not os.path.exists(os.path.dirname(state))


def test_settings_of_the_index_hold_unless_told_otherwise(own: str) -> None:
    with open(os.path.join(own, "ltrr.toml"), "w", encoding="utf-8") as f:
        f.write("budget = 12\neta = 0.5\n")
    kept = Kept(own)
    with stage(kept) as engine:
        assert (engine.settings.budget, engine.settings.eta) == (12, 0.5)
    with stage(kept, budget=20, policy=None) as engine:
        assert (engine.settings.budget, engine.settings.eta, engine.settings.policy) == (20, 0.5, "epsilon_greedy")
