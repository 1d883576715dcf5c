"""How long searches took, whole and by arm, and which took longest."""

from __future__ import annotations

from array import array
from heapq import heappush, heapreplace
from typing import TYPE_CHECKING, Any

from ltrr_cli.policy.shares import made
from ltrr_cli.report.statistics import percentile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

SLOWEST = 12
POINTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}


class Speed:
    """Percentiles of milliseconds over time and by arm; keeps one number a search and one an arm drawn."""

    def __init__(self, about: About) -> None:
        self.bins = [array("f") for _ in range(about.span.bins)]
        self.arms: dict[str, array[float]] = {}
        self.slowest: list[tuple[float, int, dict[str, Any]]] = []

    def add(self, seen: Seen) -> None:
        logged = seen.logged
        took = logged["took_ms"]
        self.bins[seen.bin].append(took)
        for arm, ms in logged["ms"].items():
            self.arms.setdefault(arm, array("f")).append(ms)
        if len(self.slowest) < SLOWEST:
            heappush(self.slowest, (took, -seen.at, _line(seen)))
        elif took > self.slowest[0][0]:
            heapreplace(self.slowest, (took, -seen.at, _line(seen)))

    def found(self) -> dict[str, Any]:
        curves = [_points(part) for part in self.bins]
        return {
            "all": _points(ms for part in self.bins for ms in part),
            "p50": [points["p50"] for points in curves],
            "p95": [points["p95"] for points in curves],
            "arms": {
                arm: {"timed": len(took), **_points(took)}
                for arm, took in sorted(self.arms.items(), key=lambda one: -(_points(one[1])["p50"] or 0.0))
            },
            "slowest": [line for _, _, line in sorted(self.slowest, key=lambda one: (-one[0], -one[1]))],
        }


def _points(took: Iterable[float]) -> dict[str, float | None]:
    ordered = sorted(took)
    points = {name: percentile(ordered, share) for name, share in POINTS.items()}
    return {name: None if ms is None else round(ms, 3) for name, ms in points.items()}


def _line(seen: Seen) -> dict[str, Any]:
    logged, choice = seen.logged, seen.logged["choice"]
    plan = made(choice["menu"][choice["chosen"]].items()).name
    arm = max(logged["ms"].items(), key=lambda one: one[1], default=("", 0.0))
    return {
        "search_id": logged["search_id"],
        "query": logged["query"]["text"],
        "took_ms": logged["took_ms"],
        "time": seen.time,
        "plan": plan,
        "slowest_arm": arm[0],
        "slowest_arm_ms": arm[1],
    }
