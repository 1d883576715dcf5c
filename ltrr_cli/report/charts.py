"""A plot as plain data, before anything draws it: the same record becomes SVG on the page or a file of matplotlib's."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COLORS = (  # one an arm, whatever the plot; to be told apart on white and on black (after Tableau)
    "#4e79a7", "#f28e2b", "#e15759", "#59a14f", "#b07aa1", "#3ab5b0", "#d4a72c", "#9c755f", "#ff9da7", "#8a8f98", "#a0cb5b",
    "#6a5acd",
)  # fmt: skip
DAY = 86400.0


class Axis(NamedTuple):
    """One side of a plot."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


class Series(NamedTuple):
    """One line, layer, or row of points: a value an x, None where there is nothing."""

    name: str
    ys: Sequence[float | None]
    color: int = 0
    lows: Sequence[float | None] = ()  # interval of each value
    highs: Sequence[float | None] = ()
    colors: Sequence[int] = ()  # of each point, where they differ


class Chart(NamedTuple):
    """One plot. Kinds: lines, areas (shares, one on top of the other), columns, points (with a diagonal), ranges (rows)."""

    key: str  # its name in the page, and of its file
    kind: str
    title: str
    says: str  # in words, what is to be seen
    xs: Sequence[float]
    series: Sequence[Series]
    x: Axis
    y: Axis
    labels: Sequence[str] = ()  # of each x, for tables and tips; of each row where the kind is ranges
    percent: bool = False  # the values are shares
    log: bool = False  # the values are powers of ten

    def shown(self, value: float | None) -> str:
        """Return *value* as the plot's tables and tips have it."""
        if self.log and value is not None:
            value = 10.0**value
        return percent(value) if self.percent else number(value)


def number(value: float | None) -> str:
    """Return three significant digits, with thousands apart; a dash for nothing.

    >>> number(0.12345), number(-1234.5), number(20000), number(None), number(0.0)
    ('0.123', '\u22121\\u202f234', '20\\u202f000', '–', '0')
    """
    if value is None or not isfinite(value):
        return "–"
    shown = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return shown.replace(",", "\u202f").replace("-", "\u2212", 1) if "e" not in shown else shown


def percent(value: float | None) -> str:
    """Return a share in percent.

    >>> percent(0.1234), percent(0.0012), percent(1.0), percent(None)
    ('12.3\\xa0%', '0.12\\xa0%', '100\\xa0%', '–')
    """
    if value is None or not isfinite(value):
        return "–"
    return f"{100 * value:.{3 if abs(value) >= 0.01 else 2}g}\xa0%"


def signed(value: float | None) -> str:
    """Return a difference.

    >>> signed(0.0123), signed(-1.5), signed(None)
    ('+0.012', '\u22121.500', '–')
    """
    return "–" if value is None else f"{value:+.3f}".replace("-", "\u2212") if abs(value) >= 0.0005 else "0.000"


def between(one: Mapping[str, float | None]) -> str:
    """Return the interval of *one* as the end of a sentence; nothing where it is not known."""
    return "" if one["low"] is None else f", 95\xa0% {signed(one['low'])} to {signed(one['high'])}"


def day(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"


def minute(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}"


def scale(title: str, low: float, high: float, show: Callable[[float], str] | None = None, about: int = 5) -> Axis:
    """Return an axis that holds *low* and *high* with round ticks, *about* so many.

    >>> [label for _, label in scale("", 0, 0.97).ticks]
    ['0', '0.2', '0.4', '0.6', '0.8', '1']
    """
    if high <= low:
        high = low + 1.0
    step = 10 ** floor(log10((high - low) / about))
    step *= next(m for m in (1, 2, 5, 10) if (high - low) / (m * step) <= about + 1e-9)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = [round(i * step, 12) for i in range(first, last + 1)]
    return Axis(title, ticks[0], ticks[-1], tuple((tick, (show or number)(tick)) for tick in ticks))


def decades(title: str, low: float, high: float) -> Axis:
    """Return a logarithmic axis: positions are powers of ten, labels the numbers.

    >>> [label for _, label in decades("", 3, 40).ticks]
    ['1', '10', '100']
    """
    first, last = floor(log10(low) + 1e-9), ceil(log10(high) - 1e-9)
    last = max(last, first + 1)
    return Axis(title, first, last, tuple((float(i), f"{10.0**i:g}") for i in range(first, last + 1)))


def calendar(times: Sequence[float]) -> tuple[str, ...]:
    """Return each time as a short label: clock, day or month, as the whole span demands; UTC.

    >>> calendar([0.0, 3600.0]), calendar([0.0, 40 * DAY]), calendar([0.0, 900 * DAY])
    (('00:00', '01:00'), ('1 Jan', '10 Feb'), ('Jan 1970', 'Jun 1972'))
    """
    span = (max(times) - min(times)) if times else 0.0
    form = "{0:%H:%M}" if span < 1.5 * DAY else "{0.day} {0:%b}" if span < 700 * DAY else "{0:%b %Y}"
    return tuple(form.format(datetime.fromtimestamp(time, UTC)) for time in times)


def over_time(times: Sequence[float], title: str, about: int = 6) -> Axis:
    """Return the axis of curves with a value a bin, labelled by the bins' times."""
    labels, n = calendar(times), len(times)
    step = max(1, ceil(n / about))
    return Axis(title, 0.0, float(max(1, n - 1)), tuple((float(i), labels[i]) for i in range(0, n, step)))
