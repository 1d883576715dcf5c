"""`ltrr explain`: the whole path of one search, from the log."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import clean, to_json, write_text, writer
from ltrr_cli.cli.story import of_log


def explain(search_id: str | None, replay: bool, index: str, as_json: bool) -> int | None:
    """Show the whole path of one search.

    How it was understood, what was drawn with which probability, and what came of it. With --replay it is made again from
    the index and the knowledge of then, and printed as `ltrr search` would; exit status 1 if it does not come out the same.

    Example: ltrr explain
    """
    with ltrr_cli.open(index) as engine:
        decision = engine.explain(search_id)
    if replay:
        return print_again(decision["search_id"], index, as_json)
    if as_json:
        sys.stdout.write(to_json(decision) + "\n")
    else:
        write_text(of_log(decision))
    return None


def print_again(search_id: str, index: str, as_json: bool) -> int:
    """Print the page that comes out when a search is made again, or what it would take; return the exit status."""
    again = ltrr_cli.replay(search_id, index)
    if again.outcome == "same" and again.page is not None:
        writer(None, as_json)(again.page, None)
        return 0
    if as_json:
        page = again.page.to_dict() if again.page is not None else None
        sys.stdout.write(to_json({"search_id": search_id, "replay": again.outcome, "why": again.why, "page": page}) + "\n")
    means = {"gone": "it can't be made again, gone is", "different": "made again, it differs from the log in"}
    write_text(f"{clean(means[again.outcome])} {clean('; '.join(again.why))}\n", sys.stderr)
    return 1


COMMAND = Command(
    explain,
    (
        Option("search_id", (), "A search's id; the last search if not given."),
        Option("replay", ("--replay",), "Make the search again, as it was then.", bool, default=False),
        INDEX,
        JSON,
    ),
)
