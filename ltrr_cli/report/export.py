"""The same plots as files, drawn by matplotlib: PNG to paste, SVG to print."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ltrr_cli.errors import QueryError
from ltrr_cli.report.charts import COLORS
from ltrr_cli.report.figures import figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from ltrr_cli.report.charts import Chart, Series

KINDS = ("png", "svg")
WIDTH, HEIGHT, ROW, DPI = 7.5, 3.2, 0.26, 150  # inches, inches a row of ranges, dots an inch
DASHES = ("-", (0, (6, 3)), (0, (2, 3)), (0, (8, 3, 2, 3)), (0, (12, 4)), (0, (1, 3)))


def export(numbers: Mapping[str, Any], folder: str) -> list[str]:
    """Write every plot of *numbers* (see `report.numbers.review`) into *folder* in both KINDS, and return the paths.

    Files are private to their owner. Raises QueryError without matplotlib, which comes with `pip install 'ltrr[plots]'`.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise QueryError("plots as files need matplotlib", hint="pip install 'ltrr[plots]'") from None
    os.makedirs(folder, mode=0o700, exist_ok=True)
    paths = []
    with matplotlib.rc_context({"svg.hashsalt": "ltrr", "svg.fonttype": "none", "font.size": 9.0}):
        for chart in figures(numbers).values():
            tall = 1.1 + ROW * len(chart.labels) if chart.kind == "ranges" else HEIGHT
            figure = Figure(figsize=(WIDTH, tall), layout="constrained")
            axes = figure.subplots()
            _draw(chart, axes)
            for kind in KINDS:
                path = os.path.join(folder, f"{chart.key}.{kind}")
                _save(figure, path, kind)
                paths.append(path)
    return paths


def _draw(chart: Chart, axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title(_plain(chart.title), loc="left", fontsize=10, fontweight="bold")
    axes.set_xlabel(_plain(chart.x.title))
    {"lines": _lines, "areas": _areas, "columns": _columns, "points": _points, "ranges": _ranges}[chart.kind](chart, axes)
    axes.set_xlim(chart.x.low, chart.x.high)
    axes.set_xticks([at for at, _ in chart.x.ticks], [_plain(label) for _, label in chart.x.ticks])
    if chart.kind != "ranges":
        axes.set_ylim(chart.y.low, chart.y.high)
        axes.set_yticks([at for at, _ in chart.y.ticks], [_plain(label) for _, label in chart.y.ticks])
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    if len(chart.series) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _lines(chart: Chart, axes: Axes) -> None:
    if chart.y.low < 0 < chart.y.high:
        axes.axhline(0, color="#333333", linewidth=0.8)
    for i, one in enumerate(chart.series):
        color = COLORS[one.color]
        mark = "o" if len(one.ys) == 1 else None
        axes.plot(chart.xs, _numbers(one.ys), color=color, linestyle=DASHES[i % len(DASHES)], marker=mark, label=_plain(one.name))
        if one.lows:
            axes.fill_between(chart.xs, _numbers(one.lows), _numbers(one.highs), color=color, alpha=0.2, linewidth=0)


def _areas(chart: Chart, axes: Axes) -> None:
    layers = [[y or 0.0 for y in one.ys] for one in chart.series]
    colors, names = [COLORS[one.color] for one in chart.series], [_plain(one.name) for one in chart.series]
    if len(chart.xs) > 1:
        axes.stackplot(chart.xs, layers, colors=colors, labels=names, edgecolor="white", linewidth=0.4)
        return
    base = 0.0
    for layer, color, name in zip(layers, colors, names, strict=True):
        axes.bar([(chart.x.low + chart.x.high) / 2], layer, chart.x.high - chart.x.low, bottom=base, color=color, label=name)
        base += layer[0]


def _columns(chart: Chart, axes: Axes) -> None:
    for one in chart.series:
        axes.bar([x + 0.5 for x in chart.xs], _numbers(one.ys), 0.9, color=COLORS[one.color])


def _points(chart: Chart, axes: Axes) -> None:
    low, high = max(chart.x.low, chart.y.low), min(chart.x.high, chart.y.high)
    axes.plot([low, high], [low, high], color="#888888", linestyle="--", linewidth=0.8)
    axes.set_ylabel(_plain(chart.y.title))
    for one in chart.series:
        axes.errorbar(chart.xs, _numbers(one.ys), yerr=_whiskers(one), fmt="o", color=COLORS[one.color])


def _ranges(chart: Chart, axes: Axes) -> None:
    one = chart.series[0]
    for i, name in enumerate(chart.labels):
        color = COLORS[one.colors[i] if one.colors else one.color]
        low, high, value = one.lows[i], one.highs[i], one.ys[i]
        if low is not None and high is not None:
            axes.plot([low, high], [i, i], color=color, linewidth=4, alpha=0.45)
        if value is not None:
            axes.plot([value], [i], "o", color=color, label=_plain(name))
    axes.set_yticks(range(len(chart.labels)), [_plain(name) for name in chart.labels])
    axes.invert_yaxis()


def _whiskers(one: Series) -> list[list[float]]:
    """How far each interval goes below and above its point; nothing where it is not known."""
    below, above = [], []
    for y, low, high in zip(one.ys, one.lows, one.highs, strict=True):
        known = y is not None and low is not None and high is not None
        below.append(y - low if known else 0.0)  # type: ignore[operator]
        above.append(high - y if known else 0.0)  # type: ignore[operator]
    return [below, above]


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else float(value) for value in values]


def _plain(text: str) -> str:
    """Text as matplotlib shall draw it: a dollar sign would begin a formula, and its font lacks narrow spaces."""
    return text.replace("$", r"\$").replace("\u202f", " ")


def _save(figure: Any, path: str, kind: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as f:
        figure.savefig(f, format=kind, dpi=DPI, metadata={"Date": None} if kind == "svg" else {"Software": None})
