"""CSV and TSV: a header row names the fields, every further row is a record."""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog.parse import LIMIT, RecordError, parse
from ltrr_cli.catalog.sources import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
_MAYBE = frozenset("-0123456789[{")


def rows(lines: Iterator[bytes], tabs: bool) -> Iterator[tuple[int, Any]]:
    """Yield each row's line and its record, or RecordError; an empty cell is no field.

    >>> for row in rows(iter([b"id;name\\n", b'7;"Love; Hate"\\n']), False): print(row)
    (2, {'id': 7, 'name': 'Love; Hate'})
    """
    first = next(lines, b"")
    delimiter = "\t" if tabs else max(",;\t|", key=first.decode(errors="replace").count)
    csv.field_size_limit(LIMIT)
    text = (line.decode(errors="surrogateescape") for line in chain([first], lines))
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        header = [_checked(name.strip()) or f"column {i}" for i, name in enumerate(next(reader, []), 1)]
    except (csv.Error, RecordError) as e:
        raise FileError("header", f"the header row can't be read: {e}", 1) from None
    twice = [name for name in header if header.count(name) > 1]
    if twice or not header:
        raise FileError("header", f"the header names {twice[0]!r} twice" if twice else "the header row is empty", 1)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
            if row is None:
                return
            if row:
                yield line, _record(header, row)
        except csv.Error as e:
            yield line, RecordError("row", f"broken row: {e}")
        except RecordError as e:
            yield line, e


def _record(header: list[str], row: list[str]) -> dict[str, Any]:
    if len(row) != len(header):
        raise RecordError("row", f"{len(row)} cells, the header has {len(header)}")
    return {name: value(cell) for name, cell in zip(header, row, strict=True) if cell}


def value(cell: str) -> Any:
    """Return a cell as the number, list or object that it is written as; else as text.

    A number that would not be written the same way stays text: it may be a code.

    >>> [value(cell) for cell in ("7", "0.5", "007", "1.50", '["pop", "rock"]', "[sic]")]
    [7, 0.5, '007', '1.50', ['pop', 'rock'], '[sic]']
    """
    if cell[0] not in _MAYBE:
        return cell if cell.isascii() else _checked(cell)
    if _PLAIN.fullmatch(cell):
        number = float(cell) if "." in cell else int(cell)
        return number if str(number) == cell else cell
    if cell[0] in "[{" and cell[-1] in "]}":
        try:
            return parse(_checked(cell).encode())
        except RecordError as e:
            if e.kind == "too deep":
                raise
    return _checked(cell)


def _checked(cell: str) -> str:
    try:
        cell.encode()
    except UnicodeEncodeError:
        raise RecordError("encoding", "not UTF-8") from None
    return cell
