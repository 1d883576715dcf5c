"""`ltrr forget`: as if a user, or a search, had never been."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import counted, to_json


def forget(user: str | None, search: str | None, index: str, as_json: bool) -> int:
    """Remove a user, or one search, and what was learned from it.

    Nothing of the searches and actions stays in the state folder; all else is learned again. Exit status 1 if there were none.

    Example: ltrr forget --user alice
    """
    gone = ltrr_cli.forget(index, user=user, search=search)
    if as_json:
        sys.stdout.write(to_json(gone._asdict()) + "\n")
    elif not gone.searches:
        sys.stderr.write(f"no search of that {'user' if user is not None else 'id'} in the log: nothing to remove\n")
    else:
        left = f"{counted(gone.searches_left, 'search', 'searches')} and {counted(gone.events_left, 'event')}"
        sys.stderr.write(
            f"{counted(gone.searches, 'search', 'searches')} and {counted(gone.events, 'event')} removed,"
            " the state file written anew without them\n"
            f"memory, policy and counts learned again from {left}\n"
            + (f"ranker {gone.ranker}\n" if gone.ranker else "")
            + "copies, exports and backups made before still have them\n"
        )
    return 0 if gone.searches else 1


COMMAND = Command(
    forget,
    (
        Option("user", ("--user",), "Whose searches and actions, as in `ltrr search --user`.", metavar="USER"),
        Option("search", ("--search",), "Id of one search.", metavar="ID"),
        INDEX,
        JSON,
    ),
)
