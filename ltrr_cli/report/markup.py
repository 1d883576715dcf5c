"""Pieces of HTML in which any text is safe: a title that holds tags, a query that turns the reading direction."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.report.plots import svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ltrr_cli.report.charts import Chart

HARMLESS = "\u200c\u200d\u202f\xa0"  # joiners that some scripts and emoji need, spaces that don't break
LONGEST = 160  # characters shown of a text from the log
WIDE, HALF, NARROW = (1080, 300), (540, 250), (360, 250)  # the sizes that a plot is drawn in


class Column(NamedTuple):
    """How a table shows one column."""

    name: str
    text: bool = False  # at the left, may be folded
    tip: str = ""


def shown(text: object) -> str:
    """Return *text* as HTML, on one line, without what could act on a page or its reading direction.

    >>> shown("<b>Love\\t& \\x1b[31m\\u202e")
    '&lt;b&gt;Love &amp; \ufffd[31m\ufffd'
    """
    whole = str(text)
    cut = whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
    return escape(
        "".join(c if c.isprintable() or c in HARMLESS else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in cut)
    )


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], note: str = "") -> str:
    """Return a table that scrolls by itself where it is too wide; the first column names the row, `Raw` cells are HTML."""
    head = "".join(
        f'<th scope="col"{_class(c)}{f" title={chr(34)}{shown(c.tip)}{chr(34)}" if c.tip else ""}>{shown(c.name)}</th>'
        for c in columns
    )
    body = "".join(f"<tr>{''.join(_cell(i, cell, columns[i]) for i, cell in enumerate(row))}</tr>" for row in rows)
    told = f'<p class="note">{shown_long(note)}</p>' if note else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{shown(caption)}"><table><caption>{shown(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{told}"
    )


class Raw(str):
    """A cell that is HTML already."""


def heat(share: float, text: str) -> Raw:
    """Return a cell as dark as *share*, 0..1, is large."""
    return Raw(f'<td class="heat" style="background:rgb(78 121 167/{min(0.85, max(0.0, share)):.2f})">{shown(text)}</td>')


def figure(chart: Chart, half: bool = False) -> str:
    """Return *chart* with its heading, its legend, what it says, and its numbers to unfold."""
    legend = "".join(f'<li><i class="b{one.color}"></i>{shown(one.name)}</li>' for one in chart.series)
    key = f'<ul class="key">{legend}</ul>' if len(chart.series) > 1 else ""
    wide = svg(chart, *(HALF if half else WIDE)).replace("<svg ", '<svg class="wide" ', 1)
    narrow = svg(chart, *NARROW, narrow=True, id="-n").replace("<svg ", '<svg class="narrow" ', 1)
    return (
        f'<figure id="{shown(chart.key)}"><figcaption><h3>{shown(chart.title)}</h3><p>{shown_long(chart.says)}</p></figcaption>'
        f"{key}{wide}{narrow}{_numbers(chart)}</figure>"
    )


def two(charts: Iterable[Chart | None]) -> str:
    """Return charts side by side, where there is room."""
    inside = "".join(figure(chart, half=True) for chart in charts if chart is not None)
    return f'<div class="two">{inside}</div>' if inside else ""


def beside(tables: Iterable[str]) -> str:
    """Return tables side by side, where there is room."""
    inside = "".join(f"<div>{one}</div>" for one in tables)
    return f'<div class="two">{inside}</div>' if inside else ""


def shown_long(text: str) -> str:
    """Return a sentence of our own as HTML, however long."""
    return " ".join(shown(word) for word in text.split(" "))


def _numbers(chart: Chart) -> str:
    if not chart.labels or chart.kind == "ranges":
        return ""
    columns = [Column(chart.x.title.partition(",")[0] or "x", True), *(Column(one.name) for one in chart.series)]
    rows = ([chart.labels[i], *(chart.shown(one.ys[i]) for one in chart.series)] for i in range(len(chart.labels)))
    return f"<details><summary>Numbers</summary>{table(chart.title, columns, rows)}</details>"


def _cell(i: int, cell: object, column: Column) -> str:
    if isinstance(cell, Raw):
        return cell
    tag = 'th scope="row"' if i == 0 else "td"
    inside = f"<bdi>{shown(cell)}</bdi>" if column.text else shown(cell)
    return f"<{tag}{_class(column)}>{inside}</{tag.partition(' ')[0]}>"


def _class(column: Column) -> str:
    return ' class="left wrap"' if column.text else ""
