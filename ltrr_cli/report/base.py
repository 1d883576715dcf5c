"""What a part of the report promises, and the table of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.report.read import Seen, Span
    from ltrr_cli.settings import Settings

PARTS = {  # name -> where; the page has them in this order
    "earned": "ltrr_cli.report.earned:Earned",
    "regret": "ltrr_cli.report.regret:Regret",
    "arms": "ltrr_cli.report.arms:Arms",
    "chance": "ltrr_cli.report.chance:Chances",
    "items": "ltrr_cli.report.items:Items",
    "drift": "ltrr_cli.report.drift:Drift",
    "speed": "ltrr_cli.report.speed:Speed",
    "misses": "ltrr_cli.report.misses:Misses",
}


class About(NamedTuple):
    """What a part may know besides the searches."""

    span: Span
    settings: Settings
    entities: int  # in the catalog
    types: Mapping[str, int]  # type -> entities


class Part(Protocol):
    """One part of the report: sees every search once, in order, and keeps sums, or a few numbers a search."""

    def __init__(self, about: About) -> None: ...

    def add(self, seen: Seen) -> None:
        """Take one search into account."""
        ...

    def found(self) -> dict[str, Any]:
        """Return the part's numbers: plain JSON, None for what can't be said; a list a curve, a number a bin."""
        ...
