"""Vectors in an hnswlib graph: for batches and long-lived processes, which load it once and ask it often."""

from __future__ import annotations

import os
from errno import ENOSPC
from math import sqrt
from typing import TYPE_CHECKING

from ltrr_cli.index.vector_exact import Exact
from ltrr_cli.workspace import sync

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable

    from ltrr_cli.index.base import Allowed

FILE = "graph.hnsw"
M, CONSTRUCTION = 16, 200
SEARCH = 4  # times the root of the rows are looked at: .95 to .98 of the ten nearest, of twenty thousand as of a million
LEAST = 120  # of the nearest that are looked at
STEP = 2048


class Hnsw:
    """Reads the graph of one generation. Rows added after it was built are compared exactly."""

    def __init__(self, folder: str, rows: int, dim: int) -> None:
        import hnswlib

        self._exact = Exact(folder, rows, dim)
        self._graph = hnswlib.Index("cosine", dim)
        self._graph.load_index(os.path.join(folder, FILE))
        self._graph.set_num_threads(1)
        self.rows = rows

    def search(self, vector: array[float], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """See `base.VectorIndex`; approximate. If too few of the nearest are allowed, every row is compared."""
        import numpy as np

        if k < 1 or not any(vector):
            return []
        held = min(self._graph.get_current_count(), self.rows)
        wanted = min(held, max(2 * k, LEAST))
        if not wanted:
            return self._exact.search(vector, k, allowed)
        self._graph.set_ef(max(int(SEARCH * sqrt(held)), wanted))
        try:
            labels, distances = self._graph.knn_query(np.frombuffer(vector, np.float32), k=wanted)
        except RuntimeError:  # many equal vectors are an island in the graph, too small to fill the answer
            return self._exact.search(vector, k, allowed)
        found = [
            (int(row), 1.0 - float(distance))
            for row, distance in zip(labels[0], distances[0], strict=True)
            if row < self.rows and (allowed is None or allowed(int(row)))
        ]
        if len(found) < min(k, held) and wanted < held:
            return self._exact.search(vector, k, allowed)
        found += self._exact.scan(vector, k, allowed, held)
        return sorted(found, key=lambda hit: -hit[1])[:k]

    def code(self, row: int) -> memoryview:
        """See `base.VectorIndex`."""
        return self._exact.code(row)

    def likeness(self, vector: array[float]) -> Callable[[int], float]:
        """See `base.VectorIndex`."""
        return self._exact.likeness(vector)


def build(folder: str, rows: int, dim: int, progress: Callable[[int], None] | None = None) -> None:
    """Build the graph from the codes in *folder* and put it there in one step."""
    import hnswlib
    import numpy as np

    codes = np.memmap(os.path.join(folder, "codes.i8"), np.int8, "r", shape=(rows, dim))
    graph = hnswlib.Index("cosine", dim)
    graph.init_index(max_elements=max(rows, 1), M=M, ef_construction=CONSTRUCTION, random_seed=7)
    rounding = np.random.default_rng(7)
    for first in range(0, rows, STEP):
        # Equal vectors would link only to one another and cut the rest off: what the codes lost by rounding tells them apart.
        block = codes[first : first + STEP].astype(np.float32)
        block += rounding.uniform(-0.5, 0.5, block.shape).astype(np.float32) * block.any(axis=1, keepdims=True)
        graph.add_items(block, np.arange(first, first + len(block)))
        if progress:
            progress(first + len(block))
    temporary = os.path.join(folder, FILE + ".building")
    graph.save_index(temporary)
    if os.path.getsize(temporary) != graph.index_file_size():  # hnswlib does not say so itself
        os.unlink(temporary)
        raise OSError(ENOSPC, os.strerror(ENOSPC), temporary)
    os.chmod(temporary, 0o600)
    sync(temporary)  # the name must not reach the disk before what it names
    os.replace(temporary, os.path.join(folder, FILE))
    sync(folder)
