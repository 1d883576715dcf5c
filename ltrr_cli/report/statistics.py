"""The few statistics that the report's numbers need, in plain Python: means with intervals, percentiles, a change point."""

from __future__ import annotations

from math import ceil, exp, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Z95 = 1.959964


class Mean:
    """A mean that grows, with its 95 % interval (normal approximation; None below two numbers).

    >>> mean = Mean()
    >>> for number in (0.0, 1.0, 1.0, 0.0):
    ...     mean.add(number)
    >>> mean.value, [round(end, 4) for end in mean.interval()]
    (0.5, [-0.0658, 1.0658])
    """

    __slots__ = ("n", "squares", "total")

    def __init__(self) -> None:
        self.n, self.total, self.squares = 0, 0.0, 0.0

    def add(self, number: float) -> None:
        self.n += 1
        self.total += number
        self.squares += number * number

    @property
    def value(self) -> float | None:
        return self.total / self.n if self.n else None

    @property
    def error(self) -> float | None:
        """The standard error of the mean."""
        if self.n < 2:
            return None
        mean = self.total / self.n
        return sqrt(max(0.0, self.squares / self.n - mean * mean) / (self.n - 1))

    def interval(self) -> tuple[float | None, float | None]:
        mean, error = self.value, self.error
        return (None, None) if mean is None or error is None else (mean - Z95 * error, mean + Z95 * error)


def pooled(means: Iterable[Mean]) -> Mean:
    """Return the mean of all that *means* saw."""
    one = Mean()
    for mean in means:
        one.n, one.total, one.squares = one.n + mean.n, one.total + mean.total, one.squares + mean.squares
    return one


def difference(before: Mean, after: Mean) -> dict[str, float | None]:
    """Return after - before with its 95 % interval, the two taken as independent (Welch, Biometrika 1947).

    >>> old, new = Mean(), Mean()
    >>> for number in (0.0, 1.0):
    ...     old.add(number)
    ...     new.add(number + 3)
    >>> difference(old, new)["mean"]
    3.0
    """
    if before.value is None or after.value is None:
        return {"mean": None, "low": None, "high": None}
    mean = after.value - before.value
    if before.error is None or after.error is None:
        return {"mean": mean, "low": None, "high": None}
    half = Z95 * sqrt(before.error**2 + after.error**2)
    return {"mean": mean, "low": mean - half, "high": mean + half}


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest number that *share* of them do not exceed (nearest rank); *ordered* goes up.

    >>> percentile([10.0, 20.0, 30.0, 40.0], 0.5), percentile([10.0, 20.0, 30.0, 40.0], 0.95), percentile([], 0.5)
    (20.0, 40.0, None)
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


class Change(NamedTuple):
    """Where a row of numbers changes most."""

    at: int  # numbers before the change
    before: float
    after: float
    p: float  # chance of such a change, or a larger one, in independent draws of one distribution


def change(numbers: Sequence[float]) -> Change | None:
    """Return where the mean of *numbers* changes most, None where they are too few (below 50) or all the same.

    The largest excursion of the centred cumulative sum, in standard deviations times sqrt(n), goes to the supremum of a
    Brownian bridge, so p is Kolmogorov's (Page, Biometrika 1954; Ploberger and Kraemer, Econometrica 1992).

    >>> found = change([0.0, 1.0] * 50 + [1.0, 1.0] * 50)
    >>> 90 <= found.at <= 110, found.p < 0.001
    (True, True)
    """
    n = len(numbers)
    if n < 50:
        return None
    mean = sum(numbers) / n
    spread = sqrt(sum((number - mean) ** 2 for number in numbers) / n)
    if spread < 1e-12:
        return None
    farthest, at, so_far = 0.0, 0, 0.0
    for i, number in enumerate(numbers, 1):
        so_far += number - mean
        if abs(so_far) > farthest and i < n:
            farthest, at = abs(so_far), i
    return Change(at, sum(numbers[:at]) / at, sum(numbers[at:]) / (n - at), kolmogorov(farthest / (spread * sqrt(n))))


def kolmogorov(x: float) -> float:
    """Return the chance that a Brownian bridge leaves -x..x.

    >>> round(kolmogorov(1.3581), 4)  # the 5 % point in every table
    0.05
    """
    if x < 0.3:
        return 1.0
    return min(1.0, max(0.0, 2 * sum((1 if k % 2 else -1) * exp(-2 * k * k * x * x) for k in range(1, 101))))
