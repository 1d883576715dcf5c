"""Whether the parts of one generation agree: rows, records, offsets, types, vectors, full text."""

from __future__ import annotations

import os
from math import isfinite
from typing import TYPE_CHECKING

from ltrr_cli.errors import WorkspaceError
from ltrr_cli.index.columns import LINES
from ltrr_cli.index.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 5  # rows named a kind of damage


def audit(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (part, what is wrong with it) for the generation in *folder*; its bytes are taken to be those that were written."""
    try:
        generation = Generation(folder)
        yield from _columns(generation)
        yield from _ids(generation)
        words, values = generation.vocabulary, generation.values
        if generation.meta["live"] and not len(values) + len(words):
            yield "words", "there are none"
        generation.kin, generation.impacts, generation.ties  # noqa: B018 - opening them says whether they are there
        vectors = generation.vectors
        if generation.meta["dim"] and generation.rows and vectors is None:
            yield "codes.i8", "missing"
    except (WorkspaceError, ValueError, IndexError, KeyError, TypeError, OSError) as e:
        yield "index", f"can't be read ({e})"


def _columns(generation: Generation) -> Iterator[tuple[str, str]]:
    rows, columns, live = generation.rows, generation.columns, 0
    for ends, lines in LINES.items():
        at = columns._map(ends, "Q")
        size = os.path.getsize(os.path.join(generation.folder, lines))
        if at[0] or at[rows] > size or any(at[row] >= at[row + 1] for row in range(rows)):
            yield ends, "does not fit its lines"
            return
    wrong: dict[str, list[int]] = {}
    for row in range(rows):
        try:
            columns.head(row)
            columns.said(row)
        except (ValueError, TypeError):
            wrong.setdefault("records.jsonl", []).append(row)
        if columns._map("types.u16", "H")[row] >= len(columns.types):
            wrong.setdefault("types.u16", []).append(row)
        quality = columns.quality(row)
        if not (isfinite(quality) and 0 <= quality <= 1):
            wrong.setdefault("quality.f32", []).append(row)
        live += columns.alive(row)
    for part, found in wrong.items():
        yield part, f"{len(found)} rows are not as they should be: {', '.join(map(str, found[:SHOWN]))}"
    if live != generation.meta["live"]:
        yield "dead", f"{live} rows live, {generation.meta['live']} should"


def _ids(generation: Generation) -> Iterator[tuple[str, str]]:
    """Each live row is found under its id, once, and no dead one is."""
    columns, text = generation.columns, generation.text
    lost = []
    for row in range(generation.rows):
        found = text.row_of(columns.id(row))
        if (found == row) != columns.alive(row):
            lost.append(row)
    if lost:
        yield "text", f"{len(lost)} rows are not found by their ids: {', '.join(map(str, lost[:SHOWN]))}"
