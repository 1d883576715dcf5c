"""A slow encoder works on while the index is searched; what it has done is never done twice."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from ltrr_cli.encode.base import Encoder, load
from ltrr_cli.engine import Engine
from ltrr_cli.index.build import TEXTS, build
from ltrr_cli.index.codes import turned
from ltrr_cli.index.generation import Generation
from ltrr_cli.index.refine import BATCH, refine
from ltrr_cli.index.vector_exact import Exact
from ltrr_cli.records import Entity
from ltrr_cli.verify import check
from ltrr_cli.workspace import Workspace

ROWS = 3 * BATCH + 17
ENTITIES = [Entity(str(i), "track", f"Song {i % (ROWS - 5)}") for i in range(ROWS)]  # five titles twice


class Slow:
    """A text's vector is made of its letters; stops after *stamina* texts."""

    space, dim = "letters-1", 32

    def __init__(self, stamina: int = 1 << 30) -> None:
        self.seen: list[str] = []
        self._stamina = stamina

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.seen) + len(texts) > self._stamina:
            raise KeyboardInterrupt
        self.seen += texts
        return np.array([self.encode_query(text) for text in texts], dtype=np.float32)

    def encode_query(self, text: str) -> array[float]:
        vector = np.random.default_rng(crc32(text.encode())).normal(size=self.dim)
        return array("f", (vector / np.linalg.norm(vector)).tolist())


def silent(stage: str, done: int, total: int | None) -> None: ...


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(str(tmp_path / "state")).create()
    indexed(workspace, ENTITIES)
    return workspace


def indexed(workspace: Workspace, entities: list[Entity]) -> None:
    with workspace.writing():
        build(workspace, entities, None, lambda: {"encoder": "static", "mapping": {}, "bad": 0}, keep_texts=True)


def folder(workspace: Workspace) -> str:
    return workspace.generation(workspace.current())


def nearest(workspace: Workspace, encoder: Encoder, text: str) -> str:
    generation = Generation(folder(workspace))
    assert generation.vectors is not None
    ((row, cosine),) = generation.vectors.search(turned(encoder.encode_query(text)), 1)
    assert cosine > 0.99
    return generation.columns.id(row)


def test_before_the_vectors_are_made_the_index_is_searched_by_words(workspace: Workspace) -> None:
    assert Generation(folder(workspace)).vectors is None
    with Engine(workspace.folder) as engine:
        assert engine.search("song 77").results[0].id == "77"
        assert engine.search("song 77", arms=["semantic"]).results == ()


def test_each_text_is_encoded_once_and_found(workspace: Workspace) -> None:
    slow, progress = Slow(), list[tuple[str, int, int | None]]()
    refine(workspace, "letters", slow, lambda *step: progress.append(step))
    assert sorted(slow.seen) == sorted({entity.title for entity in ENTITIES})
    assert progress[-1] == ("encoding", ROWS, ROWS)
    assert nearest(workspace, slow, "Song 200") == "200"
    meta = Generation(folder(workspace)).meta
    assert (meta["encoder"], meta["space"], meta["dim"]) == ("letters", "letters-1", 32)
    left = os.listdir(folder(workspace))
    assert TEXTS not in left
    assert not [name for name in left if name.endswith(".building")]


def test_a_refined_index_has_all_its_other_parts(workspace: Workspace) -> None:
    refine(workspace, "letters", Slow(), silent)
    assert not check(workspace.folder).damaged
    with Engine(workspace.folder) as engine:
        assert engine.search("song 77", arms=["sparse"], seed=1).results[0].id == "77"


def test_an_interrupted_run_goes_on_where_it_was(workspace: Workspace) -> None:
    first = Slow(stamina=2 * BATCH + 1)
    with pytest.raises(KeyboardInterrupt):
        refine(workspace, "letters", first, silent)
    assert len(first.seen) == 2 * BATCH
    assert Generation(folder(workspace)).vectors is None
    second = Slow()
    refine(workspace, "letters", second, silent)
    assert not set(first.seen) & set(second.seen)
    assert sorted(first.seen + second.seen) == sorted({entity.title for entity in ENTITIES})
    assert [nearest(workspace, second, f"Song {i}") for i in (3, 200, 390)] == ["3", "200", "390"]


