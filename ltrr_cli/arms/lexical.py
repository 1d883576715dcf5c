"""Full text: the words as they were typed, BM25 over weighted fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the entities whose words match best; see `base.Arm`."""
    words = [[(word, 1.0)] for word in dict.fromkeys(query.words)]
    return [Hit(*hit) for hit in sources.generation.text.search(words, k, query.types, query.language, query.where)]
