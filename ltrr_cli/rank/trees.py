"""The pairwise ranker, corrected by trees: what weights can't say, such as that one thing counts only where another is missing.

They have learned from pages alone, so they reorder the first PAGE of what the pairwise ranker gives: on what it puts further
down, which nobody was shown, they were measured to do harm.

The trees are trained in `learn.trees` and come as a flat table, so that to use them takes neither LightGBM nor numpy.
"""

from __future__ import annotations

from math import fsum

from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.rank.features import MEMORY, NAMES
from ltrr_cli.rank.pairwise import Pairwise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

INPUTS = tuple(name for name in NAMES if name != MEMORY)  # what memory says is for these very queries: it is not learned
LEAF = -1  # in place of an input
PAGE = 10  # candidates that are reordered
LIFT = "page"  # contribution that keeps these above the others


class Table(NamedTuple):
    """All trees in one, a node a place, each node's left child right behind it."""

    roots: Sequence[int] = ()
    input: Sequence[int] = ()  # of INPUTS, or LEAF
    most: Sequence[float] = ()  # of the input that leads to the left
    right: Sequence[int] = ()  # where the right child stands
    value: Sequence[float] = ()  # of the score, for who gets no further


class Trees:
    """score = pairwise + sum over trees of (value of the leaf - value of the root), + a lift, on the first page; else pairwise.

    Each step down a tree changes the value for the sake of one feature, and is counted as its contribution (Saabas,
    "Interpreting random forests", 2014). A feature that a candidate lacks is 0.

    >>> at = INPUTS.index("quality")
    >>> table = Table(roots=[0], input=[at, LEAF, LEAF], most=[0.5, 0, 0], right=[2, 0, 0], value=[0.0, -0.25, 0.5])
    >>> Trees(Pairwise({}), table).score([{"hybrid": 1.0, "quality": 0.5}, {"hybrid": 1.0, "quality": 0.75}])
    [{'hybrid': 1.0, 'quality': -0.04999999999999999}, {'hybrid': 1.0, 'quality': 0.8}]
    """

    name = "trees"

    def __init__(self, linear: Pairwise, table: Table) -> None:
        self.linear = linear
        self.table = table

    def score(self, features: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """See `base.Ranker`."""
        scored = self.linear.score(features)
        sums = [fsum(part.values()) for part in scored]
        least = sorted(sums, reverse=True)[min(PAGE, len(sums)) - 1] if sums else 0.0
        page = [i for i, score in enumerate(sums) if score >= least]
        for i in page:
            for name, more in self._climb(features[i]).items():
                scored[i][name] = scored[i].get(name, 0.0) + more
        if len(page) < len(scored):
            lift = max(score for score in sums if score < least) - min(fsum(scored[i].values()) for i in page)
            if lift > 0:
                for i in page:
                    scored[i][LIFT] = lift
        return scored

    def _climb(self, one: Mapping[str, float]) -> dict[str, float]:
        roots, inputs, most, right, value = self.table
        x = [one.get(name, 0.0) for name in INPUTS]
        found: dict[int, float] = {}
        for node in roots:
            while (i := inputs[node]) != LEAF:
                child = node + 1 if x[i] <= most[node] else right[node]
                found[i] = found.get(i, 0.0) + value[child] - value[node]
                node = child
        return {INPUTS[i]: more for i, more in found.items()}


def from_model(model: Mapping[str, Any]) -> Trees:
    """Return the ranker of a model that was promoted; without one, it ranks as the blend."""
    return Trees(Pairwise(model.get("weights", {})), Table(**model.get("trees", {})))
