"""One search is a decision that can be repeated, checked and explained."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.errors import QueryError, SettingsError, WorkspaceError
from ltrr_cli.policy.base import POLICIES
from ltrr_cli.policy.menu import WITNESSES
from ltrr_cli.policy.shares import PAGE
from ltrr_cli.records import Page
from ltrr_cli.understand.features import FEATURES

Process = Callable[..., Any]
NOW = 1_770_000_000.0
QUERIES = ["love", "sound garden", "rain jacket for winter", "東京", "taylor swfit", "yesterday", "", "zzz"]
ELSEWHERE = """
import json, sys
from ltrr_cli.engine import Engine
with Engine(sys.argv[1]) as engine:
    for text in json.loads(sys.argv[2]):
        print(json.dumps(engine.search(text, seed=11, now=1770000000.0, log=False).to_dict()))
"""


def compared(page: dict[str, Any]) -> dict[str, Any]:
    """A page without what may differ between two runs."""
    return {name: value for name, value in page.items() if name not in ("search_id", "took_ms")}


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("graph", [False, True])
def test_the_same_seed_and_time_give_the_same_page(shop: str, text: str, graph: bool) -> None:
    pages = []
    for _ in range(2):
        with Engine(shop, graph=graph) as engine:
            pages += [engine.search(text, seed=5, now=NOW, log=False) for _ in range(2)]
    assert len({json.dumps(compared(page.to_dict())) for page in pages}) == 1
    assert len({page.choice for page in pages}) == 1
    assert len({json.dumps([r.why for r in page.results]) for page in pages}) == 1


def test_another_process_gives_the_same_pages(shop: str, process: Process) -> None:
    out, err = process(ELSEWHERE, shop, json.dumps(QUERIES)).communicate(timeout=60)
    with Engine(shop) as engine:
        here = [engine.search(text, seed=11, now=NOW, log=False).to_dict() for text in QUERIES]
    assert [compared(json.loads(line)) for line in out.splitlines()] == [compared(page) for page in here], err


@pytest.mark.parametrize("policy", POLICIES)
def test_each_plan_is_chosen_as_often_as_its_probability_says(shop: str, policy: str) -> None:
    searches = 2000
    with Engine(shop, epsilon=0.4) as engine:
        pages = [
            engine.search("love", seed=i, now=NOW, arms=["lexical", "fuzzy"], policy=policy, log=False) for i in range(searches)
        ]
    chances = dict(zip(pages[0].choice.menu, pages[0].choice.probabilities, strict=True))
    assert all(page.choice.menu == tuple(chances) for page in pages)
    chosen = Counter(page.choice.plan for page in pages)
    assert set(chosen) <= {plan for plan, chance in chances.items() if chance > 0}
    for plan, chance in chances.items():  # five standard deviations of a binomial
        assert abs(chosen[plan] - searches * chance) <= 5 * math.sqrt(searches * chance * (1 - chance))


def test_the_chance_of_the_plan_is_on_the_page_and_in_the_log(own: str) -> None:
    with Engine(own, epsilon=1.0) as engine:
        for seed in range(30):
            page = engine.search("love", seed=seed, now=NOW)
            choice, logged = page.choice, engine.explain(page.search_id)["choice"]
            assert math.isclose(sum(choice.probabilities), 1)
            assert choice.propensity == choice.probabilities[choice.menu.index(choice.plan)]
            assert logged["propensity"] == logged["probabilities"][logged["chosen"]] == choice.propensity
            assert logged["menu"][logged["chosen"]] == dict(choice.plan.draws)
            assert (logged["seed"], logged["policy"], logged["explored"]) == (seed, "epsilon_greedy", choice.explored)


@pytest.mark.parametrize("arm", ARMS)
def test_only_the_arms_that_were_asked_for_are_drawn_from(shop: str, arm: str) -> None:
    others = tuple(a for a in ARMS if a != arm)
    with Engine(shop) as engine:
        for seed in range(20):
            alone = engine.search("love", arms=[arm], seed=seed, log=False)
            assert {a for plan in alone.choice.menu for a, _ in plan.draws} == {arm}
            rest = engine.search("love", arms=others, seed=seed, log=False, policy="uniform")
            assert arm not in {a for plan in rest.choice.menu for a, _ in plan.draws}
            assert all(arm not in result.arms for result in rest.results)


def test_only_the_wanted_types_are_found(shop: str) -> None:
    with Engine(shop) as engine:
        for wanted in (["artist"], ["product"], ["artist", "track"]):
            for seed in range(20):
                page = engine.search("love rain soundgarden", types=wanted, seed=seed, log=False, policy="uniform")
                assert {result.type for result in page.results} <= set(wanted)
                assert page.query.types == tuple(sorted(wanted))


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"types": ["trak"]}, "did you mean 'track'?"),
        ({"types": ["zz"]}, "known types: artist, product, track"),
        ({"arms": ["lexcal"]}, "did you mean 'lexical'?"),
        ({"arms": ["lexical", "no"]}, f"known arms: {', '.join(sorted(ARMS))}"),
        ({"policy": "unifrom"}, "did you mean 'uniform'?"),
    ],
)
def test_a_name_that_is_not_known_is_told_with_the_nearest(shop: str, options: dict[str, Any], wanted: str) -> None:
    with Engine(shop) as engine, pytest.raises(QueryError) as error:
        engine.search("love", **options)
    assert error.value.hint == wanted


def test_no_more_is_drawn_than_the_budget_allows(own: str) -> None:
    for budget, limit in ((1, 1), (7, 3), (40, 10), (40, 60), (200, 10)):
        with Engine(own, budget=budget) as engine:
            for policy in POLICIES:
                page = engine.search("love rain", limit=limit, policy=policy, seed=1)
                assert page.budget == budget * max(limit, PAGE) // PAGE
                assert all(plan.size == page.budget for plan in page.choice.menu)
                drawn = engine.explain(page.search_id)["drawn"]
                assert page.total <= page.budget
                assert len(page.results) <= min(limit, page.total)
                assert page.total == len({i for ids in drawn.values() for i in ids})


def test_a_score_is_the_sum_of_its_reasons_and_the_page_goes_by_scores(shop: str) -> None:
    with Engine(shop) as engine:
        for seed, text in enumerate(QUERIES * 4):
            page = engine.search(text, seed=seed, log=False, policy="uniform")
            assert [r.rank for r in page.results] == list(range(1, len(page.results) + 1))
            assert [r.score for r in page.results] == sorted((r.score for r in page.results), reverse=True)
            for result in page.results:
                assert sum(result.why.values()) == pytest.approx(result.score, abs=1e-5)  # each is rounded to six places
                assert set(result.arms) <= {arm for arm, _ in page.choice.plan.draws}
                assert result.arms, "somebody drew it"


def test_the_log_holds_the_whole_decision(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("Taylor swfit", user="u", session="s", context=[("place", "home")], types=["track"], seed=7, now=NOW)
        logged = engine.explain(page.search_id)
    assert logged["search_id"] == page.search_id
    asked = logged["query"]
    assert (asked["text"], asked["words"], asked["types"]) == ("Taylor swfit", ["taylor", "swfit"], ["track"])
    assert (asked["user"], asked["session"], asked["context"], asked["now"]) == ("u", "s", [["place", "home"]], NOW)
    assert [tuple(c) for c in asked["corrections"]] == list(page.query.corrections)
    assert (logged["time"], logged["budget"], logged["generation"]) == (page.time, page.budget, "00000001")
    assert len(logged["x"]) == len(FEATURES)
    assert logged["class"] == "typo/values"
    assert set(logged["drawn"]) == {arm for arm, _ in page.choice.plan.draws}
    assert set(logged["ms"]) <= {*logged["drawn"], *WITNESSES}
    for shown, result in zip(logged["results"], page.results, strict=True):
        assert (shown["id"], shown["rank"], shown["score"], shown["why"]) == (result.id, result.rank, result.score, result.why)
    assert (logged["total"], logged["events"]) == (page.total, [])


def test_a_search_that_is_not_logged_leaves_no_trace(own: str) -> None:
    def state(engine: Engine) -> list[Any]:
        return [list(engine.export()), engine.status()["searches"], engine.store.exposure(["track-3-0"]), engine.arms()]

    with Engine(own) as engine:
        engine.search("love", seed=1, now=NOW)
        before = state(engine)
        page = engine.search("love", seed=2, now=NOW, log=False)
        assert state(engine) == before
        with pytest.raises(QueryError):
            engine.explain(page.search_id)
    with Engine(own, log=False) as silent:
        silent.search("love")
        assert state(silent) == before


def test_a_search_id_that_is_not_in_the_log_is_told(own: str) -> None:
    with Engine(own) as engine:
        with pytest.raises(QueryError, match="no search is logged yet") as error:
            engine.explain()
        page = engine.search("love")
        assert engine.explain() == engine.explain(page.search_id)
        with pytest.raises(QueryError, match="'nonsense'") as error:
            engine.explain("nonsense")
    assert "search_id" in error.value.hint or "id" in error.value.hint


def test_an_empty_query_finds_nothing_and_says_so(shop: str) -> None:
    with Engine(shop) as engine:
        page: Page = engine.search("  ", log=False)
    assert (page.results, page.total, page.query.words) == ((), 0, ())


def test_settings_are_checked_before_anything_is_searched(shop: str, tmp_path: Any) -> None:
    with pytest.raises(SettingsError):
        Engine(shop, budget=0)
    with pytest.raises(WorkspaceError):
        Engine(str(tmp_path / "nowhere"))
    with Engine(shop, policy="unheard of") as engine, pytest.raises(QueryError):
        engine.search("love", log=False)
