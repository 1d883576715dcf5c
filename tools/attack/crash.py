"""Kill whoever changes a state folder, at random moments, and look whether anything that was acknowledged is lost.

    python tools/attack/crash.py --kills 300

A worker does one kind of change over and over, and says in a pipe what it is about to do and what has been done. It is killed
(SIGKILL) at a random moment of that. Another process then opens the folder: what it finds must be what was acknowledged, with
all or nothing of the one change that was going on; every checksum and reference must hold; and a search must find something.
Nothing is repaired between two kills. Every eighth build starts in a folder that is not there yet.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from book import WORDS, Book, Seen, alive, look
from command import attacked

import ltrr_cli
from ltrr_cli.errors import LtrrError, WorkspaceError
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.fold import fold
from ltrr_cli.settings import Settings
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("index", "add", "delete", "feedback", "learn", "rollback")
ROUNDS = 1000  # changes that a worker would do if nobody killed it
FOLD_EVERY = 25  # kills after which what was learned is compared with the log folded anew


def catalog(folder: str, first: int, size: int) -> str:
    """Write a catalog of *size* entities numbered from *first*; return its path."""
    path = os.path.join(folder, f"{os.getpid()}-{first}-{size}.jsonl")
    with open(path, "w", encoding="utf-8") as f:
        for n in range(first, first + size):
            title = f"{WORDS[n % 8]} {WORDS[n // 8 % 8]} {n}".title()
            row = {"id": f"e{n}", "type": "track", "name": title, "artist": f"Band {n % 17}", "year": 1960 + n % 60}
            f.write(json.dumps(row) + "\n")
    return path


def work(kind: str, folder: str, scratch: str, seed: int, say: Callable[..., object], rounds: int = ROUNDS) -> None:
    """Do *rounds* changes of one *kind*, saying before each what it will be and after each what it was."""
    rng = random.Random(seed)
    for n in range(rounds):
        first = 1_000_000 * (seed + 1) + 100 * n
        if kind == "index":
            size = rng.randint(20, 60)
            path = catalog(scratch, first, size)
            say("begin", kind=kind, ids=[f"e{i}" for i in range(first, first + size)])
            say("done", kind=kind, generation=ltrr_cli.build([path], folder).generation)
        elif kind == "add":
            path = catalog(scratch, first, 3)
            say("begin", kind=kind, ids=[f"e{i}" for i in range(first, first + 3)])
            say("done", kind=kind, generation=ltrr_cli.add([path], folder).generation)
        elif kind == "delete":
            workspace = Workspace(folder)
            living = alive(workspace.generation(workspace.current()))
            ids = rng.sample(living, min(2, len(living) - 10)) if len(living) > 10 else []
            if ids:
                say("begin", kind=kind, ids=ids)
                ltrr_cli.delete(ids, folder)
                say("done", kind=kind, generation=workspace.current())
            else:
                say("begin", kind="add", ids=[f"e{i}" for i in range(first, first + 30)])
                say("done", kind="add", generation=ltrr_cli.add([catalog(scratch, first, 30)], folder).generation)
        elif kind == "rollback":
            workspace = Workspace(folder)
            others = [name for name in workspace.names() if name != workspace.current()]
            if not others:
                raise SystemExit("nothing to go back to")
            say("begin", kind=kind, to=others[-1])
            say("done", kind=kind, generation=ltrr_cli.rollback(folder, others[-1]).generation)
        else:
            _use(kind, folder, f"{seed}-{n}", n, rng, say)


def _use(kind: str, folder: str, name: str, n: int, rng: random.Random, say: Callable[..., object]) -> None:
    with ltrr_cli.open(folder) as engine:
        for i in range(20):
            page = engine.search(f"{rng.choice(WORDS)} {rng.choice(WORDS)}", user=f"user {i % 3}", session=name)
            say("searched", search=page.search_id)
            if page.results:
                event = f"{name}-{i}"
                say("begin", kind="feedback", event=event)
                action = rng.choice(("click", "play", "like", "skip", "dislike"))
                rank = rng.randint(1, len(page.results))
                assert engine.feedback(rank, search_id=page.search_id, action=action, event_id=event).kept == 1
                say("done", kind="feedback", event=event)
            if kind == "learn" and i % 2:
                say("begin", kind="learn")
                engine.learn()
                engine.relearn()
                say("done", kind="learn")


def differs(folder: str, scratch: str) -> bool:
    """Return whether what was learned is anything else than what the log says, folded anew in a copy."""
    copy = tempfile.mkdtemp(dir=scratch)
    for name in os.listdir(folder):
        if name.startswith("state.db"):
            shutil.copy(os.path.join(folder, name), copy)
    with Store(os.path.join(copy, "state.db")) as store:
        tables = ("q2e", "arms", "exposure", "queries")
        before = store.policy_state().to_bytes(), [store.rows(f"SELECT * FROM {table}") for table in tables]
        return before != (fold(store, Settings()).to_bytes(), [store.rows(f"SELECT * FROM {table}") for table in tables])


def fork(body: Callable[[Callable[..., object]], object]) -> tuple[int, int]:
    """Run *body* in a process of its own, which has everything imported already; return its number and the pipe it writes to."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    status = 1
    try:
        body(lambda say, **what: os.write(writer, (json.dumps({"say": say, **what}) + "\n").encode()))
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def killed(body: Callable[[Callable[..., object]], object], book: Book, typical: float, rng: random.Random) -> tuple[float, bool]:
    """Let a worker begin, kill it at a random moment; return how long one change took it, and if it was alive till then.

    *typical*: seconds that a change takes.
    """
    pid, reader = fork(body)
    try:
        until, started, took, rest = time.monotonic() + 60, 0.0, 0.0, b""
        while time.monotonic() < until:
            if not select.select([reader], [], [], max(0.0, until - time.monotonic()))[0]:
                break
            block = os.read(reader, 1 << 16)
            if not block:
                break
            *whole, rest = (rest + block).split(b"\n")
            for what in map(json.loads, whole):
                book.hear(what)
                now = time.monotonic()
                if what["say"] == "begin" and not started:
                    started = now
                    until = now + rng.uniform(0, 3 * typical)
                elif what["say"] == "done" and not took:
                    took = now - started
        os.kill(pid, signal.SIGKILL)
        while block := os.read(reader, 1 << 16):  # what was acknowledged, and not yet read
            *whole, rest = (rest + block).split(b"\n")
            for what in map(json.loads, whole):
                book.hear(what)
    finally:
        os.close(reader)
    died = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    return took, died


