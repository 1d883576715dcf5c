"""The budget shared evenly by all arms: what one does who knows nothing about them."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import share_evenly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings


class EqualSplit:
    """All probability on the plan of the menu that spreads its budget most evenly: most arms, then smallest largest share.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("a:10"), named("a:5+b:5"), named("a:9+b:1")]
    >>> EqualSplit().probabilities(Situation((1.0,), "word"), menu, State())
    [0.0, 1.0, 0.0]
    """

    name = "equal_split"

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        evenness = [(len(plan.draws), -max(n for _, n in plan.draws)) for plan in menu]
        return share_evenly([e == max(evenness) for e in evenness])


def from_settings(settings: Settings) -> EqualSplit:
    """Return the policy; it has no settings."""
    return EqualSplit()
