"""Words and meaning together: a convex combination of the normalised scores of the fuzzy and the semantic arm.

Source: Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", ACM TOIS 2023, arXiv 2210.11934.
"""

from __future__ import annotations

from ltrr_cli.arms.base import best, normal
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Query

MEANING = 0.25  # the semantic arm's part


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the best of both; see `base.Arm`."""
    text = normal(sources.draw("fuzzy", query, k))
    meaning = normal(sources.draw("semantic", query, k))
    rows = dict.fromkeys([*text, *meaning])
    return best((((row, (1 - MEANING) * text.get(row, 0.0) + MEANING * meaning.get(row, 0.0)) for row in rows)), k)
