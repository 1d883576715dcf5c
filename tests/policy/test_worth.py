from array import array

import pytest

from ltrr_cli.policy.base import Evidence, Situation
from ltrr_cli.policy.belief import DEFAULT
from ltrr_cli.policy.shares import named, spread
from ltrr_cli.policy.state import WIDTH, D, State
from ltrr_cli.policy.worth import context_proved, worths
from ltrr_cli.understand.features import CLASSES

DEFAULT_PLAN, LEXICAL = named(DEFAULT), named("lexical:10")


def sums(weight: float, covered: float, **by_class: tuple[float, float]) -> array:  # type: ignore[type-arg]
    numbers = array("d", [0.0] * (WIDTH + D))
    numbers[0], numbers[1] = weight, covered
    for name, (w, c) in by_class.items():
        at = 2 + 2 * CLASSES.index(name)
        numbers[at], numbers[at + 1] = w, c
    return numbers


def test_values_are_shrunk_from_belief_to_all_to_class_to_query() -> None:
    state = State()
    state.plans["lexical:10"] = sums(30, 12, typo=(5, 1))
    # all queries: (10 * .80 + 12) / (10 + 30) = 20/40
    assert worths(None, [LEXICAL], state) == [pytest.approx(0.5)]
    # the class: (15 * .5 + 1) / (15 + 5) = 8.5/20
    typo = Situation([1.0] * D, "typo")
    assert worths(typo, [LEXICAL], state) == [pytest.approx(0.425)]
    # the query: 1.5 seen within ten, .5 not: (2 * .425 + 1.5) / (2 + 2)
    seen = typo._replace(evidence=[Evidence(1.5, {"lexical": 9}), Evidence(0.5, {"lexical": 11})])
    assert worths(seen, [LEXICAL], state) == [pytest.approx(0.5875)]


def test_what_was_seen_counts_at_the_budget_of_the_plan() -> None:
    seen = Situation([1.0] * D, "few", [Evidence(2.0, {"lexical": 15})])
    at_10, at_20 = worths(seen, [LEXICAL], State())[0], worths(seen, [spread(LEXICAL, 20)], State())[0]
    assert [at_10, at_20] == pytest.approx([0.4, 0.9])  # (2*.8 + 0)/4, (2*.8 + 2)/4


def test_an_unknown_plan_follows_the_nearest_known_one_down() -> None:
    swap = named("fuzzy:3+lexical:1+memory:1+semantic:1+sparse:4")
    state = State()
    state.plans[DEFAULT] = sums(90, 36)  # (10*.9 + 36)/100 = .45
    assert worths(None, [DEFAULT_PLAN, swap], state) == [pytest.approx(0.45), pytest.approx(0.44)]


def test_context_counts_only_once_it_has_won_where_it_was_tried() -> None:
    state = State()
    state.plans["lexical:10"] = sums(0, 0)
    state.plans["lexical:10"][WIDTH] = 1.0
    x = [1.0] + [0.0] * (D - 1)  # A is ten times the identity, so the correction is .1
    for proof, counts in [
        ((49.0, 40.0, 40.0), False),  # not tried often enough
        ((100.0, 10.0, 50.0), False),  # mean .1, standard error sqrt((.5 - .01)/100) = .07
        ((100.0, 20.0, 50.0), True),  # mean .2, standard error .068
        ((100.0, -20.0, 50.0), False),
    ]:
        state.proof = array("d", proof)
        assert context_proved(state) is counts
        assert worths(Situation(x, "few"), [LEXICAL], state) == [pytest.approx(0.9 if counts else 0.8)]
