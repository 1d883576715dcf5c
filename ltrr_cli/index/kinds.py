"""Which fields each kind of entity has: in a catalog of several kinds, what is said of one kind says nothing about another.

How often "blues" is a genre is to be held against its other uses among what has genres, not among shoes as well; and a song
called "Child" is not for children only because toys have an age.
"""

from __future__ import annotations

from collections import Counter

from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Kinds:
    """Counts the entities of each kind, and those among them that have a field; goes on from what *meta* of an index says."""

    def __init__(self, meta: Mapping[str, Any] = {}) -> None:
        self.counts = Counter[str](meta.get("counts", {}))
        self.fields = {field: Counter[str](of) for field, of in meta.get("fields", {}).items()}

    def add(self, kind: str, fields: Iterable[str], n: int = 1) -> None:
        """Count *n* entities of that kind with these fields; one less for -1."""
        self.counts[kind] += n
        for field in fields:
            self.fields.setdefault(field, Counter())[kind] += n

    def merge(self, other: Kinds) -> None:
        """Count what *other* has counted, too."""
        self.counts.update(other.counts)
        for field, of in other.fields.items():
            self.fields.setdefault(field, Counter()).update(of)

    def told(self) -> dict[str, Any]:
        """Return what an index's `meta.json` says of this."""
        fields = {field: dict(+of) for field, of in self.fields.items()}
        return {"counts": dict(+self.counts), "fields": {field: of for field, of in fields.items() if of}}


def bears(meta: Mapping[str, Any], field: str, kind: str) -> bool:
    """Return True if some entity of that *kind* has the *field*, as far as is known.

    >>> bears({"fields": {"age": {"toy": 5}}}, "age", "toy"), bears({"fields": {"age": {"toy": 5}}}, "age", "song")
    (True, False)
    """
    fields = meta.get("fields")
    return not fields or kind in fields.get(field, ())


def reach(meta: Mapping[str, Any], field: str) -> float:
    """Return which part of the catalog is made of such as have the *field*, 0 to 1: where it is as common as it ever is.

    Half of the songs have a genre and no shoe has one: as much as is half of the songs. Where a few things of a kind have a
    field at all, most may lack it all the same, so it is held against the kind that has it most.

    >>> meta = {"counts": {"song": 10, "shoe": 30}, "fields": {"genre": {"song": 5}, "brand": {"song": 1, "shoe": 30}}}
    >>> reach(meta, "genre"), reach(meta, "brand"), reach(meta, "title")
    (0.25, 0.775, 1.0)
    """
    of = meta.get("fields", {}).get(field)
    if not of:
        return 1.0
    counts = meta["counts"]
    most = max(n / counts[kind] for kind, n in of.items())
    return float(min(1.0, sum(of.values()) / most / sum(counts.values())))
