"""What people acted on before, for this query or one like it; before they did, what the records themselves predict."""

from __future__ import annotations

from ltrr_cli.arms.base import best
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.memory.predicted import predicted
from ltrr_cli.memory.q2e import score

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Query


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return remembered and predicted entities by how surely they satisfy, 0 to 1; see `base.Arm`.

    What was done with an entity replaces what was predicted of it; what was disliked or passed over is left out.
    """
    allowed = sources.allowed(query)
    scores = {row: score(0.0, 0.0, 0.0, p) for row, p in predicted(query, sources.generation).items()}
    scores.update(sources.recall(query))
    return best(((row, score) for row, score in scores.items() if score > 0 and allowed(row)), k)
