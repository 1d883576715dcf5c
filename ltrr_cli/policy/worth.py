"""What each plan is worth: how high up it would have shown what satisfied."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.belief import APART, TABLE, belief, nearest
from ltrr_cli.policy.reach import dot, lens
from ltrr_cli.policy.shares import earns, named, shares
from ltrr_cli.policy.state import WIDTH
from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

TRUST = 5.0  # satisfying actions that the belief above is worth
TRUST_ALL = 3.0  # the same, for what all queries say against what the class says
TRUST_CLASS = 2.0  # the same, for the class against the query itself and its like
PROVED = 1.64  # standard errors by which context has to win before it counts
TRIED = 50.0  # ... and actions on queries met for the first time


def worths(situation: Situation | None, menu: Sequence[Plan], state: State) -> list[float]:
    """Return what each plan is expected to earn from somebody whom an item satisfies, about 0..1; see `shares.earns`.

    Nothing learned: the table's belief. Then what all queries say (the leader), shrunk towards it what the class of the
    query says, shrunk towards that what was seen for the query itself and its like, each with weight n/(n+n0). Context
    (a regression on x) comes on top only once it has chosen better on queries that were met for the first time.
    Without *situation*: over all queries.

    >>> from ltrr_cli.policy.belief import DEFAULT
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> worths(None, [named(DEFAULT), named("hybrid:8+lexical:1+structured:1")], State())
    [0.9, 0.885]
    """
    tenths = [shares(plan) for plan in menu]
    values = [by_class(situation.query_class if situation else "", plan, state) for plan in tenths]
    if situation is None:
        return values
    if context_proved(state):
        values = with_context(situation.x, tenths, values, state)
    known = sum(seen.weight for seen in situation.evidence)
    if known > 0:
        for i, plan in enumerate(menu):
            earned = sum(seen.weight * earns(plan, seen.ranks) for seen in situation.evidence)
            values[i] = (TRUST_CLASS * values[i] + earned) / (TRUST_CLASS + known)
    return values


def by_class(query_class: str, tenths: Plan, state: State) -> float:
    """Return what a plan in tenths is worth for a class of queries; "" for all queries. It is kept until *state* changes.

    With the surprise of a plan, how much more than believed it earned an action, and m that of all plans together, in all and in
    the class:

        leader = belief(class) + m + n / (TRUST + n) (surprise - m)
        value  = (TRUST_ALL (leader + m_class - m) + earned_class) / (TRUST_ALL + n_class)

    So what is new is neither better nor worse for that. A plan of which nothing is kept, as it is not made by hand, is worth
    APART less than the nearest on the table for every tenth that separates them.
    """
    at = (query_class, tenths)
    value: float | None = state.memo.get(at)
    if value is None:
        value = state.memo[at] = _by_class(query_class, tenths, state)
    return value


def _by_class(query_class: str, tenths: Plan, state: State) -> float:
    sums = state.plans.get(tenths.name)
    if sums is None and tenths.name not in TABLE:
        away, near = nearest(tenths)
        return by_class(query_class, named(near), state) - APART * away
    all_plans = _together("", state)
    value = belief(query_class, tenths) + all_plans
    if sums is not None and sums[0]:
        value += (_more("", tenths, state) - sums[0] * all_plans) / (TRUST + sums[0])
    if query_class in CLASSES:
        at = 2 + 2 * CLASSES.index(query_class)
        n, earned = (sums[at], sums[at + 1]) if sums is not None else (0.0, 0.0)
        value = (TRUST_ALL * (value + _together(query_class, state) - all_plans) + earned) / (TRUST_ALL + n)
    return value


def _together(query_class: str, state: State) -> float:
    """Return the surprise of all plans together, for a class of queries or "" for all."""
    at = ("together", query_class)
    if at not in state.memo:
        i = 2 + 2 * CLASSES.index(query_class) if query_class else 0
        weight = sum(sums[i] for sums in state.plans.values())
        more = sum(_more(query_class, named(name), state) for name in state.plans)
        state.memo[at] = more / weight if weight else _together("", state) if query_class else 0.0
    found: float = state.memo[at]
    return found


def _more(query_class: str, tenths: Plan, state: State) -> float:
    """Return how much more than believed a plan earned, for a class of queries or "" for all: its surprise times its weight."""
    sums = state.plans[tenths.name]
    if query_class:
        at = 2 + 2 * CLASSES.index(query_class)
        return sums[at + 1] - sums[at] * belief(query_class, tenths)
    known = [(sums[2 + 2 * i], belief(name, tenths)) for i, name in enumerate(CLASSES) if sums[2 + 2 * i]]
    other = sums[0] - sum(weight for weight, _ in known)  # actions of no class
    return sums[1] - sum(weight * believed for weight, believed in known) - other * belief("", tenths)


def with_context(x: Sequence[float], tenths: Sequence[Plan], values: Sequence[float], state: State) -> list[float]:
    """Return *values* corrected by what the regression on *x* says about each plan."""
    z = lens(state, x)
    found = (state.plans.get(plan.name) for plan in tenths)
    return [value + (dot(z, sums[WIDTH:]) if sums is not None else 0.0) for value, sums in zip(values, found, strict=True)]


def context_proved(state: State) -> bool:
    """Return True if choosing with context earned more on new queries than choosing without, by PROVED standard errors."""
    n, total, squares = state.proof
    if n < TRIED or total <= 0:
        return False
    mean = total / n
    return mean > PROVED * sqrt(max(1e-12, squares / n - mean * mean) / n)
