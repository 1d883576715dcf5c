"""What is known around a query: who asks, what that user did lately, what else the caller says."""

from __future__ import annotations

from math import isfinite
from zlib import crc32

from ltrr_cli.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from ltrr_cli.index.generation import Generation
    from ltrr_cli.records import Query
    from ltrr_cli.understand.calendar import Moment

TIMEZONE = "timezone"  # the pair of --context that is not hashed: it says what time it is for this user
TYPE = "type"  # field of a slot that is a kind of entity
BUCKETS = 4
LATEST = 20  # things acted on that are compared with a query


class Acted(NamedTuple):
    """One thing that the user acted on lately."""

    weight: float  # of the action, faded
    type: str
    facts: AbstractSet[str] = frozenset()  # of its record, as field=value, see `index.facts`


class Around(NamedTuple):
    """What the features of a query are told beside its words."""

    languages: Collection[str] = ()  # of the catalog, ISO 639-1
    moment: Moment | None = None  # on the user's clock; None = the query's time, UTC
    acted: Sequence[Acted] = ()


def hashed(pairs: Iterable[tuple[str, str]]) -> tuple[float, ...]:
    """Return any number of key=value pairs as BUCKETS numbers in -1..1.

    A pair is added to one of the numbers or taken from it; which, the hash of its text decides. A value that is a number
    counts as that number, under its key alone, and is cut to -1..1. Two pairs may fall together; four numbers keep most apart.

    >>> hashed([("device", "phone")]), hashed([("k", "0.7")])
    ((0.0, 0.0, 0.0, 1.0), (0.0, -0.7, 0.0, 0.0))

    References: Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009.
    """
    sums = [0.0] * BUCKETS
    for key, value in sorted(set(pairs)):
        number = _number(value)
        h = crc32((f"{key}={value}" if number is None else key).encode("utf-8", "replace"))
        sums[h % BUCKETS] += (1.0 if h >> 31 else -1.0) * (1.0 if number is None else number)
    return tuple(max(-1.0, min(1.0, s)) for s in sums)


def liked(query: Query, acted: Sequence[Acted]) -> tuple[float, float]:
    """Return which share of what the user did was on the types that the query asks for, and on things with its values.

    Both in 0..1. Types are those it is limited to and those it names; each reading counts by its likelihood.

    >>> from ltrr_cli.records import Interpretation, Query, Slot
    >>> pop = Interpretation(0.5, (Slot("pop", "genres", "pop", "pop"),))
    >>> query = Query("pop", ("pop",), types=("track",), interpretations=(pop,))
    >>> liked(query, [Acted(3.0, "track", {"genres=pop"}), Acted(1.0, "album")])
    (0.75, 0.375)
    """
    total = sum(a.weight for a in acted)
    if total <= 0:
        return 0.0, 0.0
    by_type = sum(a.weight for a in acted if a.type in query.types)
    by_slot = 0.0
    for reading in query.interpretations:
        types = {slot.value for slot in reading.slots if slot.field == TYPE}
        values = {f"{slot.field}={slot.value}" for slot in reading.slots if slot.field != TYPE}
        if not query.types:
            by_type += reading.likelihood * sum(a.weight for a in acted if a.type in types)
        by_slot += reading.likelihood * sum(a.weight for a in acted if not values.isdisjoint(a.facts))
    return min(1.0, by_type / total), min(1.0, by_slot / total)


def latest(weights: Mapping[str, float], generation: Generation) -> list[Acted]:
    """Return the first LATEST things that satisfied, of entity id -> weight, with what their records say."""
    from ltrr_cli.index.facts import TITLE, term

    liked = [(entity_id, weight) for entity_id, weight in weights.items() if weight > 0][:LATEST]
    columns, found = generation.columns, []
    for entity_id, weight in liked:
        row = generation.text.row_of(entity_id)
        if row is not None:
            said = columns.said(row)
            facts = {fact.partition("#")[0] for fact in said.facts}
            found.append(Acted(weight, columns.type(row), facts | {term(TITLE, said.name)}))
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return max(-1.0, min(1.0, number)) if isfinite(number) else None
