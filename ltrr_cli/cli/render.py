"""How answers look: one writer a format, all of them safe to print."""

from __future__ import annotations

import json
import os
import sys
from functools import cache

from ltrr_cli.errors import QueryError
from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO

    from ltrr_cli.records import Page

    Writer = Callable[[Page, str | None], None]  # a page and the query's id in a batch

# A title must not move the cursor, colour the screen or turn the reading direction: spaces for white space, a mark for the rest.
_RISKY = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
_CLEAN = {code: " " if chr(code).isspace() else "\ufffd" for code in _RISKY}
_ESCAPED = {code: f"\\u{code:04x}" for code in _RISKY if code >= 0x20}  # JSON escapes those below by itself


def clean(text: object) -> str:
    """Return *text* on one line, without control characters.

    >>> clean("Love\\tStory\\x1b[31m")
    'Love Story�[31m'
    """
    return str(text).translate(_CLEAN)


def to_json(value: Any) -> str:
    """Return *value* as JSON on one line, readable and harmless on a terminal.

    >>> print(to_json({"title": "Café \\x9b31m"}))
    {"title": "Café \\u009b31m"}
    """
    text = json.dumps(value, ensure_ascii=False)
    if text.isascii():
        return text.replace("\x7f", "\\u007f")
    return text.translate(_ESCAPED) if _risky().search(text) else text  # looking is ten times faster than translating


@cache
def _risky() -> re.Pattern[str]:
    import re

    return re.compile(f"[{''.join(map(chr, _ESCAPED))}]")


def write_line(*fields: object) -> None:
    """Write one line of tab-separated fields."""
    sys.stdout.write("\t".join(map(clean, fields)) + "\n")


def write_text(text: str, out: TextIO | None = None) -> None:
    """Write lines of text, to stdout unless *out* says otherwise; on a terminal they are folded between words."""
    out = sys.stdout if out is None else out
    lines = text.split("\n")
    if out.isatty():
        from ltrr_cli.cli.fold import fold

        lines = [part for line in lines for part in fold(line, _columns(out))]
    out.write("\n".join(lines))


def _columns(out: TextIO) -> int:
    from contextlib import suppress

    with suppress(OSError, ValueError):
        return int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(out.fileno()).columns or 80
    return 80


def number(value: float | None) -> str:
    """Return a number with four significant digits, as tables and lines show it.

    >>> [number(0.123456), number(12345.6), number(40), number(None)]
    ['0.1235', '12346', '40', '']
    """
    if value is None:
        return ""
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def write_json(page: Page, qid: str | None, explained: bool = False) -> None:
    answer = page.to_dict() if qid is None else {"qid": qid, **page.to_dict()}
    if explained:
        answer["explain"] = explanation(page)
    sys.stdout.write(to_json(answer) + "\n")


def write_tsv(page: Page, qid: str | None) -> None:
    for result in page.results:
        write_line(result.rank, result.id, result.type, result.title, number(result.score))


def write_ids(page: Page, qid: str | None) -> None:
    for result in page.results:
        write_line(result.id)


def write_trec(page: Page, qid: str | None) -> None:
    """Fields are separated by white space there, so an id or query id that has some gets `_` for it."""
    query = "_".join(clean(qid or "1").split())
    for r in page.results:
        sys.stdout.write(f"{query} Q0 {'_'.join(clean(r.id).split())} {r.rank} {r.score:.6f} ltrr\n")


def explanation(page: Page) -> dict[str, Any]:
    """Return how the page came about, as `--explain --json` prints it beside the plan and the arms."""
    choice = page.choice
    return {
        "menu": [{"draws": dict(p.draws), "probability": q} for p, q in zip(choice.menu, choice.probabilities, strict=True)],
        "seed": choice.seed,
        "version": choice.version,
        "generation": page.generation,
        "contributions": {result.id: result.why for result in page.results},
    }


def write_story(page: Page, qid: str | None) -> None:
    from ltrr_cli.cli.story import of_page

    write_text(of_page(page))


def write_table(page: Page, qid: str | None) -> None:
    from ltrr_cli.cli.table import print_facets, print_page

    print_page(page)
    print_facets(page.facets)


FORMATS = ("table", "json", "tsv", "ids", "trec")


def writer(name: str | None, as_json: bool, *, explained: bool = False, batch: bool = False) -> Writer:
    """Return the function that prints a page in the format asked for, or in the one that fits where stdout goes."""
    if as_json and name not in (None, "json"):
        raise QueryError(f"--json and --format {name} are two formats", hint="give one of them")
    if as_json or name == "json" or (name is None and batch):
        return lambda page, qid: write_json(page, qid, explained)
    if explained and name in (None, "table"):
        return write_story
    if name == "table" or (name is None and sys.stdout.isatty()):
        return write_table
    if explained:
        raise QueryError(f"--explain does not fit --format {name}", hint="use --format table or --json")
    return {"tsv": write_tsv, "ids": write_ids, "trec": write_trec}[name or "tsv"]


def write_rows(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as a table on a terminal, else as tab-separated lines without a heading."""
    if sys.stdout.isatty():
        from ltrr_cli.cli.table import print_table

        print_table(names, rows)
    else:
        for row in rows:
            write_line(*row)
