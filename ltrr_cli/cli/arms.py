"""`ltrr arms`: how each way of searching has done."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command
from ltrr_cli.cli.render import number, to_json, write_rows


def arms(index: str, as_json: bool) -> None:
    """Show how each way of searching does.

    Draws, share of the budget, credited reward, hit rate with its interval, latency.

    Example: ltrr arms
    """
    with ltrr_cli.open(index) as engine:
        reports, watched = engine.arms(), engine.watched()
    for one in watched:
        found = (
            f"{one.policy} against the default plan lately: {one.difference:+.3f} an action ({one.low:+.3f} to {one.high:+.3f})"
        )
        sys.stderr.write(f"{found}{', so that plan is drawn instead' if one.fallen else ''}\n")
    if as_json:
        sys.stdout.writelines(to_json(report._asdict()) + "\n" for report in reports)
        return
    names = [name.replace("_", " ") for name in reports[0]._fields] if reports else []
    write_rows(names, [[number(v) if isinstance(v, float) else v for v in report] for report in reports])


COMMAND = Command(arms, (INDEX, JSON))
