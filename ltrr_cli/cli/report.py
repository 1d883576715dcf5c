"""`ltrr report`: how the searches went, as a page to look at and in a few lines."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, NOW, Command, Option, moment
from ltrr_cli.cli.render import clean, to_json, write_text
from ltrr_cli.errors import QueryError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL = "report.html"  # where the page goes if nobody says


def report(index: str, out: str | None, text: bool, as_json: bool, since: str | None, plots: str | None, now: str | None) -> None:
    """Make one page of how the searches went.

    Reward and regret over time, the blend of arms, chance, calibration, coverage, drift, speed, and where it fails: one
    HTML file that needs no network, and a summary here.

    Example: ltrr report --since 2026-01-01 --out january.html
    """
    from ltrr_cli.cli.table import progress

    if out == "-" and as_json:
        raise QueryError("--json and --out - both write to the same place", hint="name a file: --out FILE")
    with progress() as move:
        numbers = ltrr_cli.review(index, since=moment(since, "--since"), now=moment(now), progress=move)
    if plots is not None:
        _plots(numbers, plots)
    if out or not (text or as_json):
        _write(numbers, out)
    if as_json:
        sys.stdout.write(to_json(numbers) + "\n")
    elif out != "-":
        write_text(summary(numbers))


def _write(numbers: Mapping[str, Any], out: str | None) -> None:
    from ltrr_cli.report.page import MARK, page
    from ltrr_cli.workspace import write_atomically

    made, path = page(numbers), out or USUAL
    if path == "-":
        sys.stdout.write(made)
        return
    try:
        if out is None and os.path.exists(path):
            with open(path, encoding="utf-8", errors="replace") as f:
                if MARK not in f.read(200):
                    raise QueryError(f"{path} is here already and is no report", hint="name another file with --out FILE")
        write_atomically(path, made)
    except OSError as e:
        raise WorkspaceError(f"{path}: {e.strerror}", hint="name a file you may write with --out FILE") from None
    sys.stderr.write(f"{clean(os.fsdecode(os.fsencode(path)))}: {len(made.encode()) // 1000} kB, for a browser\n")


def _plots(numbers: Mapping[str, Any], folder: str) -> None:
    from ltrr_cli.report.export import export

    try:
        paths = export(numbers, folder)
    except OSError as e:
        raise WorkspaceError(
            f"{e.filename or folder}: {e.strerror}", hint="name a folder you may write with --plots DIR"
        ) from None
    sys.stderr.write(f"{clean(folder)}: {len(paths)} plots\n")


def summary(numbers: Mapping[str, Any]) -> str:
    """Return the report in a few lines."""
    from ltrr_cli.report.brief import brief

    return "".join(f"{clean(line)}\n" for line in brief(numbers))


COMMAND = Command(
    report,
    (
        Option("out", ("--out",), "The page's file; - is standard output.", path=True, metavar="FILE"),
        Option("text", ("--text",), "Only the summary, no page unless --out names one.", bool, default=False),
        Option("since", ("--since",), "Only searches from this ISO 8601 time on.", metavar="TIME"),
        Option("plots", ("--plots",), "Write the plots as PNG and SVG, too (needs ltrr[plots]).", path=True, metavar="DIR"),
        INDEX,
        JSON,
        NOW,
    ),
)