def ask(body: Callable[[Callable[..., object]], object]) -> dict[str, Any]:
    """Run *body* in a process of its own and return the one thing that it says; {} if it failed."""
    pid, reader = fork(body)
    with os.fdopen(reader) as f:
        said = f.read()
    os.waitpid(pid, 0)
    return dict(json.loads(said)) if said else {}


def attack(scratch: str, *, kills: int, seed: int) -> int:
    """Kill *kills* workers in turn; return how many times something was wrong."""
    rng, book, bad = random.Random(seed), Book(), 0
    folder = os.path.join(scratch, "state")
    took = dict.fromkeys(KINDS, 0.3)
    died, unfinished, applied, opened, fresh, left = Counter[str](), 0, 0, 0, 0, Counter[str]()
    ask(lambda say: say("built", generation=ltrr_cli.build([catalog(scratch, 0, 60)], folder).generation))
    ask(lambda say: say("more", generation=ltrr_cli.add([catalog(scratch, 100, 5)], folder).generation))
    with_nothing = ask(lambda say: say("seen", **look(folder)._asdict()))
    with_nothing.pop("say")
    book.wrong(Seen(**with_nothing))
    for n in range(kills):
        kind = KINDS[n % len(KINDS)]
        new = kind == "index" and n % 8 == 0
        if new:
            fresh += _first(os.path.join(scratch, f"new-{n}"), scratch, n, took[kind], rng)
        started = time.monotonic()
        one, dead = killed(partial(work, kind, folder, scratch, n), book, took[kind], rng)
        took[kind] = one or min(2 * took[kind], 5.0)
        died[kind] += dead
        unfinished += book.going is not None
        before = book.current, book.going
        said = ask(lambda say: say("seen", **look(folder)._asdict()))
        said.pop("say", None)
        wrong = book.wrong(Seen(**said)) if said else ["it could not be opened"]
        opened += bool(said)
        applied += before[1] is not None and book.current != before[0]
        left.update(note.rpartition(": ")[2] for note in said.get("notes", ()))
        if n % FOLD_EVERY == FOLD_EVERY - 1 and differs(folder, scratch):
            wrong.append("what was learned is not what the log says")
        for what in wrong:
            print(f"kill {n + 1} ({kind}, going on: {before[1]}): {what}", file=sys.stderr)
        bad += bool(wrong)
        if not said:
            break
        if sys.stderr.isatty():
            print(f"\r{n + 1}/{kills} {kind} {time.monotonic() - started:.1f} s ", end="", file=sys.stderr)
    acknowledged = ", ".join(f"{kind} {book.done[kind]}" for kind in KINDS)
    print(f"{sum(died.values())} killed: {', '.join(f'{kind} {died[kind]}' for kind in KINDS)}; {fresh} more in the first build")
    print(f"acknowledged before that: {acknowledged}; {len(book.searches)} searches and {len(book.events)} events in the log")
    print(f"{unfinished} died within a change, which was kept whole {applied} times and left out whole the others")
    print(f"opened {opened} times of {kills}; wrong {bad} times; repaired by hand 0 times")
    print(f"left behind, for the next change to remove: {dict(left) or 'nothing'}")
    return bad


def _first(folder: str, scratch: str, n: int, typical: float, rng: random.Random) -> int:
    """Kill the first build in a new folder; the next one must work as if nothing had been."""
    book = Book()
    killed(partial(work, "index", folder, scratch, 10_000 + n), book, typical, rng)

    def again(say: Callable[..., object]) -> None:
        try:
            look(folder)
        except WorkspaceError as e:
            assert "ltrr index" in e.hint, e
        except LtrrError as e:
            raise AssertionError(e) from None
        built = ltrr_cli.build([catalog(scratch, 0, 30)], folder)
        say("again", entities=built.entities, damages=look(folder).damages)

    said = ask(again)
    if said.get("entities") != 30 or said["damages"]:
        raise SystemExit(f"after a first build was killed: {said}")
    shutil.rmtree(folder)
    return 1


if __name__ == "__main__":
    sys.exit(attacked(attack, __doc__, kills=300, seed=0))
