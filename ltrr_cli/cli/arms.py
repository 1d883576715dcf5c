"""`ltrr arms`: how each way of searching has done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command
from ltrr_cli.cli.render import number, to_json, write_rows, write_text

if TYPE_CHECKING:
    from ltrr_cli.feedback.arms import ArmReport

NAMES = ("arm", "asked", "drawn", "share", "credit", "alone", "hits", "hit rate", "ms")
SAID = """share: of the candidates that were asked for; credit: reward earned, shared with who found the same
alone: reward that nobody else would have brought; hits: of what satisfied when it was asked; 95 % interval
"""


def arms(index: str, as_json: bool) -> None:
    """Show how each way of searching does.

    Draws, share of the budget, credited reward, hit rate with its interval, latency.

    Example: ltrr arms
    """
    from ltrr_cli.learn.guard import ENOUGH

    with ltrr_cli.open(index) as engine:
        reports, watched = engine.arms(), engine.watched()
    for one in watched:
        if one.fallen or (one.actions >= ENOUGH and sys.stdout.isatty() and not as_json):
            instead = ": it draws that plan now" if one.fallen else ""
            gained = f"{one.difference:+.3f} an action ({one.low:+.3f} to {one.high:+.3f})"
            write_text(f"{one.policy} earns {gained} more than the default plan{instead}\n", sys.stderr)
    if as_json:
        sys.stdout.writelines(to_json(report._asdict()) + "\n" for report in reports)
        return
    if not sys.stdout.isatty():
        write_rows((), [[number(v) if isinstance(v, float) else v for v in report] for report in reports])
        return
    write_rows(NAMES, map(_row, reports))
    write_text(SAID if reports else "no search is logged yet: ltrr search QUERY\n", sys.stderr)


def _row(arm: ArmReport) -> tuple[object, ...]:
    rate = f"{arm.hit_rate:.0%} ({100 * arm.low:.0f}-{arm.high:.0%})" if arm.chances else ""
    earned = (f"{arm.budget_share:.0%}", f"{arm.credit:.3g}", f"{arm.credit_alone:.3g}")
    return (arm.arm, arm.searches, arm.drawn, *earned, f"{arm.hits} of {arm.chances}", rate, number(arm.latency_ms))


COMMAND = Command(arms, (INDEX, JSON))
