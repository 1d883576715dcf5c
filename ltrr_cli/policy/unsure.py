"""How unsure the value of each plan is: what policies explore by that look where little is known."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.shares import TENTHS, moved, shares
from ltrr_cli.policy.worth import TRUST, TRUST_ALL, surprise

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
    [0.0, 0.04, 0.07]
    """
    best = shares(menu[max(range(len(menu)), key=values.__getitem__)])
    found = []
    for plan in map(shares, menu):
        in_all, in_class = (surprise(name, plan.name, state)[0] for name in ("", situation.query_class))
        of_class = TRUST_ALL + in_class
        doubt = VARIANCE * (1 / of_class + (TRUST_ALL / of_class) ** 2 / (TRUST + in_all))
        found.append(sqrt(doubt * moved(plan, best) / TENTHS))
    return found
