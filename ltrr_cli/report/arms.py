"""Which arms were asked for how much, and which ones earned it: the picture of the blend."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from ltrr_cli.feedback.arms import wilson
from ltrr_cli.feedback.credit import leave_one_out, shapley

if TYPE_CHECKING:
    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen


class Arms:
    """Share of the budget and of the credited reward by arm, over time and by class of queries.

    Credit is shared evenly among the arms that had drawn the item (Shapley); `alone` is what would have been lost without
    the arm. `hit_rate`: of the satisfying items in searches that drew from it, those it had drawn.
    """

    def __init__(self, about: About) -> None:
        self.bins = about.span.bins
        self.budget: dict[str, array[float]] = {}
        self.credit: dict[str, array[float]] = {}
        self.sums: dict[str, dict[str, float]] = {}
        self.classes: dict[str, dict[str, float]] = {}

    def add(self, seen: Seen) -> None:
        logged = seen.logged
        drawn, choice = logged["drawn"], logged["choice"]
        of_class = self.classes.setdefault(logged["class"], {})
        for arm, wanted in choice["menu"][choice["chosen"]].items():
            sums = self._sums(arm)
            self.budget[arm][seen.bin] += wanted
            of_class[arm] = of_class.get(arm, 0.0) + wanted
            sums["searches"] += 1
            sums["wanted"] += wanted
            sums["found"] += len(drawn.get(arm, ()))
        first: set[str] = set()
        for event in seen.events:
            if event.gain > 0:
                self._thank(seen.bin, drawn, event.entity, event.gain, event.entity not in first)
                first.add(event.entity)

    def _thank(self, at: int, drawn: dict[str, list[str]], entity: str, gain: float, first: bool) -> None:
        alone = leave_one_out(drawn, entity)
        for arm, part in shapley(drawn, entity).items():
            sums = self._sums(arm)
            self.credit[arm][at] += gain * part
            sums["credit"] += gain * part
            sums["alone"] += gain * alone[arm]
            sums["chances"] += first
            sums["hits"] += first and part > 0

    def _sums(self, arm: str) -> dict[str, float]:
        if arm not in self.sums:
            self.sums[arm] = dict.fromkeys(("searches", "wanted", "found", "credit", "alone", "chances", "hits"), 0.0)
            self.budget[arm], self.credit[arm] = (array("d", bytes(8 * self.bins)) for _ in range(2))
        return self.sums[arm]

    def found(self) -> dict[str, Any]:
        order = sorted(self.sums, key=lambda arm: -self.sums[arm]["wanted"])
        wanted, credit = (sum(sums[of] for sums in self.sums.values()) or 1.0 for of in ("wanted", "credit"))
        arms = {}
        for arm in order:
            sums = self.sums[arm]
            hits, chances = int(sums["hits"]), int(sums["chances"])
            low, high = wilson(hits, chances)
            arms[arm] = {
                "searches": int(sums["searches"]),
                "found": int(sums["found"]),
                "budget_share": sums["wanted"] / wanted,
                "credit_share": sums["credit"] / credit,
                "credit": sums["credit"],
                "alone": sums["alone"],
                "hits": hits,
                "chances": chances,
                "hit_rate": hits / chances if chances else None,
                "low": low,
                "high": high,
            }
        return {
            "arms": arms,
            "budget": _shares({arm: self.budget[arm] for arm in order}),
            "credit": _shares({arm: self.credit[arm] for arm in order}),
            "classes": {name: _part(of_class, order) for name, of_class in self.classes.items()},
        }


def _shares(curves: dict[str, array[float]]) -> dict[str, list[float | None]]:
    """Return each arm's part of every bin; None where the bin has nothing to share."""
    totals = [sum(column) for column in zip(*curves.values(), strict=True)]
    return {
        arm: [number / total if total else None for number, total in zip(curve, totals, strict=True)]
        for arm, curve in curves.items()
    }


def _part(of_class: dict[str, float], order: list[str]) -> dict[str, float]:
    total = sum(of_class.values()) or 1.0
    return {arm: of_class.get(arm, 0.0) / total for arm in order}
