"""Full text: the words as they were typed, BM25 over weighted fields; without any words, what passes, best known first."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the entities whose words match best; see `base.Arm`.

    A query without words that is limited to some types or by a filter lists what passes by its quality, 0..1.
    """
    if not query.words and (query.types or query.where):
        return _best_known(query, k, sources)
    words = [[(word, 1.0)] for word in dict.fromkeys(query.words)]
    return list(map(Hit._make, sources.generation.text.search(words, k, query.types, query.language, query.where)))


def _best_known(query: Query, k: int, sources: Sources) -> list[Hit]:
    from heapq import nlargest

    generation, allowed = sources.generation, sources.allowed(query)
    quality = generation.columns.quality
    found = nlargest(k, ((quality(row), -row) for row in range(generation.rows) if allowed(row)))
    return [Hit(-row, known) for known, row in found]
