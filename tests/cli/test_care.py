"""The commands that look after a folder, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.workspace import Workspace

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))
Ltrr = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def ltrr(own: str) -> Ltrr:
    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ltrr_cli", *words]
        environment = {**os.environ, "PYTHONPATH": ROOT, "LTRR_INDEX": own}
        return subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, timeout=120)

    return run


def test_check_ends_with_2_and_names_the_repair_if_anything_is_damaged(ltrr: Ltrr, own: str) -> None:
    done = ltrr("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("whole: ")
    Path(Workspace(own).generation("00000001"), "dead").write_bytes(b"")
    done = ltrr("check")
    assert done.returncode == 2
    assert done.stdout.startswith("damage: generation 00000001: dead: ")
    assert "  repair: ltrr index CATALOG" in done.stdout
    said = ltrr("check", "--json")
    assert said.returncode == 2
    assert json.loads(said.stdout)["ok"] is False


def test_check_of_something_else_is_a_mistake(ltrr: Ltrr, tmp_path: Path) -> None:
    done = ltrr("check", "--index", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["error", "hint"]


def test_rollback_says_how_to_undo_it(ltrr: Ltrr, own: str) -> None:
    assert ltrr("rollback").returncode == 2
    ltrr_cli.delete(["track-4-3"], own)
    assert "Yesterday" not in ltrr("search", "yesterday", "--arm", "lexical").stdout
    done = ltrr("rollback")
    assert done.returncode == 0
    assert "Yesterday" in ltrr("search", "yesterday", "--arm", "lexical").stdout
    undo = done.stderr.splitlines()[-1].removeprefix("to undo: ltrr ")
    assert json.loads(ltrr(*undo.split(), "--json").stdout)["left"] == "00000001"
    assert "Yesterday" not in ltrr("search", "yesterday", "--arm", "lexical").stdout


def test_forget_says_what_it_did(ltrr: Ltrr, own: str) -> None:
    with Engine(own) as engine:
        engine.search("love", user="ann")
        engine.feedback(1)
        page = engine.search("rain")
    done = ltrr("forget", "--user", "ann")
    assert done.returncode == 0
    assert "1 search and 1 event removed" in done.stderr
    again = ltrr("forget", "--user", "ann")
    assert (again.returncode, again.stderr) == (1, "no search of that user in the log: nothing to remove\n")
    assert json.loads(ltrr("forget", "--search", page.search_id, "--json").stdout)["searches_left"] == 0
    assert ltrr("forget").returncode == 2


def test_what_was_exported_can_be_imported(ltrr: Ltrr, own: str, tmp_path: Path) -> None:
    with Engine(own) as engine:
        engine.search("love", user="ann")
        engine.feedback(1)
    exported = ltrr("export").stdout
    other = str(tmp_path / "other")
    done = ltrr("import", "-", "--index", other, stdin=exported)
    assert (done.returncode, done.stderr) == (0, "1 search and 1 event taken in\n")
    again = ltrr("import", "-", "--index", other, stdin=exported)
    assert again.returncode == 2
    assert again.stderr.startswith("error: ")
    missing = ltrr("import", "nowhere.jsonl", "--index", str(tmp_path / "new"))
    assert (missing.returncode, missing.stderr.splitlines()[0]) == (2, "error: nowhere.jsonl: No such file or directory")
    assert not (tmp_path / "new").exists()
    assert "nowhere.jsonl" in ltrr("import", "nowhere.jsonl", "--index", other).stderr
