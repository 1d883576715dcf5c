"""Weigh each row's terms with a sparse model, while its catalog is already searchable by everything else."""

from __future__ import annotations

import json
import os
from itertools import islice
from typing import TYPE_CHECKING

from ltrr_cli.index import manifest
from ltrr_cli.index.build import TEXTS, link
from ltrr_cli.index.columns import Columns
from ltrr_cli.index.generation import read_meta, write_meta
from ltrr_cli.index.impacts_tantivy import Row, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.encode.splade import Splade
    from ltrr_cli.index.build import Progress
    from ltrr_cli.workspace import Workspace

BATCH = 128  # texts weighed at once


def expand(workspace: Workspace, name: str, model: Splade, progress: Progress) -> None:
    """Weigh the current generation's texts with *model* (the folder *name*); a generation with the result takes its place.

    The texts are those that `build` kept.
    """
    before = workspace.generation(workspace.current())
    meta = read_meta(before)
    kinds = Columns(before, meta["rows"], meta["types"])

    def rows() -> Iterator[Row]:
        row = 0
        with open(os.path.join(before, TEXTS), encoding="utf-8") as lines:
            while batch := [json.loads(line) for line in islice(lines, BATCH)]:
                for terms in model.documents(batch):
                    yield Row(row, kinds.type(row), terms)
                    row += 1
                progress("weighing", row, meta["rows"])

    with workspace.new_generation(replacing=True) as folder:
        link(before, folder)
        write(os.path.join(folder, "impacts"), rows())
        write_meta(folder, {**meta, "sparse": name})
        manifest.write(folder, before)
