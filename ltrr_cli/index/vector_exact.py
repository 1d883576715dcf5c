"""Vectors as one byte a number, mapped from disk; every one is compared: exact, cheap to open, no NumPy."""

from __future__ import annotations

import mmap
import os
from array import array
from bisect import insort
from operator import or_
from struct import pack

import simsimd

from ltrr_cli.index.codes import quantise
from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ltrr_cli.index.base import Allowed

BLOCK = 8192  # rows compared in one call: their distances stay in the cache
PART = 1024  # of a block, in which the same bound holds
LARGE = 64 << 20  # bytes of a file that are not kept in memory once they were compared


USUAL = 0x3F  # the first byte of a double from 2**-15 to 2
_NEXT_TO_NOTHING = bytes(byte != USUAL for byte in range(256))


class Exact:
    """Reads a file of vectors of one generation: *rows* x *dim* signed bytes."""

    def __init__(self, folder: str, rows: int, dim: int, file: str = "codes.i8") -> None:
        self.rows, self.dim = rows, dim
        path = os.path.join(folder, file)
        with open(path, "rb") as f:
            size = os.fstat(f.fileno()).st_size
            if size < rows * dim:
                raise ValueError(f"{file} is cut short")
            self._map = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self._codes = memoryview(self._map)
        self._large = size > LARGE and hasattr(mmap, "MADV_DONTNEED")

    def search(self, vector: array[float], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """See `base.VectorIndex`; the cosines are those of the codes, within .01 of the vectors' own."""
        return self.scan(vector, k, allowed)

    def scan(
        self, vector: array[float], k: int, allowed: Allowed | None, start: int = 0, above: float = -2.0
    ) -> list[tuple[int, float]]:
        """Search the rows from *start* on for those whose cosine is larger than *above*."""
        query = quantise(vector)
        if query is None or k < 1:
            return []
        asked = memoryview(query).cast("B").cast("b", (1, self.dim))
        best: list[tuple[float, int]] = []  # (cosine distance, row), nearest first
        worst = 1.0 - above
        for first in range(start, self.rows, BLOCK):
            n = min(BLOCK, self.rows - first)
            block = self._codes[first * self.dim : (first + n) * self.dim].cast("b", (n, self.dim))
            found: Any = simsimd.cdist(asked, block, metric="cos")
            written = bytes(memoryview(found))
            distances = memoryview(written).cast("d")
            for part in range(0, n, PART):
                for place in nearer(written[8 * part : 8 * (part + PART)], worst):
                    row, distance = first + part + place, distances[part + place]
                    if distance < worst and (allowed is None or allowed(row)):
                        insort(best, (distance, row))
                        if len(best) > k:
                            best.pop()
                        if len(best) == k:
                            worst = best[-1][0]
            if self._large:
                self._let_go(first * self.dim, n * self.dim)
        return [(row, 1.0 - distance) for distance, row in best]

    def _let_go(self, start: int, length: int) -> None:
        """Take pages out of this process's memory; the system keeps them as long as it has room."""
        if isinstance(self._map, mmap.mmap):
            first = start // mmap.PAGESIZE * mmap.PAGESIZE
            self._map.madvise(mmap.MADV_DONTNEED, first, start + length - first)

    def code(self, row: int) -> memoryview:
        """Return a row's vector as *dim* signed bytes."""
        return self._codes[row * self.dim : (row + 1) * self.dim].cast("b")

    def likeness(self, vector: array[float]) -> Callable[[int], float]:
        """Return a function that tells a row's cosine with *vector*; 0 where one of them is all zeros."""
        query = quantise(vector)
        if query is None:
            return lambda row: 0.0
        asked = memoryview(query)

        def cosine(row: int) -> float:
            code = self.code(row)
            distance: Any = simsimd.cosine(asked, code)
            return 1.0 - float(distance) if any(code) else 0.0

        return cosine


def nearer(written: bytes, bound: float) -> Iterator[int]:
    """Yield the places of all numbers in *written*, doubles of -1 to 2, that are below *bound*, and of few others.

    Looking at two bytes of each, without making a number of it, is some five times faster: one with sign, most of the
    exponent, 3F for nearly all, and one with the rest of it and the first bits of the mantissa, which sorts those.

    >>> from struct import pack
    >>> list(nearer(pack("<5d", 0.5, 0.2, 1e-9, 1.5, -1e-9), 0.3))
    [1, 2, 4]
    """
    if bound >= 2:
        yield from range(len(written) // 8)
        return
    high, low = written[7::8], written[6::8]
    top = pack("<d", bound)[6]
    marks = low.translate(b"\1" * (top + 1) + bytes(255 - top))
    if high.count(USUAL) < len(high):  # nearly 0: as near as can be
        marks = bytes(map(or_, marks, high.translate(_NEXT_TO_NOTHING)))
    place = marks.find(1)
    while place >= 0:
        yield place
        place = marks.find(1, place + 1)
