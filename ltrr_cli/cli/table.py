"""Tables and progress for people; the only place that knows rich."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ltrr_cli.cli.render import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:  # asked for in a pipe: no line is folded there
        console.width = WIDE
    console.print(table)


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Yield a function that moves a progress bar on stderr; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def move(what: str, done: int, of: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, total=of)

        yield move
