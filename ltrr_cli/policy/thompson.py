"""Each plan as often as it might be the best, by what is known."""

from __future__ import annotations

from functools import cache
from math import cos, log, pi, sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import share_evenly, unit
from ltrr_cli.policy.epsilon_greedy import ALIKE
from ltrr_cli.policy.unsure import spreads
from ltrr_cli.policy.worth import worths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings

DRAWS = 256  # of a value for each plan; how often a plan is the highest is its probability


class Thompson:
    """Plan m gets (n_m + 1)/(DRAWS + |M|), where n_m is in how many of DRAWS draws from N(V_m, spread_m) it is the highest.

    The draws are a fixed table, so that the probabilities are exact and the same wherever they are worked out. A settled
    situation is not explored.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("hybrid:6+lexical:2+memory:2"), named("lexical:10")]
    >>> chances = Thompson().probabilities(Situation((1.0,), "word"), menu, State())
    >>> chances[0] > chances[1] > 0.2
    True

    References: Thompson, 1933; Chapelle and Li, "An empirical evaluation of Thompson sampling", NeurIPS 2011.
    """

    name = "thompson"

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        values = worths(situation, menu, state)
        if situation.settled:
            return share_evenly([value >= max(values) - ALIKE for value in values])
        doubt = spreads(situation, menu, values, state)
        highest = [0] * len(menu)
        order = sorted(range(len(menu)), key=lambda i: menu[i].name)  # a plan's draws are its own wherever it stands
        beliefs = [(values[i], doubt[i]) for i in order]
        for row in _normals(len(menu)):
            drawn = [value + spread * z for (value, spread), z in zip(beliefs, row, strict=True)]
            highest[order[drawn.index(max(drawn))]] += 1
        return [(n + 1) / (DRAWS + len(menu)) for n in highest]


@cache
def _normals(plans: int) -> list[list[float]]:
    """DRAWS rows of *plans* numbers that look drawn from N(0, 1) (Box and Muller, 1958)."""
    rows = []
    for i in range(DRAWS):
        pairs = ((1 - unit(2 * (i * plans + j)), unit(2 * (i * plans + j) + 1)) for j in range(plans))
        rows.append([sqrt(-2 * log(a)) * cos(2 * pi * b) for a, b in pairs])
    return rows


def from_settings(settings: Settings) -> Thompson:
    """Return the policy; it has no settings."""
    return Thompson()
