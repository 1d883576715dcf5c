"""Where it fails: queries that find nothing, and queries whose results nobody wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

SHOWN = 15
COUNT, EMPTY, SATISFIED, LAST, TEXT = range(5)


class Misses:
    """The most asked queries without results, and those where nothing ever satisfied; keeps a line a different query.

    Queries are the same if their normalised words are; the text is as it was typed last.
    """

    def __init__(self, about: About) -> None:
        self.queries: dict[str, list[Any]] = {}
        self.empty = self.quiet = self.searches = 0

    def add(self, seen: Seen) -> None:
        query = seen.logged["query"]
        line = self.queries.setdefault(query["key"], [0, 0, 0, 0.0, ""])
        empty = not seen.logged["results"]
        line[COUNT] += 1
        line[EMPTY] += empty
        line[SATISFIED] += seen.reward > 0
        line[LAST], line[TEXT] = seen.time, query["text"]
        self.searches += 1
        self.empty += empty
        self.quiet += not empty and seen.reward == 0

    def found(self) -> dict[str, Any]:
        lines = self.queries.values()
        empty = [line for line in lines if line[EMPTY]]
        quiet = [line for line in lines if not line[SATISFIED] and line[COUNT] > line[EMPTY]]
        return {
            "without_results": {
                "searches": self.empty,
                "share": self.empty / self.searches if self.searches else None,
                "queries": len(empty),
                "most": [_row(line, EMPTY) for line in sorted(empty, key=lambda line: (-line[EMPTY], -line[LAST]))[:SHOWN]],
            },
            "without_clicks": {
                "searches": self.quiet,
                "share": self.quiet / self.searches if self.searches else None,
                "queries": len(quiet),
                "most": [_row(line, COUNT) for line in sorted(quiet, key=lambda line: (-line[COUNT], -line[LAST]))[:SHOWN]],
            },
        }


def _row(line: list[Any], count: int) -> dict[str, Any]:
    return {"query": line[TEXT], "searches": line[count], "last": line[LAST]}
