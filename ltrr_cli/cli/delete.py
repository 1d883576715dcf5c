"""`ltrr delete`: entities that shall not be found any more."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.index import KEPT
from ltrr_cli.cli.options import INDEX, Command, Option
from ltrr_cli.cli.render import clean


def delete(ids: tuple[str, ...], index: str) -> int:
    """Delete entities by id.

    Exit status 1 if one of them was not there.

    Example: ltrr delete track-17 track-18
    """
    deleted, unknown = ltrr_cli.delete(ids, index)
    sys.stderr.write(f"{deleted} deleted\n")
    for id in unknown:
        sys.stderr.write(f"no entity has the id {clean(id)!r}\n")
    return 1 if unknown else 0


COMMAND = Command(
    delete, (Option("ids", (), "Ids, as search prints them.", many=True, required=True, metavar="ID..."), INDEX), interrupted=KEPT
)
