"""Make a generation's vectors with a slow encoder, while its catalog is already searchable; an interrupted run goes on later.

What was encoded is kept (see `encodings`), so that nothing is encoded twice, whatever the catalog becomes meanwhile.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from ltrr_cli.index import manifest
from ltrr_cli.index.build import TEXTS, link
from ltrr_cli.index.encodings import Encodings
from ltrr_cli.index.generation import read_meta, write_meta

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.encode.base import Encoder
    from ltrr_cli.index.build import Progress
    from ltrr_cli.workspace import Workspace

BATCH = 128  # texts encoded, and made durable, at once


def refine(workspace: Workspace, name: str, encoder: Encoder, progress: Progress) -> None:
    """Encode the current generation's texts with *encoder* (called *name*); a generation with these vectors takes its place.

    Vectors and what `meta.json` says of them must not be met one without the other, hence the generation.
    """
    before = workspace.generation(workspace.current())
    meta = read_meta(before)
    done = 0
    with workspace.new_generation(replacing=True) as folder:
        link(before, folder, without=("codes.i8", "graph.hnsw", TEXTS))
        with (
            closing(Encodings(workspace, encoder)) as kept,
            open(os.path.join(before, TEXTS), encoding="utf-8") as lines,
            open(os.path.join(folder, "codes.i8"), "wb") as out,
        ):
            texts: Iterator[str] = map(json.loads, lines)
            while batch := list(islice(texts, BATCH)):
                out.write(kept.codes(batch))
                done += len(batch)
                progress("encoding", done, meta["rows"])
        write_meta(folder, {**meta, "encoder": name, "space": encoder.space, "dim": encoder.dim, "turned": True})
        manifest.write(folder, before)
