"""What gets its name is on the disk before the name is, and the name is before anybody is told: else a power loss takes both."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.workspace import Workspace, write_atomically


class Watched:
    """Passes calls on, and writes down what was synced and what was renamed; a thing is known by its inode."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.synced: set[int] = set()
        self.early: list[str] = []  # renamed before it was synced
        self.open: dict[str, str] = {}  # folder that was not synced yet -> what was renamed in it
        fsync, rename, replace = os.fsync, os.rename, os.replace

        def synced(fd: int) -> None:
            fsync(fd)
            self.synced.add(os.fstat(fd).st_ino)
            self.open.pop(os.readlink(f"/proc/self/fd/{fd}"), None)

        def moved(real: Callable[[str, str], None]) -> Callable[[str, str], None]:
            def move(old: str, new: str) -> None:
                if new.endswith(".building"):  # it is on its way out
                    self.open[os.path.dirname(os.path.realpath(new))] = new
                else:
                    inside = [os.path.join(where, name) for where, _, names in os.walk(old) for name in (".", *names)]
                    paths = [path for path in (inside or [old]) if not path.endswith(".lock")]
                    self.early += [path for path in paths if os.stat(path).st_ino not in self.synced]
                    self.open[os.path.dirname(os.path.realpath(new))] = new
                real(old, new)

            return move

        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(os, "rename", moved(rename))
        monkeypatch.setattr(os, "replace", moved(replace))


pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="tells a file descriptor's path")


def test_every_change_syncs_what_it_names_and_then_the_name(
    catalog: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, folder = Watched(monkeypatch), str(tmp_path / "state")
    rows = [{"id": f"t{i}", "type": "track", "name": f"Song {i}"} for i in range(20)]
    for change in (
        lambda: ltrr_cli.build([catalog(rows)], folder),
        lambda: ltrr_cli.add([catalog([{"id": "new", "type": "track", "name": "Brand New Day"}])], folder),
        lambda: ltrr_cli.delete(["t3"], folder),
        lambda: ltrr_cli.rollback(folder),
        lambda: ltrr_cli.build([catalog(rows)], folder, encoder="minilm"),
    ):
        change()
        assert (watched.early, watched.open) == ([], {})
    encodings = Path(folder, "encodings")
    assert {path.stat().st_ino for path in (encodings, *encodings.iterdir())} <= watched.synced
    assert json.loads(Path(Workspace(folder).generation(Workspace(folder).current()), "meta.json").read_text())["encoder"]


def test_a_folder_that_is_made_on_the_way_is_synced_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch)
    Workspace(str(tmp_path / "a" / "b" / "state")).create()
    assert {path.stat().st_ino for path in (tmp_path, tmp_path / "a", tmp_path / "a" / "b")} <= watched.synced


def test_the_watch_sees_a_name_without_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch)
    (tmp_path / "new").write_text("x")
    os.replace(str(tmp_path / "new"), str(tmp_path / "old"))
    assert watched.early == [str(tmp_path / "new")]
    assert watched.open == {os.path.realpath(tmp_path): str(tmp_path / "old")}
    write_atomically(str(tmp_path / "other"), "y")
    assert watched.open == {}
