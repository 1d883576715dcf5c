"""The best plan, except now and then any plan."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import share_evenly
from ltrr_cli.policy.worth import worths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings

ALIKE = 1e-9  # closer values are a tie
FIRST, MOST, LEAST = 0.1, 0.3, 0.02  # exploration before any feedback, at most, and in the end


class EpsilonGreedy:
    """With probability 1 - epsilon the plan that is worth most, and epsilon shared by the whole menu; ties share.

    *epsilon* 0 stands for max(.02, min(.3, .1 + t/500) / (1 + t/1000)) after t satisfying actions: where nobody says what was
    right, exploring teaches nothing, and never as much as when the first do. A settled situation (the title of a thing that
    memory knows well) is not explored.

    >>> from ltrr_cli.policy.base import Situation
    >>> from ltrr_cli.policy.shares import named
    >>> from ltrr_cli.policy.state import State
    >>> menu = [named("hybrid:6+lexical:2+memory:2"), named("lexical:10")]
    >>> EpsilonGreedy(epsilon=0.2).probabilities(Situation((1.0,), "word"), menu, State())
    [0.9, 0.1]

    References: Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002.
    """

    name = "epsilon_greedy"

    def __init__(self, epsilon: float = 0.0) -> None:
        self.epsilon = epsilon

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        value = worths(situation, menu, state)
        top = max(value) - ALIKE
        return share_evenly([v >= top for v in value], 0.0 if situation.settled else self.rate(state.version))

    def rate(self, t: int) -> float:
        """Return epsilon after *t* satisfying actions."""
        return self.epsilon or max(LEAST, min(MOST, FIRST + t / 500) / (1 + t / 1000))


def from_settings(settings: Settings) -> EpsilonGreedy:
    """Return the policy with the settings' `epsilon`."""
    return EpsilonGreedy(settings.epsilon)
