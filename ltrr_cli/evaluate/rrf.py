"""Reciprocal rank fusion: the usual way to make one list of several, by ranks alone.

Source: Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
SIGIR 2009.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Item = TypeVar("Item")

K = 60  # the paper's constant


def rrf(lists: Iterable[Sequence[Item]]) -> list[Item]:
    """Return every item of *lists* (each best first), by the sum of 1/(K + rank); of equals, the one met first.

    >>> rrf([["a", "b", "c"], ["b", "d"]])
    ['b', 'a', 'd', 'c']
    """
    scores: dict[Item, float] = {}
    for ranked in lists:
        for rank, item in enumerate(ranked, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (K + rank)
    return sorted(scores, key=lambda item: -scores[item])
