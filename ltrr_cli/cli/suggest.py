"""`ltrr suggest`: how a query may go on."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import number, to_json, write_rows


def suggest(prefix: str, limit: int, index: str, as_json: bool) -> int:
    """Complete or correct a query.

    Exit status 1 if there is nothing to suggest.

    Example: ltrr suggest "tay"
    """
    with ltrr_cli.open(index) as engine:
        found = engine.suggest(prefix, limit)
    if as_json:
        sys.stdout.writelines(to_json(suggestion._asdict()) + "\n" for suggestion in found)
    else:
        write_rows(("suggestion", "kind", "likelihood"), [(s.text, s.kind, number(s.likelihood)) for s in found])
    return 0 if found else 1


COMMAND = Command(
    suggest,
    (
        Option("prefix", (), "The beginning of a query.", required=True),
        Option("limit", ("--limit", "-n"), "Suggestions to show.", int, default=10, least=1, most=10_000),
        INDEX,
        JSON,
    ),
)
