"""How likely each arm is to have found what satisfies by a given depth, for a query with features x."""

from __future__ import annotations

from math import sqrt

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.state import DEPTHS, RIDGE, D

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.state import State

HIGHEST = 0.98
UNUSED = 1e-9  # evidence of a feature that was never on: only the ridge's rounding
_ROWS = [i * D - i * (i - 1) // 2 for i in range(D)]  # where each row of the upper triangle begins


def lens(state: State, x: Sequence[float]) -> list[float]:
    """Return z = A^-1 x: the prediction of any regression in *state* with sums b is then z.b, shape (D,).

    >>> from ltrr_cli.policy.state import State
    >>> lens(State(), [0.5] + [0.0] * (D - 1))[0]  # A is the ridge alone: 1
    0.5
    """
    gram, low = state.gram, list[list[float]]()  # Cholesky: A = low low'
    used = [i for i in range(D) if abs(gram[_ROWS[i]] - RIDGE) > UNUSED]  # the others stand alone in A, and cost nothing
    for m, i in enumerate(used):
        row: list[float] = []
        for n in range(m):
            j = used[n]
            row.append((gram[_ROWS[j] + i - j] - sum(map(_times, row, low[n]))) / low[n][n])
        row.append(sqrt(gram[_ROWS[i]] - sum(map(_times, row, row))))
        low.append(row)
    y: list[float] = []
    for m, i in enumerate(used):
        y.append((x[i] - sum(map(_times, low[m], y))) / low[m][m])
    z = [x[i] / gram[_ROWS[i]] for i in range(D)]
    for m in reversed(range(len(used))):
        rest = sum(low[k][m] * z[used[k]] for k in range(m + 1, len(used)))
        z[used[m]] = (y[m] - rest) / low[m][m]
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
