"""The worse a plan is believed to be, the less often it is tried; how much less grows with what was learned."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import share_evenly
from ltrr_cli.policy.epsilon_greedy import ALIKE
from ltrr_cli.policy.worth import worths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings

SHARP = 10.0  # gamma is this times the square root of what was learned from
LEARNED = 25  # satisfying actions that the table of beliefs is taken for


class SquareCB:
    """Inverse gap weighting: plan m gets 1/(|M| + gamma (V* - V_m)), the best ones share the rest.

    gamma = SHARP sqrt(LEARNED + t) after t satisfying actions. A settled situation is not explored.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("hybrid:9+lexical:1"), named("lexical:10")]
    >>> [round(p, 3) for p in SquareCB().probabilities(Situation((1.0,), "word"), menu, State())]
    [0.773, 0.227]

    References: Foster and Rakhlin, "Beyond UCB: optimal and efficient contextual bandits with regression oracles", ICML 2020.
    """

    name = "squarecb"

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        value = worths(situation, menu, state)
        top = max(value)
        best = [v >= top - ALIKE for v in value]
        if situation.settled:
            return share_evenly(best)
        gamma = SHARP * sqrt(LEARNED + state.version)
        chances = [0.0 if is_best else 1 / (len(menu) + gamma * (top - v)) for is_best, v in zip(best, value, strict=True)]
        rest = (1 - sum(chances)) / sum(best)
        return [chance + rest * is_best for chance, is_best in zip(chances, best, strict=True)]


def from_settings(settings: Settings) -> SquareCB:
    """Return the policy; it has no settings."""
    return SquareCB()
