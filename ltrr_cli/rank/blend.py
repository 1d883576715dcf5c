"""The ranker that needs no data: a convex combination of the arms' normalised scores, plus quality, memory and fit.

As far as the whole query is values, having them counts in place of what the arms say: all that have the genre asked for are
meant, but of all that have its name in their title, one.

Source: Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", ACM TOIS 2023, arXiv 2210.11934.
"""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.rank.features import AFFINITY, AGREE, TOLD, TOP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RELEVANCE = {
    "hybrid": 1.0, "fuzzy": 0.6, "lexical": 0.1, "popular": 0.4, "structured": 0.2, "sparse": 0.2, "semantic": 0.15,
    "fresh": 0.05,
}  # fmt: skip
UNKNOWN = 0.3  # relevance of an arm that is not listed
WHOLE, PARTS = "hybrid", ("fuzzy", "semantic")  # an arm that has said already what these say
LEFT_OUT = (AGREE, TOP, AFFINITY)  # features that it does not use
FIT = 0.7  # of relevance that is left to having what is wanted
BESIDE = {  # added to relevance, which is 0..1
    "quality": 0.4, "memory": 1.0, "wanted": FIT, "named": 0.03, "alike": 1.0, "predicted": 0.3,
}  # fmt: skip


class Blend:
    """The weighted mean of what the drawn arms say, plus what is known about the entity and what worked before.

    >>> ranked = Blend().score([{"hybrid": 1.0, "quality": 0.5}, {"hybrid": 0.5, "quality": 1.0}])
    >>> [round(sum(parts.values()), 2) for parts in ranked]
    [1.2, 0.9]
    """

    name = "blend"

    def score(self, features: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """See `base.Ranker`."""
        # sorted: a set sums up otherwise in each process
        arms = sorted(set().union(*features) - BESIDE.keys() - {TOLD, *LEFT_OUT})
        if WHOLE in arms:
            arms = [arm for arm in arms if arm not in PARTS]
        total = sum(RELEVANCE.get(arm, UNKNOWN) for arm in arms) or 1.0
        told = max((one.get(TOLD, 0.0) for one in features), default=0.0)  # the same for all
        weights = {arm: (1 - FIT * told) * RELEVANCE.get(arm, UNKNOWN) / total for arm in arms} | BESIDE
        return [{name: weights[name] * value for name, value in one.items() if name in weights} for one in features]


def from_model(model: Mapping[str, object]) -> Blend:
    """Return the ranker; it learns nothing."""
    return Blend()
