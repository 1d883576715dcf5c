"""Every plan of the menu alike: the most that can be learned per search, at the highest price."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings


class Uniform:
    """The same probability for every plan."""

    name = "uniform"

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        return [1 / len(menu)] * len(menu)


def from_settings(settings: Settings) -> Uniform:
    """Return the policy; it has no settings."""
    return Uniform()
