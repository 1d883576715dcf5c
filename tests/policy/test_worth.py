from __future__ import annotations

from array import array

import pytest

from ltrr_cli.policy.base import Situation
from ltrr_cli.policy.belief import DEFAULT, TABLE
from ltrr_cli.policy.shares import named
from ltrr_cli.policy.state import WIDTH, D, State, column
from ltrr_cli.policy.unsure import VARIANCE, spreads
from ltrr_cli.policy.worth import TRUST, TRUST_ALL, TRUST_KIN, rate, worths

DEFAULT_PLAN, LEXICAL = named(DEFAULT), named("lexical:10")
USUAL, LITTLE = TABLE[DEFAULT][0], TABLE["lexical:10"][0]  # what these are believed to be worth


def sums(looked: float, earned: float, **by_class: tuple[float, float]) -> array[float]:
    numbers = array("d", [0.0] * WIDTH)
    numbers[0], numbers[1] = looked, earned
    for name, (n, g) in by_class.items():
        at = column(name)
        numbers[at], numbers[at + 1] = n, g
    return numbers


def looked_at(reward: float = 1.0) -> State:
    """A state in which a typical action earned *reward*."""
    state = State()
    state.typical = array("d", [10.0, 10.0 * reward])
    state.plans["lexical:10"] = sums(20, 4 * reward, typo=(5, 0))
    state.plans[DEFAULT] = sums(20, 12 * reward, typo=(5, 4 * reward))
    return state


@pytest.mark.parametrize("reward", [1.0, 0.2])
def test_values_are_shrunk_from_belief_to_all_to_class(reward: float) -> None:
    state = looked_at(reward)
    # a look earns 16/40 = .4 over all; of 20 looks 8 are expected, and there were 4 and 12
    assert rate(("",), state) == pytest.approx(0.4)
    better = 4 / (TRUST + 20)
    assert worths(None, [LEXICAL, DEFAULT_PLAN], state) == pytest.approx([LITTLE - better, USUAL + better])
    # in the class 4/10 too: of 5 looks 2 are expected, and there were 0 and 4; of its kin nothing else is known
    typo = Situation([1.0] * D, "typo")
    kin = (TRUST_ALL * better + 2) / (TRUST_ALL + 5)
    in_class = (TRUST_KIN * kin + 2) / (TRUST_KIN + 5)
    classed = [LITTLE - in_class, USUAL + in_class]
    assert worths(typo, [LEXICAL, DEFAULT_PLAN], state) == pytest.approx(classed)


def test_what_a_kind_of_query_says_counts_for_its_kin_alone() -> None:
    state = looked_at()
    state.plans["lexical:10"] = sums(20, 4, **{"few/values": (10, 0)})
    state.plans[DEFAULT] = sums(20, 12, **{"few/values": (10, 4)})
    in_all = 4 / (TRUST + 20)
    kin = (TRUST_ALL * in_all + 2) / (TRUST_ALL + 10)  # a look earns .2 there
    (long,) = worths(Situation([1.0] * D, "long/values"), [DEFAULT_PLAN], state)
    (other,) = worths(Situation([1.0] * D, "long"), [DEFAULT_PLAN], state)
    assert (long, other) == pytest.approx((TABLE[DEFAULT][2] + kin, TABLE[DEFAULT][1] + in_all))


def test_an_unknown_plan_follows_the_nearest_known_one_up() -> None:
    swap = named("fuzzy:3+lexical:1+memory:1+semantic:1+sparse:4")
    assert worths(None, [DEFAULT_PLAN, swap], looked_at()) == pytest.approx([0.9 + 4 / (TRUST + 20), 0.89 + 4 / (TRUST + 20)])


def test_where_nobody_ever_acted_the_belief_stays() -> None:
    state = State()
    state.plans["lexical:10"] = sums(20, 0)
    assert worths(None, [LEXICAL, DEFAULT_PLAN], state) == pytest.approx([LITTLE, USUAL])


def test_doubt_is_about_what_is_not_shared_with_the_best_plan_and_shrinks_with_looks() -> None:
    typo, near, far = Situation([1.0] * D, "typo"), named("hybrid:8+lexical:2"), LEXICAL
    menu, values = [named("hybrid:9+lexical:1"), near, far], [0.9, 0.8, 0.8]
    none, doubt, more = spreads(typo, menu, values, State())
    assert none == 0
    assert doubt == pytest.approx((VARIANCE * (1 / TRUST_KIN + 1 / TRUST_ALL + 1 / TRUST) / 10) ** 0.5)
    assert more == pytest.approx(3 * doubt)  # nine tenths in place of one
    of_class, of_kin = TRUST_KIN + 5, TRUST_ALL + 5
    of_kin_and_all = 1 / of_kin + (TRUST_ALL / of_kin) ** 2 / (TRUST + 20)
    less = VARIANCE * (1 / of_class + (TRUST_KIN / of_class) ** 2 * of_kin_and_all) * 0.9
    assert spreads(typo, menu, values, looked_at())[2] == pytest.approx(less**0.5)
