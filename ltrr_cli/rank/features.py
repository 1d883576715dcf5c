"""What a ranker may know about a candidate, by name."""

from __future__ import annotations

from zlib import crc32

from ltrr_cli.arms.base import ARMS
from ltrr_cli.index.facts import CREATOR, DECADE, TITLE, YEAR, parted
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ltrr_cli.index.columns import Columns
    from ltrr_cli.records import Candidate, Interpretation, Query

QUALITY, MEMORY, AGREE, TOP, AFFINITY = "quality", "memory", "agree", "top", "affinity"
WANTED, NAMED = "wanted", "named"
NAMES = (*(arm for arm in ARMS if arm != MEMORY), QUALITY, MEMORY, AGREE, TOP, AFFINITY, WANTED, NAMED)
TYPE = "type"  # field of a slot that is a kind of entity
NAMING = {CREATOR, TITLE}  # fields of names
SAID = 0.8  # what a value counts that only the title says
UNSAID = {*NAMING, TYPE, YEAR, DECADE}  # fields whose values no title says
SURELY, SEVERAL = 0.5, 0.15  # from when a query wants nothing but attributes: one, or several at once, which is rarely chance
VERSION = f"{crc32(' '.join(NAMES).encode()):08x}"  # a model that was learned with other features is not used


def features(
    candidate: Candidate,
    columns: Columns,
    remembered: Mapping[int, float],
    drawn: int = 1,
    affinity: Callable[[int], float] | None = None,
    wanted: Callable[[int], float] | None = None,
    named: Callable[[int], float] | None = None,
) -> dict[str, float]:
    """Return what is known about one candidate.

    Under each arm's name its score, normalised to 0..1, if the arm found it; `quality`, 0 to 1; `memory`, -1 to 1, if it
    was acted on for this query or one like it, whichever arm brought it now (*remembered*: row -> score); `agree`, the share
    of the *drawn* arms that found it; `top`, 1 over its best rank in any of them; `affinity`, 0 to 1, how much it is to the
    taste of who asks (*affinity*: row -> that), if that is known; `wanted` and `named`, see there.
    """
    found: dict[str, float] = {}
    top = 0
    for arm, (rank, _, normalised) in candidate.arms.items():
        if rank < top or not top:
            top = rank
        if arm != MEMORY:
            found[arm] = normalised
    found[QUALITY] = columns.quality(candidate.row)
    if candidate.row in remembered:
        found[MEMORY] = remembered[candidate.row]
    found[AGREE] = len(candidate.arms) / max(drawn, len(candidate.arms))
    found[TOP] = 1 / top
    if affinity is not None:
        found[AFFINITY] = affinity(candidate.row)
    if wanted is not None:
        found[WANTED] = wanted(candidate.row)
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
        title = columns.name(row).split()
        said = [len(word) for word in title if word in words]
        return sum(said) / sum(map(len, title)) if said else 0.0

    return share


def wanted(query: Query, columns: Columns) -> Callable[[int], float] | None:
    """Return row -> how surely it has all that is asked for, where the whole query is attributes; None where it is not.

    From 0, as likely as SURELY (SEVERAL where the likeliest reading names several fields), to 1. So it is with "reggae" where
    that is a genre, or with "reggae by UB40"; not where words are left over, or where a name alone may be meant. What has a
    value's words in its title has the value nearly as surely: records lack what goes without saying.
    """

    def fields(one: Interpretation) -> set[str]:
        return {slot.field for slot in one.slots}

    readings = [
        (one.likelihood, [(slot.field, slot.value) for slot in one.slots])
        for one in query.interpretations
        if not one.rest and (fields(one) - NAMING - {TYPE} or (TYPE in fields(one) and len(fields(one)) > 1))
    ]
    surely = SEVERAL if readings and len({field for field, _ in readings[0][1]}) > 1 else SURELY
    if sum(likelihood for likelihood, _ in readings) < surely:
        return None

    told = {one: set(one[1].split()) for _, slots in readings for one in slots if one[0] not in UNSAID}

    def fit(row: int) -> float:
        said = columns.said(row)
        title = set(said.name.split())
        has = {one: SAID for one, words in told.items() if words <= title}
        for field, value, share in map(parted, said.facts):
            has[field, value] = max(share, has.get((field, value), 0.0))
        has[TYPE, columns.type(row)] = 1.0
        has[TITLE, said.name] = 1.0
        chance = sum(likelihood * min(has.get(one, 0.0) for one in slots) for likelihood, slots in readings)
        return max(0.0, (chance - surely) / (1 - surely))

    return fit
