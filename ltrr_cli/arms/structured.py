"""Structured search: each reading of the query as wanted values of fields, results mixed by how likely the reading is.

What a reading wants is a strong preference, not a condition: an entity whose record lacks the value, but whose text has the
words, still counts in part, so that a wrong or missing tag does not lose it. A query that names no values finds nothing here.
"""

from __future__ import annotations

from ltrr_cli.arms.base import best, clauses, normal
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query

MOST = 3  # interpretations that are searched for


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return what the likeliest interpretations find together; see `base.Arm`."""
    score: dict[int, float] = {}
    for one in query.interpretations[:MOST]:
        rest = clauses(query._replace(words=one.rest))
        slots = [(slot.field, slot.value) for slot in one.slots]
        hits = list(map(Hit._make, sources.generation.text.structured(slots, rest, k, query.types, query.where)))
        for row, part in normal(hits).items():
            score[row] = score.get(row, 0.0) + one.likelihood * part
    return best(score.items(), k)
