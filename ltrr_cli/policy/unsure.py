"""How unsure the value of each plan is: what policies explore by that look where little is known."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.shares import TENTHS, moved, shares
from ltrr_cli.policy.worth import levels, surprise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

VARIANCE = 0.2  # of what one look earns, in typical actions


def spreads(situation: Situation, menu: Sequence[Plan], values: Sequence[float], state: State) -> list[float]:
    """Return a standard error for how far each of *values*, those that `worth.worths` gave for *menu*, is from the highest.

    It is that of a mean over the looks at what the plan draws, shrunk as in `worth.by_class`, for the tenths by which the plan
    differs from the best one: what both draw they earn alike.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("hybrid:9+lexical:1"), named("hybrid:6+lexical:4"), named("lexical:10")]
    >>> [round(s, 2) for s in spreads(Situation((1.0,), "word"), menu, [0.9, 0.8, 0.8], State())]
    [0.0, 0.03, 0.06]
    """
    best = shares(menu[max(range(len(menu)), key=values.__getitem__)])
    found = []
    for plan in map(shares, menu):
        doubt = 0.0
        for classes, trust in levels(situation.query_class):
            looked = trust + surprise(classes, plan.name, state)[0]
            doubt = VARIANCE / looked + (trust / looked) ** 2 * doubt
        found.append(sqrt(doubt * moved(plan, best) / TENTHS))
    return found
