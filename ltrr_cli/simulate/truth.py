"""How good a page and a pool really are, which in a simulation is known."""

from __future__ import annotations

from heapq import nlargest
from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PAGE = 10
_DISCOUNTS = [1 / log2(i + 2) for i in range(PAGE)]


class Units:
    """What counts once: an entity, or all that share a value of one field, such as the recordings of a song.

    >>> units = Units({"live": "song", "studio": "song"})
    >>> units.each(["live", "other", "studio"])
    ['song', 'other']
    """

    def __init__(self, same: Mapping[str, str] | None = None) -> None:
        self._same = same or {}

    def of(self, entity: str) -> str:
        """Return the unit that an entity's id belongs to: itself where nothing else is known."""
        return self._same.get(entity, entity)

    def each(self, ids: Iterable[str]) -> list[str]:
        """Return the units of *ids* in their order, once each."""
        return list(dict.fromkeys(map(self.of, ids)))


def ndcg(units: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return nDCG@10 of ranked *units*; the gain is the relevance.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002, with trec_eval's discount.

    >>> ndcg(["a", "b", "c"], {"b": 1.0})  # 1/log2(3)
    0.6309297535714575
    """
    gain = sum(discount * relevant.get(unit, 0.0) for unit, discount in zip(units, _DISCOUNTS, strict=False))
    ideal = sum(discount * r for r, discount in zip(nlargest(PAGE, relevant.values()), _DISCOUNTS, strict=False))
    return gain / ideal if ideal else 0.0


def recall(units: Iterable[str], relevant: Mapping[str, float]) -> float:
    """Return the share of what is relevant that is among *units*.

    >>> recall(["a", "b", "c"], {"b": 1.0, "d": 0.5})
    0.5
    """
    return len(relevant.keys() & set(units)) / len(relevant) if relevant else 0.0
