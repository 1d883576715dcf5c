"""How popular each entity is, from 0 to 1: as the catalog says, or by how many others refer to it.

Where a record gives no popularity, the catalog's own links tell: an artist with many tracks is better known than one
with a single one, and a track is as well known as the best known of its makers. Only makers that are entities of the
catalog count. Scales do not depend on what else is in the catalog: popularity is held against the type's most popular,
references against a fixed number, and a type of which nothing is known is neither better nor worse than the rest.
"""

from __future__ import annotations

from array import array
from math import log1p
from statistics import fmean
from typing import TYPE_CHECKING, Any
from zlib import crc32

from ltrr_cli.index.facts import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.records import Entity

MANY = 100  # references; more say no more


class Quality:
    """Gathers evidence row by row, in 20 or so bytes a row; `values` gives the verdict once all rows are seen."""

    def __init__(self) -> None:
        self._given = array("d")  # popularity as given; -1 = none
        self._types: dict[str, int] = {}
        self._type = array("H")
        self._own = array("Q")  # name of an entity without a maker
        self._makers = array("Q")  # names of makers, rows one behind the other
        self._ends = array("Q")
        self._references: dict[int, int] = {}

    def add(self, entity: Entity) -> None:
        given = entity.popularity
        self._given.append(given if given is not None and given >= 0 else -1.0)
        self._type.append(self._types.setdefault(entity.type, len(self._types)))
        makers = {name_key(c) for c in entity.creator[:4]}
        self._own.append(0 if makers else name_key(entity.title))
        self._makers.extend(makers)
        self._ends.append(len(self._makers))
        for maker in makers:
            self._references[maker] = self._references.get(maker, 0) + 1

    def values(self) -> tuple[array[float], dict[str, Any]]:
        """Return each row's quality, and what it was made from.

        That is, for `beside`: each type's largest popularity (`popularity`), the largest number of references
        (`references`), and the quality of the types of which nothing is known (`unknown`).
        """
        tops = [0.0] * len(self._types)
        for kind, given in zip(self._type, self._given, strict=True):
            tops[kind] = max(tops[kind], given)
        entities = set(self._own)
        named = {key: n for key, n in self._references.items() if key in entities}
        out, known, start = array("f"), [False] * len(self._types), 0
        for row, end in enumerate(self._ends):
            keys = self._makers[start:end] or (self._own[row],)
            found = quality(self._given[row], max((named.get(key, 0) for key in keys), default=0), tops[self._type[row]])
            known[self._type[row]] |= found > 0
            out.append(found)
            start = end
        told = [value for kind, value in zip(self._type, out, strict=True) if known[kind]]
        typical = fmean(told) if told else 0.0
        for row, kind in enumerate(self._type):
            if not known[kind]:
                out[row] = typical
        kinds = {name: at for name, at in self._types.items() if tops[at] > 0}
        return out, {
            "popularity": {name: tops[at] for name, at in kinds.items()},
            "references": max(named.values(), default=0),
            "unknown": {name: typical for name, at in self._types.items() if not known[at]},
        }


def quality(given: float, references: int, top: float) -> float:
    """Return the quality of one entity: its popularity where its record gives any, else its references, both by logarithm.

    *top* is the largest popularity of its type; *given* is -1 where there is none.

    >>> quality(10, 0, top=10), quality(-1, 100, top=10), quality(0, 5, top=10)
    (1.0, 1.0, 0.0)
    """
    if given >= 0 and top > 0:
        return min(1.0, log1p(given) / log1p(top))
    return min(1.0, log1p(references) / log1p(MANY))


def beside(given: float, references: int, kind: str, evidence: Mapping[str, Any]) -> float:
    """Return the quality of an entity of type *kind* added to those that *evidence* is of, on their scale."""
    tops: dict[str, float] = evidence["popularity"]
    found = quality(given, references, tops.get(kind) or max(tops.values(), default=given))
    return found or float(evidence["unknown"].get(kind, 0.0))


def name_key(name: str) -> int:
    """Return a 64-bit key of a name that spelling variants share; never 0."""
    text = whole(name).encode()
    return (crc32(text) << 32 | crc32(text[::-1])) or 1
