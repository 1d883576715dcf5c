"""A logged search is judged by what was known before it, with the chances that its plans had."""

from __future__ import annotations

import json
from random import Random

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import QueryError
from ltrr_cli.evaluate.again import Again, again, evaluated
from ltrr_cli.evaluate.earned import earned
from ltrr_cli.evaluate.ope import NO_DIFFERENCE, TOO_LITTLE, ope
from ltrr_cli.policy.base import POLICIES
from ltrr_cli.settings import Settings

NOW = 1_770_000_000.0
QUERIES = ["love", "tayler love", "beatles", "rain jacket", "black", "running shoe", "halo", "coffee", "warm", "taylor swift"]


def use(engine: Engine, searches: int, seed: int = 1, policy: str | None = None) -> None:
    rng = Random(seed)
    for i in range(searches):
        now = NOW + 1000.0 * i
        options = {"arms": rng.choice([(), ("lexical", "fresh")]), "explore": rng.choice([None, False]), "policy": policy}
        page = engine.search(rng.choice(QUERIES), session=f"s{i // 3}", seed=i, now=now, **options)  # type: ignore[arg-type]
        if page.results and rng.random() < 0.5:
            engine.feedback(rng.randint(1, len(page.results)), action=rng.choice(["play", "skip", "click"]), now=now + 1)


def seen(folder: str, name: str, explore: bool = True, **settings: float) -> list[Again]:
    with Engine(folder) as engine:
        return list(again(engine.store, evaluated(name, Settings(**settings), explore)))  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_policy_that_decided_is_given_its_own_chances_again(own: str, policy: str) -> None:
    with Engine(own, epsilon=0.4, explore=True) as engine:
        for i in range(60):
            page = engine.search(QUERIES[i % 7], seed=i, now=NOW + i, policy=policy, arms=("lexical", "fuzzy", "memory"))
            engine.feedback(1 + i % len(page.results), action="play", now=NOW + i)
    rows = seen(own, policy, epsilon=0.4)
    assert len(rows) == 60
    assert {row.rho for row in rows} == {1.0}
    assert {row.exposure for row in rows if row.reward} == {1.0}
    assert {(row.unsupported, row.unreachable) for row in rows} == {(0.0, 0.0)}


def test_later_events_change_nothing_of_what_a_policy_would_have_done(own: str) -> None:
    with Engine(own, epsilon=0.4) as engine:
        use(engine, 40)
        before = seen(own, "epsilon_greedy")
        for _ in range(30):
            engine.search("love", now=NOW + 1e6)
            engine.feedback(2, action="like", now=NOW + 1e6)
    after = seen(own, "epsilon_greedy")
    assert len(after) == 70
    assert after[:40] == before


