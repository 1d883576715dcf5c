"""Tables and progress for people."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ltrr_cli.cli.fold import cells, fold
from ltrr_cli.cli.render import clean, number
from ltrr_cli.cli.snippet import marks, snippet, sought

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from rich.console import JustifyMethod

    from ltrr_cli.records import Page

    Progress = Callable[[str, int, int | None], None]  # what is being done, how much of it, of how much

WIDE = 10_000
SIGNS = dict.fromkeys(map(ord, ".+-%* "))  # what a number may have beside its digits
GAP = 2  # cells between two columns
ROOM = 30  # cells that a text gets at least, if it is so long
NUMBERS = 18  # cells of a rank, a score and what is between columns


def print_table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their names; numbers stand to the right.

    Where the terminal is too narrow, the columns go below each other in several tables, each with what tells its rows apart; and
    where not even one goes beside that, each row becomes a few lines.
    """
    columns = [_Column(name, values) for name, values in zip(names, _turned(rows), strict=False)]
    console = _console()
    keys = columns if _needs(columns) <= console.width else _keys(columns)
    others = [column for column in columns if column not in keys]
    if others and max(_needs([*keys, column]) for column in others) > console.width:
        _print_lines(keys, others, console)
        return
    for part in _parts(columns, keys, console.width):
        table = Table(box=None, pad_edge=False, header_style="dim")
        slack = console.width - _needs(part)
        for column in part:
            width = min(column.most, column.least + max(0, slack))
            slack -= width - column.least
            table.add_column(column.name, justify="right" if column.numeric else "left", overflow="fold", width=width)
        for row in zip(*(column.values for column in part), strict=True):
            table.add_row(*map(Text, row))
        console.print(table)


def _print_lines(keys: Sequence[_Column], others: Sequence[_Column], console: Console) -> None:
    for row in range(len(others[0].values)):
        told = ", ".join(f"{column.name} {column.values[row]}" for column in others if column.values[row])
        for text in (" ".join(column.values[row] for column in keys), f"  {told}"):
            for line in fold(text, console.width):
                console.print(Text(line))


class _Column:
    """A name over cleaned values, and how wide it is at most and has to be at least."""

    def __init__(self, name: str, values: Sequence[str]) -> None:
        self.name, self.values = name, values
        self.numeric = all(value.translate(SIGNS).isdigit() for value in values if value)
        longest = max(map(cells, values))
        words = max(cells(word) for text in (name, *(() if self.numeric else values)) for word in text.split(" "))
        self.most, self.least = max(cells(name), longest), max(words, longest) if self.numeric else min(words, ROOM)


def _turned(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    return [list(column) for column in zip(*([clean(value) for value in row] for row in rows), strict=True)]


def _needs(columns: Sequence[_Column]) -> int:
    return sum(column.least + GAP for column in columns) - GAP


def _keys(columns: Sequence[_Column]) -> list[_Column]:
    """The first columns that tell all rows apart, but for those that tell nothing apart; none, if no columns do."""
    keys, told = list[_Column](), 1
    for column in columns:
        if told == len(column.values):
            return keys
        apart = len(set(zip(*(one.values for one in (*keys, column)), strict=True)))
        if apart > told:
            keys, told = [*keys, column], apart
    return []


def _parts(columns: Sequence[_Column], keys: Sequence[_Column], width: int) -> Iterator[Sequence[_Column]]:
    """Yield columns that fit in *width* together; the *keys* come again in each part."""
    shown = list(keys)
    for column in columns:
        if column not in keys:
            if len(shown) > len(keys) and _needs([*shown, column]) > width:
                yield [one for one in columns if one in shown]
                shown = list(keys)
            shown.append(column)
    if shown:
        yield [one for one in columns if one in shown]


def print_page(page: Page) -> None:
    """Print results; on a terminal with the words that were found marked, and a line of the record that has them."""
    if not page.results:
        return
    console, wanted = _console(), sought(page.query)
    ids, titles = (
        max(cells(f"{clean(r.type)}{clean(r.id)}") for r in page.results),
        max(cells(clean(r.title)) for r in page.results),
    )
    beside = ids + min(titles, ROOM) + NUMBERS <= console.width  # else they go below the title
    table = Table(box=None, pad_edge=False, header_style="dim")
    heads = (("", "right"), ("title", "left"), ("type", "left"), ("score", "right"), ("id", "left"))
    for name, justify in heads if beside else heads[:2]:
        table.add_column(name, justify=cast("JustifyMethod", justify), overflow="fold", no_wrap=name != "title")
    for r in page.results:
        title = Text(clean(r.title))
        if console.is_terminal:
            title = _marked(clean(r.title), wanted, "")
            if found := snippet(r.entity, r.title, wanted):
                title.append("\n").append(_marked(found, wanted, "dim"))
        more = (Text(clean(r.type)), number(r.score), Text(clean(r.id)))
        if not beside:
            title.append(f"\n{clean(r.type)}  {number(r.score)}  {clean(r.id)}", "dim")
        table.add_row(str(r.rank), title, *(more if beside else ()))
    console.print(table)


def print_facets(facets: Mapping[str, Mapping[str, int]]) -> None:
    """Print a line a field: its values with how many entities have them."""
    console = _console()
    for field, counts in facets.items():
        values = ", ".join(f"{clean(value)} {n}" for value, n in counts.items()) or "no values"
        console.print(Text(f"{clean(field)}: {values}", style="dim" if console.is_terminal else ""))


def _marked(text: str, wanted: Collection[str], style: str) -> Text:
    marked = Text(text, style=style)
    for start, end in marks(text, wanted):
        marked.stylize("bold", start, end)
    return marked


def _console() -> Console:
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:  # asked for in a pipe: no line is folded there
        console.width = WIDE
    return console


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Yield a function that moves a progress bar on stderr, with the time gone and, where the end is known, still to go.

    Yields None where stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = BarColumn(bar_width=max(4, min(40, console.width - 44)))
    clocks = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(compact=True))
    with Progress(TextColumn("{task.description}"), bar, MofNCompleteColumn(), *clocks, console=console, transient=True) as bars:
        tasks = {}

        def move(what: str, done: int, of: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, total=of)

        yield move
