"""What fits the query and this person: near to what they acted on lately, or with a fact that they come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.arms.base import best, clauses
from ltrr_cli.arms.hybrid import MEANING

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Query

FAVOURITES = 8  # facts of the person's past, such as a genre or an artist, that matches are looked for among


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return matches by how well they fit times how much they are to the person's taste; see `base.Arm`.

    Without a user or session, or before they acted on anything, it draws nothing.
    """
    taste = sources.taste(query)
    if not taste:
        return []
    fit: dict[int, float] = {}
    text = sources.draw("fuzzy", query, k)
    if text:
        facts = taste.favourites(FAVOURITES)
        mine = sources.generation.text.search(clauses(query), k, query.types, query.language, query.where, facts) if facts else []
        fit = {row: (1 - MEANING) * score / text[0].score for row, score in (*mine, *text)}
    for row, cosine in sources.draw("semantic", query, k):
        fit[row] = fit.get(row, 0.0) + MEANING * cosine
    return best(((row, score) for row, match in fit.items() if (score := match * taste.affinity(row)) > 0), k)
