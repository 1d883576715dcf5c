"""Short forms of the attacks in `tools/attack/`: processes killed, power that fails, disks that are full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import ltrr_cli

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))


def attack(name: str, *words: str) -> str:
    """Run one attack; return what it printed."""
    command = [sys.executable, os.path.join(ROOT, "tools", "attack", f"{name}.py"), *words]
    environment = {**os.environ, "PYTHONPATH": ROOT}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    return done.stdout


def test_who_is_killed_loses_nothing_that_was_acknowledged() -> None:
    said = attack("crash", "--kills", "12")
    assert "12 killed: index 2, add 2, delete 2, feedback 2, learn 2, rollback 2; 1 more in the first build" in said
    assert "opened 12 times of 12; wrong 0 times; repaired by hand 0 times" in said


@pytest.mark.skipif(not shutil.which("strace"), reason="strace says what is written and synced")
def test_what_was_acknowledged_is_there_after_a_power_loss() -> None:
    said = attack("power", "--cuts", "6")
    assert said.splitlines()[-1].endswith("; wrong 0 times")
    assert "acknowledged: index " in said


def test_of_a_disk_without_power_only_what_was_synced_is_sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.join(ROOT, "tools", "attack"))
    from disk import Disk, File, Folder

    disk = Disk("/home")
    kept, lost, inner = File(), File(), Folder()
    disk.put("/home/inner", inner)
    disk.put("/home/inner/kept", kept)
    disk.put("/home/inner/lost", lost)
    kept.write(0, b"first")
    disk.lay(str(tmp_path / "0"))
    assert os.listdir(tmp_path / "0") == []  # the folder's own name was not synced
    disk.top.sync()
    inner.sync()
    kept.sync()
    kept.write(5, b" second")
    lost.write(0, b"never")
    disk.rename("/home/inner/kept", "/home/inner/renamed")
    disk.lay(str(tmp_path / "1"))
    assert (tmp_path / "1" / "inner" / "kept").read_bytes() == b"first"
    assert (tmp_path / "1" / "inner" / "lost").read_bytes() == b""
    found = set()
    for seed in range(60):
        disk.lay(str(tmp_path / f"r{seed}"), Random(seed))
        there = tmp_path / f"r{seed}" / "inner"
        (name,) = {"kept", "renamed"} & set(os.listdir(there))
        found.add((name, (there / name).read_bytes()))
    contents = (b"first", b"first second", b"first" + bytes(7))  # its length may come through without its bytes
    assert found == {(name, content) for name in ("kept", "renamed") for content in contents}
    inner.sync()
    disk.lay(str(tmp_path / "2"))
    assert sorted(os.listdir(tmp_path / "2" / "inner")) == ["lost", "renamed"]


def test_where_no_file_can_grow_errors_are_clear_and_nothing_changes() -> None:
    said = attack("full", "--ways", "limit", "--only", "delete")
    assert said.startswith("limit: ")
    assert ", 0 wrong" in said
    assert not said.startswith("limit: 0 failed")


def test_what_nobody_would_write_breaks_nothing() -> None:
    said = attack("fuzz", "all", "--inputs", "12", "--seed", "1")
    lines = said.splitlines()
    assert len(lines) == 12
    assert all(": 12 inputs in " in line and line.endswith(", 0 broke something") for line in lines), said


def test_a_crowd_loses_nothing() -> None:
    said = attack("crowd", "--processes", "6", "--operations", "120")
    assert said.startswith("120 operations by 6 processes")
    assert said.splitlines()[-1].count(" 0") == 7
