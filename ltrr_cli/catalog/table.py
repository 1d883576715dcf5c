"""CSV and TSV: a header row names the fields, every further row is a record."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog.parse import LIMIT, RecordError, parse, too_large
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
    if len(first) > LIMIT:
        raise FileError("header", f"the header row can't be read: {too_large()}", 1)
    delimiter = "\t" if tabs else max(",;\t|", key=first.decode(errors="replace").count)
    csv.field_size_limit(LIMIT)
    text = _Text(chain([first], lines))
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    header = _header(reader)
    while True:
        line, text.size = reader.line_num + 1, 0
        try:
            row = next(reader, None)
            if row is None:
                return
            if text.size > LIMIT:
                yield line, too_large()
            elif row:
                yield line, _record(header, row)
        except csv.Error as e:
            yield line, RecordError("row", f"broken row: {e}")
        except RecordError as e:
            yield line, e


class _Text:
    """Lines as text, as many as a row may have."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self.size = lines, 0  # bytes of the row that is being read

    def __iter__(self) -> _Text:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.size += len(line)
        if self.size > 2 * LIMIT:
            raise FileError("too large", f"a row has no end: {too_large()}")
        return line.decode(errors="surrogateescape")


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [_checked(name.strip()) or f"column {i}" for i, name in enumerate(next(reader, []), 1)]
    except (csv.Error, RecordError) as e:
        raise FileError("header", f"the header row can't be read: {e}", 1) from None
    if not header:
        raise FileError("header", "the header row is empty", 1)
    ((name, times),) = Counter(header).most_common(1)
    if times > 1:
        raise FileError("header", f"the header names {name!r} twice", 1)
    return header


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
