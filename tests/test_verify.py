"""Every damage is found, named, and comes with how to repair it; a whole folder is called whole."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.cli.app import start
from ltrr_cli.errors import WorkspaceError
from ltrr_cli.feedback import log
from ltrr_cli.feedback.store import Store
from ltrr_cli.index import manifest
from ltrr_cli.verify import Checked, check
from ltrr_cli.workspace import Workspace

Catalog = Callable[..., str]


@pytest.fixture(scope="module")
def lived(shop: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with two generations, searches and events."""
    folder = shutil.copytree(shop, str(tmp_path_factory.mktemp("lived") / "state"))
    with ltrr_cli.open(folder) as engine:
        for i, text in enumerate(("love", "rain jacket", "black")):
            engine.search(text, seed=i, user="ann")
            engine.feedback(1)
    ltrr_cli.delete(["product-3"], folder)
    return folder


@pytest.fixture
def folder(lived: str, tmp_path: Path) -> str:
    return shutil.copytree(lived, str(tmp_path / "state"))


def damages(folder: str) -> list[str]:
    return [finding.part for finding in check(folder).findings if finding.damage]


def inside(folder: str, *path: str) -> Path:
    return Path(Workspace(folder).generation(Workspace(folder).current()), *path)


def files(folder: str) -> list[str]:
    return manifest.files(Workspace(folder).generation(Workspace(folder).current()))


def test_a_whole_folder_is_whole_after_each_kind_of_change(lived: str, catalog: Catalog, tmp_path: Path) -> None:
    folder = shutil.copytree(lived, str(tmp_path / "state"))
    for change in (
        lambda: ltrr_cli.add([catalog([{"id": "new", "type": "track", "name": "Brand New Day", "artist": "Sting"}])], folder),
        lambda: ltrr_cli.delete(["new", "track-0-0"], folder),
        lambda: ltrr_cli.add([catalog([{"id": "track-0-1", "type": "track", "name": "Spoonman again", "artist": "x"}])], folder),
        lambda: ltrr_cli.build([catalog([{"id": "a", "name": "One"}, {"id": "b", "name": "Two"}])], folder),
    ):
        change()
        checked = check(folder)
        assert not checked.findings
        assert (checked.searches, checked.events, checked.generations) == (3, 3, 2)


