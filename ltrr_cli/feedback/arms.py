"""How each arm is doing, from the log."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ltrr_cli.feedback.store import Store

Z95 = 1.959964


class ArmReport(NamedTuple):
    """One arm in numbers."""

    arm: str
    searches: int  # that drew from it
    drawn: int  # candidates it gave
    budget_share: float  # of the candidates that all arms were asked for
    credit: float  # reward it earned, shared with the other arms that had drawn the item
    credit_alone: float  # reward that would have been lost without it
    hits: int  # satisfying items that it had drawn
    chances: int  # satisfying items in searches that drew from it
    hit_rate: float
    low: float  # 95 % interval of the hit rate
    high: float
    latency_ms: float | None  # mean, where it was timed


def arms(store: Store) -> list[ArmReport]:
    """Return a line for every arm that was ever drawn, the most credited first."""
    rows = store.rows(
        "SELECT arm, searches, found, wanted, credit, alone, hits, chances, ms, timed FROM arms ORDER BY credit DESC, arm"
    )
    total = sum(row[3] for row in rows) or 1
    return [
        ArmReport(
            arm, searches, found, wanted / total, credit, alone, hits, chances,
            hits / chances if chances else 0.0, *wilson(hits, chances), ms / timed if timed else None,
        )
        for arm, searches, found, wanted, credit, alone, hits, chances, ms, timed in rows
    ]  # fmt: skip


def wilson(hits: int, chances: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's score interval of a rate (Wilson, JASA 1927); (0, 1) if there was no chance.

    >>> [round(p, 4) for p in wilson(7, 10)]
    [0.3968, 0.8922]
    """
    if not chances:
        return 0.0, 1.0
    p, zz = hits / chances, z * z / chances
    middle, half = p + zz / 2, z * sqrt(p * (1 - p) / chances + zz / (4 * chances))
    return max(0.0, (middle - half) / (1 + zz)), min(1.0, (middle + half) / (1 + zz))
