"""Full text weighed by quality: of two that match alike, the better known comes first."""

from __future__ import annotations

from ltrr_cli.arms.base import best, normal
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Query

WIDER = 3  # times as many matches are looked at, so that a well-known one far down can rise
SHARE = 0.5  # of the score that quality decides


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return matches by score times quality; see `base.Arm`."""
    matches = normal(sources.draw("fuzzy", query, WIDER * k))
    quality = sources.generation.columns.quality
    return best(((row, score * (1 - SHARE + SHARE * quality(row))) for row, score in matches.items()), k)
