"""What changed while the log was written: the mix of queries, their features, what they earned."""

from __future__ import annotations

from array import array
from math import sqrt
from typing import TYPE_CHECKING, Any

from ltrr_cli.report.statistics import Mean, change
from ltrr_cli.understand.features import FEATURES, whole

if TYPE_CHECKING:
    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

MOVED = 8  # features listed
WORDS = "words"


class Drift:
    """Share of each class of queries over time, where rows of numbers change most, and which features moved.

    A feature's shift is the difference of its means in the second and the first half, in standard deviations of both.
    """

    def __init__(self, about: About) -> None:
        self.half, self.bins = about.span.searches // 2, about.span.bins
        self.classes: dict[str, list[int]] = {}
        self.new: list[Mean] = [Mean() for _ in range(self.bins)]
        self.known: set[int] = set()
        self.order: list[str] = []
        self.rows = {"reward": array("f"), "without results": array("f"), WORDS: array("f")}
        self.of_class = array("B")
        self.times = array("d")
        self.features = [[Mean() for _ in FEATURES] for _ in range(2)]

    def add(self, seen: Seen) -> None:
        logged, kind = seen.logged, seen.logged["class"]
        if kind not in self.classes:
            self.classes[kind] = [0] * self.bins
            self.order.append(kind)
        self.classes[kind][seen.bin] += 1
        self.of_class.append(min(255, self.order.index(kind)))
        key = hash(logged["query"]["key"])
        self.new[seen.bin].add(float(key not in self.known))
        self.known.add(key)
        self.rows["reward"].append(seen.reward)
        self.rows["without results"].append(not logged["results"])
        self.rows[WORDS].append(len(logged["query"]["words"]))
        self.times.append(seen.time)
        for mean, number in zip(self.features[seen.at >= self.half], whole(logged["x"]), strict=True):
            mean.add(number)

    def found(self) -> dict[str, Any]:
        totals = [sum(column) or 1 for column in zip(*self.classes.values(), strict=True)]
        rows = {f"class {kind}": array("f", (c == i for c in self.of_class)) for i, kind in enumerate(self.order)}
        changes = {}
        for name, numbers in (self.rows | rows).items():
            found = change(numbers)
            if found is not None:
                changes[name] = found._asdict() | {"time": self.times[found.at]}
        return {
            "classes": {
                kind: [count / total for count, total in zip(counts, totals, strict=True)]
                for kind, counts in sorted(self.classes.items(), key=lambda one: -sum(one[1]))
            },
            "new_queries": [mean.value for mean in self.new],
            "different_queries": len(self.known),
            "changes": dict(sorted(changes.items(), key=lambda one: (one[1]["p"], one[0]))),
            "features": self._shifts(),
        }

    def _shifts(self) -> dict[str, dict[str, float]]:
        shifts = {}
        for (name, *_), before, after in zip(FEATURES, *self.features, strict=True):
            if before.n < 2 or after.n < 2:
                continue
            old, new = before.total / before.n, after.total / after.n
            spread = sqrt(((before.squares / before.n - old * old) + (after.squares / after.n - new * new)) / 2 + 1e-12)
            if abs(new - old) > 1e-9:
                shifts[name] = {"before": old, "after": new, "shift": (new - old) / spread}
        return dict(sorted(shifts.items(), key=lambda one: -abs(one[1]["shift"]))[:MOVED])
