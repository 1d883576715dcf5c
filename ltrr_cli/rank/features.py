"""What a ranker may know about a candidate, by name."""

from __future__ import annotations

from zlib import crc32

from ltrr_cli.arms.base import ARMS
from ltrr_cli.index.facts import CREATOR, DECADE, TITLE, YEAR, parted
from ltrr_cli.index.kinds import bears
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ltrr_cli.index.columns import Columns
    from ltrr_cli.records import Candidate, Query

QUALITY, MEMORY, AGREE, TOP, AFFINITY = "quality", "memory", "agree", "top", "affinity"
WANTED, NAMED, TOLD, ALIKE, PREDICTED = "wanted", "named", "told", "alike", "predicted"
NAMES = (*(arm for arm in ARMS if arm != MEMORY), QUALITY, MEMORY, AGREE, TOP, AFFINITY, WANTED, NAMED, TOLD, ALIKE, PREDICTED)
TYPE = "type"  # field of a slot that is a kind of entity
SAID = 0.8  # what a value counts that only the title says
UNSAID = {CREATOR, TITLE, TYPE, YEAR, DECADE}  # fields whose values no title says
VERSION = f"{crc32(' '.join(NAMES).encode()):08x}"  # a model that was learned with other features is not used


def features(
    candidate: Candidate,
    columns: Columns,
    remembered: Mapping[int, float],
    drawn: int = 1,
    affinity: Callable[[int], float] | None = None,
    wanted: tuple[float, Callable[[int], float]] | None = None,
    named: Callable[[int], float] | None = None,
) -> dict[str, float]:
    """Return what is known about one candidate by itself; `rank.alike` adds how it compares with the others.

    Under each arm's name its score, normalised to 0..1, if the arm found it; `quality`, 0 to 1; `memory`, -1 to 1, if it
    was acted on for this query or one like it, or passed over for this one, whichever arm brought it now (*remembered*: row ->
    score), and otherwise `predicted`, 0 to 1, how surely it satisfies, if memory brought it; `agree`, the share of the *drawn*
    arms that found it; `top`, 1 over its best rank in any of them; `affinity`, 0 to 1, how much it is to the taste of who asks
    (*affinity*: row -> that), if that is known; `wanted`, with what it is a part of as `told`, and `named`, see there.
    """
    found: dict[str, float] = {}
    top = 0
    for arm, (rank, score, normalised) in candidate.arms.items():
        if rank < top or not top:
            top = rank
        if arm != MEMORY:
            found[arm] = normalised
        elif candidate.row not in remembered:
            found[PREDICTED] = score
    found[QUALITY] = columns.quality(candidate.row)
    if candidate.row in remembered:
        found[MEMORY] = remembered[candidate.row]
    found[AGREE] = len(candidate.arms) / max(drawn, len(candidate.arms))
    found[TOP] = 1 / top
    if affinity is not None:
        found[AFFINITY] = affinity(candidate.row)
    if wanted is not None:
        found[TOLD], found[WANTED] = wanted[0], wanted[1](candidate.row)
    if named is not None and (share := named(candidate.row)):
        found[NAMED] = share
    return found


def named(query: Query, columns: Columns) -> Callable[[int], float]:
    """Return row -> the share of its title that the query says, by letters, 0 to 1.

    Of two that hold all words of a query, the one that is called little else is meant: "mouse pad" is no keyboard with one.
    """
    words = set(likeliest(query)[0].split())
    words |= {word + "s" for word in words} | {word[:-1] for word in words if word[-1] == "s"}

    def share(row: int) -> float:
        title = columns.said(row).name.split()
        said = [len(word) for word in title if word in words]
        return sum(said) / sum(map(len, title)) if said else 0.0

    return share


def wanted(query: Query, columns: Columns, meta: Mapping[str, Any]) -> tuple[float, Callable[[int], float]] | None:
    """Return how likely the whole query is values, and row -> how likely it is meant then: the readings whose values it has.

    So it is with "reggae" where that is a genre, or with "reggae by UB40"; readings that leave words over, or name a kind
    alone, don't count, and where there are no others it is None. Of kinds that have a field by *meta* of the index, what has a
    value's words in its title has the value nearly as surely: records lack what goes without saying. What is called as a whole
    what a field says of others that it is, the artist of a song or its album, is meant as well.
    """
    readings = [
        (one.likelihood, [(slot.field, slot.value) for slot in one.slots])
        for one in query.interpretations
        if not one.rest and any(slot.field != TYPE for slot in one.slots)
    ]
    if not readings:
        return None
    values = {one for _, slots in readings for one in slots}
    told = {one: set(one[1].split()) for one in values if one[0] not in UNSAID}

    def fit(row: int) -> float:
        said, kind = columns.said(row), columns.type(row)
        title = set(said.name.split())
        has = {one: SAID for one, words in told.items() if words <= title and bears(meta, one[0], kind)}
        made = False
        for field, value, share in map(parted, said.facts):
            made = made or field == CREATOR
            if (field, value) in values:
                has[field, value] = max(share, has.get((field, value), 0.0))
        for one in values:  # such as an artist, who is called what others are made by
            if one[1] == said.name and _is(kind, one[0]) and not (made and one[0] == CREATOR):
                has[one] = 1.0
        has[TYPE, kind] = 1.0
        return sum([likelihood * min([has.get(one, 0.0) for one in slots]) for likelihood, slots in readings])

    return sum(likelihood for likelihood, _ in readings), fit


def _is(kind: str, field: str) -> bool:
    """True if what a *field* says is the name of an entity of that *kind*, if of any."""
    return field in (TITLE, CREATOR) or field.rpartition(".")[2].startswith(kind)
