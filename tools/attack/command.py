"""The command line of an attack; and one of ltrr in a process of its own, which has nearly everything imported already."""

from __future__ import annotations

import argparse
import os
import select
import tempfile
from typing import TYPE_CHECKING, NamedTuple

import ltrr_cli.index.build  # noqa: F401 - a stranger may not read Python's files: they are imported before it becomes one
from ltrr_cli.cli import app, table  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def attacked(attack: Callable[..., int], doc: str | None, **options: int) -> int:
    """Read a command line of *options*, given with their defaults; attack in a scratch folder; return the exit status."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    for name, default in options.items():
        if isinstance(default, bool):
            parser.add_argument(f"--{name}", action="store_true")
        else:
            parser.add_argument(f"--{name}", type=int, default=default)
    asked = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as scratch:
        return 1 if attack(scratch, **asked) else 0


class Said(NamedTuple):
    """What a command left behind."""

    status: int  # below 0: the signal that ended it
    out: str
    err: str

    def wrong(self) -> str:
        """Return what nobody should see: a traceback, a signal, more than one error, no hint; "" if all is well."""
        if self.status < 0:
            return f"ended by signal {-self.status}: {self.err[-2000:]}"
        if "Traceback" in self.err:
            return self.err[-2000:]
        if self.status not in (0, 1, 2, 130):
            return f"status {self.status}: {self.err[-500:]}"
        heads = [line.partition(":")[0] for line in self.err.splitlines()]
        if self.status == 2 and (heads.count("error") != 1 or heads.count("hint") > 1):
            return f"status 2 and not one error: {self.err[-500:]!r}"
        if self.status == 2 and not heads.count("hint"):
            return f"no hint: {self.err[-500:]!r}"
        return ""


def run(argv: Sequence[str], before: Callable[[], None] | None = None, stdin: bytes = b"", out: str = "") -> Said:
    """Run `ltrr` with *argv* and return what it said; *before* is done first in its process; *out*: a file for its output."""
    said, told = os.pipe(), os.pipe()
    with tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        pid = os.fork()
        if not pid:
            _be(argv, before, (given.fileno(), said[1], told[1]), out)
        os.close(said[1])
        os.close(told[1])
        heard: dict[int, list[bytes]] = {said[0]: [], told[0]: []}
        going = list(heard)
        while going:
            for fd in select.select(going, [], [])[0]:
                if block := os.read(fd, 1 << 16):
                    heard[fd].append(block)
                else:
                    going.remove(fd)
                    os.close(fd)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        texts = (b"".join(heard[fd]).decode("utf-8", "replace") for fd in (said[0], told[0]))
        return Said(status, *texts)


def _be(argv: Sequence[str], before: Callable[[], None] | None, streams: tuple[int, int, int], out: str) -> None:
    """Be the process of the command; does not return."""
    import sys
    import traceback

    status = 99
    try:
        for n, fd in enumerate(streams):
            os.dup2(fd, n)
        if out:
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)
        sys.stderr = open(2, "w", closefd=False, buffering=1, errors="backslashreplace")
        if before:
            before()
        status = app.start(argv)
        sys.stdout.flush()
    except SystemExit as e:
        status = e.code if isinstance(e.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