def test_a_catalog_that_grew_meanwhile_costs_only_what_is_new(workspace: Workspace) -> None:
    refine(workspace, "letters", Slow(), silent)
    indexed(workspace, [Entity("new", "track", "Brand new"), *ENTITIES[:100]])
    slow = Slow()
    refine(workspace, "letters", slow, silent)
    assert slow.seen == ["Brand new"]
    assert nearest(workspace, slow, "Brand new") == "new"
    assert nearest(workspace, slow, "Song 99") == "99"


def test_a_record_cut_short_by_a_crash_is_made_anew(workspace: Workspace) -> None:
    refine(workspace, "letters", Slow(), silent)
    (kept,) = Path(workspace.path("encodings")).iterdir()
    os.truncate(kept, kept.stat().st_size - 3)
    indexed(workspace, ENTITIES)
    slow = Slow()
    refine(workspace, "letters", slow, silent)
    assert slow.seen == [f"Song {ROWS - 6}"]
    assert nearest(workspace, slow, f"Song {ROWS - 6}") == str(ROWS - 6)


def test_a_record_that_is_not_what_was_written_is_made_anew_in_its_place(workspace: Workspace) -> None:
    refine(workspace, "letters", Slow(), silent)
    (kept,) = Path(workspace.path("encodings")).iterdir()
    whole = kept.read_bytes()
    size = len(whole) // (ROWS - 5)
    assert size == 16 + 32 + 4
    bad = bytearray(whole)
    bad[3 * size + 20] ^= 1  # a bit of its codes
    bad[7 * size] ^= 128  # of its hash
    bad[-size:] = bytes(size)  # zeros, where a file had grown when the power went
    kept.write_bytes(bad)
    noted = [(finding.part, finding.what, finding.damage) for finding in check(workspace.folder).findings]
    name = f"encodings/{kept.name}"
    assert (name, "2 records are not what was written", True) in noted
    assert (name, f"{size} bytes at its end are not whole", False) in noted
    indexed(workspace, ENTITIES)
    slow = Slow()
    refine(workspace, "letters", slow, silent)
    assert sorted(slow.seen) == ["Song 3", f"Song {ROWS - 6}", "Song 7"]
    assert kept.read_bytes() == whole
    assert not [finding for finding in check(workspace.folder).findings if "encodings" in finding.part]
    assert [nearest(workspace, slow, f"Song {i}") for i in (3, 7, ROWS - 6)] == ["3", "7", str(ROWS - 6)]


def test_what_is_no_file_of_encodings_is_a_stranger(workspace: Workspace) -> None:
    refine(workspace, "letters", Slow(), silent)
    for name in ("notes.txt", "0123-32", "0123-x.codes", "0123-999999999999.codes", ".codes"):
        Path(workspace.path("encodings"), name).write_bytes(b"x" * 60)
        os.chmod(workspace.path("encodings", name), 0o600)
    found = check(workspace.folder)
    assert sum(finding.what == "not ltrr's" for finding in found.findings) == 5
    assert not found.damaged


def test_another_space_shares_nothing(workspace: Workspace) -> None:
    refine(workspace, "letters", Slow(), silent)
    indexed(workspace, ENTITIES)
    other = Slow()
    other.space = "letters-2"
    refine(workspace, "letters", other, silent)
    assert len(other.seen) == ROWS - 5


def test_who_opened_the_index_before_its_vectors_were_made_goes_on_without(workspace: Workspace) -> None:
    with Engine(workspace.folder) as engine:
        refine(workspace, "static", load("static"), silent)
        assert engine.search("song 77", seed=1).results[0].id == "77"
        assert engine.search("song 77", arms=["semantic"]).results == ()


def test_the_vectors_of_a_refined_index_are_compared_exactly(workspace: Workspace) -> None:
    slow = Slow()
    refine(workspace, "letters", slow, silent)
    index = Exact(folder(workspace), ROWS, slow.dim)
    hits = index.search(turned(slow.encode_query("Song 1")), 2)
    assert {row for row, _ in hits} == {1, 1 + ROWS - 5}
