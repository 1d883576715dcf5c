"""The catalog's words by their meaning: which of them are near to a word, whether the catalog has that one or not.

kin/words      a word a line, filled up with spaces to WIDTH bytes
kin/codes.i8   their vectors by the bundled static encoder

Words are only ever appended: an earlier generation shares the files, and reads no further than its own `meta.json` says.
"""

from __future__ import annotations

import mmap
import os

from ltrr_cli.encode.static import DIM, Static
from ltrr_cli.index.codes import encoded
from ltrr_cli.index.columns import continued
from ltrr_cli.index.vector_exact import Exact
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

    from ltrr_cli.encode.base import Encoder

WIDTH = 24
SHORT = 3  # letters; shorter words and those with digits are codes more often than words
BATCH = 2048  # words encoded at once
MOST = 50_000  # words that a catalog may have here, the commonest


def write(folder: str, counts: Mapping[str, int], encoder: Encoder | None, known: int = 0) -> int:
    """Append the words of *counts* (word -> entities that hold it) behind the first *known* ones; return how many there are.

    *encoder* is used if it is the static one, for what it remembers.
    """
    os.makedirs(folder, exist_ok=True)
    with (
        continued(os.path.join(folder, "words"), known * WIDTH) as words,
        continued(os.path.join(folder, "codes.i8"), known * DIM) as codes,
    ):
        words.seek(0)
        there = set(words.read().decode("ascii").split())
        fits = [word for word in counts if SHORT <= len(word) < WIDTH and word.isascii() and word.isalpha() and word not in there]
        new = sorted(fits, key=lambda word: (-counts[word], word))[: max(0, MOST - known)]
        if new:
            words.write(b"".join(word.encode("ascii").ljust(WIDTH - 1) + b"\n" for word in new))
            static = encoder if isinstance(encoder, Static) else Static()
            for start in range(0, len(new), BATCH):
                codes.write(encoded(static, new[start : start + BATCH], turn=False))
    return known + len(new)


class Kin:
    """Reads the first *count* words of one folder."""

    def __init__(self, folder: str, count: int) -> None:
        self._exact = Exact(folder, count, DIM)
        with open(os.path.join(folder, "words"), "rb") as file:
            self._words = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def near(self, vector: array[float], k: int) -> list[tuple[str, float]]:
        """Return at most *k* words and their cosines with *vector*, which is the static encoder's; nearest first."""
        return [(self._word(row), cosine) for row, cosine in self._exact.search(vector, k)]

    def _word(self, row: int) -> str:
        return self._words[row * WIDTH : (row + 1) * WIDTH].rstrip().decode("ascii")
