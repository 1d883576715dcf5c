"""What searches earned over time: the learning curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.report.statistics import Mean, difference, pooled

if TYPE_CHECKING:
    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

COARSE = 12  # points of a curve of one class of queries, at most


class Earned:
    """Reward of a search, share of searches where something satisfied, and how far up it stood: by bin, by class.

    A search without feedback has the reward 0. `place` is the mean of 1/rank over searches where something satisfied.
    """

    def __init__(self, about: About) -> None:
        bins = about.span.bins
        self.coarse = min(COARSE, bins)
        self.bins = bins
        self.reward = [Mean() for _ in range(bins)]
        self.satisfied = [Mean() for _ in range(bins)]
        self.place = [Mean() for _ in range(bins)]
        self.acted = 0
        self.last: list[float] = [0.0] * bins
        self.first: list[float] = [0.0] * bins
        self.classes: dict[str, list[Mean]] = {}

    def add(self, seen: Seen) -> None:
        at = seen.bin
        if not self.reward[at].n:
            self.first[at] = seen.time
        self.last[at] = seen.time
        self.reward[at].add(seen.reward)
        self.satisfied[at].add(float(seen.reward > 0))
        if seen.rank is not None:
            self.place[at].add(1 / seen.rank)
        self.acted += bool(seen.events)
        kind = self.classes.setdefault(seen.logged["class"], [Mean() for _ in range(self.coarse)])
        kind[at * self.coarse // self.bins].add(seen.reward)

    def found(self) -> dict[str, Any]:
        ends = [mean.interval() for mean in self.reward]
        quarter = max(1, self.bins // 4)
        first, last = pooled(self.reward[:quarter]), pooled(self.reward[-quarter:])
        every = pooled(self.reward)
        return {
            "searches": [mean.n for mean in self.reward],
            "from": self.first,
            "to": self.last,
            "reward": [mean.value for mean in self.reward],
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
            "satisfied": [mean.value for mean in self.satisfied],
            "place": [mean.value for mean in self.place],
            "mean": every.value,
            "satisfied_share": pooled(self.satisfied).value,
            "with_feedback": self.acted,
            "quarters": {"first": first.value, "last": last.value, "difference": difference(first, last)},
            "classes": {
                name: {"searches": [mean.n for mean in means], "reward": [mean.value for mean in means]}
                for name, means in sorted(self.classes.items(), key=lambda one: -pooled(one[1]).n)
            },
        }
