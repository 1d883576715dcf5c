"""The figures of a simulation, from runs small enough to work out by hand."""

from __future__ import annotations

import pytest

from ltrr_cli.simulate.needs import Need
from ltrr_cli.simulate.play import Job, Played, Setting, Surveyed, static_plans
from ltrr_cli.simulate.run import Simulation
from ltrr_cli.simulate.summary import carried, report

NEEDS = (Need("q1", "one", {"a": 1.0}, "exact"), Need("q2", "two", {"b": 1.0, "c": 1.0}))
PLANS = [plan.name for plan in static_plans()]
GOOD, POOR = "lexical:10", "popular:10"


def played(ndcg: list[float], good: float, poor: float, oracle: float) -> Played:
    static = {name: [[0.0, 0.0]] * 8 for name in PLANS} | {GOOD: [[good, good]] * 8, POOR: [[poor, poor]] * 8}
    return Played(ndcg, [1.0] * 8, [1, 0] * 4, [GOOD] * 8, [], list(range(8)), [[oracle, 1.0]] * 8, static)


def simulation(*runs: Played) -> Simulation:
    setting = Setting("nowhere", NEEDS, {}, rounds=8)
    systems = {"untrained": (["a", "b"], ["a"]), "rrf": (["x", "a"], ["x"]), **{f"arm:{arm}": ([], []) for arm in ALL}}
    surveyed = {need.id: Surveyed("word", systems | {"arm:lexical": (["a", "b"], ["a", "b"])}) for need in NEEDS}
    return Simulation(setting, False, 0, 20, surveyed, {Job("perfect", "fixed", i): run for i, run in enumerate(runs)})


ALL = [name.removesuffix(":10") for name in PLANS if name.count(":") == 1]


def test_quarters_differences_and_the_gap() -> None:
    one = played([0.1, 0.3] + [0.5] * 4 + [0.6, 0.8], good=0.5, poor=0.4, oracle=0.9)
    two = played([0.1, 0.1] + [0.5] * 4 + [0.8, 0.8], good=0.5, poor=0.4, oracle=0.9)
    (line,) = report(simulation(one, two))
    assert line["reward"] == {"first_quarter": 0.15, "last_quarter": 0.75}
    assert line["best_static"] == GOOD
    # run means .7 - .5 and .8 - .5: mean .25, half width 12.706 * .0707107 / sqrt(2) = .6353
    assert line["against"]["best_static"]["last_quarter"] == {"mean": 0.25, "low": -0.3853, "high": 0.8853}
    assert line["gap_closed"] == pytest.approx(0.25 / 0.4)
    # decile i of 8 rounds: rounds 0..7 fall into tenths 0, 1, 2, 3, 5, 6, 7, 8
    regret = line["regret"]["best_static"]
    assert regret[0] == pytest.approx(0.8 * 0.4)  # .5 - (.1 + .1)/2 in each of 8/10 rounds
    assert regret[-1] == pytest.approx(0.8 * (0.4 + 0.3 + 0 + 0 + 0 + 0 - 0.2 - 0.3), abs=0.011)


def test_what_never_learns_is_measured_with_what_was_asked() -> None:
    (line,) = report(simulation(played([1.0] * 8, 1.0, 0.0, 1.0), played([1.0] * 8, 1.0, 0.0, 1.0)))
    # untrained: 1 for q1; for q2 .63093 / 1.63093 = .38685. rrf: .63093 for q1, 0 for q2. Each run asks its own mix
    untrained = line["against"]["untrained"]["last_quarter"]["mean"]
    rrf = line["against"]["rrf"]["last_quarter"]["mean"]
    mixes = [n / 4 for n in range(5)]  # share of q2 among the four last rounds
    assert any(untrained == pytest.approx(q2 * (1 - 0.38685), abs=1e-3) for q2 in mixes)
    assert any(rrf == pytest.approx(1 - (1 - q2) * 0.63093, abs=1e-3) for q2 in mixes)
    assert line["gap_closed"] is None  # there is no gap to close


def test_one_seed_has_no_interval() -> None:
    (line,) = report(simulation(played([0.5] * 8, 0.5, 0.4, 0.9)))
    assert line["against"]["best_static"]["last_quarter"] == {"mean": 0.0, "low": None, "high": None}


def test_a_query_given_without_a_class_gets_the_one_ltrr_puts_it_into() -> None:
    found = simulation(played([0.5] * 8, 0.5, 0.4, 0.9))
    assert {line["class"]: line["carried_by"] for line in carried(found)} == {"exact": "lexical", "word": "lexical"}
    (word,) = [line for line in carried(found) if line["class"] == "word"]
    assert word["arms"]["lexical"] == {"nDCG@10": 0.3869, "recall": 0.5}
    assert set(report(found)[0]["classes"]) <= {"exact", "word"}