def test_only_what_the_page_showed_is_its_reward(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("love", limit=2, now=NOW, arms=["lexical"])
        engine.feedback(2, action="click", now=NOW)
        engine.feedback(id="product-9", action="purchase", now=NOW)
        engine.feedback(1, action="like", now=NOW + 86400 * 2)  # too late
        engine.search("love", limit=2, now=NOW, arms=["lexical"])
        engine.feedback(1, action="like", now=NOW)
        engine.feedback(1, action="dislike", now=NOW + 1)
        assert {id: round(e.reward, 2) for id, e in earned(engine.store)[page.search_id].items()} == {
            page.results[1].id: 0.2, "product-9": 1.0,
        }  # fmt: skip
    assert [round(row.reward, 2) for row in seen(own, "uniform")] == [0.2, 0.0]


def test_what_had_no_chance_has_no_support(own: str) -> None:
    with Engine(own) as engine:
        engine.search("love", seed=1, now=NOW, explore=False)
        page = engine.search("love", seed=1, now=NOW, policy="uniform")
    greedy, fair = seen(own, "uniform")
    menu = len(page.choice.menu)
    assert greedy.rho == pytest.approx(1 / menu)
    assert greedy.unsupported == pytest.approx(1 - 1 / menu)
    assert 0 < greedy.unreachable < 1
    assert (fair.rho, fair.unsupported, fair.unreachable) == (1.0, 0.0, 0.0)
    alone = seen(own, "popular:10")
    assert [(row.rho, row.unsupported) for row in alone] == [(0.0, 1.0), (0.0, 1.0)]
    assert alone[0].unreachable == 1.0  # the greedy plan has nothing popular
    deepest = max(dict(plan.draws).get("popular", 0) for plan in page.choice.menu)
    assert alone[1].unreachable == pytest.approx(1 - deepest / 40)


def test_interleaved_searches_are_left_out(own: str) -> None:
    with Engine(own) as engine:
        engine.search("love", now=NOW)
        engine.search("love", now=NOW, interleave=("uniform", "fixed"))
    assert len(seen(own, "uniform")) == 1


def test_without_exploring_a_policy_is_judged_by_its_best_plan(own: str) -> None:
    with Engine(own, epsilon=0.5) as engine:
        for i in range(30):
            engine.search("love", seed=i, now=NOW + i)
    rhos = {round(row.rho, 9) for row in seen(own, "epsilon_greedy", explore=False, epsilon=0.5)}
    assert rhos == {round(1 / (0.5 + 0.5 / 17), 9), 0.0}


@pytest.mark.parametrize("name", ["lexical:9", "lexical:ten", "lexical:11+fresh:-1", "uniformly", "lexcal:10"])
def test_what_is_neither_a_policy_nor_a_plan_is_told(shop: str, name: str) -> None:
    with pytest.raises(QueryError):
        ope(name, shop)


def test_an_empty_log_says_nothing(shop: str) -> None:
    found = ope("uniform", shop)
    assert (found.verdict, found.searches) == (TOO_LITTLE, 0)
    assert json.dumps(found.to_dict())


def test_the_answer_has_what_scripts_depend_on(own: str) -> None:
    with Engine(own) as engine:
        use(engine, 30, policy="uniform")
    found = ltrr_cli.ope("uniform", own, now=NOW).to_dict()
    wanted = ("policy", "searches", "estimates", "ess", "largest_weight", "unsupported", "verdict")
    assert set(wanted) <= set(found)
    assert set(found["estimates"]["snips"]) == {"value", "low", "high"}
    assert set(found["estimates"]) == {"ips", "snips", "dr", "switch_dr", "items"}
    assert found["open"] == 30
    assert ltrr_cli.ope("uniform", own, now=NOW + 1e6).open == 0
    assert found == ltrr_cli.ope("uniform", own, now=NOW).to_dict()


@pytest.mark.usefixtures("by_shares_alone")
def test_the_estimate_is_what_the_policy_earns_when_it_decides_itself(own: str) -> None:
    """Somebody mostly plays the one right thing if it is found; at each moment the other policy is asked too."""
    rng, right, earns = Random(5), dict[str, str](), 0.0
    with Engine(own, budget=10) as engine:
        for text in ("love", "the beatles", "taylor swift", "black", "rain"):  # it stands deep in the lexical arm
            right[text] = max((r.arms["lexical"][0], r.id) for r in engine.search(text, arms=["lexical"], log=False).results)[1]
        for i in range(400):
            text = rng.choice(list(right))
            asked = {"session": f"s{i // 4}", "now": NOW + 1000.0 * i, "arms": ("lexical", "semantic")}
            would = engine.search(text, seed=i, policy="equal_split", log=False, **asked)  # type: ignore[arg-type]
            earns += 0.8 * 0.7 * any(r.id == right[text] for r in would.results) / 400
            page = engine.search(text, seed=i, policy="uniform", **asked)  # type: ignore[arg-type]
            for result in page.results:
                if result.id == right[text] and rng.random() < 0.8:
                    engine.feedback(result.rank, action="play", search_id=page.search_id, now=NOW + 1000.0 * i)
    found = ope("equal_split", own)
    assert abs(earns - found.logged.value) > 0.03
    for name in ("ips", "snips", "dr"):
        assert found.estimates[name].low <= earns <= found.estimates[name].high, name
    assert found.ess > 50
    assert (found.unsupported, found.by) == (0.0, "dr")
    assert ope("uniform", own).verdict == NO_DIFFERENCE
