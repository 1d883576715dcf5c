"""Queries that an entity will be asked by, told from its own record: what memory goes by until somebody acts.

An entity is asked for by its title, its maker, its title and its maker, each value of its fields, and some of these together.
None of these queries is written down: those that fit the query at hand are looked up among the facts of the index, so a
catalog that changes has no stale ones. Once somebody acts on an entity for a query, what they did takes the prediction's place.

Reference: Nogueira et al., "Document expansion by query prediction", 2019, arXiv 1904.08375; there a model writes the queries.
"""

from __future__ import annotations

from ltrr_cli.index.facts import TITLE, term
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.records import Query

MOST = 20  # entities predicted for one query
READINGS = 3  # interpretations that are looked at
LOOKED_AT = 500  # entities of one reading whose quality is compared
SURE = 0.25  # the prediction for the best known entity that has all that a certain reading names
NAMED = 0.3  # the prediction for one that is called by the whole query: one like outweighs it
TYPE = "type"


def predicted(query: Query, generation: Generation) -> dict[int, float]:
    """Return row -> expected reward, 0..1, of entities that have all the words of *query* as their values; best first.

    A reading counts by its likelihood, an entity by its quality; whoever shares a title with others shares its prediction.
    Types and filters of the query are left to the arm.
    """
    found: dict[int, float] = {}
    text, quality = generation.text, generation.columns.quality
    named = text.called(query.key, MOST) if query.key else []
    for row in named:
        found[row] = NAMED * (0.5 + 0.5 * quality(row)) / len(named) ** 0.5
    for reading in query.interpretations[:READINGS]:
        if reading.rest:
            continue
        terms = [term(slot.field, slot.value) for slot in reading.slots if slot.field != TYPE]
        types = {slot.value for slot in reading.slots if slot.field == TYPE}
        rows = text.having(terms, LOOKED_AT) if terms else []
        wanted = [row for row in rows if not types or generation.columns.type(row) in types]
        for row in sorted(wanted, key=lambda row: (-quality(row), row))[:MOST]:
            only = TITLE in {slot.field for slot in reading.slots} and len(reading.slots) == 1
            p = SURE * reading.likelihood * (0.5 + 0.5 * quality(row)) * (1.0 if not only else len(wanted) ** -0.5)
            found[row] = max(p, found.get(row, 0.0))
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    return dict(best)
