"""A terminal for the commands that draw on one: a pseudo-terminal, whose screen is what was written to it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator

import pytest

import ltrr_cli

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))
PATIENCE = 60  # seconds after which a test fails that waits for something on the screen
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class Screen:
    """A shell line that runs on a terminal of its own; `ltrr` in it is this checkout's."""

    def __init__(self, line: str, folder: str, columns: int = 80, rows: int = 12, **environment: str) -> None:
        self.written = ""
        self._raw = b""
        script = f'ltrr() {{ "{sys.executable}" -m ltrr_cli "$@"; }}\n{line}'
        kept = {n: v for n, v in os.environ.items() if n not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "-c", script], {**kept, "PYTHONPATH": ROOT, "TERM": "xterm", **environment})
        self.before = termios.tcgetattr(self._fd)
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, and forget what was written."""
        self.written = ""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Forget what was written, and press keys."""
        self.written = ""
        os.write(self._fd, keys.encode())

    def see(self, text: str) -> str:
        """Wait until *text* has been written since the last key, and return all that was, without the control codes."""
        while text not in CONTROL.sub("", self.written):
            assert self._read(), f"{text!r} never came:\n{self.written}"
        return CONTROL.sub("", self.written)

    def frame(self) -> list[str]:
        """Wait until a whole screen has been drawn, and return its lines."""
        while not self.written.endswith("\x1b[J"):
            assert self._read(), self.written
        return [line.rstrip("\r") for line in CONTROL.sub("", self.written.rpartition("\x1b[H")[2]).split("\n")]

    def end(self) -> int:
        """Wait for the end and return the exit status, as a shell has it."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def mode(self) -> list[object]:
        """How the terminal is set now."""
        return list(termios.tcgetattr(self._fd))

    def _read(self) -> bool:
        if not select.select([self._fd], [], [], PATIENCE)[0]:
            os.kill(self.pid, signal.SIGKILL)
            pytest.fail(f"nothing more was written:\n{self.written}")
        try:
            self._raw = os.read(self._fd, 65536)
        except OSError:  # the other side is closed
            return False
        self.written += self._raw.decode("utf-8", "replace")
        return bool(self._raw)

    def close(self) -> None:
        os.close(self._fd)


Start = Callable[..., Screen]


@pytest.fixture
def screen() -> Iterator[Start]:
    """Start shell lines on terminals."""
    started: list[Screen] = []

    def start(line: str, folder: str, columns: int = 80, rows: int = 12, **environment: str) -> Screen:
        started.append(Screen(line, folder, columns, rows, **environment))
        return started[-1]

    yield start
    for one in started:
        one.close()
