"""What each plan is worth: how much of what it draws satisfies those who look at it."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.belief import APART, TABLE, belief, nearest
from ltrr_cli.policy.shares import named, shares
from ltrr_cli.policy.state import column
from ltrr_cli.understand.features import CLASSES, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

TRUST = 100.0  # looks that the belief above is worth: thirty pages or so
TRUST_ALL = 200.0  # the same, for what all queries say against what those say that name values, or the others
TRUST_KIN = 200.0  # the same, for what these say against what the class says
_KIN = {one: tuple(other for other in CLASSES if other.endswith(VALUES) == one.endswith(VALUES)) for one in CLASSES}


def worths(situation: Situation | None, menu: Sequence[Plan], state: State) -> list[float]:
    """Return what each plan is worth for a situation, about 0..1; without *situation* over all queries.

    Nothing learned: the table's belief. Then what all queries say (the leader), shrunk towards it what those say that name values
    as this one does, or don't, and shrunk towards that what the class of the query says, each with weight n/(n+n0). What was
    learned of the very query and of others like it memory knows, which is an arm.

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
    all (and, with _k, in the class and its kin; with _c, in the class):

        leader = (g - m n) / (TRUST + n)
        kin    = (TRUST_ALL leader + g_k - m_k n_k) / (TRUST_ALL + n_k)
        value  = belief(class) + (TRUST_KIN kin + g_c - m_c n_c) / (TRUST_KIN + n_c)

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
    found = 0.0
    for classes, trust in levels(query_class):
        n, more = surprise(classes, name, state)
        found = (trust * found + more) / (trust + n)
    return found


def levels(query_class: str) -> list[tuple[tuple[str, ...], float]]:
    """Return what is looked at for a class of queries, the widest first: classes, "" for all, and the looks needed to trust them.

    >>> [len(classes) for classes, _ in levels("few")], levels("")
    ([1, 5, 1], [(('',), 100.0)])
    """
    found: list[tuple[tuple[str, ...], float]] = [(("",), TRUST)]
    if query_class in _KIN:
        found += [(_KIN[query_class], TRUST_ALL), ((query_class,), TRUST_KIN)]
    return found


def surprise(classes: tuple[str, ...], name: str, state: State) -> tuple[float, float]:
    """Return how much was looked at of what the plan called *name* draws, and how much more that earned than all plans do.

    The latter is in typical actions.
    """
    sums = state.plans.get(name)
    if sums is None or not state.typical[1]:
        return 0.0, 0.0
    looked, earned = _summed(classes, [sums])
    return looked, earned * state.typical[0] / state.typical[1] - looked * rate(classes, state)


def rate(classes: tuple[str, ...], state: State) -> float:
    """Return how many typical actions a look earns, over all plans, for some classes of queries or ("",) for all."""
    at = ("rate", classes)
    if at not in state.memo:
        looked, earned = _summed(classes, state.plans.values())
        state.memo[at] = earned / looked * state.typical[0] / state.typical[1] if looked and state.typical[1] else 0.0
    found: float = state.memo[at]
    return found


def _summed(classes: tuple[str, ...], plans: Iterable[Sequence[float]]) -> tuple[float, float]:
    """Return what was looked at, and what was earned there, over some classes and plans."""
    columns = [column(query_class) for query_class in classes]
    looked, earned = (sum([sums[i + more] for sums in plans for i in columns]) for more in (0, 1))
    return looked, earned
