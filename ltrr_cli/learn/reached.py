"""Where an item stood that satisfied: in every arm, and with which plans it would have been among the candidates.

An arm's name goes with its rank, 0 = not found. A plan that would have brought the item only by going deeper than its shares
(see `policy.depth`) is there as well, by its name; for the others the ranks of the arms say it: see `policy.shares.covers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ltrr_cli.policy.depth import pooled
from ltrr_cli.policy.menu import hand_made
from ltrr_cli.policy.shares import covers, made, named, spread

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from typing import Any

    from ltrr_cli.records import Plan

Item = TypeVar("Item", bound="Hashable")
DEEPER = 1  # what stands beside such a plan's name


class Reached(Generic[Item]):
    """What every arm *found* for one query: ids or rows, best first, each once."""

    def __init__(self, found: Mapping[str, Sequence[Item]]) -> None:
        self._found = found
        self._pools: dict[Plan, set[Item]] = {}

    def by(self, item: Item | None, plans: Iterable[Plan]) -> dict[str, int]:
        """Return where *item* stands; None stands nowhere.

        >>> from ltrr_cli.policy.shares import named
        >>> reached = Reached({"fuzzy": ["a", "b"], "lexical": ["a", "c"]})
        >>> reached.by("b", [named("fuzzy:1+lexical:1"), named("fuzzy:2")])
        {'fuzzy': 2, 'lexical': 0, 'fuzzy:1+lexical:1': 1}
        """
        ranks = {arm: items.index(item) + 1 if item in items else 0 for arm, items in self._found.items()}
        if item is None or not any(ranks.values()):
            return ranks
        deeper = [plan for plan in plans if not covers(plan, ranks) and item in self._pool(plan)]
        return ranks | dict.fromkeys((plan.name for plan in deeper), DEEPER)

    def _pool(self, plan: Plan) -> set[Item]:
        if plan not in self._pools:
            known = made((arm, n) for arm, n in plan.draws if arm in self._found)
            self._pools[plan] = pooled(known, self._found)
        return self._pools[plan]


def on_menu(logged: Mapping[str, Any], known: Iterable[str]) -> list[Plan]:
    """Return the plans that an action on the search *logged* tells about: its menu, those made by hand, those *known*."""
    menu = (logged["interleaved"] if "interleaved" in logged else logged["choice"])["menu"]
    arms = sorted({arm for draws in menu for arm in draws})
    tenths = [*hand_made(arms), *map(named, known)]
    plans = [*(made(draws.items()) for draws in menu), *(spread(plan, logged["budget"]) for plan in tenths)]
    return list(dict.fromkeys(plans))


def exposed(logged: Mapping[str, Any], ranks: Mapping[str, int]) -> float:
    """Return how likely an item at *ranks* was to be among the candidates of the search *logged*, by the logged probabilities."""
    if "interleaved" not in logged:
        choice = logged["choice"]
        return _covered(choice["menu"], choice["probabilities"], ranks)
    missed = 1.0
    for chances in logged["interleaved"]["probabilities"]:
        missed *= 1 - _covered(logged["interleaved"]["menu"], chances, ranks)
    return 1 - missed


def _covered(menu: Sequence[Mapping[str, int]], chances: Sequence[float], ranks: Mapping[str, int]) -> float:
    return sum(chance for draws, chance in zip(menu, chances, strict=True) if covers(made(draws.items()), ranks))
