"""Vectors as bytes: turned, so that little is lost, and the same for documents and queries."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np
import pytest

import ltrr_cli
from ltrr_cli.encode.static import Static
from ltrr_cli.index.build import meaning
from ltrr_cli.index.codes import encoded, quantise, turned
from ltrr_cli.index.generation import Generation, read_meta, write_meta
from ltrr_cli.records import Entity
from ltrr_cli.workspace import Workspace

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]


class Given:
    """An encoder that knows the vectors of texts that are numbers."""

    space = "given"

    def __init__(self, vectors: Vectors) -> None:
        self._vectors, self.dim = vectors, vectors.shape[1]

    def encode(self, texts: object) -> Vectors:
        return self._vectors

    def encode_query(self, text: str) -> array[float]:
        return array("f", self._vectors[int(text)].tolist())


def codes(given: Given, turn: bool) -> Vectors:
    return np.frombuffer(encoded(given, [""] * 9, turn), np.int8).reshape(-1, given.dim).astype(np.float32)


def cosines(vectors: Vectors) -> Vectors:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Vectors = units @ units.T
    return found


@pytest.mark.parametrize("dim", [256, 384, 32, 7, 1])
def test_queries_and_documents_are_turned_alike(dim: int) -> None:
    given = Given(np.random.default_rng(dim).normal(size=(9, dim)).astype(np.float32))
    for number, code in enumerate(codes(given, turn=True)):
        asked = quantise(turned(given.encode_query(str(number))))
        assert asked is not None
        assert np.abs(np.array(asked) - code).max() <= 1  # the last bit of a sum may differ


@pytest.mark.parametrize("dim", [256, 384])
def test_little_is_lost_of_what_stands_beside_a_large_number(dim: int) -> None:
    vectors = np.random.default_rng(dim).normal(size=(40, dim)).astype(np.float32)
    vectors[:, 0] *= 20
    true = cosines(vectors)
    plain, less = (np.abs(cosines(codes(Given(vectors), turn)) - true).max() for turn in (False, True))
    assert less < plain / 3


def test_an_older_index_keeps_its_vectors_as_they_are_and_grows(tmp_path: Path) -> None:
    catalog, folder = tmp_path / "a.jsonl", str(tmp_path / "index")
    catalog.write_text('{"id": "a", "title": "Blue guitar"}\n{"id": "b", "title": "Steel drum"}\n', "utf-8")
    ltrr_cli.build([str(catalog)], folder, graph=False)
    workspace = Workspace(folder).open()
    inside = workspace.generation(workspace.current())
    meta = read_meta(inside)
    assert meta.pop("turned") is True
    texts = [meaning(Entity(name, "item", title)) for name, title in (("a", "Blue guitar"), ("b", "Steel drum"))]
    Path(inside, "codes.i8").write_bytes(encoded(Static(), texts, turn=False))
    write_meta(inside, meta)
    catalog.write_text('{"id": "c", "title": "Silver flute"}\n', "utf-8")
    ltrr_cli.add([str(catalog)], folder)
    with ltrr_cli.open(folder) as engine:
        for entity_id, title in (("a", "blue guitar"), ("b", "steel drum"), ("c", "silver flute")):
            (first, *_) = engine.search(title, arms=["semantic"], log=False).results
            assert first.id == entity_id and first.arms["semantic"][1] > 0.99
    assert Generation(workspace.generation(workspace.current())).rows == 3
