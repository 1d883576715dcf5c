"""The plan that could be best: its value, and something for not being sure of it."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import share_evenly
from ltrr_cli.policy.epsilon_greedy import ALIKE
from ltrr_cli.policy.unsure import spreads
from ltrr_cli.policy.worth import worths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings

ALPHA = 0.3  # standard errors that doubt is worth
FLOOR = 0.02  # shared by the whole menu, or else propensities were 0 or 1 and nothing could be judged by the log


class LinUCB:
    """1 - FLOOR to the plan of the highest upper bound, FLOOR to the whole menu; ties share. A settled situation: no bound.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("hybrid:6+lexical:2+memory:2"), named("lexical:10")]
    >>> LinUCB().probabilities(Situation((1.0,), "word"), menu, State())
    [0.99, 0.01]

    References: Li et al., "A contextual-bandit approach to personalized news article recommendation", WWW 2010.
    """

    name = "linucb"

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        values = worths(situation, menu, state)
        if not situation.settled:
            doubt = spreads(situation, menu, values, state)
            values = [value + ALPHA * spread for value, spread in zip(values, doubt, strict=True)]
        top = max(values) - ALIKE
        return share_evenly([value >= top for value in values], 0.0 if situation.settled else FLOOR)


def from_settings(settings: Settings) -> LinUCB:
    """Return the policy; it has no settings."""
    return LinUCB()
