"""`ltrr feedback`: tell which result was right, or wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, NOW, Command, Option, moment
from ltrr_cli.cli.render import clean, counted, to_json
from ltrr_cli.errors import FeedbackError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.feedback.record import Receipt

DIGITS = 9  # of a rank


def feedback(
    which: tuple[str, ...], id: str | None, source: str | None, rejects: str | None, action: str, seconds: float | None,
    fraction: float | None, event_id: str | None, index: str, now: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Tell what was right, or wrong.

    It is a result of the last search, or of the one with SEARCH_ID.

    Example: ltrr feedback 1 --action play --seconds 180
    """
    if source is None:
        search_id, result = _split(which, id)
    elif which or id is not None:
        raise FeedbackError("--from and a result", hint="give one of them")
    time = moment(now)
    with ltrr_cli.open(index) as engine:
        if source is not None:
            receipt = engine.feedback_lines(_lines(source), now=time)
        else:
            receipt = engine.feedback(
                result, id=id, search_id=search_id, action=action, seconds=seconds, fraction=fraction, event_id=event_id, now=time
            )
    if rejects is not None:
        with open(rejects, "w", encoding="utf-8", errors="backslashreplace") as f:
            f.writelines(f"{bad.text}\n" for bad in receipt.bad)
    _report(receipt, rejects, as_json)
    return 2 if receipt.bad else 0


def _split(which: tuple[str, ...], id: str | None) -> tuple[str | None, str | int | None]:
    """Sort `[SEARCH_ID] WHICH` out: a result that is all digits is a rank."""
    if len(which) > (1 if id is not None else 2):
        raise FeedbackError(f"too much: {' '.join(which)}", hint="ltrr feedback [SEARCH_ID] RANK_OR_ID")
    if id is not None:
        return (which[0] if which else None), None
    if not which:
        raise FeedbackError("which result?", hint="ltrr feedback 1 --action play; ltrr feedback --from FILE for many")
    result = which[-1]
    number = result.isascii() and result.isdigit()
    if number and len(result) > DIGITS:
        raise FeedbackError(f"{result[:DIGITS]}... is no rank", hint="--id ID for an entity whose id is a number")
    return (which[0] if len(which) == 2 else None), int(result) if number else result


def _lines(source: str) -> Iterator[str]:
    try:
        file = sys.stdin.buffer if source == "-" else open(source, "rb")
    except OSError as e:
        raise FeedbackError(
            f"--from {source}: {e.strerror}", hint="name a file with a JSON object a line, or - for stdin"
        ) from None
    with file:
        for number, raw in enumerate(file):
            yield raw.decode("utf-8" if number else "utf-8-sig", "replace")


def _report(receipt: Receipt, rejects: str | None, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(to_json({**receipt._asdict(), "bad": [bad._asdict() for bad in receipt.bad]}) + "\n")
    else:
        late = f", {receipt.late} of them too late to learn from" if receipt.late else ""
        late += ", nothing is learned from them while freeze is set" if receipt.frozen else ""
        again = f"; {receipt.repeated} known already" if receipt.repeated else ""
        sys.stderr.write(f"{counted(receipt.kept, 'event')} recorded{late}{again}\n")
    for bad in receipt.bad:
        sys.stderr.write(clean(f"line {bad.line}: {bad.reason}" + (f" ({bad.hint})" if bad.hint else "")) + "\n")
    if receipt.bad:
        hint = "--rejects FILE keeps them, to mend and send again" if rejects is None else f"mend {rejects} and send it again"
        sys.stderr.write(f"error: {counted(len(receipt.bad), 'bad line')}\nhint: {clean(hint)}\n")


COMMAND = Command(
    feedback,
    (
        Option(
            "which",
            (),
            "A rank, or an entity's id; of the last search if no other is named.",
            many=True,
            metavar="[SEARCH_ID] WHICH",
        ),
        Option("id", ("--id",), "The entity's id, where it is a number.", metavar="ID"),
        Option("source", ("--from",), "Read events from a JSONL file (- is stdin).", path=True, metavar="FILE"),
        Option("rejects", ("--rejects",), "Write the lines that were not accepted there.", path=True, metavar="FILE"),
        Option(
            "action",
            ("--action",),
            "click, play, like, favorite, purchase, skip, dislike.",
            default="click",
            metavar="NAME",
            complete="action",
        ),
        Option("seconds", ("--seconds",), "How long it was used.", float, least=0),
        Option("fraction", ("--fraction",), "How much of it was used, from 0 to 1.", float, least=0, most=1),
        Option("event_id", ("--event-id",), "The event's own name: a repeat does not count twice.", metavar="ID"),
        INDEX,
        NOW,
        JSON,
    ),
)
