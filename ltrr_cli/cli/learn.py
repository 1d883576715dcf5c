"""`ltrr learn`: learn from the log what is not learned with each event."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, NOW, Command, Option, moment
from ltrr_cli.cli.render import number, to_json


def learn(index: str, from_log: bool, undo: bool, as_json: bool, now: str | None) -> None:
    """Train the ranker on the log, and use it if it is better.

    Memory and the policy learn with every event; the ranker learns here. It is promoted only where it does better on queries
    that it has not seen, and taken back where it has become worse than the untrained one.

    Example: ltrr learn
    """
    with ltrr_cli.open(index) as engine:
        if from_log:
            engine.relearn()
        if undo:
            done = engine.rollback_ranker()
            sys.stdout.write("the ranker before is back\n" if done else "no ranker was promoted\n")
            return
        report = engine.learn(now=moment(now))
    if as_json:
        sys.stdout.write(to_json(report._asdict()) + "\n")
        return
    if report.hint:
        sys.stderr.write(f"hint: {report.hint}\n")
    words = "promoted" if report.promoted else "not promoted"
    sys.stdout.write(f"ranker {words}: {report.why}\n")
    if report.trained:
        what = f"trained on {report.trained} of {report.searches} satisfied searches, proved on {report.proved} queries"
        sys.stdout.write(f"{what}: gain {number(report.gain)} a page, 90 % interval from {number(report.low)}\n")


COMMAND = Command(
    learn,
    (
        INDEX,
        Option("from_log", ("--from-log",), "First make all that was learned anew from the log.", bool, default=False),
        Option("undo", ("--undo",), "Take back the ranker that was promoted last.", bool, default=False),
        JSON,
        NOW,
    ),
    interrupted="the ranker is as it was",
)
