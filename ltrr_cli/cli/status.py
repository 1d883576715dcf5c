"""`ltrr status`: what is in the state folder."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command
from ltrr_cli.cli.outline import outline
from ltrr_cli.cli.render import to_json


def status(index: str, as_json: bool) -> None:
    """Show what the state folder holds.

    Example: ltrr status
    """
    with ltrr_cli.open(index) as engine:
        found = engine.status()
    sys.stdout.write(to_json(found) + "\n" if as_json else outline(found))


COMMAND = Command(status, (INDEX, JSON))
