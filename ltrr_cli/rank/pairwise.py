"""The blend, corrected by what people preferred: a weight for each of its parts and for what it leaves out.

It is learned in `learn.ranker`, and equals the blend where all weights are 0.
"""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.rank.blend import LEFT_OUT, Blend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


class Pairwise:
    """score = blend + sum of weight times part, where a part is what the blend makes of a feature, or the feature itself.

    >>> ranked = Pairwise({"quality": -1.0, "agree": 0.5}).score([{"hybrid": 1.0, "quality": 0.5, "agree": 1.0}])
    >>> ranked
    [{'hybrid': 1.0, 'quality': 0.0, 'agree': 0.5}]
    """

    name = "pairwise"

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = dict(weights)

    def score(self, features: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """See `base.Ranker`."""
        return [
            {name: value * (self.weights.get(name, 0.0) + (name not in LEFT_OUT)) for name, value in one.items()}
            for one in parts(features)
        ]


def parts(features: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Return what each weight is a weight of, for each candidate of one pool."""
    blended = Blend().score(features)
    return [
        {**part, **{name: one[name] for name in LEFT_OUT if name in one}} for part, one in zip(blended, features, strict=True)
    ]


def from_model(model: Mapping[str, Any]) -> Pairwise:
    """Return the ranker of a model that was promoted; without one, it ranks as the blend."""
    return Pairwise(model.get("weights", {}))
