"""What a slow encoder has made of each text so far, kept beside the generations, so that nothing is encoded twice.

encodings/SPACE-DIM.codes   one record behind the other: hash of a text (16 bytes), its codes (DIM), the CRC-32 of both (4)

A batch is on the disk before the next one is encoded. A record that is not what was written, as a crash, a power loss or a
flipped bit leave it, counts as none: its text is encoded again, and takes its place.
"""

from __future__ import annotations

import os
from functools import partial
from hashlib import blake2b
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from ltrr_cli.index.codes import encoded
from ltrr_cli.workspace import sync

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.encode.base import Encoder
    from ltrr_cli.workspace import Workspace

FOLDER = "encodings"
DIGEST = 16  # bytes of a text's hash
SUM = 4  # bytes of a record's checksum


class Kept(NamedTuple):
    """What a file of encodings is found to hold."""

    whole: dict[bytes, int]  # hash of a text -> the place of its record
    damaged: list[int]  # places of records that are not what was written, with whole ones behind them
    rest: int  # bytes behind the last whole record


class Encodings:
    """What one encoder has made of each text; the writer's lock must be held."""

    def __init__(self, workspace: Workspace, encoder: Encoder) -> None:
        self._encoder, self._size = encoder, DIGEST + encoder.dim + SUM
        folder = workspace.path(FOLDER)
        if not os.path.isdir(folder):
            os.mkdir(folder, mode=0o700)
            sync(workspace.folder)
        space = blake2b(f"{type(encoder).__name__} {encoder.space} turned".encode(), digest_size=8).hexdigest()
        path = os.path.join(folder, f"{space}-{encoder.dim}.codes")
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "rb+")
        sync(folder)
        self._at, damaged, rest = look(path, encoder.dim)
        end = (os.path.getsize(path) - rest) // self._size
        self._file.truncate(end * self._size)
        self._places = chain(damaged, count(end))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def codes(self, texts: Sequence[str]) -> bytes:
        """Return the codes of *texts* one behind the other, encoding those that are new."""
        digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest() for text in texts]
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._at}
        dim, fd = self._encoder.dim, self._file.fileno()
        if new:
            made = encoded(self._encoder, list(new.values()))
            for i, (digest, place) in enumerate(zip(new, self._places, strict=False)):
                record = digest + made[i * dim : (i + 1) * dim]
                self._file.seek(place * self._size)
                self._file.write(record + crc32(record).to_bytes(SUM, "little"))
                self._at[digest] = place
            self._file.flush()
            os.fsync(fd)
        return b"".join(os.pread(fd, dim, self._at[digest] * self._size + DIGEST) for digest in digests)


def look(path: str, dim: int) -> Kept:
    """Read a file of encodings of *dim* numbers, checking each record."""
    size = DIGEST + dim + SUM
    whole, damaged, end = dict[bytes, int](), list[int](), 0
    with open(path, "rb") as f:
        for place, record in enumerate(iter(partial(f.read, size), b"")):
            if crc32(record[:-SUM]) == int.from_bytes(record[-SUM:], "little") and len(record) == size:
                whole[record[:DIGEST]], end = place, place + 1
            else:
                damaged.append(place)
        return Kept(whole, [place for place in damaged if place < end], f.tell() - end * size)


def damages(workspace: Workspace) -> Iterator[tuple[str, str, bool]]:
    """Yield (file, what is wrong with it, whether it is damage and not only what an interrupted run left) below *workspace*."""
    folder = workspace.path(FOLDER)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        dim = name.removesuffix(".codes").rpartition("-")[2]
        if not (name.endswith(".codes") and dim.isdecimal() and len(dim) < 6):
            yield f"{FOLDER}/{name}", "not ltrr's", False
            continue
        try:
            _, damaged, rest = look(os.path.join(folder, name), int(dim))
        except OSError as e:
            yield f"{FOLDER}/{name}", f"can't be read ({e.strerror})", True
            continue
        if damaged:
            yield f"{FOLDER}/{name}", f"{len(damaged)} records are not what was written", True
        if rest:
            yield f"{FOLDER}/{name}", f"{rest} bytes at its end are not whole", False
