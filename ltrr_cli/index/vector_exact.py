"""Vectors as one byte a number, mapped from disk; every one is compared: exact, cheap to open, no NumPy."""

from __future__ import annotations

import mmap
import os
from array import array
from bisect import insort

import simsimd

from ltrr_cli.index.codes import quantise
from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ltrr_cli.index.base import Allowed

BLOCK = 8192  # rows compared in one call: their distances stay in the cache
PART = 64  # of a block, looked through if one of its rows may be among the best


class Exact:
    """Reads a file of vectors of one generation: *rows* x *dim* signed bytes."""

    def __init__(self, folder: str, rows: int, dim: int, file: str = "codes.i8") -> None:
        self.rows, self.dim = rows, dim
        path = os.path.join(folder, file)
        with open(path, "rb") as f:
            size = os.fstat(f.fileno()).st_size
            if size < rows * dim:
                raise ValueError(f"{file} is cut short")
            data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self._codes = memoryview(data)

    def search(self, vector: array[float], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """See `base.VectorIndex`; the cosines are those of the codes, within .01 of the vectors' own."""
        return self.scan(vector, k, allowed, 0)

    def scan(self, vector: array[float], k: int, allowed: Allowed | None, start: int) -> list[tuple[int, float]]:
        """Search the rows from *start* on."""
        query = quantise(vector)
        if query is None or k < 1:
            return []
        asked = memoryview(query).cast("B").cast("b", (1, self.dim))
        best: list[tuple[float, int]] = []  # (cosine distance, row), nearest first
        worst = 9.0
        for first in range(start, self.rows, BLOCK):
            n = min(BLOCK, self.rows - first)
            block = self._codes[first * self.dim : (first + n) * self.dim].cast("b", (n, self.dim))
            found: Any = simsimd.cdist(asked, block, metric="cos")
            distances = memoryview(found).cast("B").cast("d")
            if min(distances) >= worst:
                continue
            for part in range(0, n, PART):
                some = distances[part : part + PART]
                if min(some) >= worst:
                    continue
                for row, distance in enumerate(some, first + part):
                    if distance < worst and (allowed is None or allowed(row)):
                        insort(best, (distance, row))
                        if len(best) > k:
                            best.pop()
                        if len(best) == k:
                            worst = best[-1][0]
        return [(row, 1.0 - distance) for distance, row in best]

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
