"""What a disk may hold after the power went: what was synced, and of all that was done since then, anybody's guess.

A file keeps the bytes it had when it was synced last; of the writes since then some first ones came through, or its length did
and its bytes are zeros. A folder keeps the names it had when *it* was synced last, and some first ones of its changes since.
That is less than any file system of today promises, and what POSIX does.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

ZEROS = 0.2  # chance that a file has its new length, and zeros where its bytes should be


class File:
    """Bytes, and what of them is safe."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._safe = b""
        self._writes: list[tuple[int, bytes | None]] = []  # (where, bytes); None: cut there, or grown to there

    def write(self, at: int, data: bytes) -> None:
        """Write *data* at byte *at*."""
        self._writes.append((at, data))
        _apply(self.data, at, data)

    def truncate(self, size: int) -> None:
        """Cut or grow it to *size* bytes."""
        self._writes.append((size, None))
        _apply(self.data, size, None)

    def sync(self) -> None:
        """Make it safe."""
        self._safe, self._writes = bytes(self.data), []

    def left(self, rng: Random | None) -> bytes:
        """Return what is left of it; without *rng*, only what is safe."""
        left = bytearray(self._safe)
        if rng and self._writes:
            for at, data in self._writes[: rng.randint(0, len(self._writes))]:
                _apply(left, at, data)
            if rng.random() < ZEROS and len(self.data) > len(left):
                left += bytes(len(self.data) - len(left))
        return bytes(left)


def _apply(to: bytearray, at: int, data: bytes | None) -> None:
    if len(to) < at:
        to += bytes(at - len(to))
    if data is None:
        del to[at:]
    else:
        to[at : at + len(data)] = data


class Folder:
    """Names, and which of them are safe."""

    def __init__(self) -> None:
        self.names: dict[str, File | Folder] = {}
        self._safe: dict[str, File | Folder] = {}
        self._changes: list[dict[str, File | Folder | None]] = []  # each in one step; None: removed

    def change(self, names: dict[str, File | Folder | None]) -> None:
        """Give names to things, or take them away, in one step."""
        self._changes.append(names)
        _rename(self.names, names)

    def sync(self) -> None:
        """Make its names safe."""
        self._safe, self._changes = dict(self.names), []

    def left(self, rng: Random | None) -> dict[str, File | Folder]:
        """Return what is left in it; without *rng*, only what is safe."""
        left = dict(self._safe)
        for names in self._changes[: rng.randint(0, len(self._changes))] if rng else ():
            _rename(left, names)
        return left


def _rename(to: dict[str, File | Folder], names: dict[str, File | Folder | None]) -> None:
    for name, what in names.items():
        if what is None:
            to.pop(name, None)
        else:
            to[name] = what


class Disk:
    """The folder *root* and all below it, empty and safe at first. Paths that are not below it are nobody's business."""

    def __init__(self, root: str) -> None:
        self.root, self.top = root, Folder()

    def find(self, path: str) -> File | Folder | None:
        """Return what is at *path*, if anything."""
        at: File | Folder | None = self.top
        for name in self._parts(path) or ():
            at = at.names.get(name) if isinstance(at, Folder) else None
        return at if self._parts(path) is not None else None

    def _parts(self, path: str) -> list[str] | None:
        below = os.path.relpath(path, self.root)
        return None if below.startswith("..") else [] if below == "." else below.split(os.sep)

    def _at(self, path: str) -> tuple[Folder, str] | None:
        above = self.find(os.path.dirname(path))
        return (above, os.path.basename(path)) if isinstance(above, Folder) else None

    def put(self, path: str, what: File | Folder | None) -> None:
        """Let *path* be the name of *what*; None removes it."""
        if at := self._at(path):
            at[0].change({at[1]: what})

    def rename(self, old: str, new: str) -> None:
        """Move what is at *old* to *new*."""
        what, was, will = self.find(old), self._at(old), self._at(new)
        if what and was and will and was[0] is will[0]:
            was[0].change({will[1]: what, was[1]: None})
        elif what:
            self.put(new, what)
            self.put(old, None)

    def lay(self, folder: str, rng: Random | None = None, without: tuple[str, ...] = ()) -> None:
        """Write to *folder*, which is not there yet, what a power loss now leaves, but for names that end as in *without*."""
        _lay(self.top, folder, rng, without)


def _lay(what: Folder, folder: str, rng: Random | None, without: tuple[str, ...]) -> None:
    os.mkdir(folder, mode=0o700)
    for name, thing in what.left(rng).items():
        path = os.path.join(folder, name)
        if isinstance(thing, Folder):
            _lay(thing, path, rng, without)
        elif not name.endswith(without or ("\0",)):
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
                f.write(thing.left(rng))
