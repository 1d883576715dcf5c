"""Targets that are commands in a process of their own: damaged state folders, and command lines of any words."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import suppress

from command import Said, run
from home import LINES, lived, scratch, written

from ltrr_cli.cli.app import COMMANDS, load

STATED = (["search", "love rain"], ["feedback", "1"], ["learn"], ["check"], ["status"], ["export"], ["explain"], ["delete", "c5"],
          ["arms"], ["suggest", "lo"], ["rollback"], ["report", "--text"], ["forget", "--user", "ann"], ["add", "ADD"])  # fmt: skip


def state(data: bytes) -> None:
    """The files of a state folder: one is cut, changed, replaced or gone, and two commands are typed."""
    rng = random.Random(data)
    folder = os.path.join(scratch(), "damaged")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(lived(), folder)
    for _ in range(rng.choice((1, 1, 2))):
        _damage(folder, data, rng)
    for words in rng.sample(STATED, 2):
        argv = [written("more.jsonl", LINES) if word == "ADD" else word for word in words]
        said = run([*argv, "--index", folder], _quick)
        if words[0] != "check":  # whose findings are no error but its result
            assert not said.wrong(), f"{argv}: {said.wrong()}"


def _quick() -> None:
    os.environ["LTRR_BUSY_TIMEOUT"] = "1"


def _damage(folder: str, data: bytes, rng: random.Random) -> None:
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name != "lock")
    path = rng.choice(paths)
    if rng.random() < 0.25 and os.path.exists(os.path.join(folder, "state.db")):
        with suppress(sqlite3.Error), sqlite3.connect(os.path.join(folder, "state.db")) as db:
            table, column = rng.choice(
                (("learned", "body"), ("searches", "body"), ("events", "ranks"), ("q2e", "s"), ("searches", "key"))
            )
            db.execute(f"UPDATE {table} SET {column}=?", (rng.choice((data, "x", b"{}", b"[1]", 1e308, None, b"\xff")),))
        return
    if not os.path.exists(path):
        return
    with open(path, "rb") as f:
        whole = bytearray(f.read())
    way = rng.randrange(5)
    if way == 0:
        os.unlink(path)
        return
    at = rng.randrange(len(whole) + 1)
    if way == 1:
        whole = whole[:at]
    elif way == 2 and whole:
        for _ in range(rng.choice((1, 8, 200))):
            whole[rng.randrange(len(whole))] = rng.randrange(256)
    elif way == 3:
        whole[at : at + len(data)] = data
    else:
        whole = bytearray(data)
    os.unlink(path)  # not the file of another generation that shares it
    with open(path, "wb") as f:
        f.write(whole)


def typed(data: bytes) -> None:
    """Command lines: words of ours and of nobody's, NULs between them."""
    names = list(COMMANDS)
    words = [part.decode("utf-8", "surrogateescape") for part in data.split(b"\0")]
    name = names[len(words[0]) % len(names)] if words[0] not in names else words[0]
    if name == "simulate":
        return
    flags = [flag for option in load(name).options for flag in option.flags]
    said_so = [word[:1] == "%" and len(word) > 1 and bool(flags) for word in words]
    argv = [name, *(flags[ord(word[1]) % len(flags)] if so else word for so, word in zip(said_so[1:8], words[1:8], strict=True))]
    home = os.path.join(scratch(), "home")
    os.makedirs(home, exist_ok=True)
    said: Said = run(argv, lambda: _at(home))
    assert name == "check" or not said.wrong(), f"{argv}: {said.wrong()}"


def _at(home: str) -> None:
    os.chdir(home)
    os.environ["LTRR_INDEX"] = os.path.join(scratch(), "lived")
    _quick()
