"""`ltrr explain`: the whole path of one search, from the log."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import to_json
from ltrr_cli.cli.story import of_log


def explain(search_id: str | None, index: str, as_json: bool) -> None:
    """Show the whole path of one search.

    How it was understood, what was drawn with which probability, and what came of it.

    Example: ltrr explain
    """
    with ltrr_cli.open(index) as engine:
        decision = engine.explain(search_id)
    sys.stdout.write(to_json(decision) + "\n" if as_json else of_log(decision))


COMMAND = Command(explain, (Option("search_id", (), "A search's id; the last search if not given."), INDEX, JSON))
