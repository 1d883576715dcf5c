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
    state.plans["lexical:10"] = sums(20, 12, typo=(5, 2))
    state.plans[DEFAULT] = sums(20, 20, typo=(5, 4))
    # surprises: 12/20 - .80 = -.20, 20/20 - .90 = .10, together -.05; 20/25 of how far each is from that
    plain = [0.80 - 0.05 - 0.8 * 0.15, 0.90 - 0.05 + 0.8 * 0.15]
    assert worths(None, [LEXICAL, DEFAULT_PLAN], state) == pytest.approx(plain)
    # in the class both together earned 6 in place of the 10 * .85 believed: .2 less than over all; (3 value + earned) / (3 + 5)
    typo = Situation([1.0] * D, "typo")
    classed = [(3 * (plain[0] - 0.2) + 2) / 8, (3 * (plain[1] - 0.2) + 4) / 8]
    assert worths(typo, [LEXICAL, DEFAULT_PLAN], state) == pytest.approx(classed)
    # the query: 1.5 seen within ten, .5 not: (2 value + 1.5) / (2 + 2)
    seen = typo._replace(evidence=[Evidence(1.5, {"lexical": 9}), Evidence(0.5, {"lexical": 11})])
    assert worths(seen, [LEXICAL], state) == [pytest.approx((2 * classed[0] + 1.5) / 4)]


def test_what_was_seen_counts_at_the_budget_of_the_plan() -> None:
    seen = Situation([1.0] * D, "few", [Evidence(2.0, {"lexical": 15})])
    at_10, at_20 = worths(seen, [LEXICAL], State())[0], worths(seen, [spread(LEXICAL, 20)], State())[0]
    assert [at_10, at_20] == pytest.approx([0.4, 0.9])  # (2*.8 + 0)/4, (2*.8 + 2)/4


def test_an_unknown_plan_follows_the_nearest_known_one_down() -> None:
    swap = named("fuzzy:3+lexical:1+memory:1+semantic:1+sparse:4")
    state = State()
    state.plans[DEFAULT] = sums(90, 36)  # it earned .4
    assert worths(None, [DEFAULT_PLAN, swap], state) == [pytest.approx(0.4), pytest.approx(0.39)]


def test_context_counts_only_once_it_has_won_where_it_was_tried() -> None:
    state = State()
    state.plans["lexical:10"] = sums(0, 0)
    state.plans["lexical:10"][WIDTH] = 0.1
    x = [1.0] + [0.0] * (D - 1)  # A is the identity, so the correction is .1
    for proof, counts in [
        ((49.0, 40.0, 40.0), False),  # not tried often enough
        ((100.0, 10.0, 50.0), False),  # mean .1, standard error sqrt((.5 - .01)/100) = .07
        ((100.0, 20.0, 50.0), True),  # mean .2, standard error .068
        ((100.0, -20.0, 50.0), False),
    ]:
        state.proof = array("d", proof)
        assert context_proved(state) is counts
        assert worths(Situation(x, "few"), [LEXICAL], state) == [pytest.approx(0.9 if counts else 0.8)]
