"""Interleaved searches tell the better policy from the worse, and nothing from nothing."""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import partial
from random import Random

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.evaluate.interleave import exact_interval, interleaved, preference, sign_test
from ltrr_cli.feedback.reward import HEAVIEST
from ltrr_cli.policy import fixed
from ltrr_cli.policy.base import POLICIES, Situation, choose_two, heads
from ltrr_cli.policy.epsilon_greedy import EpsilonGreedy
from ltrr_cli.policy.fixed import Fixed
from ltrr_cli.policy.shares import covers, named
from ltrr_cli.policy.state import State
from ltrr_cli.policy.uniform import Uniform
from ltrr_cli.rank.team_draft import team_draft

NOW = 1_770_000_000.0
SEARCHES = 500


def run(seed: int, planted: bool) -> float:
    """The p of 500 simulated searches; a planted ranker moves what satisfies from anywhere to the first five.

    Somebody looks at place k with chance 1/k, clicks what satisfies, and one look in twenty at anything.
    """
    rng = Random(seed)
    outcomes = []
    for search in range(SEARCHES):
        a = rng.sample(range(30), 30 if planted else 12)  # of a copy no more than a page is looked at
        right = rng.randrange(30)
        b = list(a)
        if planted:
            rng.shuffle(b)
            a.remove(right)
            a.insert(rng.randrange(5), right)
        gains = {"A": 0.0, "B": 0.0}
        page = team_draft(a, b, 10, partial(heads, search * 1000 + seed))
        for place, (thing, team) in enumerate(page, 1):
            if rng.random() < 1 / place and (thing == right or rng.random() < 0.05):
                gains[team] += 1.0
        outcomes.append((f"q{rng.randrange(80)}", gains["A"] - gains["B"]))
    found = preference(("planted", "plain"), outcomes)
    return found.p if found.wins[0] >= found.wins[1] else -found.p


def test_a_planted_better_ranker_wins_within_500_searches() -> None:
    assert all(0 <= run(seed, planted=True) < 0.01 for seed in range(50))


def test_a_copy_of_itself_wins_in_about_5_percent_of_runs() -> None:
    # 400 runs: a test of level .05, a little less as it is exact, so 20 +- 4.4; three standard deviations to either side
    significant = sum(abs(run(seed, planted=False)) < 0.05 for seed in range(400))
    assert 7 <= significant <= 33


def test_the_sign_test_and_its_interval_are_exact() -> None:
    # 1 of 6: 2 (1 + 6) / 64; the interval's ends, from Clopper and Pearson's tables: .4 % and 64.1 %
    assert [sign_test(won, 6) for won in (1, 5, 3)] == pytest.approx([14 / 64, 14 / 64, 1.0])
    assert sign_test(0, 0) == 1.0
    assert exact_interval(1, 6) == pytest.approx((0.0042, 0.6412), abs=1e-4)
    assert exact_interval(0, 0) == (0.0, 1.0)
    assert exact_interval(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)  # 1 - .025^(1/10)
    assert exact_interval(10, 10) == pytest.approx((0.6915, 1.0), abs=1e-4)
    assert sign_test(5300, 10_000) < 1e-8  # no overflow


def test_searches_that_repeat_a_query_count_less_when_taken_together() -> None:
    always = preference(("a", "b"), [("love", 1.0)] * 40)
    assert always.p < 1e-11
    assert always.p_queries > 0.3  # one query says little: it is one query
    spread = preference(("a", "b"), [(f"q{i}", 1.0) for i in range(40)])
    assert spread.p_queries < 1e-9  # 40 / sqrt(40) = 6.3 standard deviations


def test_what_is_drawn_for_two_has_the_exact_chance_of_being_drawn() -> None:
    menu = [named("hybrid:6+lexical:4"), named("lexical:10"), named("fuzzy:9+lexical:1")]
    policies, situation = (EpsilonGreedy(0.3), Uniform()), Situation((1.0,), "word")
    chosen = Counter[str]()
    for seed in range(3000):
        both, (a, b) = choose_two(policies, situation, menu, State(), seed)
        assert math.isclose(sum(both.probabilities), 1)
        assert both.propensity == both.probabilities[both.menu.index(both.plan)]
        most = {arm: max(dict(a.plan.draws).get(arm, 0), dict(b.plan.draws).get(arm, 0)) for arm, _ in both.plan.draws}
        assert dict(both.plan.draws) == most
        chosen[both.plan.name] += 1
    for plan, chance in zip(both.menu, both.probabilities, strict=True):
        assert abs(chosen[plan.name] - 3000 * chance) <= 4 * math.sqrt(3000 * chance * (1 - chance))
    # an item is drawn if one of the two draws it, and the two choose independently
    for ranks in ({"hybrid": 5}, {"lexical": 6}, {"fuzzy": 7, "lexical": 2}, {"fuzzy": 9, "hybrid": 2}):
        missed = [
            sum(p for plan, p in zip(c.menu, c.probabilities, strict=True) if not covers(plan, ranks)) for c in (a, b)
        ]  # fmt: skip
        drawn = sum(p for plan, p in zip(both.menu, both.probabilities, strict=True) if covers(plan, ranks))
        assert drawn == pytest.approx(1 - missed[0] * missed[1])


