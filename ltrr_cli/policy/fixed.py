"""Always the hand-made default: what one has without learning."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import share_evenly
from ltrr_cli.policy.belief import DEFAULT
from ltrr_cli.policy.shares import moved, named, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings


class Fixed:
    """All probability on the plan of the menu that is nearest to one plan, the hand-made default unless named.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("lexical:10"), named("hybrid:6+lexical:2+memory:2")]
    >>> Fixed().probabilities(Situation((1.0,), "word"), menu, State())
    [0.0, 1.0]
    """

    name = "fixed"

    def __init__(self, tenths: str = DEFAULT) -> None:
        self.plan = named(tenths)

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        away = [moved(shares(plan), self.plan) for plan in menu]
        return share_evenly([a == min(away) for a in away])


def from_settings(settings: Settings) -> Fixed:
    """Return the policy; it has no settings."""
    return Fixed()
