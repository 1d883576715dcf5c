"""`ltrr rollback`: back to the index as it was before the last change."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import counted, to_json


def rollback(to: str | None, index: str, as_json: bool) -> None:
    """Go back to the index as it was before the last change.

    What was learned stays. Until the next change `--to` goes forward again.

    Example: ltrr rollback
    """
    rolled = ltrr_cli.rollback(index, to)
    if as_json:
        sys.stdout.write(to_json(rolled._asdict()) + "\n")
    else:
        sys.stderr.write(f"searching generation {rolled.generation} again, {counted(rolled.entities, 'entity', 'entities')}\n")
        sys.stderr.write(
            f"to undo: ltrr rollback --to {rolled.left}" + ("" if index == INDEX.default else f" --index {index}") + "\n"
        )


COMMAND = Command(rollback, (Option("to", ("--to",), "Generation to search.", metavar="NAME"), INDEX, JSON))
