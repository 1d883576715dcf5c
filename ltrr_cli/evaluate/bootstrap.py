"""How sure an estimate is, where searches come in clusters that have much in common: a session, a user, a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ltrr_cli.evaluate.base import Numbers

DRAWS = 2000
AT_ONCE = 1 << 22  # numbers in memory


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def intervals(
    terms: Mapping[str, tuple[Numbers, Numbers]], clusters: NDArray[np.int64], against: Mapping[str, str], seed: int = 0
) -> tuple[dict[str, Interval], dict[str, Interval]]:
    """Return an interval for each name of *terms*, (numerators, denominators) a search, and for differences between them.

    *against*: name -> the name to subtract, for each difference that is wanted.

    Whole clusters (numbers from 0, one a search) are drawn with replacement, the same ones for every name; the interval goes
    from the 2.5 % to the 97.5 % quantile.

    >>> ones = np.ones(4)
    >>> both = {"logged": (ones * 0.5, ones), "new": (ones * 0.75, ones)}
    >>> values, differences = intervals(both, np.array([0, 0, 1, 2]), {"new": "logged"})
    >>> tuple(values["new"]), tuple(differences["new"])
    ((0.75, 0.75, 0.75), (0.25, 0.25, 0.25))

    References: Cameron, Gelbach and Miller, "Bootstrap-based improvements for inference with clustered errors", 2008.
    """
    n = int(clusters.max()) + 1
    sums = {name: (np.bincount(clusters, up, n), np.bincount(clusters, down, n)) for name, (up, down) in terms.items()}
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[Numbers]] = {name: [] for name in terms}
    left = DRAWS
    while left > 0:
        many = min(left, max(1, AT_ONCE // n))
        times = rng.multinomial(n, np.full(n, 1 / n), size=many).astype(np.float64)
        for name, (up, down) in sums.items():
            drawn[name].append(ratio(times @ up, times @ down))
        left -= many
    again = {name: np.concatenate(parts) for name, parts in drawn.items()}
    value = {name: float(ratio(up.sum(), down.sum())) for name, (up, down) in sums.items()}
    of_values = {name: _interval(value[name], again[name]) for name in terms}
    of_differences = {name: _interval(value[name] - value[other], again[name] - again[other]) for name, other in against.items()}
    return of_values, of_differences


def ratio(up: Numbers | float, down: Numbers | float) -> Numbers:
    """Return up / down; 0 where there is nothing to divide by."""
    up, down = np.asarray(up, np.float64), np.asarray(down, np.float64)
    return np.divide(up, down, out=np.zeros_like(up), where=down > 0)


def _interval(value: float, drawn: Numbers) -> Interval:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(value, float(low), float(high))
