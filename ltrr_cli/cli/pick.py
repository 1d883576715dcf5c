"""`ltrr pick`: search, and choose one of the results with keys."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import ltrr_cli
from ltrr_cli.cli.feedback import COMMAND as FEEDBACK
from ltrr_cli.cli.options import Command, Option, moment, pairs
from ltrr_cli.cli.render import to_json, write_line
from ltrr_cli.cli.search import COMMAND as SEARCH

if TYPE_CHECKING:
    from ltrr_cli.cli.chooser import Find
    from ltrr_cli.records import Page, Result


def pick(
    query: str | None, index: str, limit: int, types: tuple[str, ...], where: str, arms: tuple[str, ...], user: str | None,
    session: str | None, context: tuple[str, ...], policy: str | None, budget: int | None, diverse: bool, no_explore: bool,
    no_log: bool, action: str, as_json: bool, seed: int | None, now: str | None,
) -> int:  # fmt: skip
    """Choose a result with keys; its id is printed.

    The list is that of `ltrr search`, and the choice is recorded like `ltrr feedback`. It uses the terminal even where its
    output goes elsewhere. Arrows, j, k and PageUp, PageDown move, / changes the query, Enter takes the result. Exit status 1 if
    none was taken.

    Example: ltrr pick "tayler love" --action play
    """
    from ltrr_cli.feedback.events import check_action

    time, about = moment(now), pairs(context)
    with ltrr_cli.open(index, budget=budget) as engine:
        check_action(action, engine.settings.actions)

        def find(text: str, passing: bool) -> Page:
            """Search; what is only passing is neither logged nor explored with, so that chance has no part in what is logged."""
            return engine.search(
                text, limit=limit, types=types, where=where, arms=arms, policy=policy, user=user, session=session, context=about,
                explore=False if passing or no_explore else None, log=False if passing or no_log else None, diverse=diverse,
                seed=seed, now=time,
            )  # fmt: skip

        taken = _choose(find, query)
        if taken is None:
            return 1
        page, result = taken
        if engine.settings.log and not no_log:
            engine.feedback(id=result.id, search_id=page.search_id, action=action, now=time)
    if as_json:
        sys.stdout.write(to_json({"search_id": page.search_id, **page.to_dict()["results"][result.rank - 1]}) + "\n")
    else:
        write_line(result.id)
    return 0


def _choose(find: Find, query: str | None) -> tuple[Page, Result] | None:
    """Let a person choose on the terminal; None if nothing was taken."""
    from ltrr_cli.cli.chooser import Chooser
    from ltrr_cli.cli.keys import terminal

    with terminal() as tty:
        chooser = Chooser(find, query)
        while not (chooser.left or chooser.taken):
            if chooser.stale and not tty.waiting():
                chooser.look()
            tty.draw(chooser.drawn(tty.out, *tty.size))
            chooser.press(tty.key())
    return (chooser.page, chooser.chosen) if chooser.taken and chooser.chosen else None


_SEARCH = {option.name: option for option in SEARCH.options}
_ACTION = next(option for option in FEEDBACK.options if option.name == "action")

COMMAND = Command(
    pick,
    (
        *(_SEARCH[name] for name in (
            "query", "index", "limit", "types", "where", "arms", "user", "session", "context", "policy", "budget", "diverse",
            "no_explore", "no_log",
        )),
        _ACTION,
        Option("as_json", ("--json",), "Print the result as a JSON object.", bool, default=False),
        _SEARCH["seed"],
        _SEARCH["now"],
    ),
)  # fmt: skip
