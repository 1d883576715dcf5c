"""Is one ranker better than another, on queries that neither of them was trained on?

Queries fall into folds, always the same ones whenever they come, and each way of training makes a ranker a fold that has seen
all but its queries: these are compared, fold by fold. What ranks in the end has been trained on all (cross-validation: Stone,
1974).
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from ltrr_cli.feedback.reward import FARTHEST, examined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.learn.pages import Seen
    from ltrr_cli.rank.base import Ranker

FOLDS = 5
DRAWS = 2000  # bootstrap samples of queries
SURE = 0.05  # the quantile of the gain that must be above 0


class Proof(NamedTuple):
    """A gain over another ranker."""

    mean: float  # in discounted gain a satisfied search
    low: float  # of its 90 % interval
    high: float


def fold(key: str) -> int:
    """Return the fold of a query, from 0.

    >>> fold("tayler love")
    4
    """
    return crc32(key.encode("utf-8", "replace")) % FOLDS


def prove(pages: Sequence[Seen], rankers: Sequence[Ranker], others: Sequence[Ranker], bias: Sequence[float], tries: int) -> Proof:
    """Compare *rankers* with *others*, one a fold, on the pages of their folds; see `gains` and `interval`."""
    found: dict[str, list[float]] = {}
    for i, (ranker, other) in enumerate(zip(rankers, others, strict=True)):
        found.update(gains([page for page in pages if fold(page.key) == i], ranker, other, bias[i]))
    return Proof(*interval(found, tries))


def gains(pages: Sequence[Seen], ranker: Ranker, other: Ranker, bias: float) -> dict[str, list[float]]:
    """Return query -> how much more discounted gain each of its pages has by *ranker* than by *other*.

    A page's gain is what satisfied, each by its reward and one over the chance that it was looked at, over log2(1 + rank).
    """
    found: dict[str, list[float]] = {}
    for page in pages:
        found.setdefault(page.key, []).append(_gain(page, ranker, bias) - _gain(page, other, bias))
    return found


def _gain(page: Seen, ranker: Ranker, bias: float) -> float:
    scores = [sum(part.values()) for part in ranker.score(page.features)]
    order = sorted(range(len(scores)), key=lambda i: (-round(scores[i], 9), crc32(f"{page.key}{i}".encode("utf-8", "replace"))))
    worth = [max(0.0, r) * min(FARTHEST, 1 / examined(place, bias)) for place, r in enumerate(page.reward, 1)]
    return sum(worth[i] / log2(rank + 1) for rank, i in enumerate(order, 1))


def interval(found: Mapping[str, Sequence[float]], tries: int = 1) -> tuple[float, float, float]:
    """Return the mean over queries of their mean, and the ends of its 90 % interval by the bootstrap over queries.

    Where *tries* rankers compete the interval is wider, so that none gets through by being one of many.
    """
    means = np.array([float(np.mean(values)) for _, values in sorted(found.items())])
    if not len(means):
        return 0.0, 0.0, 0.0
    rng = np.random.default_rng(0)
    drawn = means[rng.integers(0, len(means), (DRAWS, len(means)))].mean(axis=1)
    low, high = np.quantile(drawn, (SURE / tries, 1 - SURE / tries))
    return float(means.mean()), float(low), float(high)
