"""Files of every format become records, each with the file and the line that it came from."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.catalog.names import ROLES, plain
from ltrr_cli.catalog.parse import LIMIT, RecordError, parse
from ltrr_cli.catalog.sources import BLOCK, DOCUMENT, LINES, STDIN, TABLE, FileError, blocks, files, format_of
from ltrr_cli.catalog.split import WINDOW, Splitter, cuts
from ltrr_cli.catalog.table import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.catalog.report import Report

WRAPPED = 4  # objects within objects that a list of records may lie in
_LIST_OF_OBJECTS = re.compile(rb"\[\s*\{")


class Raw(NamedTuple):
    """A record as it came."""

    source: str
    line: int  # its first line, from 1
    record: dict[str, Any]
    under: str = ""  # the top-level key it stood under


def records(sources: Sequence[str], report: Report) -> Iterator[Raw]:
    """Yield the records of files, of folders and of the standard input ("-"), holding about one block of them at a time.

    What can't be read goes to *report*; CatalogError only if a source does not exist or is no catalog at all.
    """
    for path in files(sources, report):
        source, line = "standard input" if path == STDIN else path, 0
        try:
            for line, value, under in _read(path, report):
                report.read += 1
                if isinstance(value, dict):
                    yield Raw(source, line, value, under)
                elif isinstance(value, RecordError):
                    report.lose(source, line, "", value.kind, str(value))
                else:
                    report.lose(source, line, "", "not an object", f"a record is an object, this is {_article(value)}")
            if not line:
                report.stop(source, 0, "empty", "there is no record in it")
        except FileError as e:
            report.stop(source, e.line or line, e.kind, f"{e}; the rest was not read")


def _read(path: str, report: Report) -> Iterator[tuple[int, Any, str]]:
    data = _counted(blocks(path), report)
    form = format_of(path)
    if not form or form == DOCUMENT:
        head = next(data, b"")
        data = chain([head], data)
        if head.lstrip()[:1] not in (b"{", b"["):
            form = form or TABLE
    if form == TABLE:
        for line, value in rows(_split_lines(data), path.lower().removesuffix(".gz").endswith(".tsv")):
            yield line, value, ""
    elif form == LINES:
        yield from _lines(data)
    else:
        yield from _document(data)


def _counted(data: Iterator[bytes], report: Report) -> Iterator[bytes]:
    for block in data:
        report.bytes += len(block)
        yield block


def _split_lines(data: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines with their ends; of a line over the limit only as much as shows that it is."""
    rest = b""
    for block in data:
        lines = (rest + block).splitlines(keepends=True)
        rest = lines.pop()[: LIMIT + 1] if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
    if rest:
        yield rest


def _lines(data: Iterator[bytes], first: int = 1) -> Iterator[tuple[int, Any, str]]:
    for number, line in enumerate(_split_lines(data), first):
        if line.isspace():
            continue
        try:
            yield number, parse(line), ""
        except RecordError as e:
            yield number, e, ""


def _document(data: Iterator[bytes]) -> Iterator[tuple[int, Any, str]]:
    """Read a list of records, an object that wraps such lists, one record, or records one after another."""
    splitter = Splitter(data)
    head = splitter.look(BLOCK)
    if head.startswith(b"["):
        splitter.skip(1)
        yield from ((line, value, "") for line, value in splitter.values(listed=True))
    elif head.startswith(b"{"):
        ends = cuts(head, listed=False)[:1]
        first = head[: int(ends[0]) + 1] if len(ends) else b""
        if first and head[len(first) :].strip() and b"\n" not in first:
            yield from _lines(splitter.left(), splitter.line)
        elif first and (head[len(first) :].strip() or _is_record(first)):
            yield from ((line, value, "") for line, value in splitter.values(listed=False))
        else:
            yield from _wrapped(splitter)
    elif head:
        raise splitter.unreadable("broken", "neither a list nor an object")
    if splitter.look():
        raise splitter.unreadable("broken", "more text after the end of the document")


def _is_record(text: bytes) -> bool:
    """Tell a single record from an object that wraps lists of them: a record has a name of its own."""
    try:
        whole = parse(text)
    except RecordError:
        return False
    lists = list(_lists(whole))
    roles = {ROLES.get(plain(key), ("", 0))[0] for key, v in whole.items() if isinstance(v, (str, int))}
    return not lists or ("id" in roles and ("title" in roles or not any(lists)))


def _lists(whole: dict[str, Any], depth: int = 1) -> Iterator[list[Any]]:
    for value in whole.values():
        if isinstance(value, list) and (not value or isinstance(value[0], dict)):
            yield value
        elif isinstance(value, dict) and depth < WRAPPED:
            yield from (inner for inner in _lists(value, depth + 1) if inner)


def _wrapped(splitter: Splitter) -> Iterator[tuple[int, Any, str]]:
    """Read the records of every list of objects under a key, as in `{"data": {"recipes": [{...}]}}`."""
    found = False
    for record in _inside(splitter, 1):
        found = True
        if record is not None:
            yield record
    if not found:
        raise splitter.unreadable("empty", "no list of records under any of its keys")


def _inside(splitter: Splitter, depth: int) -> Iterator[tuple[int, Any, str] | None]:
    """Yield None for each list of objects, and then its records."""
    for key in splitter.members():
        ahead = splitter.look(WINDOW)
        if _LIST_OF_OBJECTS.match(ahead):
            yield None
            splitter.skip(1)
            yield from ((line, value, key) for line, value in splitter.values(listed=True))
            splitter.taken = True
        elif ahead.startswith(b"{") and depth < WRAPPED:
            yield from _inside(splitter, depth + 1)
            splitter.taken = True


def _article(value: Any) -> str:
    names = {str: "a text", list: "a list", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
