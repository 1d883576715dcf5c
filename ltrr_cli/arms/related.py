"""What the catalog's own links lead to from the best matches: the artist of a found song, the albums and lists that hold it.

A link is an id in a record, in either direction; the name of a creator who is an entity too; or a value that is the title of
an entity, as a track's album. Beyond one step, graph embeddings tell who stands where the matches do: artists on the same lists.
"""

from __future__ import annotations

from array import array
from itertools import islice
from math import log2, sqrt
from operator import mul

from ltrr_cli.arms.base import DEPTH, best, clauses, normal
from ltrr_cli.index.facts import CREATOR, parted, term
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ltrr_cli.arms.base import Sources
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.records import Query

SEEDS = 6  # best matches whose links are followed
FAN = 200  # rows looked at for one name or one id
ID, MADE, VALUE = 1.0, 0.5, 0.4  # what a link by id, by a creator's name, by another value counts
DAMPED = 0.25  # power of the number of neighbours by which each one's part is divided
NEAR = 0.55  # cosine in the graph from which an entity counts as near
FAINT = 0.1  # what the lowest match hands on, of what the best one does
LAST = 0.01  # the matches themselves come after what they lead to, and what is around them after them, on this scale


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return what is linked to the best matches of any type, then these matches, then what is around them; see `base.Arm`.

    A match hands on its normalised score, by the kind of link, less to each of many neighbours than to a single one: an
    artist with five hundred tracks recommends none of them much. What several matches lead to gets the sum.
    """
    generation = sources.generation
    found = matches(query, sources)
    score: dict[int, float] = {}
    quality = generation.columns.quality
    for seed, own in found.items():
        for row, part in links(generation, seed):
            score[row] = score.get(row, 0.0) + max(FAINT, own) * part * (1 + quality(row)) / 2
    least = LAST * min(score.values(), default=1.0)
    for seed, own in found.items():
        score.setdefault(seed, least * max(FAINT, own))
    for row, cosine in around(found, sources, query, k):
        score.setdefault(row, least * FAINT * LAST * cosine)
    allowed = sources.allowed(query)
    return best(((row, score[row]) for row in sorted(score) if allowed(row)), k)


def matches(query: Query, sources: Sources) -> dict[int, float]:
    """Return row -> normalised score of the best matches, of any type and past any filter: a song leads to the artist wanted."""
    if query.types or query.where:
        hits = list(map(Hit._make, sources.generation.text.search(clauses(query), DEPTH, language=query.language)))
    else:
        hits = sources.draw("fuzzy", query)
    return dict(islice(normal(hits).items(), SEEDS))


def around(found: Mapping[int, float], sources: Sources, query: Query, k: int) -> list[tuple[int, float]]:
    """Return the *k* rows that stand nearest to the matches in the graph, with their cosines, from NEAR; see `index.ties`."""
    ties = sources.generation.ties
    if ties is None:
        return []
    centre = array("f", bytes(4 * ties.dim))
    for row, own in found.items():
        code = ties.code(row)
        length = sqrt(sum(map(mul, code, code)))
        if length:
            part = max(FAINT, own) / length
            centre = array("f", (so_far + part * number for so_far, number in zip(centre, code, strict=True)))
    return ties.scan(centre, k + len(found), sources.allowed(query), above=NEAR)


def links(generation: Generation, row: int) -> Iterator[tuple[int, float]]:
    """Yield the rows that are one step from *row*, with what the step counts; a row comes once for each link that leads to it."""
    for weight, rows, holders in _ways(generation, row):
        others = [other for other in rows if other != row]
        for other in others:
            part = weight / len(others) ** DAMPED
            held = len(generation.columns.said(other).links) if holders else 1
            yield other, part / log2(1 + max(1, held))  # to be one of three thousand on a list says little


def _ways(generation: Generation, row: int) -> Iterator[tuple[float, list[int], bool]]:
    """Yield what *row* is linked to, a list for each way, with what that counts and whether it may hold *row* among many."""
    text, columns = generation.text, generation.columns
    said, kind = columns.said(row), columns.type(row)
    makers = [fact for fact in said.facts if fact.startswith(CREATOR + "=")]
    yield ID, list(text.rows_of(said.links[:FAN]).values()), False
    yield ID, text.linking(columns.id(row), FAN), True
    for fact in said.facts:
        field, value, _ = parted(fact)
        if field == CREATOR:
            yield MADE, text.called(value, FAN), False
        elif text.count_named(value):
            yield VALUE, [other for other in text.called(value, FAN) if _meant(generation, other, field, makers)], True
    if said.name and not makers:
        yield MADE, text.having([term(CREATOR, said.name)], FAN), False
    if said.name:
        for maker in makers:
            yield VALUE, text.having([term(kind, said.name), maker], FAN), False


def _meant(generation: Generation, row: int, field: str, makers: list[str]) -> bool:
    """Is the entity of that title the one meant by a value of *field*: by the same maker, or of that kind and by nobody else?"""
    theirs = [fact for fact in generation.columns.said(row).facts if fact.startswith(CREATOR + "=")]
    if makers and theirs:
        return not set(makers).isdisjoint(theirs)
    return field.rpartition(".")[2].startswith(generation.columns.type(row))
