"""Where an item stood that satisfied: in every arm, and on the page that each plan would have made.

An arm's name goes with its rank, 0 = not found. The place on the page stands once for most plans (EVERY), and by a plan's name
where it is another, or where the plan brings the item only by going deeper than its shares (see `policy.depth`); whether the
other plans bring it the ranks of the arms say: see `policy.shares.covers`, and `earns`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from ltrr_cli.feedback.reward import examined
from ltrr_cli.policy.depth import pooled
from ltrr_cli.policy.menu import hand_made
from ltrr_cli.policy.shares import EVERY, PAGE, covers, made, named, placed, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from typing import Any

    from ltrr_cli.records import Plan

Item = TypeVar("Item", bound="Hashable")


class Reached(Generic[Item]):
    """What every arm *found* for one query: ids or rows, best first, each once; *order* puts some of them as they are ranked.

    The ranking is one for all plans, as it hardly depends on them: a plan's page is that ranking of what the plan draws.
    """

    def __init__(self, found: Mapping[str, Sequence[Item]], order: Callable[[list[Item]], Sequence[Item]] = list) -> None:
        self._found, self._order = found, order
        self._pools: dict[Plan, tuple[list[Item], list[Item]]] = {}
        self._places: dict[Plan, dict[Item, int]] = {}

    def by(self, item: Item | None, plans: Iterable[Plan]) -> dict[str, int]:
        """Return where *item* stands; None stands nowhere.

        >>> from ltrr_cli.policy.shares import named
        >>> reached = Reached({"fuzzy": ["a", "b"], "lexical": ["a", "c"]}, order=sorted)
        >>> reached.by("b", [named("fuzzy:1+lexical:1"), named("fuzzy:2"), named("lexical:2")])
        {'fuzzy': 2, 'lexical': 0, '*': 2, 'fuzzy:1+lexical:1': 2}
        """
        ranks = {arm: items.index(item) + 1 if item in items else 0 for arm, items in self._found.items()}
        if item is None or not any(ranks.values()):
            return ranks
        plans = list(plans)
        self._draw(plans)
        places = {plan: self._places[plan][item] for plan in plans if item in self._places[plan]}
        if not places:
            return ranks
        most = Counter(places.values()).most_common(1)[0][0]
        apart = {plan.name: place for plan, place in places.items() if place != most or not covers(plan, ranks)}
        return ranks | {EVERY: most} | apart

    def _draw(self, plans: list[Plan]) -> None:
        """Make the page of each of *plans*."""
        new = [plan for plan in plans if plan not in self._pools]
        if not new:
            return
        for plan in new:
            self._pools[plan] = pooled(made((arm, n) for arm, n in plan.draws if arm in self._found), self._found)
        drawn = dict.fromkeys(item for own, spare in self._pools.values() for item in (*own, *spare))
        at = {item: place for place, item in enumerate(self._order(list(drawn)))}
        for plan, (own, spare) in self._pools.items():
            ranked = sorted(own, key=at.__getitem__) + sorted(spare, key=at.__getitem__)
            self._places[plan] = {item: place for place, item in enumerate(ranked, 1)}


def on_menu(logged: Mapping[str, Any], known: Iterable[str]) -> list[Plan]:
    """Return the plans that an action on the search *logged* tells about: its menu, those made by hand, those *known*."""
    menu = (logged["interleaved"] if "interleaved" in logged else logged["choice"])["menu"]
    arms = sorted({arm for draws in menu for arm in draws})
    tenths = [*hand_made(arms), *map(named, known)]
    plans = [*(made(draws.items()) for draws in menu), *(spread(plan, logged["budget"]) for plan in tenths)]
    return list(dict.fromkeys(plans))


def looked_at(logged: Mapping[str, Any], ranks: Mapping[str, int], eta: float) -> float:
    """Return how likely somebody was to look at an item at *ranks* in the search *logged*, whatever plan had been drawn.

    That is the mean, over the plans by their logged probabilities, of place^-eta for the places on the page: what could have been
    shown by another plan, or higher up, was more likely to be seen than where it stood by chance.
    Source: the policy-aware propensity of Oosterhuis and de Rijke, "Policy-aware unbiased learning to rank for top-k rankings",
    SIGIR 2020.
    """
    size = logged.get("asked", {}).get("limit", PAGE)
    if "interleaved" not in logged:
        choice = logged["choice"]
        return _seen(choice["menu"], choice["probabilities"], ranks, eta, size)
    missed = 1.0
    for chances in logged["interleaved"]["probabilities"]:
        missed *= 1 - _seen(logged["interleaved"]["menu"], chances, ranks, eta, size)
    return 1 - missed


def _seen(menu: Sequence[Mapping[str, int]], chances: Sequence[float], ranks: Mapping[str, int], eta: float, size: int) -> float:
    total = 0.0
    for draws, chance in zip(menu, chances, strict=True):
        place = placed(made(draws.items()), ranks)
        if 0 < place <= size:
            total += chance * examined(place, eta)
    return total
