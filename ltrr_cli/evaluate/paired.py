"""Is one system better than another, or was it luck: paired over queries, with an interval and a test that asks little.

The interval is the percentile bootstrap's over queries; the test flips signs at random (Fisher's randomisation test), exactly
where queries are few. Several systems against one are corrected for being several (Holm).

Sources: Smucker, Allan and Carterette, "A comparison of statistical significance tests for information retrieval evaluation",
CIKM 2007; Holm, "A simple sequentially rejective multiple test procedure", 1979.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DRAWS = 10_000
EXACT = 13  # queries, up to which all sign flips are counted


class Difference(NamedTuple):
    """How much higher one system scores than another."""

    mean: float
    low: float  # 95 % interval
    high: float
    p: float  # two-sided


def paired(scores: Sequence[float], others: Sequence[float], seed: int = 0) -> Difference:
    """Return the difference of two systems' scores on the same queries, in the same order.

    >>> found = paired([0.9, 0.8, 0.7, 0.9], [0.5, 0.5, 0.5, 0.5])
    >>> round(found.mean, 3), found.low > 0, found.p  # 2 of the 16 sign flips are as extreme
    (0.325, True, 0.125)
    """
    gaps = np.asarray(scores, dtype=float) - np.asarray(others, dtype=float)
    n = len(gaps)
    if n == 0:
        return Difference(0.0, 0.0, 0.0, 1.0)
    rng = np.random.default_rng(seed)
    means = np.concatenate([gaps[rng.integers(0, n, (min(500, DRAWS), n))].mean(axis=1) for _ in range(DRAWS // 500)])
    low, high = np.quantile(means, (0.025, 0.975))
    return Difference(float(gaps.mean()), float(low), float(high), _flipped(gaps, rng))


def holm(p: Mapping[str, float]) -> dict[str, float]:
    """Return name -> p corrected for as many tests as there are names.

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    highest, corrected = 0.0, {}
    for i, name in enumerate(sorted(p, key=lambda name: p[name])):
        highest = max(highest, min(1.0, (len(p) - i) * p[name]))
        corrected[name] = highest
    return corrected


def _flipped(gaps: np.ndarray, rng: np.random.Generator) -> float:
    """The share of sign flips whose sum is as far from 0 as the one observed."""
    n, observed = len(gaps), abs(float(gaps.sum())) - 1e-12
    if n <= EXACT:
        bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        return float((np.abs((1 - 2 * bits) @ gaps) >= observed).mean())
    extreme = 0
    for _ in range(DRAWS // 500):
        signs = rng.integers(0, 2, (500, n), dtype=np.int8) * np.int8(2) - np.int8(1)
        extreme += int((np.abs(signs @ gaps) >= observed).sum())
    return (extreme + 1) / (DRAWS + 1)
