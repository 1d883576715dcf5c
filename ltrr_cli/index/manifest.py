"""The size and checksum of every file of a generation, written when it is made, so that damage is found and named.

manifest.json   {"files": {path: [bytes, CRC-32 of them]}}

Files that grow are shared with later generations, which append to them: their first bytes count. A checksum that an earlier
generation has of the same file is carried on, so that a change reads only what it has written.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from ltrr_cli.index.columns import FILES, LINES
from ltrr_cli.workspace import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "manifest.json"
GROWING = {*FILES, *LINES.values(), "codes.i8", "ties.i8", "kin/words", "kin/codes.i8"} - {"dead"}
PASSING = (".lock", ".building", ".new", "texts.jsonl", FILE)  # no part of the index
BLOCK = 1 << 20


class Damage(NamedTuple):
    """A file that is not what was written."""

    path: str  # below the generation's folder
    what: str


def write(folder: str, before: str = "") -> None:
    """Write the manifest of the generation in *folder*; *before* is the one that it shares files with, if any."""
    known: dict[str, tuple[int, int]] = {}
    with suppress(ValueError):
        known = read(before) if before else {}
    found: dict[str, tuple[int, int]] = {}
    for path in files(folder):
        size, crc = known.get(path, (0, 0))
        if size and not _same(folder, before, path):
            size, crc = 0, 0
        end = os.path.getsize(os.path.join(folder, path))
        if size > end:
            size, crc = 0, 0
        found[path] = (end, _crc(os.path.join(folder, path), size, end, crc))
    write_atomically(os.path.join(folder, FILE), json.dumps({"files": found}) + "\n")


def read(folder: str) -> dict[str, tuple[int, int]]:
    """Return path -> (bytes, checksum); ValueError if there is no manifest, or it is damaged."""
    try:
        with open(os.path.join(folder, FILE), encoding="utf-8") as f:
            return {str(path): (int(size), int(crc)) for path, (size, crc) in json.load(f)["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as e:
        raise ValueError(f"{FILE} can't be read ({e})") from None


def damages(folder: str) -> Iterator[Damage]:
    """Yield every file of the generation in *folder* that is missing, of another length or of other bytes."""
    try:
        known = read(folder)
    except ValueError as e:
        yield Damage(FILE, str(e))
        return
    for path, (size, crc) in known.items():
        if what := _wrong(folder, path, size, crc):
            yield Damage(path, what)


def vouches(folder: str, path: str) -> bool:
    """Return whether the manifest knows the file at *path*, and raise ValueError if it is not what was written."""
    known = read(folder)
    if path in known and (what := _wrong(folder, path, *known[path])):
        raise ValueError(f"{path}: {what}")
    return path in known


def files(folder: str) -> list[str]:
    """Return the path of every file of a generation, sorted."""
    found = (os.path.relpath(os.path.join(where, name), folder) for where, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if not path.endswith(PASSING))


def _wrong(folder: str, path: str, size: int, crc: int) -> str:
    """Say what is wrong with a file of *size* bytes with the checksum *crc*; "" if nothing."""
    whole = os.path.join(folder, path)
    try:
        there = os.path.getsize(whole)
        if there < size or (there > size and path not in GROWING):
            return f"{there} bytes long, {size} were written"
        return "" if _crc(whole, 0, size, 0) == crc else "other bytes than were written"
    except FileNotFoundError:
        return "missing"
    except OSError as e:
        return f"can't be read ({e.strerror})"


def _same(folder: str, before: str, path: str) -> bool:
    """Return True if both generations have the very same file."""
    try:
        return os.path.samefile(os.path.join(folder, path), os.path.join(before, path))
    except OSError:
        return False


def _crc(path: str, start: int, end: int, crc: int) -> int:
    """Continue the checksum *crc* of a file's bytes before *start* up to *end*."""
    with open(path, "rb") as f:
        f.seek(start)
        while start < end and (block := f.read(min(BLOCK, end - start))):
            crc, start = crc32(block, crc), start + len(block)
    return crc
