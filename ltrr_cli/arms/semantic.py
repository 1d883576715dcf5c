"""Dense vectors: entities whose meaning lies nearest to the query's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the nearest by cosine; see `base.Arm`. Nothing while the index has no vectors."""
    vectors = sources.generation.vectors
    vector = sources.vector(query)
    if vectors is None or vector is None:
        return []
    return [Hit(*hit) for hit in vectors.search(vector, k, sources.generation.columns.allowed(query.types))]
