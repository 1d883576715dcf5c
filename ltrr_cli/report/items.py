"""Which part of the catalog was ever shown, and how evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

TOP = 0.01  # of the catalog: what part of all showings goes to the most shown of it


class Items:
    """Share of the catalog that was shown and that satisfied so far, over time and by type; keeps a number an item shown.

    `gini` is 0 if every entity was shown equally often, towards 1 if all showings went to one.
    """

    def __init__(self, about: About) -> None:
        self.entities, self.types = about.entities, about.types
        bins = about.span.bins
        self.shown_by, self.liked_by = [0] * bins, [0] * bins
        self.shown: dict[str, int] = {}
        self.satisfied: set[str] = set()
        self.of_type: dict[str, list[int]] = {}  # type -> different items shown, showings, ... that satisfied

    def add(self, seen: Seen) -> None:
        for result in seen.logged["results"]:
            sums = self.of_type.setdefault(result["type"], [0, 0, 0])
            sums[0] += result["id"] not in self.shown
            sums[1] += 1
            self.shown[result["id"]] = self.shown.get(result["id"], 0) + 1
        kinds = {result["id"]: result["type"] for result in seen.logged["results"]}
        for event in seen.events:
            if event.gain > 0 and event.entity not in self.satisfied:
                self.satisfied.add(event.entity)
                if event.entity in kinds:
                    self.of_type[kinds[event.entity]][2] += 1
        self.shown_by[seen.bin] = len(self.shown)
        self.liked_by[seen.bin] = len(self.satisfied)

    def found(self) -> dict[str, Any]:
        showings = sorted(self.shown.values(), reverse=True)
        entities = max(self.entities, len(showings), 1)  # what was deleted since may have been shown
        total = sum(showings)
        top = max(1, round(TOP * entities))
        types = {kind: self.of_type.get(kind, [0, 0, 0]) for kind in {**self.types, **self.of_type}}
        return {
            "entities": self.entities,
            "shown": len(showings),
            "satisfied": len(self.satisfied),
            "shown_curve": [count / entities for count in self.shown_by],
            "satisfied_curve": [count / entities for count in self.liked_by],
            "shown_share": len(showings) / entities,
            "top_share": sum(showings[:top]) / total if total else None,
            "gini": gini(showings, entities) if total else None,
            "types": {
                kind: {"entities": self.types.get(kind, 0), "shown": shown, "showings": times, "satisfied": liked}
                for kind, (shown, times, liked) in sorted(types.items(), key=lambda one: -one[1][1])
            },
        }


def gini(falling: Sequence[int], entities: int) -> float:
    """Return the Gini coefficient of showings among *entities*; those not in *falling* were never shown.

    >>> gini([5, 5], 2), gini([8], 4)
    (0.0, 0.75)
    """
    total = sum(falling)
    return sum((entities - 2 * i + 1) * count for i, count in enumerate(falling, 1)) / (entities * total)
