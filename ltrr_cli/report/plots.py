"""Charts as SVG, written by hand: no script, no font, no picture from elsewhere; colours come from the page's style."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ltrr_cli.report.charts import Axis, Chart, Series

ROW = 24.0  # height of a row of ranges
DASHES = ("", "6 3", "2 3", "8 3 2 3", "12 4", "1 3")  # lines are told apart without colour too
LABEL = 0.09  # a layer is named inside where it is at least so high


class Frame(NamedTuple):
    """Where a chart's inside is drawn, in the SVG's units: about pixels at the width it is made for."""

    chart: Chart
    left: float
    top: float
    width: float
    height: float
    narrow: bool

    def x(self, value: float) -> float:
        axis = self.chart.x
        return self.left + self.width * (value - axis.low) / ((axis.high - axis.low) or 1.0)

    def y(self, value: float) -> float:
        axis = self.chart.y
        return self.top + self.height * (1 - (value - axis.low) / ((axis.high - axis.low) or 1.0))


def svg(chart: Chart, width: int = 720, height: int = 260, *, narrow: bool = False, id: str = "") -> str:
    """Return *chart* as one SVG element with a title and a description for those who can't see it.

    *narrow*: for a phone; fewer ticks, and text as large as on a wide page.
    """
    rows = chart.kind == "ranges"
    left = (9.0 + 6.6 * min(24, max(map(len, chart.labels), default=0))) if rows else 52.0
    top = 12.0
    tall = ROW * len(chart.labels) if rows else height - top - 42
    frame = Frame(chart, left, top, width - left - (46 if rows else 14), tall, narrow)
    total = top + tall + 42
    key = escape(f"{chart.key}{id}")
    inside = "".join((*_axes(frame, rows), *DRAW[chart.kind](frame)))
    return (
        f'<svg viewBox="0 0 {width} {_n(total)}" width="{width}" height="{_n(total)}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-t">{escape(chart.title)}</title><desc id="{key}-d">{escape(chart.says)}</desc>{inside}</svg>'
    )


def _axes(frame: Frame, rows: bool) -> Iterator[str]:
    chart, bottom = frame.chart, frame.top + frame.height
    right = frame.left + frame.width
    if not rows:
        for value, label in chart.y.ticks:
            y = frame.y(value)
            yield f'<path class="grid" d="M{_n(frame.left)} {_n(y)}H{_n(right)}"/>'
            yield f'<text class="tick" x="{_n(frame.left - 6)}" y="{_n(y + 4)}" text-anchor="end">{escape(label)}</text>'
    ticks = _thinned(chart.x, frame)
    for value, label in ticks:
        x = frame.x(value)
        yield f'<path class="{"grid" if rows else "mark"}" d="M{_n(x)} {_n(frame.top if rows else bottom)}V{_n(bottom + 4)}"/>'
        anchor = "end" if x > right - 12 and not rows and len(label) > 4 else "middle"
        yield f'<text class="tick" x="{_n(x)}" y="{_n(bottom + 18)}" text-anchor="{anchor}">{escape(label)}</text>'
    yield f'<path class="axis" d="M{_n(frame.left)} {_n(bottom)}H{_n(right)}"/>'
    if not rows and chart.y.low < 0 < chart.y.high:
        yield f'<path class="zero" d="M{_n(frame.left)} {_n(frame.y(0))}H{_n(right)}"/>'
    yield f'<text class="name" x="{_n(right)}" y="{_n(bottom + 36)}" text-anchor="end">{escape(chart.x.title)}</text>'


def _thinned(axis: Axis, frame: Frame) -> Sequence[tuple[float, str]]:
    """Leave out ticks until their labels have room."""
    room = frame.width / (7.5 * max((len(label) for _, label in axis.ticks), default=1) + 14)
    step = 1
    while len(axis.ticks) / step > max(2.0, room):
        step += 1
    return axis.ticks[::step]


def _lines(frame: Frame) -> Iterator[str]:
    chart = frame.chart
    for i, one in enumerate(chart.series):
        if one.lows:
            known = [
                (frame.x(x), frame.y(low), frame.y(high))
                for x, low, high in zip(chart.xs, one.lows, one.highs, strict=True)
                if low is not None and high is not None
            ]
            edge = [(x, high) for x, _, high in known] + [(x, low) for x, low, _ in reversed(known)]
            if edge:
                yield f'<path class="band s{one.color}" d="{_path(edge, frame)}Z"/>'
        for stretch in _stretches(frame, one):
            if len(stretch) == 1:
                yield f'<circle class="dot s{one.color}" cx="{_n(stretch[0][0])}" cy="{_n(stretch[0][1])}" r="3"/>'
            else:
                dash = f' stroke-dasharray="{DASHES[i % len(DASHES)]}"' if i % len(DASHES) else ""
                yield f'<path class="line s{one.color}"{dash} d="{_path(stretch, frame)}"/>'
    yield from _tips(frame)


def _areas(frame: Frame) -> Iterator[str]:
    """Layers from the bottom up; each is named where it is thickest, if it has room."""
    chart = frame.chart
    base = [0.0] * len(chart.xs)
    names: list[str] = []
    for one in chart.series:
        top = [b + (y or 0.0) for b, y in zip(base, one.ys, strict=True)]
        if len(chart.xs) == 1:  # one bin is a column, not a line
            edge = [(frame.left, frame.y(top[0])), (frame.left + frame.width, frame.y(top[0]))]
            edge += [(frame.left + frame.width, frame.y(base[0])), (frame.left, frame.y(base[0]))]
        else:
            upper = [(frame.x(x), frame.y(y)) for x, y in zip(chart.xs, top, strict=True)]
            edge = upper + [(frame.x(x), frame.y(y)) for x, y in zip(reversed(chart.xs), reversed(base), strict=True)]
        yield f'<path class="layer f{one.color}" d="{_path(edge, frame)}Z"><title>{escape(one.name)}</title></path>'
        names += _named(frame, one, base)
        base = top
    yield from names
    yield from _tips(frame)


def _named(frame: Frame, one: Series, base: Sequence[float]) -> list[str]:
    n = len(one.ys)
    inner = range(n // 8, max(n // 8 + 1, n - n // 8))  # not at the edges, where the name would not fit
    at = max(inner, key=lambda i: one.ys[i] or 0.0)
    thick = one.ys[at] or 0.0
    if thick < LABEL * (frame.chart.y.high - frame.chart.y.low):
        return []
    x = frame.x(frame.chart.xs[at]) if n > 1 else frame.left + frame.width / 2
    y = frame.y(base[at] + thick / 2)
    x = min(max(x, frame.left + 4 * len(one.name)), frame.left + frame.width - 4 * len(one.name))
    return [f'<text class="inside" x="{_n(x)}" y="{_n(y + 4)}" text-anchor="middle">{escape(one.name)}</text>']


def _columns(frame: Frame) -> Iterator[str]:
    chart = frame.chart
    each = frame.width / (len(chart.xs) or 1)
    for one in chart.series:
        for i, y in enumerate(one.ys):
            if y:
                top = frame.y(y)
                tip = escape(f"{chart.labels[i]}: {chart.shown(y)}")
                yield (
                    f'<rect class="column f{one.color}" x="{_n(frame.left + i * each + 1)}" y="{_n(top)}" '
                    f'width="{_n(max(1.0, each - 2))}" height="{_n(max(1.0, frame.top + frame.height - top))}">'
                    f"<title>{tip}</title></rect>"
                )


def _points(frame: Frame) -> Iterator[str]:
    """Predicted against observed: on the diagonal if it was right about itself."""
    chart = frame.chart
    start, end = max(chart.x.low, chart.y.low), min(chart.x.high, chart.y.high)
    yield f'<path class="diagonal" d="M{_n(frame.x(start))} {_n(frame.y(start))}L{_n(frame.x(end))} {_n(frame.y(end))}"/>'
    for one in chart.series:
        for i, (value, came) in enumerate(zip(chart.xs, one.ys, strict=True)):
            if came is None:
                continue
            at, up = _n(frame.x(value)), _n(frame.y(came))
            low, high = (ends[i] if ends else None for ends in (one.lows, one.highs))
            if low is not None and high is not None:
                yield f'<path class="whisker s{one.color}" d="M{at} {_n(frame.y(low))}V{_n(frame.y(high))}"/>'
            tip = escape(f"believed {chart.shown(value)}, came {chart.shown(came)}")
            yield f'<circle class="dot s{one.color}" cx="{at}" cy="{up}" r="4"><title>{tip}</title></circle>'


def _ranges(frame: Frame) -> Iterator[str]:
    """Rows of a point with its interval, named at the left."""
    chart = frame.chart
    one = chart.series[0]
    for i, name in enumerate(chart.labels):
        y = frame.top + ROW * (i + 0.5)
        yield f'<text class="row" x="{_n(frame.left - 8)}" y="{_n(y + 4)}" text-anchor="end">{escape(name[:24])}</text>'
        value = one.ys[i]
        if value is None:
            continue
        low, high = (ends[i] if ends else None for ends in (one.lows, one.highs))
        color = one.colors[i] if one.colors else one.color
        if low is not None and high is not None:
            yield f'<path class="range s{color}" d="M{_n(frame.x(low))} {_n(y)}H{_n(frame.x(high))}"/>'
        tip = escape(f"{name}: {chart.shown(value)}")
        yield f'<circle class="dot s{color}" cx="{_n(frame.x(value))}" cy="{_n(y)}" r="4.5"><title>{tip}</title></circle>'


def _tips(frame: Frame) -> Iterator[str]:
    """An unseen column over each x that tells its values to whoever points at it."""
    chart = frame.chart
    if frame.narrow or len(chart.xs) < 2:
        return
    each = frame.width / (len(chart.xs) - 1)
    for i, x in enumerate(chart.xs):
        told = "\n".join([chart.labels[i], *(f"{one.name}: {chart.shown(one.ys[i])}" for one in chart.series)])
        left = max(frame.left, frame.x(x) - each / 2)
        wide = min(frame.left + frame.width, frame.x(x) + each / 2) - left
        yield (
            f'<rect class="tip" x="{_n(left)}" y="{_n(frame.top)}" width="{_n(wide)}" height="{_n(frame.height)}">'
            f"<title>{escape(told)}</title></rect>"
        )


def _stretches(frame: Frame, one: Series) -> list[list[tuple[float, float]]]:
    """The line in pieces, broken where there is no value."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(frame.chart.xs, one.ys, strict=True):
        if y is not None:
            pieces[-1].append((frame.x(x), frame.y(y)))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _path(points: Sequence[tuple[float, float]], frame: Frame) -> str:
    low, high = frame.top - 1, frame.top + frame.height + 1
    return "M" + "L".join(f"{_n(x)} {_n(min(max(y, low), high))}" for x, y in points)


def _n(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


DRAW: dict[str, Callable[[Frame], Iterator[str]]] = {
    "lines": _lines,
    "areas": _areas,
    "columns": _columns,
    "points": _points,
    "ranges": _ranges,
}
