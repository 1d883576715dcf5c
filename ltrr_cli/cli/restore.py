"""`ltrr import`: the log and what was learned, from an export."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import counted, to_json
from ltrr_cli.errors import FeedbackError

if TYPE_CHECKING:
    from typing import BinaryIO


def restore(source: str, index: str, as_json: bool) -> None:
    """Take in an export: log, events and what was learned.

    All of it, or nothing if a line is wrong; only into a folder that has no log yet.

    Example: ltrr import backup.jsonl --index new
    """
    with _opened(source) as file:
        restored = ltrr_cli.restore((raw.decode("utf-8", "replace") for raw in file), index)
    if as_json:
        sys.stdout.write(to_json(restored._asdict()) + "\n")
    else:
        sys.stderr.write(f"{counted(restored.searches, 'search', 'searches')} and {counted(restored.events, 'event')} taken in\n")


def _opened(source: str) -> BinaryIO:
    """Open what to read; a name that is wrong is said before the folder is looked at, or made."""
    try:
        return sys.stdin.buffer if source == "-" else open(source, "rb")
    except OSError as e:
        raise FeedbackError(f"{source}: {e.strerror}", hint="name a file that `ltrr export` wrote, or - for stdin") from None


COMMAND = Command(
    restore,
    (Option("source", (), "What `ltrr export` printed; - is stdin.", required=True, path=True, metavar="FILE"), INDEX, JSON),
)
