"""Simulated users do what their models say: rates by place, measured over many pages, against the closed forms."""

from __future__ import annotations

from collections import Counter
from math import sqrt

import pytest

from ltrr_cli.errors import SimulationError
from ltrr_cli.simulate.dice import Dice
from ltrr_cli.simulate.users import HABITS, STANDARD, USERS, Act, Shown, user

PAGES = 20000
RELEVANCE = [0.0, 1.0, 0.0, 0.5, 1.0, 0.0, 0.25, 1.0, 0.0, 0.5]
PAGE = [Shown(f"e{i}", r) for i, r in enumerate(RELEVANCE)]


def attraction(noise: float) -> list[float]:
    return [noise + (1 - noise) * r for r in RELEVANCE]


def theory(name: str) -> list[float]:
    """The chance of a click on each place of PAGE."""
    model, _, habits = name.partition("+")
    kind, _, number = model.partition(":")
    a = attraction(0.1 if "noise" in habits else 0.0)
    if kind == "perfect":
        return a
    if kind == "position":
        return [k ** -float(number or 1) * a_k for k, a_k in enumerate(a, 1)]
    if kind == "trust":  # 1/k ((1 - (k+1)/100) a + .65/k (1 - a)), places from 1 to 10
        return [((1 - (k + 1) / 100) * a_k + 0.65 / k * (1 - a_k)) / k for k, a_k in enumerate(a, 1)]
    chances, looks = [], 1.0
    for a_k, r in zip(a, RELEVANCE, strict=True):
        chances.append(looks * a_k)
        # cascade: one who clicks leaves. DBN: one who is satisfied leaves, nine in ten of the others go on
        looks *= 1 - a_k if kind == "cascade" else 0.9 * (1 - a_k * float(number or 0.7) * r)
    return chances


def rates(name: str, seed: int = 1) -> list[float]:
    someone = user(name)
    clicks = Counter(act.rank for page in range(PAGES) for act in someone.acts(PAGE, Dice(seed, page)))
    return [clicks[k] / PAGES for k in range(1, len(PAGE) + 1)]


def errors(found: list[float], expected: list[float]) -> list[float]:
    """How many standard errors apart; what is certain must be met exactly."""
    pairs = zip(found, expected, strict=True)
    return [abs(f - p) / sqrt(p * (1 - p) / PAGES) if 0 < p < 1 else float(f != p) * 1e9 for f, p in pairs]


@pytest.mark.parametrize("name", [*STANDARD, "dbn:1", "cascade", "trust+noise"])
def test_clicks_by_place_agree_with_the_model(name: str) -> None:
    apart = errors(rates(name), theory(name))
    # of fair draws 1 in 20 is more than 2 standard errors off, so of ten places two may be; none is as far as 3.5
    assert sum(apart_k > 2 for apart_k in apart) <= 2
    assert max(apart) < 3.5


def test_over_all_models_one_place_in_twenty_is_two_standard_errors_off() -> None:
    apart = [a for name in STANDARD for a in errors(rates(name, seed=2), theory(name)) if a > 0]
    assert sum(a <= 2 for a in apart) >= 0.9 * len(apart)


def test_another_models_rates_are_told_apart() -> None:
    assert max(errors(rates("position"), theory("position:0.9"))) > 5
    assert max(errors(rates("dbn"), theory("cascade"))) > 5
    assert max(errors(rates("position+noise"), theory("position"))) > 5


@pytest.mark.parametrize("name", STANDARD)
def test_the_same_luck_gives_the_same_acts_in_the_pages_order(name: str) -> None:
    for page in range(50):
        acts = user(name).acts(PAGE, Dice(3, page))
        assert acts == user(name).acts(PAGE, Dice(3, page))
        assert [act.rank for act in acts] == sorted({act.rank for act in acts})
        assert user(name).acts([], Dice(3, page)) == []


def test_luck_follows_the_thing_and_not_its_place() -> None:
    """Common random numbers: a cascade user who finds something attractive does so wherever it stands."""
    someone = user("cascade+noise")
    for page in range(200):
        first = someone.acts(PAGE, Dice(4, page))
        turned = someone.acts(PAGE[::-1], Dice(4, page))
        assert bool(first) == bool(turned)


def test_who_is_satisfied_stays_and_leaves_the_page() -> None:
    for page in range(300):
        acts = user("dbn+noise").acts(PAGE, Dice(5, page))
        assert all(act.seconds == 5 for act in acts[:-1])
        assert all(RELEVANCE[act.rank - 1] > 0 for act in acts if act.seconds == 40)


def test_a_perfect_user_likes_what_is_relevant() -> None:
    page = [Shown("a", 0.0), Shown("b", 1.0), Shown("c", 1.0)]
    assert user("perfect").acts(page, Dice(1)) == [Act(2, "like"), Act(3, "like")]


@pytest.mark.parametrize("name", ["", "posision", "position:x", "position:-1", "dbn:2", "perfect:1", "trust+nose", "position:"])
def test_a_name_that_is_none_says_what_there_is(name: str) -> None:
    with pytest.raises(SimulationError) as e:
        user(name)
    assert e.value.hint


def test_every_model_and_habit_is_in_the_standard_set() -> None:
    assert {name.partition("+")[0].partition(":")[0] for name in STANDARD} == set(USERS)
    assert {habit for name in STANDARD for habit in name.split("+")[1:]} == set(HABITS)
