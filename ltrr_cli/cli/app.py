"""The commands by name, and how one is run: the line is read the quick way, or by Typer, then the command does it."""

from __future__ import annotations

import os
import sys

from ltrr_cli.cli.options import Command, parse
from ltrr_cli.errors import LtrrError
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.registry import load as module

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {  # name -> module; `ltrr --help` lists them in this order
    "index": "ltrr_cli.cli.index",
    "add": "ltrr_cli.cli.add",
    "delete": "ltrr_cli.cli.delete",
    "search": "ltrr_cli.cli.search",
    "pick": "ltrr_cli.cli.pick",
    "suggest": "ltrr_cli.cli.suggest",
    "feedback": "ltrr_cli.cli.feedback",
    "explain": "ltrr_cli.cli.explain",
    "learn": "ltrr_cli.cli.learn",
    "arms": "ltrr_cli.cli.arms",
    "eval": "ltrr_cli.cli.eval",
    "simulate": "ltrr_cli.cli.simulate",
    "ope": "ltrr_cli.cli.ope",
    "report": "ltrr_cli.cli.report",
    "status": "ltrr_cli.cli.status",
    "check": "ltrr_cli.cli.check",
    "rollback": "ltrr_cli.cli.rollback",
    "forget": "ltrr_cli.cli.forget",
    "export": "ltrr_cli.cli.export",
    "import": "ltrr_cli.cli.restore",
}


def start(argv: Sequence[str]) -> int:
    """Run one command line and return its exit status; what is not a bug becomes a line or two on stderr."""
    if sys.stdout is None:  # started with its output closed
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
    if hasattr(sys.stdout, "reconfigure"):  # JSON is UTF-8; half a surrogate pair in a catalog is printed as \udXXX
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = run(argv) or 0
        sys.stdout.flush()
    except LtrrError as e:
        return complain(str(e), e.hint)
    except KeyboardInterrupt as e:
        sys.stderr.write(f"\n{str(e) or 'interrupted'}\n")
        return 130
    except BrokenPipeError:  # `ltrr export | head`: the reader has what it wants
        _drop_output()
        return 0
    except OSError as e:
        if not e.errno:
            raise
        _drop_output()
        return complain(f"{e.filename or 'output'}: {e.strerror}", "is there room, and may you read and write there?")
    except MemoryError:
        return complain("there is not enough memory for that", "ask for less at once")
    return status


def run(argv: Sequence[str]) -> int | None:
    """Read the line the quick way if it is plain, through Typer if not, and do what it says."""
    if argv and argv[0] in COMMANDS:
        command = load(argv[0])
        values = parse(argv[1:], command.options)
        if values is not None:
            return _do(command, values)
    from ltrr_cli.cli.typed import read

    asked = read(argv)
    return asked if isinstance(asked, int) else _do(asked.command, asked.values)


def _do(command: Command, values: dict[str, Any]) -> int | None:
    """Do it. If it fails in a way that nobody thought of, a damaged folder is looked for before it is called a bug."""
    try:
        return command.do(values)
    except (LtrrError, OSError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of Tantivy's is no Exception
        if damage := _damage(values.get("index")):
            raise damage from None
        raise


def _damage(folder: str | None) -> LtrrError | None:
    """Return the first damage of a state folder as an error; None if it is whole."""
    if not folder or not os.path.isdir(folder):
        return None
    from ltrr_cli.verify import check

    try:
        found = next((finding for finding in check(folder).findings if finding.damage), None)
    except LtrrError as e:
        return e
    return found and LtrrError(f"{found.part}: {found.what}", hint=found.repair)


def load(name: str) -> Command:
    """Import the command called *name*."""
    command: Command = module(COMMANDS[name]).COMMAND
    return command


def complain(message: str, hint: str = "") -> int:
    """Print an error and what to do about it on stderr, and return the exit status for it."""
    from ltrr_cli.cli.render import clean, write_text

    write_text(f"error: {clean(message)}\n" + (f"hint: {clean(hint)}\n" if hint else ""), sys.stderr)
    return 2


def _drop_output() -> None:
    """Let what is still unwritten go nowhere, so that Python does not complain about it when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
