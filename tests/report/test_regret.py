"""Regret against other ways of choosing: worked by hand, refused where chance gave too little, right in the long run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest

from ltrr_cli.policy.belief import DEFAULT
from ltrr_cli.policy.shares import named
from ltrr_cli.report.base import About
from ltrr_cli.report.read import Event, Seen, Span
from ltrr_cli.report.regret import GREEDY, Regret
from ltrr_cli.settings import Settings

MENU = (named(DEFAULT), named("lexical:10"))
Each = Callable[[int], tuple[int, Sequence[float], float]]


def searches(n: int, each: Each, *, bins: int = 1, sitting: Callable[[int], str] = str, **more: Any) -> list[Seen]:
    """Searches that were never logged: *each* says (plan drawn, chances, reward) of one."""
    found = []
    for i in range(n):
        plan, chances, reward = each(i)
        choice = {"menu": [dict(one.draws) for one in MENU], "probabilities": list(chances), "chosen": plan}
        events = [Event("thing", "play", reward, True, reward)]
        found.append(Seen(i, i * bins // n, float(i), sitting(i), {"choice": choice, **more}, events, reward, 1))
    return found


def regret(log: Sequence[Seen]) -> dict[str, Any]:
    part = Regret(About(Span(len(log), len(log)), Settings(), 40, {}))
    for one in log:
        part.add(one)
    return part.found()


def test_worked_by_hand() -> None:
    # 100 searches: the first plan, at .8, earned .5 in 80; the second, at .2, earned 1 in 20
    found = regret(searches(100, lambda i: (int(i % 5 == 4), (0.8, 0.2), 1.0 if i % 5 == 4 else 0.5), bins=10))
    assert found["searches"] == 100
    assert found["mean"] == pytest.approx(0.6)
    greedy = found["others"][GREEDY]
    # rho is 1.25 on 80 searches, 0 on 20: ess = 100^2 / (80 * 1.5625) = 80; value = (80 * 1.25 * (.5 - .6)) / 100 + .6 = .5
    assert greedy["ess"] == pytest.approx(80)
    assert greedy["largest_weight"] == pytest.approx(1.25)
    assert greedy["value"] == pytest.approx(0.5, abs=1e-6)
    assert greedy["regret"]["mean"] == pytest.approx(-0.1, abs=1e-6)
    # a term is 1.25 (.5 - .6) + .6 - .5 = -.025 for 80, and 0 + .6 - 1 = -.4 for 20: sum -10
    assert greedy["curve"]["regret"][-1] == pytest.approx(-10, abs=1e-4)
    assert greedy["curve"]["regret"][4] == pytest.approx(-5, abs=1e-4)
    # squares: 80 * .000625 + 20 * .16 = 3.25; variance = 100/99 (3.25 - 100/100) = 2.2727
    half = greedy["curve"]["high"][-1] - greedy["curve"]["regret"][-1]
    assert half == pytest.approx(1.959964 * (100 / 99 * 2.25) ** 0.5, rel=1e-4)


def test_any_plan_weighs_what_was_rare() -> None:
    found = regret(searches(200, lambda i: (int(i % 5 == 4), (0.8, 0.2), 1.0 if i % 5 == 4 else 0.5)))
    uniform = found["others"]["any plan"]
    # rho = .625 on 160, 2.5 on 40: value = (.625 * 160 * (.5 - .6) + 2.5 * 40 * (1 - .6)) / 200 + .6 = .75
    assert uniform["value"] == pytest.approx(0.75, abs=1e-6)
    assert uniform["ess"] == pytest.approx(200**2 / (160 * 0.390625 + 40 * 6.25))


def test_the_default_that_comes_with_it_is_one_of_the_ways() -> None:
    found = regret(searches(100, lambda i: (i % 2, (0.5, 0.5), float(i % 2 == 0))))
    assert found["others"]["hand-made default"]["value"] == pytest.approx(1.0, abs=1e-6)  # MENU's first plan earned 1 each time


def test_too_little_support_is_said_and_no_number_given() -> None:
    # 99 at .99 and one at .01: a weight of 50 on one search for "any plan", ess = 100^2 / (99 * .2551 + 2500) = 3.96
    found = regret(searches(100, lambda i: (int(i == 50), (0.99, 0.01), 0.5)))
    other = found["others"]["any plan"]
    assert other["ess"] < 50
    assert (other["enough"], other["value"], other["regret"], other["curve"]) == (False, None, None, None)


def test_one_session_is_one_observation() -> None:
    each: Each = lambda i: (int(i % 5 == 4), (0.8, 0.2), 1.0 if i % 5 == 4 else 0.5)  # noqa: E731
    alone = regret(searches(100, each, sitting=lambda i: "all in one"))
    assert not alone["others"][GREEDY]["enough"]
    # four searches of one kind to a session: the spread of session totals is larger than that of single searches
    single = regret(searches(400, lambda i: (int(i // 4 % 5 == 4), (0.8, 0.2), 1.0 if i // 4 % 5 == 4 else 0.5)))
    fours = regret(
        searches(
            400, lambda i: (int(i // 4 % 5 == 4), (0.8, 0.2), 1.0 if i // 4 % 5 == 4 else 0.5), sitting=lambda i: str(i // 4)
        )
    )
    widths = [one["others"][GREEDY]["regret"]["high"] - one["others"][GREEDY]["regret"]["low"] for one in (single, fours)]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.02)  # sqrt(4)


def test_what_left_nothing_to_chance_is_left_out() -> None:
    found = regret(searches(60, lambda i: (0, (1.0, 0.0) if i % 2 else (0.9, 0.1), 0.5)))
    assert (found["searches"], found["left_out"]) == (30, 30)
    assert regret(searches(10, lambda i: (0, (0.5, 0.5), 0.5), interleaved=["A"]))["searches"] == 0
    assert regret(searches(3, lambda i: (0, (1.0, 0.0), 0.5)))["others"] == {}


def test_a_curve_stands_still_where_a_bin_has_nothing_to_say() -> None:
    def each(i: int) -> tuple[int, Sequence[float], float]:  # of twenty bins of twenty the second left nothing to chance
        sure = 20 <= i < 40
        plan = int(i % 5 == 4 and not sure)
        return plan, (1.0, 0.0) if sure else (0.8, 0.2), 1.0 if plan else 0.5

    curve = regret(searches(400, each, bins=20))["others"][GREEDY]["curve"]["regret"]
    assert len(curve) == 20
    assert curve[1] == curve[0]
    assert curve[3] < curve[2] < curve[1] < 0


def test_its_intervals_hold_the_truth() -> None:
    """Two plans that satisfy with .3 and .6: drawing any plan is worth .45, the first .3. 200 logs of 400 searches."""
    held = dict.fromkeys((GREEDY, "any plan"), 0)
    runs = 200
    for run in range(runs):
        rng = Random(run)

        def each(i: int, rng: Random = rng) -> tuple[int, Sequence[float], float]:
            plan = int(rng.random() < 0.2)
            return plan, (0.8, 0.2), float(rng.random() < (0.3, 0.6)[plan])

        others = regret(searches(400, each))["others"]
        for name, truth in ((GREEDY, 0.3), ("any plan", 0.45)):
            held[name] += others[name]["low"] <= truth <= others[name]["high"]
    assert all(0.9 * runs <= count <= 0.99 * runs for count in held.values()), held
