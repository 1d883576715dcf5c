"""What people acted on before, for this query or one like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return remembered entities by how surely they satisfied, 0 to 1; see `base.Arm`. Disliked ones are left out."""
    allowed = sources.allowed(query)
    return [Hit(row, score) for row, score in sources.recall(query) if score > 0 and allowed(row)][:k]
