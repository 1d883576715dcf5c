"""How unsure the value of each plan is: what policies explore by that look where little is known."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.reach import dot, lens
from ltrr_cli.policy.shares import shares
from ltrr_cli.policy.worth import TRUST, context_proved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

LEAST = 0.05  # spread of a single outcome, even where a plan seems sure


def spreads(situation: Situation, menu: Sequence[Plan], values: Sequence[float], state: State) -> list[float]:
    """Return a standard error for each of *values*, those that `worth.worths` gave for *menu*.

    It is that of a share observed on as much as the plan was (TRUST for its belief), plus, once context counts, that of the
    regression, sqrt(x'A^-1x). Every action labels every plan it knows, drawn or not, so plans differ in how long they
    have been known, not in how often they were drawn.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> [round(s, 2) for s in spreads(Situation((1.0,), "word"), [named("lexical:10")], [0.8], State())]
    [0.18]
    """
    told = 0.0
    if context_proved(state):
        told = max(0.0, dot(lens(state, situation.x), situation.x))
    found = []
    for plan, value in zip(menu, values, strict=True):
        sums = state.plans.get(shares(plan).name)
        known = TRUST + (sums[0] if sums is not None else 0.0)
        share = min(1.0, max(0.0, value))
        variance = max(LEAST * LEAST, share * (1 - share))
        found.append(sqrt(variance * (1 / known + told)))
    return found
