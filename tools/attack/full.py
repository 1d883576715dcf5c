"""Fill the disk, at each write of each command, or forbid to write: errors are clear, nothing is lost.

    python tools/attack/full.py [--ways limit,disk,readonly,stranger] [--thorough]

limit     no file may grow beyond so many bytes (RLIMIT_FSIZE), from none up to enough: needs no rights
disk      a file system with so many pages free, from none up to enough (mounts a tmpfs: needs root)
readonly  a file system that can't be written to (the same, mounted read-only)
stranger  another user, to whom the folder is closed (setuid: needs root)

After each command that failed, the folder must hold what it held before, byte for byte in its export and id for id in its
index; `ltrr check` must find it whole; and the same command must work once there is room.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from book import WORDS, alive
from command import Said, run
from crash import catalog

import ltrr_cli
from ltrr_cli.verify import check
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = 4096
NOBODY = 65534
STEPS = [0, 1, 100, *(PAGE * n for n in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 4096, 16384))]


def lived(folder: str, scratch: str) -> None:
    """Make a folder with two generations, searches and feedback."""
    ltrr_cli.build([catalog(scratch, 0, 200)], folder)
    ltrr_cli.add([catalog(scratch, 200, 5)], folder)
    with ltrr_cli.open(folder) as engine:
        for i, word in enumerate(WORDS * 3):
            engine.search(word, seed=i, user="ann" if i % 2 else "bob")
            engine.feedback(1 + i % 3)


def commands(scratch: str) -> dict[str, tuple[list[str], bytes]]:
    """Return each command that writes, and what it is given on stdin; DIR stands for the folder, HERE for what is beside it."""
    more = catalog(scratch, 300, 20)
    with ltrr_cli.open(os.path.join(scratch, "lived")) as engine:
        ids = [search for (search,) in engine.store.rows("SELECT id FROM searches")]
        log = "".join(json.dumps(line) + "\n" for line in engine.export()).encode()
    events = "".join(json.dumps({"search_id": one, "rank": 2, "event_id": f"late-{one}"}) + "\n" for one in ids).encode()
    return {
        "index": (["index", more, "--index", "DIR"], b""),
        "first index": (["index", more, "--index", "HERE/new"], b""),
        "add": (["add", more, "--index", "DIR"], b""),
        "delete": (["delete", "e3", "e4", "--index", "DIR"], b""),
        "search": (["search", "love", "--index", "DIR"], b""),
        "feedback": (["feedback", "1", "--index", "DIR"], b""),
        "feedback --from": (["feedback", "--from", "-", "--index", "DIR"], events),
        "learn": (["learn", "--from-log", "--index", "DIR"], b""),
        "rollback": (["rollback", "--index", "DIR"], b""),
        "forget": (["forget", "--user", "ann", "--index", "DIR"], b""),
        "import": (["import", "-", "--index", "HERE/other"], log),
        "report": (["report", "--out", "HERE/report.html", "--index", "DIR"], b""),
        "export": (["export", "--index", "DIR"], b""),
    }


def held(folder: str) -> Any:
    """Return all that a folder holds: which entities, and its whole export."""
    workspace = Workspace(folder)
    with ltrr_cli.open(folder) as engine:
        return alive(workspace.generation(workspace.current())), list(engine.export())


def wrong(said: Said, folder: str, before: Any, name: str) -> list[str]:
    """Return what is not as it must be after a command that may have failed."""
    found = [said.wrong()] if said.wrong() else []
    found += [f"{one.part}: {one.what}" for one in check(folder).findings if one.damage]
    if not found and said.status == 2 and held(folder) != before and not said_so(name, said):
        found.append(f"failed, and the folder is not what it was ({said.err!r})")
    return found


def said_so(name: str, said: Said) -> bool:
    """Return whether a command that failed half-way is one that may, and said how far it came."""
    if "index" in name:
        return "but without its graph" in said.err
    return name == "feedback --from" or (name == "forget" and "are removed, but" in said.err and "forget again" in said.err)


class Tried:
    """Counts what came of it."""

    def __init__(self, way: str) -> None:
        self.way, self.failed, self.done, self.bad = way, 0, 0, 0
        self.told: dict[str, str] = {}  # command -> one of its errors

    def take(self, name: str, where: str, said: Said, found: list[str]) -> None:
        """Take down one command."""
        self.failed += said.status == 2
        self.done += said.status in (0, 1)
        if said.status == 2:
            self.told.setdefault(name, said.err.splitlines()[0] if said.err else "")
        for what in found:
            self.bad += 1
            print(f"{self.way}: {name}, {where}: {what}", file=sys.stderr)

    def ends(self, name: str, where: str, said: Said, found: list[str], argv: list[str], stdin: bytes) -> bool:
        """Take down one command; return whether it had what it needed. If not, it must work now that there is room."""
        self.take(name, where, said, found)
        if said.status in (0, 1):
            return True
        again = run(argv, None, stdin)
        if again.status and name != "forget":
            self.take(name, f"again after {where}", again, [f"does not work afterwards: {again.err}"])
        return False

    def tell(self, thorough: bool) -> None:
        """Print what came of it."""
        print(f"{self.way}: {self.failed} failed with one clear error, {self.done} had what they needed, {self.bad} wrong")
        for name, line in self.told.items() if thorough else ():
            print(f"    {name}: {line}")


def named(words: list[str], folder: str, here: str) -> list[str]:
    return [word.replace("HERE", here).replace("DIR", folder) for word in words]


def fresh(scratch: str, here: str) -> str:
    """Return a fresh copy of the folder in *here*."""
    folder = os.path.join(here, "state")
    for name in os.listdir(here):
        path = os.path.join(here, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    shutil.copytree(os.path.join(scratch, "lived"), folder)
    return folder


def limited(scratch: str, only: str) -> Tried:
    """Let no file grow beyond so many bytes."""
    tried, here = Tried("limit"), tempfile.mkdtemp(dir=scratch)
    before = held(os.path.join(scratch, "lived"))
    for name, (words, stdin) in commands(scratch).items():
        if only in name:
            for size in STEPS:
                folder = fresh(scratch, here)
                argv = named(words, folder, here)
                said = run(argv, lambda n=size: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)), stdin)  # type: ignore[misc]
                if tried.ends(name, f"{size} bytes a file", said, wrong(said, folder, before, name), argv, stdin):
                    break
    return tried


@contextmanager
def mounted(megabytes: int) -> Iterator[str]:
    """Yield a file system of its own, gone afterwards."""
    here = tempfile.mkdtemp()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", here], check=True)
    try:
        yield here
    finally:
        subprocess.run(["umount", here], check=True)
        os.rmdir(here)


def fill(here: str, free: int) -> None:
    """Leave so many bytes free in *here*."""
    with open(os.path.join(here, "filler"), "wb", buffering=0) as f:
        try:
            while f.write(bytes(1 << 20)):
                pass
        except OSError:
            pass
        f.truncate(max(0, f.tell() // PAGE * PAGE - free // PAGE * PAGE))


def full(scratch: str, only: str) -> Tried:
    """Leave so many pages free."""
    tried, before = Tried("disk"), held(os.path.join(scratch, "lived"))
    with mounted(48) as here:
        for name, (words, stdin) in commands(scratch).items():
            for size in STEPS if only in name else ():
                if size % PAGE:
                    continue
                folder = fresh(scratch, here)
                with ltrr_cli.open(folder):  # opened, and left as a crash leaves it: the log is where it may grow
                    fill(here, size)
                    argv = named(words, folder, here)
                    said = run(argv, None, stdin, os.path.join(here, "out"))
                    os.unlink(os.path.join(here, "filler"))
                if tried.ends(name, f"{size // PAGE} pages free", said, wrong(said, folder, before, name), argv, stdin):
                    break
    return tried


def readonly(scratch: str, only: str) -> Tried:
    """Let nothing be written at all."""
    tried, before = Tried("readonly"), held(os.path.join(scratch, "lived"))
    with mounted(48) as here:
        folder = fresh(scratch, here)
        subprocess.run(["mount", "-o", "remount,ro", here], check=True)
        for name, (words, stdin) in commands(scratch).items():
            if only in name:
                said = run(named(words, folder, here), None, stdin)
                tried.take(name, "read-only", said, [said.wrong()] if said.wrong() else [])
        subprocess.run(["mount", "-o", "remount,rw", here], check=True)
        if held(folder) != before:
            tried.take("all", "read-only", Said(2, "", "error: changed"), ["the folder is not what it was"])
    return tried


def stranger(scratch: str, only: str) -> Tried:
    """Let another user try."""
    tried, here = Tried("stranger"), tempfile.mkdtemp()
    os.chmod(here, 0o755)
    before, folder = held(os.path.join(scratch, "lived")), fresh(scratch, here)
    for name, (words, stdin) in commands(scratch).items():
        if only in name:
            said = run([one if "jsonl" not in one else "-" for one in named(words, folder, here)], _nobody, stdin or b'{"id":1}')
            found = [said.wrong()] if said.wrong() else ["a stranger was let in"] if said.status != 2 else []
            tried.take(name, "as another user", said, found)
    if held(folder) != before:
        tried.take("all", "as another user", Said(2, "", "error: changed"), ["the folder is not what it was"])
    shutil.rmtree(here)
    return tried


def _nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


WAYS: dict[str, Callable[[str, str], Tried]] = {"limit": limited, "disk": full, "readonly": readonly, "stranger": stranger}


def main() -> int:
    """Read the command line, and attack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--only", default="", help="only commands with this in their name")
    parser.add_argument("--thorough", action="store_true", help="print an error of each command")
    asked = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        pid = os.fork()  # what has opened an index has threads: the commands are forked from one that has none
        if not pid:
            lived(os.path.join(scratch, "lived"), scratch)
            os._exit(0)
        os.waitpid(pid, 0)
        for way in asked.ways.split(","):
            try:
                tried = WAYS[way](scratch, asked.only)
            except (PermissionError, subprocess.CalledProcessError) as e:
                print(f"{way}: can't be tried here ({e})")
                continue
            tried.tell(asked.thorough)
            bad += tried.bad
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
