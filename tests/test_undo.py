"""Going back is one step, searchable at once, and harms neither what was left nor what comes next."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.errors import WorkspaceError
from ltrr_cli.index.build import build
from ltrr_cli.index.manifest import damages
from ltrr_cli.undo import Rolled, rollback
from ltrr_cli.verify import check
from ltrr_cli.workspace import Workspace

Catalog = Callable[..., str]


def new(n: int) -> list[dict[str, str]]:
    return [{"id": f"new-{n}-{i}", "type": "track", "name": f"Zebra {n} {i}", "artist": f"Band {n}"} for i in range(n)]


def titles(folder: str, text: str) -> set[str]:
    with Engine(folder) as engine:
        found: set[str] = set()
        for arm in ("lexical", "semantic", "popular", "fresh"):
            found |= {result.title for result in engine.search(text, arms=[arm], log=False, limit=200).results}
        return found


def zebras(folder: str) -> set[str]:
    return {title for title in titles(folder, "zebra") if title.startswith("Zebra")}


def named(n: int) -> set[str]:
    return {f"Zebra {n} {i}" for i in range(n)}


def test_back_and_forth(own: str, catalog: Catalog) -> None:
    ltrr_cli.add([catalog(new(5))], own)
    assert zebras(own) == named(5)
    before = check(own).rows
    assert rollback(own) == Rolled("00000002", "00000001", before - 5)
    assert zebras(own) == set()
    with pytest.raises(WorkspaceError) as error:
        rollback(own)
    assert error.value.hint == "there is 00000002: --to 00000002"
    assert rollback(own, "00000002").generation == "00000002"
    assert zebras(own) == named(5)
    assert check(own).findings == ()


def test_a_change_after_going_back_goes_on_from_there(own: str, catalog: Catalog) -> None:
    """Both changes append to files that they share with the first generation."""
    ltrr_cli.add([catalog(new(7))], own)
    reader = Engine(own)
    pages = [reader.search("zebra", arms=[arm], log=False, seed=1).results for arm in ARMS]
    rollback(own)
    ltrr_cli.add([catalog(new(3))], own)
    assert zebras(own) == named(3)
    assert check(own).findings == ()
    assert [reader.search("zebra", arms=[arm], log=False, seed=1).results for arm in ARMS] == pages
    assert list(damages(reader.generation.folder)) == []  # it is still held
    reader.close()
    rollback(own)
    assert zebras(own) == set()
    assert check(own).findings == ()


def test_after_each_change_the_one_before_it_is_kept(own: str, catalog: Catalog) -> None:
    ltrr_cli.add([catalog(new(2))], own)
    rollback(own)
    ltrr_cli.add([catalog(new(3))], own)
    assert Workspace(own).names() == ["00000001", "00000003"]
    ltrr_cli.delete(["new-3-0"], own)
    assert Workspace(own).names() == ["00000003", "00000004"]
    rollback(own)
    assert zebras(own) == named(3)


def test_a_change_that_did_not_come_to_its_end_is_no_part_of_the_next(own: str, catalog: Catalog) -> None:
    workspace = Workspace(own)
    folder = workspace.generation(workspace.current())
    for name in ("types.u16", "records.jsonl", "records.at", "codes.i8", "quality.f32", "said.jsonl"):
        with open(os.path.join(folder, name), "ab") as f:
            f.write(b"left behind")
    held = Engine(own)
    before = held.search("love", log=False, seed=1).results
    ltrr_cli.add([catalog(new(3))], own)
    assert zebras(own) == named(3)
    assert held.search("love", log=False, seed=1).results == before
    assert check(own).findings == ()
    held.close()


def test_learning_stays(own: str, catalog: Catalog) -> None:
    with Engine(own) as engine:
        engine.search("love", seed=1)
        engine.feedback(2)
    ltrr_cli.add([catalog(new(2))], own)
    with Engine(own) as engine:
        before = list(engine.export())
    rollback(own)
    with Engine(own) as engine:
        assert list(engine.export()) == before


def test_what_is_not_there_or_damaged_is_refused(own: str, catalog: Catalog) -> None:
    for to in (None, "00000001", "7", "../../etc"):
        with pytest.raises(WorkspaceError) as error:
            rollback(own, to)
        assert error.value.hint
    ltrr_cli.add([catalog(new(2))], own)
    Path(Workspace(own).generation("00000001"), "dead").write_bytes(b"")
    with pytest.raises(WorkspaceError) as error:
        rollback(own)
    assert "dead" in str(error.value)
    assert Workspace(own).current() == "00000002"


def test_a_better_index_of_the_same_catalog_keeps_the_one_to_go_back_to(own: str) -> None:
    workspace = Workspace(own)
    with workspace.writing():
        build(workspace, [], None, lambda: {"encoder": "static", "mapping": {}, "bad": 0})
        for _ in range(2):
            with workspace.new_generation(replacing=True) as folder:
                Path(folder, "file").touch()
    assert workspace.names() == ["00000001", "00000004"]


def test_a_held_generation_is_kept_as_long_as_it_is_held(own: str) -> None:
    workspace = Workspace(own)
    with workspace.hold() as held, workspace.hold():
        for i in range(3):
            ltrr_cli.delete([f"product-{i}"], own)
        assert held.name in workspace.names()
    ltrr_cli.delete(["product-3"], own)
    assert workspace.names() == ["00000004", "00000005"]
    with pytest.raises(WorkspaceError):
        workspace.hold("00000001")
