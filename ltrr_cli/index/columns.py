"""What is known of each row without a search: its record, id, type, title, quality and date, in flat files mapped from disk.

records.jsonl  a row a line: id, type and title as JSON, then the record as it came, parted by tabs
records.at     where the first row's line begins and where each one ends, 8 bytes each
said.jsonl     a row a line: what its record says of it that leads to others, see `Said`
said.at        the same for these lines
types.u16      number of the row's type in the generation's list of types
quality.f32    0 to 1: how popular an entity is, or how often others refer to it
born.u32       the day it appeared, counted from the year 1; 0 if not known
dead           one byte a row: 1 if it was deleted
"""

from __future__ import annotations

import json
import mmap
import os
from array import array
from functools import cached_property, lru_cache

from ltrr_cli.errors import WorkspaceError
from ltrr_cli.index.facts import whole, words_of
from ltrr_cli.index.generation import readable
from ltrr_cli.light import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from ltrr_cli.index.base import Allowed
    from ltrr_cli.records import Entity

FILES = {"records.at": 8, "said.at": 8, "types.u16": 2, "quality.f32": 4, "born.u32": 4, "dead": 1}  # bytes a row
LINES = {"records.at": "records.jsonl", "said.at": "said.jsonl"}  # where lines end, and the lines
_FIRST = json.JSONDecoder()  # of what a line begins with
KEPT = 1024  # rows of which it is remembered what they say: the rows of a page are asked again


class Said(NamedTuple):
    """What one record says that leads to others."""

    name: str  # its title in normalised words
    links: list[str]  # ids of entities that it refers to
    facts: list[str]  # terms of its facts, see `facts.Fact.term`


class Columns:
    """Reads the columns of one generation of *rows* rows; each file is mapped when it is first needed."""

    def __init__(self, folder: str, rows: int, types: list[str]) -> None:
        self.folder, self.rows, self.types = folder, rows, types
        self._maps: dict[str, memoryview] = {}
        self._texts: dict[str, tuple[memoryview, Any]] = {}  # where lines end, and the lines, a mapped file
        self._numbers = {name: i for i, name in enumerate(types)}
        self._said = lru_cache(KEPT)(self._read_said)
        self._described = lru_cache(KEPT)(self._describe)

    @cached_property
    def _quality(self) -> memoryview:
        return self._map("quality.f32", "f")

    def _map(self, name: str, code: str = "B") -> memoryview:
        found = self._maps.get(name)
        if found is None:
            width = FILES.get(name, 1)
            needed = (self.rows + (name in LINES)) * width
            for at, lines in LINES.items():
                if name == lines:
                    needed = self._map(at, "Q")[self.rows]
            with readable(self.folder), open(os.path.join(self.folder, name), "rb") as f:
                size = os.fstat(f.fileno()).st_size
                if size < needed:
                    raise ValueError(f"{name} is cut short")
                data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
            found = memoryview(data)
            if width > 1:
                found = found[: size - size % width].cast(code)  # type: ignore[call-overload]
            self._maps[name] = found
        return found

    def _text(self, ends: str) -> tuple[memoryview, Any]:
        found = self._texts.get(ends)
        if found is None:
            found = self._texts[ends] = self._map(ends, "Q"), self._map(LINES[ends]).obj
        return found

    def _line(self, row: int, ends: str = "records.at") -> bytes:
        at, lines = self._text(ends)
        line: bytes = lines[at[row] : at[row + 1]]
        return line

    def id(self, row: int) -> str:
        """Return the id of a row."""
        at, lines = self._text("records.at")
        start = at[row]
        written = str(lines[start : lines.find(b"\t", start)], "utf-8")
        found: str = json.loads(written) if "\\" in written else written[1:-1]  # asked for some hundred times a search
        return found

    def head(self, row: int) -> tuple[str, str, str, dict[str, Any]]:
        """Return id, type, title and the record as it came."""
        parts = str(self._line(row), "utf-8").replace("\t", ",")  # JSON on one line has no tabs of its own
        entity_id, kind, title, record = json.loads(f"[{parts}]")
        return entity_id, kind, title, record

    def said(self, row: int) -> Said:
        """Return what a row's record says that leads to others."""
        return self._said(row)

    def _read_said(self, row: int) -> Said:
        return Said._make(_FIRST.raw_decode(str(self._line(row, "said.at"), "utf-8"))[0])

    def described(self, row: int) -> tuple[str, frozenset[str]]:
        """Return a row's type, and the words of its title and its facts."""
        return self._described(row)

    def _describe(self, row: int) -> tuple[str, frozenset[str]]:
        said = self._said(row)
        return self.type(row), frozenset([*said.name.split(), *words_of(said.facts).split()])

    def type(self, row: int) -> str:
        return self.types[self._map("types.u16", "H")[row]]

    def quality(self, row: int) -> float:
        found: float = self._quality[row]
        return found

    def born(self, row: int) -> int:
        """Return the day a row appeared, counted from the year 1; 0 if not known."""
        found: int = self._map("born.u32", "I")[row]
        return found

    def newest(self, k: int) -> list[int]:
        """Return the *k* live rows with the latest dates, or added last where dates are equal or not known."""
        from heapq import nlargest

        born, dead = self._map("born.u32", "I")[: self.rows].tolist(), self._map("dead")
        return [row for _, row in nlargest(k, ((day, row) for row, day in enumerate(born) if not dead[row]))]

    def alive(self, row: int) -> bool:
        return not self._map("dead")[row]

    def allowed(self, types: tuple[str, ...]) -> Allowed:
        """Return a test for rows that live and are of one of *types* (any, if there are none)."""
        dead = self._map("dead")
        if not types:
            return lambda row: not dead[row]
        numbers = self._map("types.u16", "H")
        wanted = {self._numbers[t] for t in types if t in self._numbers}
        return lambda row: not dead[row] and numbers[row] in wanted


