"""What each plan is worth: how much of what it draws satisfies those who look at it."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.belief import APART, TABLE, belief, nearest
from ltrr_cli.policy.shares import named, shares
from ltrr_cli.policy.state import column
from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

TRUST = 100.0  # looks that the belief above is worth: thirty pages or so
TRUST_ALL = 60.0  # the same, for what all queries say against what the class says


def worths(situation: Situation | None, menu: Sequence[Plan], state: State) -> list[float]:
    """Return what each plan is worth for a situation, about 0..1; without *situation* over all queries.

    Nothing learned: the table's belief. Then what all queries say (the leader), and shrunk towards it what the class of the query
    says, each with weight n/(n+n0). What was learned of the very query and of others like it memory knows, which is an arm.

    >>> from ltrr_cli.policy.belief import DEFAULT
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> worths(None, [named(DEFAULT), named("hybrid:8+lexical:1+structured:1")], State())
    [0.9, 0.888]
    """
    return [by_class(situation.query_class if situation else "", shares(plan), state) for plan in menu]


def by_class(query_class: str, tenths: Plan, state: State) -> float:
    """Return what a plan in tenths is worth for a class of queries; "" for all queries. It is kept until *state* changes.

    With n looks at what the plan draws, which earned g (in typical actions), and m earned a look by all plans together, in
    all (and, with _c, in the class):

        leader = (g - m n) / (TRUST + n)
        value  = belief(class) + (TRUST_ALL leader + g_c - m_c n_c) / (TRUST_ALL + n_c)

    So what is new is neither better nor worse for that. A plan of which nothing is kept, as it is not made by hand, is worth
    APART less than the nearest on the table for every tenth that separates them.
    """
    at = (query_class, tenths)
    value: float | None = state.memo.get(at)
    if value is None:
        value = state.memo[at] = _by_class(query_class, tenths, state)
    return value


def _by_class(query_class: str, tenths: Plan, state: State) -> float:
    if tenths.name not in state.plans and tenths.name not in TABLE:
        away, near = nearest(tenths)
        return by_class(query_class, named(near), state) - APART * away
    return belief(query_class, tenths) + better(query_class, tenths.name, state)


def better(query_class: str, name: str, state: State) -> float:
    """Return how much more a look at what the plan called *name* draws earns than one at what any draws, in typical actions."""
    n, more = surprise("", name, state)
    found = more / (TRUST + n)
    if query_class in CLASSES:
        n, more = surprise(query_class, name, state)
        found = (TRUST_ALL * found + more) / (TRUST_ALL + n)
    return found


def surprise(query_class: str, name: str, state: State) -> tuple[float, float]:
    """Return how much was looked at of what the plan called *name* draws, and how much more that earned than all plans do.

    The latter is in typical actions.
    """
    i = column(query_class)
    sums = state.plans.get(name)
    if sums is None or not state.typical[1]:
        return 0.0, 0.0
    return sums[i], sums[i + 1] * state.typical[0] / state.typical[1] - sums[i] * rate(query_class, state)


def rate(query_class: str, state: State) -> float:
    """Return how many typical actions a look earns, over all plans, for a class of queries or "" for all."""
    at = ("rate", query_class)
    if at not in state.memo:
        i = column(query_class)
        looked, earned = (sum(sums[j] for sums in state.plans.values()) for j in (i, i + 1))
        state.memo[at] = earned / looked * state.typical[0] / state.typical[1] if looked and state.typical[1] else 0.0
    found: float = state.memo[at]
    return found
