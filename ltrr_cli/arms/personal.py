"""What fits the query, and of that first what is to the taste of who asks: like what they acted on lately."""

from __future__ import annotations

from ltrr_cli.arms.base import DEPTH, best, clauses, normal
from ltrr_cli.arms.hybrid import meaning
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.memory.taste import Taste
    from ltrr_cli.records import Hit, Query

FAVOURITES = 8  # facts of the person's past, such as a genre or an artist, that matches further down are looked for among
FAINT = 0.1  # what fitting worst counts, beside fitting best
LIFT = 2.0  # what being wholly to their taste adds to a match, in times its own score


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return matches by how well they fit, lifted by how much they are to the person's taste; see `base.Arm`.

    What they disliked is left out. Without a user or session, or before they acted on anything, it draws nothing.
    """
    taste = sources.taste(query)
    if not taste:
        return []
    fit = {**_favourites(query, k, sources, taste), **normal(sources.draw("hybrid", query, k))}
    liked = ((row, (FAINT + max(0.0, match)) * (1 + LIFT * taste.affinity(row))) for row, match in fit.items())
    return best((one for one in liked if not taste.rejects(one[0])), k)


def _favourites(query: Query, k: int, sources: Sources, taste: Taste) -> dict[int, float]:
    """Return row -> fit of matches that have something which the person comes back to, however far down they are."""
    text, facts = sources.draw("fuzzy", query, k)[:DEPTH], taste.favourites(FAVOURITES)
    if not text or not facts:
        return {}
    high, low = text[0].score, text[-1].score
    mine = sources.generation.text.search(clauses(query), k, query.types, query.language, query.where, facts)
    return {row: (1 - meaning(query)) * min(1.0, (score - low) / (high - low) if high > low else 1.0) for row, score in mine}
