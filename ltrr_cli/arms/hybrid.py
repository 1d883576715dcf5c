"""Words and meaning together: a convex combination of the normalised scores of the fuzzy and the semantic arm.

Source: Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", ACM TOIS 2023, arXiv 2210.11934.
"""

from __future__ import annotations

from ltrr_cli.arms.base import best, normal
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Query

LEAST, TOPIC = 0.05, 0.3  # the semantic arm's part in a query for one known thing, and what is added where it is about a topic


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the best of both; see `base.Arm`."""
    text = normal(sources.draw("fuzzy", query, k))
    near, part = normal(sources.draw("semantic", query, k)), meaning(query)
    rows = dict.fromkeys([*text, *near])
    return best((((row, (1 - part) * text.get(row, 0.0) + part * near.get(row, 0.0)) for row in rows)), k)


def meaning(query: Query) -> float:
    """Return the semantic arm's part, 0..1: the likelier a query is about a topic, the more its meaning counts.

    >>> from ltrr_cli.records import Query
    >>> round(meaning(Query("sad songs", ("sad", "songs"), intent=(("known_item", 0.2), ("topic", 0.8)))), 2)
    0.29
    """
    return LEAST + TOPIC * dict(query.intent).get("topic", 0.5)
