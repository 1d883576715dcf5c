"""An index is replaced in one step: whole, private, and with the one before it kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.encode.base import load
from ltrr_cli.engine import Engine
from ltrr_cli.errors import CatalogError, WorkspaceError
from ltrr_cli.index.build import build
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.workspace import KEPT, Workspace

Catalog = Callable[..., str]
ROWS = [{"id": str(i), "type": "track", "name": f"Song number {i}", "artist": "Somebody"} for i in range(20)]
FILES = {
    "meta.json", "codes.i8", "ties.i8", "graph.hnsw", "records.jsonl", "records.at", "said.jsonl", "said.at",
    "types.u16", "quality.f32", "born.u32",
    "dead", "manifest.json",
}  # fmt: skip


def names(folder: str) -> list[str]:
    return sorted(os.listdir(os.path.join(folder, "generations")))


def modes(folder: str) -> dict[str, str]:
    """Every path below *folder* whose mode is not what it should be."""
    wrong = {}
    for where, _, files in os.walk(folder):
        for path, wanted in [(where, 0o700), *((os.path.join(where, name), 0o600) for name in files)]:
            if (mode := os.stat(path).st_mode & 0o777) != wanted:
                wrong[path] = oct(mode)
    return wrong


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_all_that_is_written_is_private_whatever_the_umask(umask: int, tmp_path: Path, catalog: Catalog) -> None:
    folder, source = str(tmp_path / "state"), catalog(ROWS)
    before = os.umask(umask)
    try:
        ltrr_cli.build([source], folder)
        with Engine(folder) as engine:
            engine.search("song")
            engine.feedback(1)
        ltrr_cli.add([source], folder)
        ltrr_cli.delete(["3"], folder)
        found = modes(folder)
    finally:
        os.umask(before)
    assert found == {}


def test_a_generation_is_complete_and_says_what_it_holds(tmp_path: Path, catalog: Catalog) -> None:
    folder = str(tmp_path / "state")
    built = ltrr_cli.build([catalog(ROWS)], folder)
    inside = Path(folder, "generations", built.generation)
    assert {path.name for path in inside.iterdir() if path.is_file()} == FILES
    assert {path.name for path in inside.iterdir() if path.is_dir()} == {"text", "words", "values", "kin"}
    meta = json.loads((inside / "meta.json").read_text())
    assert (meta["rows"], meta["live"], meta["counts"], meta["bad"]) == (20, 20, {"track": 20}, 0)
    assert (inside / "codes.i8").stat().st_size == 20 * meta["dim"]
    assert (meta["encoder"], meta["space"]) == ("static", load("static").space)


def test_generations_are_numbered_and_only_the_last_ones_are_kept(tmp_path: Path, catalog: Catalog) -> None:
    folder, source = str(tmp_path / "state"), catalog(ROWS)
    for i in range(1, 5):
        assert ltrr_cli.build([source], folder).generation == f"{i:08d}"
        assert names(folder) == [f"{n:08d}" for n in range(max(1, i - KEPT + 1), i + 1)]
    ltrr_cli.delete(["1"], folder)
    assert names(folder) == ["00000004", "00000005"]
    assert Workspace(folder).current() == "00000005"


def test_the_generation_before_a_change_stays_as_it_was(own: str, catalog: Catalog) -> None:
    before = Workspace(own).generation(Workspace(own).current())
    old = {path: path.read_bytes() for path in Path(before).rglob("*") if path.is_file()}
    rows = len(old[Path(before, "types.u16")]) // 2
    ltrr_cli.add([catalog([*ROWS, {"id": "track-3-0", "type": "song", "name": "Replaced"}])], own)
    ltrr_cli_files = {path: path.read_bytes() for path in Path(before).rglob("*") if path.is_file()}
    assert set(ltrr_cli_files) == set(old)
    for path, content in ltrr_cli_files.items():
        assert content.startswith(old[path]), path
    generation = Generation(before)
    assert generation.rows == rows
    assert generation.text.row_of("track-3-0") is not None
    assert generation.text.row_of("1") is None
    assert generation.vocabulary.count("somebody") == 0


def broken(error: BaseException) -> Iterator[Entity]:
    yield from (Entity(str(i), "track", f"Other {i}") for i in range(3000))
    raise error


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyboardInterrupt(), MemoryError()], ids=lambda e: type(e).__name__)
def test_a_build_that_is_interrupted_leaves_the_index_that_was_there(own: str, error: BaseException) -> None:
    workspace = Workspace(own).open()
    with pytest.raises(type(error)), workspace.writing():
        build(workspace, broken(error), load("static"), dict)
    assert names(own) == ["00000001"]
    with Engine(own) as engine:
        assert engine.search("yesterday", log=False).results[0].title == "Yesterday"


def test_a_first_build_that_fails_leaves_no_index(tmp_path: Path, catalog: Catalog) -> None:
    folder = str(tmp_path / "state")
    with pytest.raises(CatalogError):
        ltrr_cli.build([catalog([])], folder)
    with pytest.raises(WorkspaceError) as error:
        Engine(folder)
    assert "ltrr index" in error.value.hint
    ltrr_cli.build([catalog(ROWS)], folder)
    with Engine(folder) as engine:
        assert engine.search("song", limit=20).total == 20


def test_what_a_crash_left_half_built_is_cleared_away(own: str) -> None:
    os.makedirs(os.path.join(own, "generations", "00000009.building", "text"))
    ltrr_cli.delete(["track-3-0"], own)
    assert names(own) == ["00000001", "00000002"]


def spoil(path: str, content: bytes | None) -> None:
    if content is None:
        os.unlink(path)
    else:
        Path(path).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("generations/00000001/meta.json", b"{"),
        ("generations/00000001/meta.json", b"[]"),
        ("generations/00000001/meta.json", b'{"rows": 3}'),
        ("generations/00000001/meta.json", b"\xff\xfe"),
        ("generations/00000001/meta.json", None),
        ("current", b"00000077\n"),
        ("current", b"../..\n"),
        ("current", b""),
        ("current", b"\xff" * 300),
        ("current", None),
        ("format", b"ltrr 2\n"),
        ("format", b"\xff\xfe"),
        ("format", None),
        ("state.db", b"this is no database, by far" * 100),
    ],
)
def test_a_damaged_folder_is_named_with_what_to_do(own: str, name: str, content: bytes | None) -> None:
    for also in ("state.db-wal", "state.db-shm"):
        Path(own, also).unlink(missing_ok=True)
    spoil(os.path.join(own, name), content)
    with pytest.raises(WorkspaceError) as error:
        Engine(own).close()
    assert own in str(error.value)
    assert error.value.hint


@pytest.mark.parametrize("part", ["text", "words", "records.at", "records.jsonl", "dead", "types.u16", "quality.f32", "codes.i8"])
def test_a_generation_that_lost_a_part_is_named_with_what_to_do(own: str, part: str) -> None:
    path = Path(Workspace(own).generation("00000001"), part)
    for file in [path] if path.is_file() else list(path.iterdir()):
        file.write_bytes(b"")
    with pytest.raises(WorkspaceError) as error, Engine(own) as engine:
        engine.search("yesterday", arms=["hybrid", "fresh"], types=["track"], log=False)
    assert error.value.hint


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, catalog: Catalog) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("dear")
    with pytest.raises(WorkspaceError) as error:
        ltrr_cli.build([catalog(ROWS)], str(theirs))
    assert "--index" in error.value.hint
    assert [path.name for path in theirs.iterdir()] == ["letter.txt"]


def test_a_file_in_the_folders_place_is_named(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "file").write_text("")
    attempts: list[Callable[[], Any]] = [
        lambda: ltrr_cli.build([catalog(ROWS)], str(tmp_path / "file")),
        lambda: Engine(str(tmp_path / "file")),
        lambda: Engine(str(tmp_path / "nowhere")),
    ]
    for attempt in attempts:
        with pytest.raises(WorkspaceError) as error:
            attempt()
        assert error.value.hint
