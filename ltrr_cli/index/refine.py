"""Make a generation's vectors with a slow encoder, while its catalog is already searchable; an interrupted run goes on later.

What was encoded is kept by the hash of its text in `encodings/`, so that nothing is encoded twice, whatever the catalog
becomes meanwhile.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from ltrr_cli.index import manifest
from ltrr_cli.index.build import TEXTS, link, write_meta
from ltrr_cli.index.codes import encoded
from ltrr_cli.index.generation import read_meta

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.encode.base import Encoder
    from ltrr_cli.index.build import Progress
    from ltrr_cli.workspace import Workspace

DIGEST = 16  # bytes of a text's hash
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
        write_meta(folder, {**meta, "encoder": name, "space": encoder.space, "dim": encoder.dim})
        manifest.write(folder, before)


class Encodings:
    """What one encoder has made of each text so far: a file of (hash of the text, codes) pairs, appended to."""

    def __init__(self, workspace: Workspace, encoder: Encoder) -> None:
        self._encoder = encoder
        os.makedirs(workspace.path("encodings"), mode=0o700, exist_ok=True)
        space = blake2b(f"{type(encoder).__name__} {encoder.space}".encode(), digest_size=8).hexdigest()
        self._path = workspace.path("encodings", f"{space}.codes")
        self._size = DIGEST + encoder.dim
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(fd, "rb+", buffering=0)
        whole = os.fstat(fd).st_size // self._size
        self._file.truncate(whole * self._size)  # a record cut short by a crash
        self._at: dict[bytes, int] = {}
        for i in range(whole):
            self._at[os.pread(fd, DIGEST, i * self._size)] = i

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def codes(self, texts: list[str]) -> bytes:
        """Return the codes of *texts* one behind the other, encoding those that are new."""
        digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest() for text in texts]
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._at}
        if new:
            made = encoded(self._encoder, list(new.values()))
            dim = self._encoder.dim
            self._file.write(b"".join(digest + made[i * dim : (i + 1) * dim] for i, digest in enumerate(new)))
            for digest in new:
                self._at[digest] = len(self._at)
        fd = self._file.fileno()
        return b"".join(os.pread(fd, self._encoder.dim, self._at[digest] * self._size + DIGEST) for digest in digests)