def test_the_page_and_the_log_say_who_placed_what(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("love rain", interleave=("epsilon_greedy", "equal_split"), seed=3, now=NOW)
        logged = engine.explain(page.search_id)
        alone = {
            team: [r.id for r in engine.search("love rain", policy=name, seed=seed, now=NOW, log=False).results]
            for team, name, seed in zip("AB", ("epsilon_greedy", "equal_split"), logged["interleaved"]["seeds"], strict=True)
        }
    shown = page.to_dict()
    assert [r["team"] for r in shown["results"]] == logged["interleaved"]["teams"]
    assert [shown["interleaved"][team]["policy"] for team in "AB"] == ["epsilon_greedy", "equal_split"]
    assert shown["plan"]["policy"] == logged["choice"]["policy"] == "epsilon_greedy,equal_split"
    assert [r["rank"] for r in shown["results"]] == list(range(1, len(page.results) + 1))
    before: set[str] = set()
    for result in shown["results"]:
        if result["team"]:
            assert result["id"] == next(i for i in alone[result["team"]] if i not in before)
        before.add(result["id"])
    assert json.loads(json.dumps(shown)) == shown
    assert set(logged["drawn"]) == {arm for arm, _ in page.choice.plan.draws}


def test_learning_from_an_interleaved_search_keeps_the_plans_and_the_weights_honest(own: str) -> None:
    with Engine(own) as engine:
        for seed in range(20):
            page = engine.search("love", interleave=("uniform", "uniform"), seed=seed, now=NOW + seed)
            engine.feedback(2, action="play", now=NOW + seed)
        state = engine.store.policy_state()
        assert state.version == 20
        tenths = [named(name) for name in state.plans]
        assert {plan.size for plan in tenths} == {10}
        assert set(state.plans) >= {"lexical:10"}
        plans = {json.dumps(draws, sort_keys=True) for draws in engine.explain(page.search_id)["interleaved"]["menu"]}
        unions = engine.explain(page.search_id)["choice"]["menu"]
        assert any(json.dumps(draws, sort_keys=True) not in plans for draws in unions)
        event = engine.explain(page.search_id)["events"][0]
        place = next(r for r in page.results if r.rank == 2)
        missed = 1.0
        assert page.interleaved is not None
        for choice in page.interleaved.choices:
            both = zip(choice.menu, choice.probabilities, strict=True)
            missed *= 1 - sum(chance for plan, chance in both if covers(plan, event["ranks"]))
        assert event["id"] == place.id
        assert event["weight"] == pytest.approx(0.7 * min(HEAVIEST, place.rank / (1 - missed)))


class Deep(Fixed):
    """Draws all of a budget of 10 from the lexical arm; what stands at its seventh place is found."""

    name = "deep"


class Shallow(Fixed):
    """Draws half of it from the lexical arm: what stands at its seventh place is not."""

    name = "shallow"


@pytest.mark.usefixtures("by_shares_alone")
def test_the_better_of_two_policies_is_found_through_the_engine(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for policy, plan in ((Deep, "lexical:10"), (Shallow, "fresh:5+lexical:5")):
        monkeypatch.setattr(fixed, policy.name, lambda settings, policy=policy, plan=plan: policy(plan), raising=False)
        monkeypatch.setitem(POLICIES, policy.name, f"ltrr_cli.policy.fixed:{policy.name}")
    rng = Random(1)
    with Engine(own, budget=10) as engine:
        wanted = {}
        for text in ("love", "the beatles", "taylor swift"):
            found = {r.arms["lexical"][0]: r.id for r in engine.search(text, arms=["lexical"], log=False).results}
            wanted[text] = found[min(7, max(found))]
        for search in range(SEARCHES):
            text = rng.choice(list(wanted))
            both = ("deep", "shallow") if search % 2 else ("shallow", "deep")
            page = engine.search(text, arms=["lexical", "fresh"], interleave=both, seed=search, now=NOW)
            for result in page.results:
                if result.id == wanted[text] and rng.random() < 1 / result.rank:
                    engine.feedback(result.rank, action="play", search_id=page.search_id, now=NOW)
    (found_out,) = interleaved(own)
    assert (found_out.policies, found_out.searches) == (("deep", "shallow"), SEARCHES)
    assert found_out.wins[0] + found_out.wins[1] + found_out.ties == SEARCHES
    assert found_out.p < 0.01
    assert found_out.low > 0.5
    assert [found_out] == ltrr_cli.interleaved(own)
