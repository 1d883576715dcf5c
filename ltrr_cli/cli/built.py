"""What `index` and `add` say when they are done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ltrr_cli.cli.options import INDEX
from ltrr_cli.cli.render import clean, counted, to_json, write_text

if TYPE_CHECKING:
    from ltrr_cli.library import Built

SHOWN = 5  # problems; their number tells the rest
NAMED = 12  # fields of a role; some catalogs have thousands


def report(built: Built, index: str, as_json: bool) -> None:
    """Say on stderr what went in, what did not, and what to do next; with *as_json* say it on stdout instead."""
    if as_json:
        sys.stdout.write(to_json(built._asdict()) + "\n")
        return
    lines = [f"{counted(built.entities, 'entity', 'entities')} in {built.seconds:.1f} s", f"read as {_fields(built.mapping)}"]
    if built.bad:
        lines.append(f"{counted(built.bad, 'bad record')} left out")
    if built.doubts:
        lines.append(f"{counted(built.doubts, 'bad value')} left out")
    lines += built.problems[:SHOWN]
    if len(built.problems) > SHOWN:
        lines.append(f"and {len(built.problems) - SHOWN} problems more")
    if built.skipped:
        lines.append(f"no catalog: {', '.join(built.skipped[:SHOWN])}{', ...' if len(built.skipped) > SHOWN else ''}")
    lines.append("next: ltrr search QUERY" + ("" if index == INDEX.default else f" --index {index}"))
    write_text("".join(f"{clean(line)}\n" for line in lines), sys.stderr)


def _fields(mapping: dict[str, Any]) -> str:
    """Say which field was taken for what, those of another name at least.

    >>> _fields({"id": ["sku"], "title": ["title"], "creator": ["artist", "band"]})
    'id = sku, title, creator = artist + band'
    """
    roles = {
        role: " + ".join(fields[:NAMED]) + (f" + {len(fields) - NAMED} more" if len(fields) > NAMED else "")
        for role, fields in mapping.items()
        if isinstance(fields, list)
    }
    return ", ".join(role if role == fields else f"{role} = {fields}" for role, fields in roles.items())
