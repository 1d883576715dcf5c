"""Weigh each row's terms with a sparse model, while its catalog is already searchable by everything else."""

from __future__ import annotations

import json
import os
from itertools import islice
from shutil import rmtree
from typing import TYPE_CHECKING

from ltrr_cli.index.build import TEXTS, write_meta
from ltrr_cli.index.columns import Columns
from ltrr_cli.index.generation import read_meta
from ltrr_cli.index.impacts_tantivy import Row, write
from ltrr_cli.workspace import seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.encode.splade import Splade
    from ltrr_cli.index.build import Progress
    from ltrr_cli.workspace import Workspace

BATCH = 128  # texts weighed at once


def expand(workspace: Workspace, name: str, model: Splade, progress: Progress) -> None:
    """Weigh the current generation's texts with *model* (the folder *name*) and put the result in place in one step.

    The texts are those that `build` kept. An interrupt leaves the generation as it was.
    """
    folder = workspace.generation(workspace.current())
    meta = read_meta(folder)
    kinds = Columns(folder, meta["rows"], meta["types"])

    def rows() -> Iterator[Row]:
        row = 0
        with open(os.path.join(folder, TEXTS), encoding="utf-8") as lines:
            while batch := [json.loads(line) for line in islice(lines, BATCH)]:
                for terms in model.documents(batch):
                    yield Row(row, kinds.type(row), terms)
                    row += 1
                progress("weighing", row, meta["rows"])

    temporary = os.path.join(folder, "impacts.building")
    rmtree(temporary, ignore_errors=True)
    try:
        write(temporary, rows())
        seal(temporary)
        os.rename(temporary, os.path.join(folder, "impacts"))
    except BaseException:
        rmtree(temporary, ignore_errors=True)
        raise
    write_meta(folder, {**meta, "sparse": name})
