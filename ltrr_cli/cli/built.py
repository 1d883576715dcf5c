"""What `index` and `add` say when they are done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ltrr_cli.cli.options import INDEX
from ltrr_cli.cli.render import clean, to_json

if TYPE_CHECKING:
    from ltrr_cli.engine import Built

SHOWN = 5  # problems; their number tells the rest


def report(built: Built, index: str, as_json: bool) -> None:
    """Say on stderr what went in, what did not, and what to do next; with *as_json* say it on stdout instead."""
    if as_json:
        sys.stdout.write(to_json(built._asdict()) + "\n")
        return
    lines = [f"{built.entities} entities in {built.seconds:.1f} s"]
    if built.mapping:
        lines.append("fields: " + ", ".join(f"{field} = {role}" for field, role in built.mapping.items()))
    if built.bad:
        lines.append(f"{built.bad} bad records left out:")
        lines += [f"  {problem}" for problem in built.problems[:SHOWN]]
        lines += [f"  and {built.bad - SHOWN} more"] if built.bad > SHOWN else []
    lines.append("next: ltrr search QUERY" + ("" if index == INDEX.default else f" --index {index}"))
    sys.stderr.write("".join(f"{clean(line)}\n" for line in lines))
