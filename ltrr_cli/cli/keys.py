"""A person's terminal, drawn on and read key by key, wherever stdout goes; it is always left as it was found.

It is `/dev/tty`, so that `$(ltrr pick love)` has keys and a screen while its output is taken.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import termios
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ltrr_cli.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any

PAUSE = 0.05  # seconds after which an Escape is the key itself and not the beginning of another key's code
_NAMES = {
    "\x1b": "escape", "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", "\t": "tab",
    "\x10": "up", "\x0e": "down", "\x02": "pageup", "\x06": "pagedown", "\x15": "clear", "\x17": "clear word", "\x04": "gone",
    "\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down", "\x1b[5~": "pageup", "\x1b[6~": "pagedown",
    "\x1b[H": "home", "\x1b[F": "end", "\x1bOH": "home", "\x1bOF": "end", "\x1b[1~": "home", "\x1b[4~": "end",
}  # fmt: skip
_KEY = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b.?|.", re.S)
_UNFINISHED = re.compile(rb"(\x1b(\[[0-?]*[ -/]*|O)?|[\xc0-\xf7]|[\xe0-\xf7][\x80-\xbf]|[\xf0-\xf7][\x80-\xbf]{2})\Z")
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"  # another screen without a cursor, and back


def names(text: str) -> list[str]:
    """Return the keys whose codes *text* is: a printable character each, or a name; what has none is left out.

    >>> names("é\\x1b[B\\r\\x1b[99~")
    ['é', 'down', 'enter']
    """
    found = ((code, _NAMES.get(code, "")) for code in _KEY.findall(text))
    return [name or code for code, name in found if name or code.isprintable()]


class Terminal:
    """A terminal in the hands of `terminal`."""

    def __init__(self, fd: int, woken: int) -> None:
        self.out = open(fd, "w", encoding="utf-8", errors="replace", closefd=False)
        self._fd, self._woken, self._keys = fd, woken, list[str]()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, now."""
        columns, rows = os.get_terminal_size(self._fd)
        return columns or 80, rows or 24

    def waiting(self) -> bool:
        """Return whether a key was pressed that nobody has taken yet."""
        return bool(self._keys or select.select([self._fd], [], [], 0)[0])

    def key(self) -> str:
        """Wait for a key and return it; `resize` where the window has another size now, `gone` if the terminal is."""
        while not self._keys:
            ready = select.select([self._fd, self._woken], [], [])[0]
            if self._woken in ready:
                os.read(self._woken, 512)
                return "resize"
            self._keys = self._read()
        return self._keys.pop(0)

    def _read(self) -> list[str]:
        try:
            codes = block = os.read(self._fd, 4096)
            while block and _UNFINISHED.search(codes) and select.select([self._fd], [], [], PAUSE)[0]:
                block = os.read(self._fd, 4096)
                codes += block
        except OSError:  # hung up
            return ["gone"]
        return names(codes.decode("utf-8", "replace")) if codes else ["gone"]

    def draw(self, lines: list[str]) -> None:
        """Show *lines* from the top of the screen, and nothing else."""
        self.out.write("\x1b[H" + "\r\n".join(f"{line}\x1b[0m\x1b[K" for line in lines) + "\x1b[J")
        self.out.flush()


@contextmanager
def terminal() -> Iterator[Terminal]:
    """Take the terminal over, and give it back as it was, whatever happens. Raises QueryError where there is none."""
    if os.environ.get("TERM", "dumb") in ("dumb", "unknown"):
        raise QueryError("this terminal can't move its cursor", hint="ltrr search QUERY, then ltrr feedback RANK")
    try:
        fd = os.open("/dev/tty", os.O_RDWR)
        before = termios.tcgetattr(fd)
    except (OSError, termios.error):
        raise QueryError("there is no terminal to pick on", hint="in a script: ltrr search QUERY --format ids") from None
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    tty = Terminal(fd, woken)
    handlers = {s: signal.signal(s, _end) for s in (signal.SIGTERM, signal.SIGHUP)}
    handlers[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, lambda *_: None)
    waker = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        termios.tcsetattr(fd, termios.TCSADRAIN, _by_key(before))
        tty.out.write(_ENTER)
        tty.out.flush()
        yield tty
    finally:
        signal.set_wakeup_fd(waker)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        with suppress(OSError, termios.error):  # the terminal may have been closed
            tty.out.write(_LEAVE)
            tty.out.flush()
            termios.tcsetattr(fd, termios.TCSAFLUSH, before)
        with suppress(OSError):
            tty.out.close()
        for one in (fd, woken, wake):
            os.close(one)


def _by_key(mode: list[Any]) -> list[Any]:
    """Return a terminal's *mode* changed so that a key comes when it is pressed, unseen; Ctrl-C interrupts still."""
    into, out, control, local, *speeds, codes = mode
    codes = list(codes)
    for code in (termios.VSUSP, termios.VQUIT):
        codes[code] = b"\0"  # neither stop nor die with the screen taken over
    codes[termios.VMIN], codes[termios.VTIME] = 1, 0
    local &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    return [into & ~termios.ICRNL, out, control, local, *speeds, codes]


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
