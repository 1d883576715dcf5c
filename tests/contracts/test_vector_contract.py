"""What every vector backend promises, for every name in the table, checked against NumPy on clusters of random vectors."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ltrr_cli.index.base import VECTOR_BACKENDS, VectorIndex
from ltrr_cli.index.vector_hnsw import build
from ltrr_cli.registry import look_up

ROWS, DIM, CLUSTERS = 2000, 64, 40
RECALL = {"exact": 0.98}  # of the ten nearest by float32; an approximate backend's:
APPROXIMATE = 0.95

Vectors = NDArray[np.float32]
Make = Callable[[str, Vectors, int], VectorIndex]  # backend, vectors, rows that its graph was built from


def unit(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def clustered(rows: int, seed: int) -> Vectors:
    """Vectors of length 1 around some centres, as the vectors of texts are."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(CLUSTERS, DIM))
    return unit((centres[rng.integers(0, CLUSTERS, rows)] + 0.6 * rng.normal(size=(rows, DIM))).astype(np.float32))


DOCUMENTS, QUERIES = clustered(ROWS, 2), clustered(60, 3)
NEAREST = np.argsort(-(QUERIES @ DOCUMENTS.T), axis=1)


def asked(vector: Vectors) -> array[float]:
    return array("f", vector.tolist())


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a backend over vectors, as the index writes them."""

    def made(name: str, vectors: Vectors, graph: int) -> VectorIndex:
        folder, dim = str(tmp_path), vectors.shape[1]
        top = np.abs(vectors).max(axis=1, keepdims=True)
        codes = np.rint(vectors * (127 / np.where(top, top, 1))).astype(np.int8)
        path = Path(folder, "codes.i8")
        path.write_bytes(codes[:graph].tobytes())
        if graph:
            build(folder, graph, dim)
        path.write_bytes(codes.tobytes())
        index: VectorIndex = look_up(VECTOR_BACKENDS, name, "backend")(folder, len(vectors), dim)
        return index

    return made


def recall(index: VectorIndex, nearest: NDArray[np.int64], allowed: Callable[[int], bool] | None = None) -> float:
    found = [{row for row, _ in index.search(asked(query), 10, allowed)} for query in QUERIES]
    return float(np.mean([len(rows & set(best[:10].tolist())) / 10 for rows, best in zip(found, nearest, strict=True)]))


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_the_ten_nearest_are_found(name: str, make: Make) -> None:
    assert recall(make(name, DOCUMENTS, ROWS), NEAREST) >= RECALL.get(name, APPROXIMATE)


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_rows_added_after_the_graph_was_built_are_found(name: str, make: Make) -> None:
    index = make(name, DOCUMENTS, ROWS // 2)
    assert recall(index, NEAREST) >= RECALL.get(name, APPROXIMATE)
    for row in (ROWS // 2, ROWS - 1):
        assert index.search(asked(DOCUMENTS[row]), 1)[0][0] == row


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
@pytest.mark.parametrize("share", [2, 50])
def test_only_allowed_rows_are_found_and_all_the_same_as_many(name: str, share: int, make: Make) -> None:
    def allowed(row: int) -> bool:
        return row % share == 1

    index = make(name, DOCUMENTS, ROWS)
    nearest = np.array([[row for row in best if allowed(row)][:10] for best in NEAREST.tolist()])
    assert recall(index, nearest, allowed) >= RECALL.get(name, APPROXIMATE)
    hits = index.search(asked(QUERIES[0]), 10, allowed)
    assert len(hits) == 10
    assert all(allowed(row) for row, _ in hits)
    assert index.search(asked(QUERIES[0]), 10, lambda row: False) == []


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_hits_are_cosines_best_first_each_row_once_at_most_k(name: str, make: Make) -> None:
    index = make(name, DOCUMENTS, ROWS)
    for k in (1, 10, 150, ROWS + 5):
        hits = index.search(asked(QUERIES[0]), k)
        assert len(hits) == min(k, ROWS)
        assert len(dict(hits)) == len(hits)
        assert [cosine for _, cosine in hits] == sorted((cosine for _, cosine in hits), reverse=True)
        for row, cosine in hits:
            assert cosine == pytest.approx(float(DOCUMENTS[row] @ QUERIES[0]), abs=0.01)


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_nothing_is_found_for_nothing(name: str, make: Make) -> None:
    index = make(name, DOCUMENTS, ROWS)
    assert index.search(array("f", [0.0] * DIM), 10) == []
    assert index.search(asked(QUERIES[0]), 0) == []


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_rows_of_zeros_come_after_every_row_that_is_near(name: str, make: Make) -> None:
    vectors = DOCUMENTS[:300].copy()
    vectors[::3] = 0
    hits = make(name, vectors, 300).search(asked(DOCUMENTS[1]), 20)
    assert hits[0][0] == 1
    assert hits[0][1] == pytest.approx(1, abs=0.01)
    assert all(row % 3 for row, cosine in hits if cosine > 0.01)
    assert all(np.isfinite(cosine) for _, cosine in hits)


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_a_thousand_equal_rows_hide_no_other(name: str, make: Make) -> None:
    vectors = np.concatenate([np.repeat(DOCUMENTS[:1], 1000, axis=0), DOCUMENTS[1:500]])
    index = make(name, vectors, len(vectors))
    assert len(index.search(asked(DOCUMENTS[0]), 100)) == 100
    found = [index.search(asked(vectors[row]), 1)[0][0] for row in range(1000, 1499)]
    assert np.mean([hit == row for row, hit in enumerate(found, 1000)]) >= APPROXIMATE


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
@pytest.mark.parametrize("dim", [1, 3, 17, 384])
def test_any_number_of_dimensions_and_rows_will_do(name: str, dim: int, make: Make) -> None:
    vectors = unit(np.random.default_rng(dim).normal(size=(5, dim)).astype(np.float32))
    hits = make(name, vectors, 5).search(asked(vectors[2]), 10)
    assert {row for row, _ in hits} == set(range(5))
    assert hits[0][1] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("name", VECTOR_BACKENDS)
def test_rows_beyond_those_of_the_generation_are_not_seen(name: str, make: Make, tmp_path: Path) -> None:
    make(name, DOCUMENTS, ROWS)
    before: VectorIndex = look_up(VECTOR_BACKENDS, name, "backend")(str(tmp_path), 1500, DIM)
    found = {row for query in QUERIES for row, _ in before.search(asked(query), 50)}
    assert max(found) < 1500


def test_the_graph_is_private_and_leaves_no_half_made_file(make: Make, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make("exact", DOCUMENTS[:100], 100)
    finally:
        os.umask(before)
    assert (tmp_path / "graph.hnsw").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"codes.i8", "graph.hnsw"}
