"""`ltrr status`: what is in the state folder."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, moment
from ltrr_cli.cli.outline import outline
from ltrr_cli.cli.render import counted, to_json, write_text
from ltrr_cli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def status(index: str, as_json: bool) -> None:
    """Show what the state folder holds.

    Entities, fields, sizes, ages, and the settings that are not the usual ones; --json has all of it in numbers.

    Example: ltrr status
    """
    with ltrr_cli.open(index) as engine:
        found = engine.status()
    if as_json:
        sys.stdout.write(to_json(found) + "\n")
    else:
        write_text(outline(_told(found, time.time())))


def _told(found: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Return what a person wants to know of the folder at *now*."""
    size = {name: _size(n) for name, n in found["bytes"].items()}
    types = sorted(found["types"].items(), key=lambda one: -one[1])
    gone = [f"{n} {what}" for n, what in ((found["bad_records"], "bad records"), (found["deleted_rows"], "deleted")) if n]
    parts = [part for part in ("vectors", "graph") if found[part]]
    return {
        "folder": f"{found['folder']}, {size['all']}: index {size['index']}, log and what was learned {size['state']}",
        "index": f"generation {found['generation']}, built {_ago(now - (moment(found['built']) or now))}, {found['built']}",
        "entities": f"{found['entities']}: {', '.join(f'{n} {kind}' for kind, n in types)}",
        **({"left out": ", ".join(gone)} if gone else {}),
        "fields": {role: names for role, names in found["fields"].items() if role != "labels"},
        "languages": found["languages"],
        "words": found["words"],
        "meaning": f"{found['encoder']} encoder, {' and '.join(parts) or 'no vectors'}",
        "log": f"{counted(found['searches'], 'search', 'searches')}, {counted(found['events'], 'event')},"
        f" {counted(found['remembered_queries'], 'query', 'queries')} remembered",
        "settings": Settings(**found["settings"]).unusual() or "the usual ones",
    }


def _size(n: int) -> str:
    """Say a number of bytes.

    >>> _size(999), _size(81_920), _size(15_767_818)
    ('999 B', '82 kB', '15.8 MB')
    """
    return f"{n} B" if n < 1000 else f"{n / 1e3:.0f} kB" if n < 1e6 else f"{n / 1e6:.1f} MB"


def _ago(seconds: float) -> str:
    """Say how long ago something was.

    >>> _ago(5), _ago(3700), _ago(200_000)
    ('just now', '61 minutes ago', '2 days ago')
    """
    units = ((86_400, "days"), (3600, "hours"), (60, "minutes"))
    return next((f"{seconds // unit:.0f} {name} ago" for unit, name in units if seconds >= 2 * unit), "just now")


COMMAND = Command(status, (INDEX, JSON))