def test_every_file_that_is_cut_flipped_or_missing_is_found(lived: str, tmp_path: Path) -> None:
    names = files(lived)
    assert len(names) > 20
    for name in names:
        folder = shutil.copytree(lived, str(tmp_path / "state"))
        path = inside(folder, name)
        whole = path.read_bytes()
        ways = [b"", whole[:-1], whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 4]) + whole[len(whole) // 2 + 1 :]]
        for content in ways if whole else []:
            path.write_bytes(content)
            found = [finding for finding in check(folder).findings if finding.damage]
            assert any(finding.part.endswith(f": {name}") for finding in found), name
            assert all("ltrr " in finding.repair or "rm -r" in finding.repair for finding in found)
        path.unlink()
        assert any(part.endswith(f": {name}") for part in damages(folder)), name
        shutil.rmtree(folder)


def test_what_a_later_generation_appended_is_no_damage_to_the_one_before(lived: str, catalog: Catalog, tmp_path: Path) -> None:
    folder = shutil.copytree(lived, str(tmp_path / "state"))
    ltrr_cli.add([catalog([{"id": f"n{i}", "type": "track", "name": f"New {i}", "artist": "y"} for i in range(9)])], folder)
    assert check(folder).findings == ()
    with inside(folder, "types.u16").open("ab") as f:
        f.write(bytes(2))  # nor is a change that never came to its end
    assert check(folder).findings == ()


def test_the_repair_that_it_names_repairs(folder: str, catalog: Catalog) -> None:
    shutil.rmtree(inside(folder))
    (finding,) = [finding for finding in check(folder).findings if finding.damage]
    assert finding.repair == "ltrr rollback --to 00000001"
    ltrr_cli.rollback(folder, "00000001")
    assert check(folder).findings == ()
    inside(folder, "codes.i8").write_bytes(b"")
    assert "ltrr index CATALOG" in check(folder).findings[0].repair
    ltrr_cli.build([catalog([{"id": "a", "name": "One"}])], folder)
    ltrr_cli.build([catalog([{"id": "a", "name": "One"}])], folder)
    assert check(folder).findings == ()


def test_parts_that_do_not_agree_are_found_though_each_is_whole(folder: str) -> None:
    generation = Workspace(folder).generation(Workspace(folder).current())
    dead = inside(folder, "dead")
    flipped = bytearray(dead.read_bytes())
    flipped[0] ^= 1
    dead.unlink()
    dead.write_bytes(flipped)
    manifest.write(generation)
    assert {part.rpartition(": ")[2] for part in damages(folder)} == {"dead", "text"}


def rewrite(folder: str, sql: str) -> None:
    with sqlite3.connect(os.path.join(folder, "state.db")) as db:
        db.execute(sql)
    db.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("q2e.s", "'x'"), ("q2e.n", "x'ff'"), ("q2e.time", "'x'"), ("q2e.entity", "x'ff'"), ("grams.size", "'x'")),
        *(("queries.vector", "7"), ("queries.vector", "1e308"), ("queries.signs", "7"), ("queries.key", "x'ff'")),
        *(("common.queries", "'x'"), ("exposure.shown", "'x'")),
    ],
)
def test_a_memory_of_another_kind_is_one_clear_error_or_no_matter(
    folder: str, column: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table, _, name = column.partition(".")
    rewrite(folder, f"UPDATE OR REPLACE {table} SET {name}={value}")
    assert any(f"rows of {table} hold" in finding.what for finding in check(folder).findings)
    for words in (
        ["search", "love", "--seed", "1"],
        ["search", "rain jaket", "--user", "ann"],
        ["feedback", "1"],
        ["arms"],
        ["learn"],
    ):
        status, err = start([*words, "--index", folder]), capsys.readouterr().err
        assert status in (0, 1) or (status == 2 and err.startswith("error: ") and err.count("\nhint: ") == 1), err
    assert start(["learn", "--from-log", "--index", folder]) == 0
    assert not check(folder).damaged


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM searches WHERE seq=2", "1 events of searches that are not in the log"),
        ("DELETE FROM queries", "remembered entities of queries that are not"),
        ("UPDATE searches SET body=x'00' WHERE seq=1", "can't be read"),
        ("UPDATE searches SET id='x' WHERE seq=3", "written down as another"),
        ("UPDATE learned SET body=x'00'", "the policy's state is damaged"),
        ("UPDATE searches SET seq=-1 WHERE seq=1", "searches with a number that none was given"),
        ("UPDATE searches SET time=1e308", "times that no calendar has"),
        ("UPDATE events SET recorded=-1e308", "times that no calendar has"),
        ("UPDATE events SET ranks='{}' WHERE seq=1", "event 1 can't be read"),
        ("UPDATE events SET ranks=NULL, weight=1 WHERE seq=1", "event 1 can't be read"),  # it taught, and nobody knows what
        ("UPDATE q2e SET s='x'", "rows of q2e hold a value of another kind than they should"),
        ("UPDATE q2e SET d=1e308", "memories that can't be"),
        ("UPDATE q2e SET s=-1", "memories that can't be"),
        ("UPDATE queries SET vector=7", "rows of queries hold a value of another kind than they should"),
        ("PRAGMA user_version=99", "newer ltrr (format 99)"),
        ("PRAGMA application_id=7", "not ltrr's"),
    ],
)
def test_a_log_that_does_not_fit_together_is_found(folder: str, sql: str, said: str) -> None:
    rewrite(folder, sql)
    checked = check(folder)
    assert checked.damaged
    assert any(said in finding.what for finding in checked.findings), checked.findings
    assert all(finding.repair for finding in checked.findings)


