"""Tables and progress for people; the only place that knows rich."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ltrr_cli.cli.render import clean, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ltrr_cli.records import Page, Result

    Progress = Callable[[str, int, int | None], None]  # what is being done, how much of it, of how much


def write_page(page: Page, explained: bool = False) -> None:
    """Print a page of results; *explained* adds a line on every arm that found it and what made its score."""
    console = Console(highlight=False, emoji=False)
    if explained:
        console.print(Text("\n".join(_plan(page))), soft_wrap=True)
    if explained or not console.is_terminal:
        for result in page.results:
            _print_result(console, result, explained)
    else:
        write_table(
            ("", "title", "type", "score", "id"), [(r.rank, r.title, r.type, number(r.score), r.id) for r in page.results]
        )


def write_table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their names; numbers stand to the right."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    filled = [[clean(value) for value in row] for row in rows]
    for i, name in enumerate(names):
        numeric = all(row[i].replace(".", "").replace("-", "").replace("%", "").isdigit() for row in filled if row[i])
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in filled:
        table.add_row(*map(Text, row))
    Console(highlight=False, emoji=False).print(table)


def _print_result(console: Console, result: Result, explained: bool) -> None:
    line = Text(f"{result.rank:>3}  ").append(clean(result.title), "bold")
    line.append(f"  {clean(result.type)}  {number(result.score)}  {clean(result.id)}", "dim")
    console.print(line, soft_wrap=True)
    if explained:
        found = ", ".join(f"{arm} (rank {rank}, score {number(score)})" for arm, (rank, score) in result.arms.items())
        why = " ".join(f"{name} {value:+.3f}" for name, value in sorted(result.why.items(), key=lambda x: -abs(x[1])) if value)
        console.print(Text(f"     found by {found}\n     score {number(result.score)} = {why}", "dim"), soft_wrap=True)


def _plan(page: Page) -> list[str]:
    choice, understood = page.choice, page.query
    readings = ", ".join(f"{c.typed} -> {c.word} ({c.likelihood:.2f})" for c in understood.corrections)
    plan = ", ".join(f"{arm} {n}" for arm, n in choice.plan.draws)
    way = "exploring" if choice.explored else "the best known"
    return [
        *([f"read as   {readings}"] if readings else []),
        f"drawn     {plan} of {page.budget}; {page.total} candidates",
        f"chosen by {choice.policy}, {way}, with probability {choice.propensity:.3f} from {len(choice.menu)} plans",
    ]


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
