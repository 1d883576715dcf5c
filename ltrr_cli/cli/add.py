"""`ltrr add`: new and changed entities, without a rebuild."""

from __future__ import annotations

import ltrr_cli
from ltrr_cli.cli.index import CATALOG, KEPT, STRICT
from ltrr_cli.cli.options import INDEX, JSON, Command


def add(sources: tuple[str, ...], index: str, strict: bool, as_json: bool) -> None:
    """Add or replace entities, without a rebuild.

    They can be found when the command returns.

    Example: ltrr add new_albums.jsonl
    """
    from ltrr_cli.cli.built import report
    from ltrr_cli.cli.table import progress

    with progress() as move:
        built = ltrr_cli.add(sources, index, strict=strict, progress=move)
    report(built, index, as_json)


COMMAND = Command(add, (CATALOG, INDEX, STRICT, JSON), interrupted=KEPT)