class Writer:
    """Appends rows to the columns in *folder*, after the first *rows* ones, see `continued`."""

    def __init__(self, folder: str, rows: int, types: list[str]) -> None:
        self.folder, self.rows, self.types = folder, rows, types
        self._numbers = {name: i for i, name in enumerate(types)}
        self._files: dict[str, IO[bytes]] = {}
        for name, width in FILES.items():
            if name != "dead":
                size = (rows + (name in LINES and rows > 0)) * width
                self._files[name] = continued(os.path.join(folder, name), size)
        self._ends = dict.fromkeys(LINES, 0)
        for at, lines in LINES.items():
            ends = self._files[at]
            if rows:
                ends.seek(8 * rows)
                self._ends[at] = int.from_bytes(ends.read(8), "little")
            else:
                ends.write(bytes(8))
            self._files[lines] = continued(os.path.join(folder, lines), self._ends[at])
        self._dump = _dumper()

    def add(self, entity: Entity, terms: Sequence[str] = ()) -> int:
        """Append one entity whose facts have these *terms*; return its row. Its quality is written later, by `quality`."""
        dump = self._dump
        self._append("records.at", b"\t".join(map(dump, (entity.id, entity.type, entity.title, entity.raw))))
        self._append("said.at", dump(list(says(entity, terms))))
        number = self._numbers.get(entity.type)
        if number is None:
            number = self._numbers[entity.type] = len(self.types)
            self.types.append(entity.type)
        self._files["types.u16"].write(number.to_bytes(2, "little"))
        self._files["born.u32"].write(day(entity.date).to_bytes(4, "little"))
        self.rows += 1
        return self.rows - 1

    def _append(self, ends: str, line: bytes) -> None:
        self._files[LINES[ends]].write(line + b"\n")
        self._ends[ends] += len(line) + 1
        self._files[ends].write(self._ends[ends].to_bytes(8, "little"))

    def quality(self, values: array[float]) -> None:
        """Append the quality of the rows added since the last call, one number in 0..1 each."""
        self._files["quality.f32"].write(values.tobytes())

    def finish(self, dead: bytes | bytearray) -> None:
        """Close the files; *dead* has one byte a row."""
        self.close()
        replace(os.path.join(self.folder, "dead"), bytes(dead))

    def close(self) -> None:
        """Close the files, finished or given up."""
        for f in self._files.values():
            f.close()


def says(entity: Entity, terms: Sequence[str]) -> Said:
    """Return what an entity's record says of it, whose facts have these *terms*."""
    return Said(whole(entity.title), list(dict.fromkeys(linked for _, linked in entity.links)), list(terms))


def continued(path: str, size: int) -> IO[bytes]:
    """Open *path* to append to its first *size* bytes, which are never touched: an earlier generation shares the file.

    Where the file goes on behind them, that is of a generation that was left by going back, or of a change that did not come
    to its end. Another generation or a reader may need it: it stays, and *path* becomes a copy of the beginning.
    """
    file = open(path, "ab+")
    if file.seek(0, os.SEEK_END) == size:
        return file
    with file:
        if file.tell() < size:
            raise WorkspaceError(f"{path} is cut short", hint="ltrr check says more; ltrr index CATALOG builds the index anew")
        os.unlink(path)
        file.seek(0)
        copy = open(path, "ab+")
        while size > 0:
            size -= copy.write(file.read(min(size, 1 << 20)))
    return copy


def replace(path: str, data: bytes) -> None:
    """Write *data* to a file of its own, even where *path* was a link shared with an earlier generation."""
    if os.path.exists(path):
        os.unlink(path)
    with open(path, "wb") as f:
        f.write(data)


def day(date: str | None) -> int:
    """Return the day of an ISO 8601 date, counted from the year 1; 0 for none. A year alone is its first day.

    >>> day("0001-01-02"), day("1999") == day("1999-01-01"), day(None)
    (2, True, 0)
    """
    if not date:
        return 0
    from datetime import date as Date  # noqa: N812

    parts = [*date[:10].split("-"), "1", "1"][:3]
    try:
        return Date(*map(int, parts)).toordinal()
    except ValueError:
        return 0


def _dumper() -> Any:
    import orjson

    def dump(value: Any) -> bytes:
        try:
            return orjson.dumps(value)
        except TypeError:  # numbers beyond 64 bits and lone surrogates
            return json.dumps(value).encode()

    return dump
