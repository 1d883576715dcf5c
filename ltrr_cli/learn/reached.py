"""Where an item stood that satisfied: in every arm, drawn or not, and which plans would have drawn it.

An arm's name goes with its rank, 0 = not found. Which plans draw the item the ranks of the arms say (see `policy.shares.covers`);
a plan that reaches it only by going deeper than its shares (see `policy.depth`) stands beside them, with the rank it reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ltrr_cli.feedback.reward import examined
from ltrr_cli.policy.depth import depths
from ltrr_cli.policy.menu import hand_made
from ltrr_cli.policy.shares import covers, made, named, spread

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import Any

    from ltrr_cli.records import Plan

Item = TypeVar("Item", bound="Hashable")


class Reached(Generic[Item]):
    """What every arm *found* for one query: ids or rows, best first, each once."""

    def __init__(self, found: Mapping[str, Sequence[Item]]) -> None:
        self._found = found
        self._deep: dict[Plan, dict[str, int]] = {}  # how deep each arm of a plan is drawn

    def by(self, item: Item | None, plans: Iterable[Plan]) -> dict[str, int]:
        """Return where *item* stands; None stands nowhere.

        >>> from ltrr_cli.policy.shares import named
        >>> reached = Reached({"fuzzy": ["a", "b"], "lexical": ["a", "c"]})
        >>> reached.by("b", [named("fuzzy:1+lexical:1"), named("fuzzy:2"), named("lexical:2")])
        {'fuzzy': 2, 'lexical': 0, 'fuzzy:1+lexical:1': 2}
        """
        ranks = {arm: items.index(item) + 1 if item in items else 0 for arm, items in self._found.items()}
        if any(ranks.values()):
            for plan in [plan for plan in plans if not covers(plan, ranks)]:
                drawn = [ranks[arm] for arm, n in self._drawn(plan).items() if 0 < ranks[arm] <= n]
                if drawn:
                    ranks[plan.name] = min(drawn)
        return ranks

    def _drawn(self, plan: Plan) -> dict[str, int]:
        if plan not in self._deep:
            self._deep[plan] = depths(made((arm, n) for arm, n in plan.draws if arm in self._found), self._found)
        return self._deep[plan]


def on_menu(logged: Mapping[str, Any], known: Iterable[str]) -> list[Plan]:
    """Return the plans that an action on the search *logged* tells about: its menu, those made by hand, those *known*."""
    menu = (logged["interleaved"] if "interleaved" in logged else logged["choice"])["menu"]
    arms = sorted({arm for draws in menu for arm in draws})
    tenths = [*hand_made(arms), *map(named, known)]
    plans = [*(made(draws.items()) for draws in menu), *(spread(plan, logged["budget"]) for plan in tenths)]
    return list(dict.fromkeys(plans))


def looked_at(logged: Mapping[str, Any], ranks: Mapping[str, int], place: int, eta: float) -> float:
    """Return how likely somebody was to look at an item at *ranks* that stood at *place* in the search *logged*.

    That is place^-eta times the chance, by the logged probabilities, that a plan was chosen which draws it: what only a rare
    plan draws was less likely to be seen than where it stood by chance.
    Source: the policy-aware propensity of Oosterhuis and de Rijke, "Policy-aware unbiased learning to rank for top-k rankings",
    SIGIR 2020, for places that hardly depend on the plan.
    """
    if "interleaved" not in logged:
        choice = logged["choice"]
        return examined(place, eta) * _drawn(choice["menu"], choice["probabilities"], ranks)
    missed = 1.0
    for chances in logged["interleaved"]["probabilities"]:
        missed *= 1 - _drawn(logged["interleaved"]["menu"], chances, ranks)
    return examined(place, eta) * (1 - missed)


def _drawn(menu: Sequence[Mapping[str, int]], chances: Sequence[float], ranks: Mapping[str, int]) -> float:
    both = zip(menu, chances, strict=True)
    return sum(chance for draws, chance in both if covers(made(draws.items()), ranks))
