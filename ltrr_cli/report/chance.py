"""What was left to chance: propensities, exploring, and whether the dice were fair."""

from __future__ import annotations

from math import floor, log10, sqrt
from typing import TYPE_CHECKING, Any

from ltrr_cli.policy.shares import made, shares
from ltrr_cli.report.statistics import Mean

if TYPE_CHECKING:
    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

SHOWN = 8  # plans listed
PER_DECADE = 4  # columns of the histogram for each power of ten
LOWEST = -5  # power of ten of the lowest column, which holds what is below too


class Chances:
    """Histogram of the chosen plans' propensities, share of searches that explored, and the plans drawn most."""

    def __init__(self, about: About) -> None:
        bins = about.span.bins
        self.columns = [0] * (-LOWEST * PER_DECADE)  # from 10^LOWEST to 1
        self.certain = 0
        self.lowest = 1.0
        self.expected, self.explored = [Mean() for _ in range(bins)], [Mean() for _ in range(bins)]
        self.variance = 0.0
        self.plans: dict[str, Mean] = {}
        self.policies: dict[str, int] = {}

    def add(self, seen: Seen) -> None:
        choice = seen.logged["choice"]
        chance, chances = choice["propensity"], choice["probabilities"]
        top = max(chances)
        exploring = max(0.0, 1 - sum(p for p in chances if p == top))
        exploring = exploring if exploring > 1e-9 else 0.0
        self.expected[seen.bin].add(exploring)
        self.explored[seen.bin].add(float(choice["explored"]))
        self.variance += exploring * (1 - exploring)
        self.lowest = min(self.lowest, chance)
        if chance > 1 - 1e-9:
            self.certain += 1
        else:
            self.columns[min(max(0, floor((log10(chance) - LOWEST) * PER_DECADE)), len(self.columns) - 1)] += 1
        plan = shares(made(choice["menu"][choice["chosen"]].items())).name
        self.plans.setdefault(plan, Mean()).add(seen.reward)
        self.policies[choice["policy"]] = self.policies.get(choice["policy"], 0) + 1

    def found(self) -> dict[str, Any]:
        expected, explored = (sum(mean.total for mean in means) for means in (self.expected, self.explored))
        n = sum(mean.n for mean in self.expected)
        most = sorted(self.plans.items(), key=lambda one: (-one[1].n, one[0]))[:SHOWN]
        return {
            "propensity": {
                "certain": self.certain,
                "columns": [
                    {
                        "from": 10 ** (LOWEST + i / PER_DECADE) if i else 0.0,
                        "to": 10 ** (LOWEST + (i + 1) / PER_DECADE),
                        "searches": count,
                    }
                    for i, count in enumerate(self.columns)
                ],
                "lowest": self.lowest,
            },
            "expected": [mean.value for mean in self.expected],
            "explored": [mean.value for mean in self.explored],
            "total": {"expected": expected, "explored": int(explored), "share": explored / n if n else None},
            "deviation": (explored - expected) / sqrt(self.variance) if self.variance > 0 else None,
            "plans": {name: {"searches": mean.n, "reward": mean.value} for name, mean in most},
            "different_plans": len(self.plans),
            "policies": self.policies,
        }
