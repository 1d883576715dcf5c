"""No network, no other program, no pickle: Python tells of each, and nothing that ltrr does may be told of."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli

PACKAGE = os.path.dirname(ltrr_cli.__file__)
NEVER = {"pickle", "marshal", "shelve", "dill", "joblib", "subprocess", "socket", "ssl", "urllib", "http", "ftplib", "smtplib",
         "asyncio", "requests", "httpx", "huggingface_hub", "pty", "webbrowser", "code"}  # fmt: skip
CALLS = {"eval", "exec", "compile", "system", "popen", "execv", "execvp", "fork", "forkpty", "spawnv", "posix_spawn"}
WATCHED = """
import sys
def told(event, values):
    if event.split(".")[0] in ("socket", "subprocess", "urllib", "http", "pickle", "marshal", "ftplib", "smtplib", "webbrowser"):
        if event not in ("marshal.loads", "marshal.load"):  # how Python reads its own compiled files
            raise AssertionError(event)
    if event in ("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn"):
        raise AssertionError(event)
sys.addaudithook(told)
from ltrr_cli.cli.app import start
for line in sys.stdin.read().splitlines():
    status = start(line.split())
    print(status, file=sys.stderr)
"""
DONE = """index things.jsonl
add more.jsonl
search red
search red --format table --explain
search red --arm semantic --json
feedback 1
learn --from-log
suggest re
explain --replay
arms
status
check
report
ope --policy uniform
export
rollback
delete a3
forget --user nobody
--help"""


@pytest.mark.parametrize("path", sorted(Path(PACKAGE).rglob("*.py")), ids=lambda path: os.path.relpath(path, PACKAGE))
def test_nothing_that_reaches_out_is_imported_or_called(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not NEVER.intersection(name.partition(".")[0] for name in names), (path, names)
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "os":
                called = node.func.attr
            assert called not in CALLS, (path, node.lineno)
            assert not any(word.arg in ("allow_pickle", "shell") for word in node.keywords), (path, node.lineno)


def test_nothing_that_is_done_reaches_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: Callable[..., Any]) -> None:
    monkeypatch.chdir(tmp_path)
    for name, first in (("things", 0), ("more", 50)):
        rows = ({"id": f"a{i}", "name": f"Red dress {i}", "brand": "Lumen"} for i in range(first, first + 40))
        Path(f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    running = process(WATCHED)
    _, err = running.communicate(DONE, timeout=240)
    assert running.returncode == 0, err
    assert "AssertionError" not in err
    statuses = [line for line in err.splitlines() if line.isdigit()]
    assert len(statuses) == len(DONE.splitlines())
    assert set(statuses) <= {"0", "1"}, err


def test_what_the_report_writes_is_for_its_owner_alone(own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ltrr_cli.cli.app import start

    monkeypatch.chdir(tmp_path)
    with ltrr_cli.open(own) as engine:
        engine.search("love", user="ann")
    before = os.umask(0)
    try:
        assert start(["report", "--index", own]) == 0
    finally:
        os.umask(before)
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o600
    modes = {
        os.stat(os.path.join(at, name)).st_mode & 0o777 for at, folders, names in os.walk(own) for name in (*folders, *names)
    }
    assert modes == {0o600, 0o700}
