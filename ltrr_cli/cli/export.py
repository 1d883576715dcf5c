"""`ltrr export`: the log and what was learned, as JSONL."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, Command
from ltrr_cli.cli.render import to_json


def export(index: str) -> None:
    """Print all that was logged and learned.

    One JSON object a line.

    Example: ltrr export > backup.jsonl
    """
    with ltrr_cli.open(index) as engine:
        sys.stdout.writelines(to_json(entry) + "\n" for entry in engine.export())


COMMAND = Command(export, (INDEX,))
