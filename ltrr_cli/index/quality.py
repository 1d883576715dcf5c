"""How popular each entity is, from 0 to 1: as the catalog says, or by how many others refer to it.

Where a record gives no popularity, the catalog's own links tell: an artist with many tracks is better known than one
with a single one, and a track is as well known as the best known of its makers. Only makers that are
entities of the catalog count.
"""

from __future__ import annotations

from array import array
from math import log1p
from typing import TYPE_CHECKING
from zlib import crc32

from ltrr_cli.understand.normalise import words

if TYPE_CHECKING:
    from ltrr_cli.records import Entity


class Quality:
    """Gathers evidence row by row, in 20 or so bytes a row; `values` gives the verdict once all rows are seen."""

    def __init__(self) -> None:
        self._given = array("d")  # popularity as given; -1 = none
        self._own = array("Q")  # name of an entity without a maker
        self._makers = array("Q")  # names of makers, rows one behind the other
        self._ends = array("Q")
        self._references: dict[int, int] = {}

    def add(self, entity: Entity) -> None:
        given = entity.popularity
        self._given.append(given if given is not None and given >= 0 else -1.0)
        makers = {name_key(c) for c in entity.creator[:4]}
        self._own.append(0 if makers else name_key(entity.title))
        self._makers.extend(makers)
        self._ends.append(len(self._makers))
        for maker in makers:
            self._references[maker] = self._references.get(maker, 0) + 1

    def values(self) -> tuple[array[float], dict[str, float]]:
        """Return each row's quality, and what it was made from: the largest popularity and number of references."""
        top = max(self._given, default=-1.0)
        entities = set(self._own)
        named = {key: n for key, n in self._references.items() if key in entities}
        most = max(named.values(), default=0)
        out = array("f")
        start = 0
        for row, end in enumerate(self._ends):
            keys = self._makers[start:end] or (self._own[row],)
            references = max((named.get(key, 0) for key in keys), default=0)
            out.append(quality(self._given[row], references, top, most))
            start = end
        return out, {"popularity": top, "references": most}


def quality(given: float, references: int, top: float, most: float) -> float:
    """Return the quality of one entity: its popularity where its record gives any, else its references, both by logarithm.

    >>> quality(10, 0, top=10, most=5), quality(-1, 5, top=-1, most=5), quality(0, 5, top=10, most=5)
    (1.0, 1.0, 0.0)
    """
    if given >= 0 and top > 0:
        return log1p(given) / log1p(top)
    return min(1.0, log1p(references) / log1p(most)) if most else 0.0


def name_key(name: str) -> int:
    """Return a 64-bit key of a name that spelling variants share; never 0."""
    text = " ".join(words(name)).encode()
    return (crc32(text) << 32 | crc32(text[::-1])) or 1
