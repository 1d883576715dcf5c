"""Where does one record of a JSON document end? Found without parsing and without holding the document.

The few bytes that matter ({ } [ ] , and ") are picked out of a block with numpy; a running sum over them says how deep
inside lists and objects each one stands. Cuts at the outermost level separate the records.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from ltrr_cli.catalog.parse import LIMIT, RecordError, parse, too_large
from ltrr_cli.catalog.sources import BLOCK, FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

QUOTE, COMMA = ord('"'), ord(",")
WINDOW = 1 << 16  # bytes looked at where something short is expected
KEYS = 10_000  # keys without records under them, of an object that wraps records; one with more is something else
RESTARTS = 100  # broken records in a file whose end had to be guessed; a file with more is not worth the time

_MATTERS = np.isin(np.arange(256), list(b'{}[],"'))
_STEP = np.isin(np.arange(256), list(b"{[")).astype(np.int8) - np.isin(np.arange(256), list(b"}]"))
_KEY = re.compile(rb'\s*("(?:[^"\\]|\\.)*")\s*:\s*', re.DOTALL)


def cuts(text: bytes, listed: bool) -> NDArray[np.intp]:
    """Return the positions that end a value of the outermost level.

    In a list (*listed*, its bracket already passed) they are the commas and the closing bracket; in a plain sequence of
    objects, the last byte of each.

    >>> cuts(b'{"a": [1, 2]}, "b,]"] x', True).tolist()
    [13, 20]
    >>> cuts(b'{"a": {}} {"b": "}"}', False).tolist()
    [8, 19]
    """
    if b"\\" in text:  # an escaped quote ends no string
        text = text.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    flat = np.frombuffer(text, np.uint8)
    at = np.flatnonzero(_MATTERS[flat])
    kind = flat[at]
    outside = (np.cumsum(kind == QUOTE, dtype=np.int32) & 1) == 0
    step = _STEP[kind] * outside
    depth = np.cumsum(step, dtype=np.int32)
    if not listed:
        found: NDArray[np.intp] = at[(step < 0) & (depth <= 0)]
        return found
    found = at[(outside & (kind == COMMA) & (depth == 0)) | ((step < 0) & (depth < 0))]
    ends = at[depth < 0]
    return found[: int(np.searchsorted(found, ends[0])) + 1] if len(ends) else found


class Splitter:
    """Reads a JSON document record by record; `line` is the line that it has come to."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = (block[at : at + WINDOW] for block in blocks for at in range(0, len(block), WINDOW))
        self._text = b""  # what is read and not yet used
        self._ended = False
        self._failed: FileError | None = None  # why it ended early
        self.line = 1
        self._unread = 0  # keys whose values were skipped
        self.taken = False  # set by a caller of `members` that has read the value itself

    def look(self, size: int = 1) -> bytes:
        """Skip white space; return what follows, *size* bytes or more unless the document is shorter."""
        while True:
            self._fill(size)
            self.skip(len(self._text) - len(self._text.lstrip()))
            if self._ended or len(self._text) >= size:
                return self._text

    def skip(self, size: int) -> None:
        """Go past *size* bytes of those looked at."""
        self.line += self._text.count(b"\n", 0, size)
        self._text = self._text[size:]

    def left(self) -> Iterator[bytes]:
        """Hand over what is not used yet."""
        text, self._text = self._text, b""
        yield text
        yield from self._blocks

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that begins here, the caller being at its value; a value left unread is skipped.

        A caller that reads the value must read all of it, and set `taken`.
        """
        self.skip(1)
        while not self.look().startswith(b"}"):
            key = _KEY.match(self.look(WINDOW)) or _KEY.match(self.look(BLOCK))
            if not key:
                raise self.unreadable("broken", "broken JSON: no key where one should be")
            try:
                name = str(parse(key[1]))
            except RecordError as e:
                raise self.unreadable(e.kind, f"a key can't be read: {e}") from None
            self.skip(key.end())
            self.taken = False
            yield name
            if not self.taken:
                self.skip(self._first_cut())
                self._unread += 1
                if self._unread > KEYS:
                    raise self.unreadable("too large", f"more than {KEYS} keys without records under them")
            if self.look().startswith(b","):
                self.skip(1)
        self.skip(1)

    def values(self, listed: bool) -> Iterator[tuple[int, Any]]:
        """Yield each value of a list (after its bracket) or of a sequence with its line; a RecordError in place of a bad one.

        If what is broken hides where its record ends, the next line that begins as the first record's does is taken for
        the next record. Without such a line the rest is FileError.
        """
        size, restarts, marker = BLOCK, 0, b""
        while True:
            self._fill(size)
            text, start, again = self._text, 0, -1
            for cut in cuts(text, listed).tolist():
                item = text[start : cut if listed else cut + 1]
                lead = len(item) - len(item.lstrip())
                marker = marker or b"\n" + item[:lead].rpartition(b"\n")[2] + b"{"
                self.line += item.count(b"\n", 0, lead)
                closed = listed and text[cut] != COMMA
                if not (closed and lead == len(item)):  # an empty list, or a comma after the last record
                    try:
                        value = parse(item)
                    except RecordError as broken:
                        value, again = broken, item.find(marker, lead)
                    yield self.line, value
                if again >= 0:
                    self.line += item.count(b"\n", lead, again + 1)
                    start += again + 1
                    break
                self.line += item.count(b"\n", lead)
                start = cut + 1
                if closed:
                    self._text = text[start:]
                    return
            self._text = text[start:]
            size = BLOCK if start else min(2 * len(text), LIMIT + 1)
            if again < 0 and (self._ended or len(self._text) > LIMIT):
                if not (listed or self._failed or self._text.strip()):
                    return
                yield self._lost(marker)
                again = 0
            restarts += again >= 0
            if restarts > RESTARTS:
                raise self.unreadable("broken", f"more than {RESTARTS} records without an end")

    def _lost(self, marker: bytes) -> tuple[int, RecordError]:
        """Give up the record that begins here, which has no end, and go to the next."""
        text = self.look()
        again = text.find(marker, 1) if marker else -1
        if again < 0:
            raise self._no_end()
        line = self.line
        self.skip(again + 1)
        return line, RecordError("broken", "broken JSON: the record has no end")

    def _no_end(self) -> FileError:
        if self._ended:
            return self.unreadable("truncated", "the document ends in the middle")
        return self.unreadable("too large", str(too_large()))

    def unreadable(self, kind: str, message: str) -> FileError:
        """Say that the document can't be followed beyond this line."""
        error = self._failed or FileError(kind, message)
        error.line = self.line
        return error

    def _first_cut(self) -> int:
        size = 1 << 10
        while not len(found := cuts(self.look(size)[:size], True)[:1]):
            if size > LIMIT or (self._ended and size >= len(self._text)):
                raise self._no_end()
            size = min(2 * size, LIMIT + 1)
        return int(found[0])

    def _fill(self, size: int) -> None:
        parts, have = [self._text], len(self._text)
        while have < size and not self._ended:
            try:
                block = next(self._blocks)
            except StopIteration:
                self._ended = True
            except FileError as e:
                self._ended, self._failed = True, e
            else:
                parts.append(block)
                have += len(block)
        self._text = b"".join(parts) if len(parts) > 1 else self._text
