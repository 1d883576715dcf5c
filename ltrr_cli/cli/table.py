"""Tables and progress for people."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ltrr_cli.cli.render import clean, number
from ltrr_cli.cli.snippet import marks, snippet, sought

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from rich.console import JustifyMethod

    from ltrr_cli.records import Page

    Progress = Callable[[str, int, int | None], None]  # what is being done, how much of it, of how much

WIDE = 10_000


def print_table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their names; numbers stand to the right."""
    filled = [[clean(value) for value in row] for row in rows]
    if not filled:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, column in zip(names, zip(*filled, strict=True), strict=True):
        numeric = all(value.replace(".", "").replace("-", "").isdigit() for value in column if value)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in filled:
        table.add_row(*map(Text, row))
    _console().print(table)


def print_page(page: Page) -> None:
    """Print results; on a terminal with the words that were found marked, and a line of the record that has them."""
    if not page.results:
        return
    console, wanted = _console(), sought(page.query)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, justify in (("", "right"), ("title", "left"), ("type", "left"), ("score", "right"), ("id", "left")):
        table.add_column(name, justify=cast("JustifyMethod", justify), overflow="fold")
    for r in page.results:
        title = Text(clean(r.title))
        if console.is_terminal:
            title = _marked(clean(r.title), wanted, "")
            if found := snippet(r.entity, r.title, wanted):
                title.append("\n").append(_marked(found, wanted, "dim"))
        table.add_row(str(r.rank), title, Text(clean(r.type)), number(r.score), Text(clean(r.id)))
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
def progress(remaining: bool = False) -> Iterator[Progress | None]:
    """Yield a function that moves a progress bar on stderr; None where stderr is no terminal.

    *remaining*: show the time still to go, for what goes on evenly, in place of the time gone.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    clock = TimeRemainingColumn() if remaining else TimeElapsedColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), clock)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def move(what: str, done: int, of: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, total=of)

        yield move
