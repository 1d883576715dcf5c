"""How likely each arm is to have found what satisfies by a given depth, for a query with features x."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from ltrr_cli.policy.state import DEPTHS, D

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.state import State

HIGHEST = 0.98


def lens(state: State, x: Sequence[float]) -> list[float]:
    """Return z = A^-1 x: the prediction of any regression in *state* with sums b is then z.b, shape (D,).

    >>> from ltrr_cli.policy.state import State
    >>> lens(State(), [0.5] + [0.0] * (D - 1))[0]  # A is the ridge alone: 1
    0.5
    """
    low: list[list[float]] = []  # Cholesky: A = low low'
    rows: list[list[float]] = []
    at = 0
    for i in range(D):
        rows.append(state.gram[at : at + D - i].tolist())
        at += D - i
    for i in range(D):
        row: list[float] = []
        for j in range(i):
            row.append((rows[j][i - j] - sum(map(_times, row, low[j]))) / low[j][j])
        row.append(sqrt(rows[i][0] - sum(map(_times, row, row))))
        low.append(row)
    y: list[float] = []
    for i in range(D):
        y.append((x[i] - sum(map(_times, low[i], y))) / low[i][i])
    z = [0.0] * D
    for i in reversed(range(D)):
        z[i] = (y[i] - sum(low[k][i] * z[k] for k in range(i + 1, D))) / low[i][i]
    return z


def dot(z: Sequence[float], b: Sequence[float]) -> float:
    return sum(map(_times, z, b))


def reach(state: State, z: Sequence[float], arm: str) -> tuple[float, ...]:
    """Return the chance that *arm* found it by each of DEPTHS, each in 0..0.98 and never falling.

    An arm without evidence reaches nothing.
    """
    sums = state.arms.get(arm)
    if sums is None:
        return (0.0,) * len(DEPTHS)
    best, found = 0.0, []
    for i in range(len(DEPTHS)):
        best = max(best, min(HIGHEST, dot(z, sums[i * D : (i + 1) * D])))
        found.append(best)
    return tuple(found)


def at_depth(reached: Sequence[float], n: int) -> float:
    """Return the chance at depth *n*, on straight lines between the DEPTHS.

    >>> at_depth((0.5, 0.7, 0.7, 0.7, 0.7), 7)
    0.58
    """
    before, low = 0, 0.0
    for depth, chance in zip(DEPTHS, reached, strict=True):
        if n <= depth:
            return low + (chance - low) * (n - before) / (depth - before)
        before, low = depth, chance
    return low


def _times(a: float, b: float) -> float:
    return a * b
