"""Dense vectors: entities whose meaning lies nearest to the query's."""

from __future__ import annotations

from ltrr_cli.index.codes import turned
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query


LEAST = 0.4  # cosine from which two texts have something in common


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the nearest by cosine; see `base.Arm`. Nothing if nothing is near."""
    vectors = sources.generation.vectors
    vector = sources.vector(query)
    if vectors is None or vector is None:
        return []
    if sources.generation.meta.get("turned"):
        vector = turned(vector)
    found = vectors.search(vector, k, sources.allowed(query))
    return [Hit._make(one) for one in found if one[1] >= LEAST]