@pytest.mark.parametrize(("covers", "said"), [([-1], "at places that are none"), (["x"], "can't be read (TypeError)")])
def test_what_plans_covered_is_looked_through(folder: str, covers: list[object], said: str) -> None:
    with Store(os.path.join(folder, "state.db")) as store:
        seq, search, key, packed = store.rows("SELECT seq, id, key, body FROM searches ORDER BY seq LIMIT 1")[0]
        row = log.Row(search, 0.0, None, None, key, None, {**log.body(packed), "covers": covers})
        with store.writing() as db:
            db.execute("DELETE FROM searches WHERE seq=?", (seq,))
            log.insert_search(db, row)
    assert any(said in finding.what for finding in check(folder).findings)


def test_a_state_file_with_broken_pages_is_found(folder: str) -> None:
    path = Path(folder, "state.db")
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(content)
    assert "state.db" in damages(folder)
    path.write_bytes(b"no database at all, but a text that is long enough to be one")
    assert "state.db" in damages(folder)


def test_a_folder_that_was_half_copied_is_found(folder: str) -> None:
    for name in ("format", "current"):
        kept = Path(folder, name).read_bytes()
        Path(folder, name).unlink()
        found = check(folder)
        assert found.damaged
        assert any(name in finding.part for finding in found.findings)
        Path(folder, name).write_bytes(kept)
    Path(folder, "state.db").unlink()
    assert not check(folder).damaged
    assert check(folder).searches == 0


def test_notes_are_no_damage(folder: str) -> None:
    Path(folder, "notes.txt").touch(0o600)
    inside(folder, "text", "notes.txt").touch(0o600)
    os.mkdir(os.path.join(folder, "generations", "00000009.building"), 0o700)
    os.chmod(os.path.join(folder, "state.db"), 0o644)
    checked = check(folder)
    assert not checked.damaged
    assert [finding.part for finding in checked.findings] == [
        "notes.txt", "generations/*.building", "state.db", "generation 00000002: text/notes.txt",
    ]  # fmt: skip


def test_settings_that_can_not_be_read_are_found(folder: str) -> None:
    Path(folder, "ltrr.toml").write_text("budget = 'many'")
    os.chmod(os.path.join(folder, "ltrr.toml"), 0o600)
    assert damages(folder) == ["ltrr.toml"]


@pytest.mark.parametrize("format", ["ltrr 0", "ltrr 2", "qmd 1"])
def test_another_format_or_another_folder_is_an_error(format: str, folder: str, tmp_path: Path) -> None:
    Path(folder, "format").write_text(format)
    for wrong in (folder, str(tmp_path)):
        with pytest.raises(WorkspaceError) as error:
            check(wrong)
        assert error.value.hint


def test_it_says_it_in_json(folder: str) -> None:
    inside(folder, "dead").write_bytes(b"")
    found: Checked = check(folder)
    said = json.loads(json.dumps(found.to_dict()))
    assert not said["ok"]
    assert said["findings"][0]["part"].endswith("dead")
    assert said["findings"][0]["repair"]


def test_a_graph_of_vectors_is_not_loaded_unless_it_is_what_was_written(folder: str) -> None:
    graph = inside(folder, "graph.hnsw")
    whole = graph.read_bytes()
    with ltrr_cli.open(folder, graph=True) as engine:
        assert engine.search("rain", arms=["semantic"], log=False).results
    for at in (0, 8, len(whole) // 2, len(whole) - 1):
        graph.write_bytes(whole[:at] + bytes([whole[at] ^ 64]) + whole[at + 1 :])
        with ltrr_cli.open(folder, graph=True) as engine, pytest.raises(WorkspaceError, match=r"graph\.hnsw: other bytes") as e:
            engine.search("rain", arms=["semantic"], log=False)
        assert "ltrr index" in e.value.hint
    graph.write_bytes(whole[:-1])
    with ltrr_cli.open(folder, graph=True) as engine, pytest.raises(WorkspaceError, match=r"graph\.hnsw: .* bytes long"):
        engine.search("rain", arms=["semantic"], log=False)
