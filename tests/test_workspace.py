"""The state folder: one writer, whole files, private to its owner."""

from __future__ import annotations

import fcntl
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


@pytest.mark.parametrize("left", [[], ["generations/"], ["format.17.new"], ["generations/", "format.17.new"], ["ltrr.toml"]])
def test_a_folder_whose_making_was_interrupted_is_made(tmp_path: Path, left: list[str]) -> None:
    for name in left:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()
    workspace = Workspace(str(tmp_path)).create()
    make(workspace, "1")
    assert sorted(os.listdir(tmp_path)) == sorted({"current", "format", "generations", "lock", *(n for n in left if "toml" in n)})


def test_what_an_interrupted_write_left_is_removed_by_the_next(workspace: Workspace) -> None:
    make(workspace, "1")
    for name in ("current.17.new", "format.4711.new"):
        Path(workspace.path(name)).write_text("half of it")
    Path(workspace.path("generations", "00000009.building")).mkdir()
    make(workspace, "2")
    assert sorted(os.listdir(workspace.folder)) == ["current", "format", "generations", "lock"]
    assert generations(workspace) == ["00000001", "00000002"]


def test_a_disk_that_is_full_is_one_line_and_changes_nothing(workspace: Workspace) -> None:
    make(workspace, "1")
    for failure in (OSError(28, "No space left on device"), ValueError("An IO error occurred: 'Full (os error 28)'")):
        with pytest.raises(WorkspaceError) as error, workspace.writing(), workspace.new_generation():
            raise failure
        assert "ull" in str(error.value) or "space" in str(error.value)
        assert error.value.hint
        assert workspace.current() == "00000001"
    with pytest.raises(ValueError, match="no number"), workspace.writing(), workspace.new_generation():
        raise ValueError("no number")


def test_no_umask_opens_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        workspace = Workspace(str(tmp_path / "state")).create()
        make(workspace, "1")
    finally:
        os.umask(before)
    modes = {
        oct(os.stat(os.path.join(where, name)).st_mode & 0o777)
        for where, folders, files in os.walk(tmp_path)
        for name in (*folders, *files)
    }
    assert modes == {"0o700", "0o600"}


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


class Turns:
    """A clock on which each wait takes a second; every *every* seconds the lock gets another holder, and at *end* none."""

    def __init__(self, path: str, every: int, end: int) -> None:
        self.path, self.every, self.end, self.now = path, every, end, 0
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.fd, fcntl.LOCK_EX)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 1
        if self.now % self.every == 0:
            os.utime(self.path, (self.now, self.now))
        if self.now == self.end:
            os.close(self.fd)


@pytest.mark.parametrize("every", [7, 50, 90])
def test_a_queue_that_moves_is_waited_in(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    """Sixty seconds for one holder: fifty are too few to give up, but ninety are not; a queue may take as long as it takes."""
    turns = Turns(workspace.path("lock"), every, 500 if every < 60 else 1000)
    monkeypatch.setattr("ltrr_cli.workspace.time", turns)
    if every < 60:
        with workspace.writing():
            assert turns.now == 500
    else:
        with pytest.raises(BusyError), workspace.writing():
            pass
        assert turns.now == 60
        os.close(turns.fd)


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
