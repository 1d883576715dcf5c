"""Full text over what the words may mean: corrected, completed, joined or parted, each reading by its likelihood."""

from __future__ import annotations

from ltrr_cli.arms.base import clauses
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Query


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return the entities that match likely readings of the query best; see `base.Arm`.

    Where every word is known and stands for itself, this is the lexical arm.
    """
    if not query.corrections:
        return sources.draw("lexical", query, k)[:k]
    return list(map(Hit._make, sources.generation.text.search(clauses(query), k, query.types, query.language, query.where)))
