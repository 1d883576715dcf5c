"""What fits but is new or was hardly ever shown, so that it gets its chance."""

from __future__ import annotations

from ltrr_cli.arms.base import best, normal
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Query

FIT = 0.5  # of the score that matching the query decides; the rest is newness
MONTHS = 30.0  # days in which newness halves, for entities with a date


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return matches, those seldom shown or lately come first; see `base.Arm`."""
    columns = sources.generation.columns
    matches = normal(sources.draw("fuzzy", query, k))
    ids = {row: columns.id(row) for row in matches}
    shown = sources.exposure(list(ids.values()))
    today = query.now / 86400 + 719163  # 1970-01-01, counted from the year 1
    score = {}
    for row, fit in matches.items():
        born = columns.born(row)
        new = 0.5 ** (max(0.0, today - born) / MONTHS) if born else 0.0
        unseen = 1 / (1 + shown.get(ids[row], 0))
        score[row] = FIT * fit + (1 - FIT) * max(new, unseen * 0.9)
    return best(score.items(), k)
