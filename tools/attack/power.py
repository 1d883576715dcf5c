"""Let the power fail, at any moment of what changes a state folder, and look whether anything that was acknowledged is lost.

    python tools/attack/power.py --cuts 200          (needs strace)

A worker does changes of every kind, and strace writes down what it does to files. That is done again to a disk in memory, which
knows what was synced, and cut short: right after something was acknowledged, or anywhere. What a power loss then leaves (see
`disk`: all that was not synced may be gone, or half there, in any folder by itself) is laid down as a folder and opened, as
`crash.py` does. `--deaf` makes the disk ignore when it is told to sync: then much must be lost, or this attack sees nothing.
"""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from book import Book, Seen, look
from command import attacked
from crash import ask, catalog, work
from disk import Disk, File, Folder
from traced import STDOUT, STRACE, Call, Replay, calls

import ltrr_cli
from ltrr_cli.errors import LtrrError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("index", "add", "feedback", "delete", "learn", "rollback", "refine", "add")
PASSING = ("-shm",)  # shared memory, which is no file that lasts


def attack(scratch: str, *, cuts: int, seed: int, deaf: bool) -> int:
    """Let the power fail *cuts* times; return how many times something was wrong."""
    rng, home = random.Random(seed), os.path.join(scratch, "home")
    os.mkdir(home)
    trace = os.path.join(scratch, "trace")
    command = [*STRACE, "-o", trace, sys.executable, os.path.abspath(__file__), "--be", home]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    steps = list(_steps(trace))
    changing = _true(steps, home)
    after = [n for n, (_, said) in enumerate(steps, 1) if said]
    chosen = sorted([*rng.choices(after, k=cuts // 2), *rng.choices(changing, k=cuts - cuts // 2)])
    disk, book, bad, opened, done = Disk(home), Book(), 0, 0, 0
    replay = Replay(disk)
    for turn, end in enumerate(chosen):
        for call, said in steps[done:end]:
            if said:
                book.hear(said)
            elif not (deaf and call.name in ("fsync", "fdatasync")):
                replay.do(call)
        done = end
        left = os.path.join(scratch, f"left-{turn}")
        disk.lay(left, None if turn % 2 else random.Random(f"{seed} {turn}"), PASSING)
        wrong, could = _wrong(left, scratch, copy.deepcopy(book), turn)
        opened += could
        bad += bool(wrong)
        for what in wrong:
            print(f"cut {turn + 1}, after {end} of {len(steps)} steps (going on: {book.going}): {what}", file=sys.stderr)
        shutil.rmtree(left)
    kinds = ", ".join(f"{kind} {n}" for kind, n in book.done.items())
    print(f"{len(changing)} steps that change or sync something, {len(after)} lines said; acknowledged: {kinds}")
    print(f"the power went {cuts} times; opened {opened} times, there was nothing yet the others; wrong {bad} times")
    return bad


def _steps(trace: str) -> Iterator[tuple[Call, dict[str, object]]]:
    """Yield each call, and what the worker said with it."""
    for call in calls(trace):
        said = call.name == "write" and call.fd[0] == STDOUT
        yield call, json.loads(call.data) if said else {}


def _true(steps: list[tuple[Call, dict[str, object]]], home: str) -> list[int]:
    """Return after which steps the disk is another, or stop if in the end the one in memory is not what the real one is."""
    disk = Disk(home)
    replay = Replay(disk)
    changing = [n for n, (call, _) in enumerate(steps, 1) if replay.do(call)]

    def same(folder: Folder, path: str) -> bool:
        if set(os.listdir(path)) != set(folder.names):
            return False
        for name, what in folder.names.items():
            there = os.path.join(path, name)
            if isinstance(what, File):
                with open(there, "rb") as f:
                    if f.read() != what.data and not name.endswith(PASSING):
                        return False
            elif not same(what, there):
                return False
        return True

    if not same(disk.top, home):
        raise SystemExit("the trace does not say all that was done to the folder")
    return changing


def _wrong(left: str, scratch: str, book: Book, turn: int) -> tuple[list[str], bool]:
    """Return what is wrong with a folder that a power loss left, and whether it could be opened."""
    folder = os.path.join(left, "state")

    def open_and_change(say: Callable[..., object]) -> None:
        try:
            seen, why = look(folder)._asdict(), ""
        except WorkspaceError as e:
            if "ltrr index" not in e.hint:
                raise
            seen, why = {}, str(e)
        except LtrrError as e:
            raise AssertionError(f"{e} ({e.hint})") from None
        change = ltrr_cli.add if seen else ltrr_cli.build
        change([catalog(scratch, 9_000_000 + 100 * turn, 5)], folder)
        say("seen", seen=seen, why=why, after=[damage for damage in look(folder).damages])

    said = ask(open_and_change)
    if not said:
        return ["it could not be opened, or not be changed"], False
    wrong = [f"damage after the next change: {what}" for what in said["after"]]
    if said["seen"]:
        return wrong + book.wrong(Seen(**said["seen"])), True
    return wrong + ([f"all is lost: {said['why']}"] if book.current or book.searches else []), False


def be(home: str) -> None:
    """Be the worker: do changes of every kind, and say so on standard output."""
    folder = os.path.join(home, "state")

    def say(what: str, **more: object) -> None:
        os.write(STDOUT, (json.dumps({"say": what, **more}) + "\n").encode())

    with tempfile.TemporaryDirectory() as scratch:
        for n, kind in enumerate(KINDS):
            if kind == "refine":
                path = catalog(scratch, 500, 20)
                say("begin", kind="index", ids=[f"e{i}" for i in range(500, 520)])
                say("done", kind="index", generation=ltrr_cli.build([path], folder, encoder="minilm").generation)
            else:
                work(kind, folder, scratch, n, say, rounds=1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--be"]:
        be(sys.argv[2])
    else:
        sys.exit(attacked(attack, __doc__, cuts=200, seed=0, deaf=False))
