"""Ctrl-C at any moment: one line is said, and the folder holds all of a change or nothing of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.verify import check
from ltrr_cli.workspace import Workspace

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))


def ended(argv: Sequence[str], folder: str, stop: str) -> tuple[int, str]:
    """Start a command that is sent SIGINT when it calls *stop*, "module:attribute"; return its status and what it said."""
    module, _, name = stop.partition(":")
    script = f"""
import importlib, os, signal, sys
module = importlib.import_module({module!r})
owner, _, name = {name!r}.rpartition(".")
owner = getattr(module, owner) if owner else module
whole = getattr(owner, name)
def stopped(*words, **more):
    os.kill(os.getpid(), signal.SIGINT)
    return whole(*words, **more)
setattr(owner, name, stopped)
from ltrr_cli.cli.app import start
sys.exit(start({list(argv)!r}))
"""
    environment = {**os.environ, "PYTHONPATH": ROOT, "LTRR_INDEX": folder}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=120)
    return done.returncode, done.stderr.strip()


def held(folder: str) -> tuple[str, list[str]]:
    with ltrr_cli.open(folder) as engine:
        return Workspace(folder).current(), [json.dumps(line) for line in engine.export()]


@pytest.mark.parametrize(
    ("argv", "stop"),
    [
        (["add", "more.jsonl"], "ltrr_cli.index.manifest:write"),
        (["add", "more.jsonl"], "ltrr_cli.catalog.check:Catalog._block"),
        (["delete", "track-0-1"], "ltrr_cli.index.manifest:write"),
        (["index", "more.jsonl"], "ltrr_cli.index.manifest:write"),
        (["learn", "--from-log"], "ltrr_cli.learn.fold:fold"),
        (["simulate", "--rounds", "20", "--made", "5", "--seeds", "1", "--workers", "1"], "ltrr_cli.simulate.run:_wanted"),
    ],
    ids=lambda one: " ".join(one)[:30] if isinstance(one, list) else one.rpartition(":")[2],
)
def test_an_interrupted_change_is_no_change(own: str, tmp_path: Path, argv: list[str], stop: str) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text('{"id": "new", "type": "track", "name": "Brand New Day"}\n')
    with ltrr_cli.open(own) as engine:
        for i, word in enumerate(("love", "rain", "black")):
            engine.search(word, seed=i, user="ann")
            engine.feedback(1)
    before = held(own)
    status, said = ended([str(more) if word == more.name else word for word in argv], own, stop)
    assert status == 130, said
    assert said.startswith("interrupted") and len(said.splitlines()) == 1
    assert held(own) == before
    assert not check(own).damaged
