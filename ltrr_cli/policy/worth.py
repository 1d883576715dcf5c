"""What each plan is worth: how high up it would have shown what satisfied."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.belief import TABLE, belief, nearest
from ltrr_cli.policy.reach import dot, lens
from ltrr_cli.policy.shares import earns, named, shares
from ltrr_cli.policy.state import WIDTH
from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

TRUST = 10.0  # satisfying actions that the belief above is worth
TRUST_ALL = 15.0  # the same, for what all queries say against what the class says
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

        leader = belief(class) + s,  s = sum_c (earned_c - n_c belief(c)) / (TRUST + n)
        value  = (TRUST_ALL leader + earned_class) / (TRUST_ALL + n_class)

    A plan that is not on the table is held against the nearest one that is: s is that one's, and n / (TRUST + n) of how much
    more it earns than believed an action than that one does. It would look good for being new otherwise.
    """
    at = (query_class, tenths)
    value: float | None = state.memo.get(at)
    if value is None:
        value = state.memo[at] = _by_class(query_class, tenths, state)
    return value


def _by_class(query_class: str, tenths: Plan, state: State) -> float:
    value = belief(query_class, tenths) + _surprise(tenths, state)
    sums = state.plans.get(tenths.name)
    if sums is not None and query_class in CLASSES:
        at = 2 + 2 * CLASSES.index(query_class)
        value = (TRUST_ALL * value + sums[at + 1]) / (TRUST_ALL + sums[at])
    return value


def _surprise(tenths: Plan, state: State) -> float:
    """Return by how much more than believed a plan earns, over all classes."""
    at = ("surprise", tenths)
    if at not in state.memo:
        n, more = _more(tenths, state)
        if tenths.name in TABLE:
            state.memo[at] = more / (TRUST + n)
        else:
            near = named(nearest(tenths)[1])
            seen, theirs = _more(near, state)
            apart = more / n - theirs / seen if n > 0 and seen > 0 else 0.0
            state.memo[at] = _surprise(near, state) + n / (TRUST + n) * apart
    found: float = state.memo[at]
    return found


def _more(tenths: Plan, state: State) -> tuple[float, float]:
    """Return the weight of the actions that a plan was held against, and how much more of it than believed it earned."""
    sums = state.plans.get(tenths.name)
    if sums is None:
        return 0.0, 0.0
    expected = sum(sums[2 + 2 * i] * belief(name, tenths) for i, name in enumerate(CLASSES) if sums[2 + 2 * i])
    counted = sum(sums[2 + 2 * i] for i in range(len(CLASSES)))
    return sums[0], sums[1] - expected - (sums[0] - counted) * belief("", tenths)


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
