"""The state folder: one writer, whole files, private to its owner."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.errors import BusyError, WorkspaceError
from ltrr_cli.workspace import FORMAT, KEPT, Workspace, seal, write_atomically

Process = Callable[..., Any]
HOLD = """
import sys
from ltrr_cli.workspace import Workspace
with Workspace(sys.argv[1]).writing():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(str(tmp_path / "state")).create()


def generations(workspace: Workspace) -> list[str]:
    return sorted(os.listdir(workspace.path("generations")))


def make(workspace: Workspace, content: str) -> None:
    with workspace.writing(), workspace.new_generation() as folder:
        Path(folder, "file").write_text(content)


def test_naming_a_folder_touches_nothing(tmp_path: Path) -> None:
    Workspace(str(tmp_path / "state"))
    assert list(tmp_path.iterdir()) == []


def test_a_new_folder_is_private_empty_and_of_this_format(workspace: Workspace) -> None:
    assert Path(workspace.path("format")).read_text() == FORMAT + "\n"
    assert os.stat(workspace.folder).st_mode & 0o777 == 0o700
    assert generations(workspace) == []
    assert workspace.create().open() is workspace
    with pytest.raises(WorkspaceError) as error:
        workspace.current()
    assert "ltrr index" in error.value.hint


def test_folders_above_it_are_made(tmp_path: Path) -> None:
    assert Workspace(str(tmp_path / "a" / "b" / "state")).create().open()


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    before = os.umask(0)
    try:
        write_atomically(str(path), "one")
        with path.open() as reader:
            write_atomically(str(path), "two, and longer: é")
            assert reader.read() == "one"
    finally:
        os.umask(before)
    assert path.read_text(encoding="utf-8") == "two, and longer: é"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["file"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(str(path), "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(str(path), "new \ud800")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_generation_becomes_current_when_its_block_ends_well(workspace: Workspace) -> None:
    with workspace.writing(), workspace.new_generation() as folder:
        Path(folder, "file").write_text("1")
        with pytest.raises(WorkspaceError):
            workspace.current()
    assert workspace.current() == "00000001"
    assert Path(workspace.generation("00000001"), "file").read_text() == "1"


def test_a_block_that_raises_changes_nothing(workspace: Workspace) -> None:
    make(workspace, "1")
    with pytest.raises(KeyboardInterrupt), workspace.writing(), workspace.new_generation() as folder:
        Path(folder, "file").write_text("2")
        raise KeyboardInterrupt
    assert workspace.current() == "00000001"
    assert generations(workspace) == ["00000001"]


def test_only_the_last_generations_are_kept(workspace: Workspace) -> None:
    for i in range(5):
        make(workspace, str(i))
    assert generations(workspace) == [f"{n:08d}" for n in range(6 - KEPT, 6)]
    assert workspace.current() == "00000005"


def test_sealing_makes_all_below_private(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir(mode=0o755)
    (tmp_path / "in" / "file").touch(mode=0o644)
    seal(str(tmp_path))
    assert [path.stat().st_mode & 0o777 for path in (tmp_path, tmp_path / "in", tmp_path / "in" / "file")] == [
        0o700,
        0o700,
        0o600,
    ]


def test_one_writer_at_a_time_and_the_lock_goes_with_its_holder(workspace: Workspace, process: Process) -> None:
    holder = process(HOLD, workspace.folder)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError) as error, workspace.writing(0.05):
        pass
    assert error.value.hint
    holder.kill()
    holder.wait()
    with workspace.writing(5):
        pass


def test_a_writer_waits_for_the_one_before_it(workspace: Workspace, process: Process) -> None:
    holder = process(HOLD, workspace.folder)
    assert holder.stdout.readline() == "held\n"
    next_one = process(HOLD, workspace.folder)
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert next_one.stdout.readline() == "held\n"


@pytest.mark.parametrize(
    ("content", "shown"), [(b"ltrr 2\n", "'ltrr 2'"), (b"", "''"), (b"\xff\xfe", "format"), (b"x" * 9999, "xxx")]
)
def test_another_format_is_refused(workspace: Workspace, content: bytes, shown: str) -> None:
    Path(workspace.path("format")).write_bytes(content)
    for attempt in (workspace.open, workspace.create):
        with pytest.raises(WorkspaceError) as error:
            attempt()
        assert shown in str(error.value)
        assert len(str(error.value)) < len(workspace.folder) + 300
        assert "--index" in error.value.hint
