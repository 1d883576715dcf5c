"""How likely each arm is to have found what satisfies by a given depth, for a query with features x."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from operator import mul

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
    used, low, columns = _factor(state)
    y: list[float] = []
    for m, i in enumerate(used):
        y.append((x[i] - sum(map(mul, low[m], y))) / low[m][m])
    solved: list[float] = []  # from the last to the first
    for m in reversed(range(len(used))):
        solved.append((y[m] - sum(map(mul, columns[m], solved))) / low[m][m])
    z = [x[i] / state.gram[_ROWS[i]] for i in range(D)]
    for i, number in zip(used, reversed(solved), strict=True):
        z[i] = number
    return z


def _factor(state: State) -> tuple[list[int], list[list[float]], list[list[float]]]:
    """Return which features were ever on, and A = low low' for them: rows of low, and its columns from the last row upwards.

    The other features stand alone in A, and cost nothing. It is kept until *state* changes.
    """
    if "factor" not in state.memo:
        gram, low = state.gram, list[list[float]]()
        used = [i for i in range(D) if abs(gram[_ROWS[i]] - RIDGE) > UNUSED]
        for m, i in enumerate(used):
            row: list[float] = []
            for n in range(m):
                j = used[n]
                row.append((gram[_ROWS[j] + i - j] - sum(map(mul, row, low[n]))) / low[n][n])
            row.append(sqrt(gram[_ROWS[i]] - sum(map(mul, row, row))))
            low.append(row)
        columns = [[low[k][m] for k in range(len(used) - 1, m, -1)] for m in range(len(used))]
        state.memo["factor"] = used, low, columns
    found: tuple[list[int], list[list[float]], list[list[float]]] = state.memo["factor"]
    return found


def dot(z: Sequence[float], b: Sequence[float]) -> float:
    total: float = sum(map(mul, z, b))
    return total


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
    i, part = _between(n)
    low = reached[i - 1] if i else 0.0
    return low + (reached[i] - low) * part


@lru_cache(1024)
def _between(n: int) -> tuple[int, float]:
    """Return the place of the first of DEPTHS that is at least *n*, and how far *n* is on the way to it: 0..1."""
    before = 0
    for i, depth in enumerate(DEPTHS):
        if n <= depth:
            return i, (n - before) / (depth - before)
        before = depth
    return len(DEPTHS) - 1, 1.0
