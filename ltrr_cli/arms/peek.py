"""What an arm's first hits look like: how many, how sure, how old, how well known, of which kinds.

They cost nothing to look at once an arm was drawn from, and are logged with each decision. A policy that wanted them before it
chooses would have to run every arm first; see `describe`.
"""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.index.columns import Columns
    from ltrr_cli.records import Hit

TOP = 10  # hits looked at
DEEP = 100  # hits that count as many
NEW = 365.0  # days after which something is half as new


class Peek(NamedTuple):
    """One arm's first hits for one query; every number is in 0..1."""

    hits: float  # how many there are, 1 at DEEP or more
    lead: float  # how far the first stands above the second, of what separates it from the last looked at
    slope: float  # how far the first stands above the last looked at, of its own score
    quality: float  # mean quality
    newness: float  # mean of .5^(age/NEW); 0 where nothing has a date
    alike: float  # share of the commonest type


def describe(hits: Sequence[Hit], columns: Columns, now: float) -> Peek:
    """Return what *hits*, best first, look like at *now* (seconds since 1970)."""
    top = hits[:TOP]
    if not top:
        return Peek(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    first, second, last = top[0].score, top[min(1, len(top) - 1)].score, top[-1].score
    today = now / 86400 + 719163  # 1970-01-01, counted from the year 1
    born = [columns.born(hit.row) for hit in top]
    ages = [max(0.0, today - day) for day in born if day]
    types = [columns.type(hit.row) for hit in top]
    return Peek(
        min(1.0, len(hits) / DEEP),
        (first - second) / (first - last) if first > last else 0.0,
        max(0.0, min(1.0, (first - last) / abs(first))) if first else 0.0,
        sum(columns.quality(hit.row) for hit in top) / len(top),
        sum(0.5 ** (age / NEW) for age in ages) / len(top),
        max(map(types.count, types)) / len(types),
    )
