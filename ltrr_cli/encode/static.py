"""The bundled encoder: every word piece and every few letters have a vector, and a text is their sum.

It was trained to give a text the vector that all-MiniLM-L6-v2 gives it (`tools/build_encoder.py`). Letters make it
forgive typing errors: "metalica" shares most of its groups of letters with "metallica".

A table row is 144 bytes: eight scales (uint16, little endian), then 256 numbers of four bits. The scale `s` and the
number `n` of a block of 32 stand for `s * (n - 8)`; only ratios matter, since the sum is brought to length 1. Byte `i`
holds dimension `i` in its low half and dimension `128 + i` in its high half.
"""

from __future__ import annotations

import mmap
import os
from array import array
from struct import unpack_from
from zlib import crc32

from ltrr_cli.encode.wordpiece import Vocabulary, words
from ltrr_cli.errors import EncoderError
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

DIM = 256
BLOCK = 32  # numbers that share a scale
SCALES = 2 * DIM // BLOCK  # bytes
ROW = SCALES + DIM // 2  # bytes
HEAD = 128  # bytes of the .npy header before the first row
KEPT = 65_536  # words whose vectors `encode` remembers: 64 MiB
BATCH = 1024  # texts added up at once

_LOW = bytes(i & 15 for i in range(256))
_HIGH = bytes(i >> 4 for i in range(256))


def grams(word: str) -> list[int]:
    """Return the hashes of the groups of three and of four letters of *word*, its two ends marked.

    Words of one or two letters have none: their piece says it all.

    >>> [crc32(group) for group in (b"<ab", b"abc", b"bc>", b"<abc", b"abc>")] == grams("abc")
    True
    """
    if len(word) < 3:
        return []
    marked = f"<{word}>".encode()
    return [crc32(marked[i : i + n]) for n in (3, 4) for i in range(len(marked) - n + 1)]


class Static:
    """Word pieces and letter groups, 256 dimensions; a query needs neither numpy nor a model runtime.

    >>> metallica, metalica = Static().encode_query("metallica"), Static().encode_query("metalica")
    >>> sum(a * b for a, b in zip(metallica, metalica)) > 0.7
    True
    """

    space = "ltrr-256-v1"
    dim = DIM

    def __init__(self, folder: str = "") -> None:
        """Map the files static.vocabulary and static.npy of *folder*, by default the bundled ones."""
        folder = folder or os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
        try:
            self._vocabulary = Vocabulary(os.path.join(folder, "static.vocabulary"))
            with open(os.path.join(folder, "static.npy"), "rb") as file:
                self._table = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise EncoderError(f"the static encoder's files can't be read: {error}", hint="install ltrr again") from None
        self._buckets = (len(self._table) - HEAD) // ROW - len(self._vocabulary)
        if (len(self._table) - HEAD) % ROW or self._buckets <= 0:
            raise EncoderError(f"{folder}/static.npy has an unexpected size", hint="install ltrr again")
        self._row_of: dict[str, int] = {}  # word -> row of `_sums`, filled by `encode`
        self._sums: NDArray[np.float32] | None = None

    def encode_query(self, text: str) -> array[float]:
        """Return the vector of *text* in the standard library alone; all 0 when nothing of it is known.

        >>> vector = Static().encode_query("wireless headphones")
        >>> vector.typecode, len(vector), round(sum(x * x for x in vector), 5)
        ('f', 256, 1.0)
        >>> any(Static().encode_query("日本語"))
        False
        """
        rows = [row for word in words(text) for row in self.rows(word)]
        total = [0] * DIM
        for start in range(0, len(rows), 4096):  # 4096 numbers below 2**20 fit a lane of `_sum`
            total = [a + b for a, b in zip(total, self._sum(rows[start : start + 4096]), strict=True)]
        length = sum(x * x for x in total) ** 0.5
        return array("f", [x / length for x in total] if length else bytes(4 * DIM))

    def rows(self, word: str) -> list[int]:
        """Return the table rows whose sum is *word*: its pieces, then its letter groups; [] for an unknown word."""
        pieces, known = self._vocabulary.pieces(word), len(self._vocabulary)
        return pieces and pieces + [known + gram % self._buckets for gram in grams(word)]

    def _sum(self, rows: list[int]) -> list[int]:
        """Add up table rows, exactly.

        The 32 numbers of a block are laid out as one long integer with 32 bits for each: one multiplication then
        scales all of them and one addition adds all of them, which is some ten times faster than a loop over numbers.
        """
        blocks, offsets = [0] * (DIM // BLOCK), [0] * (DIM // BLOCK)
        lanes = bytearray(4 * DIM)
        for row in rows:
            start = HEAD + row * ROW
            halves = self._table[start + SCALES : start + ROW]
            lanes[: 2 * DIM : 4] = halves.translate(_LOW)
            lanes[2 * DIM :: 4] = halves.translate(_HIGH)
            for i, scale in enumerate(unpack_from(f"<{DIM // BLOCK}H", self._table, start)):
                blocks[i] += scale * int.from_bytes(lanes[i * 4 * BLOCK : (i + 1) * 4 * BLOCK], "little")
                offsets[i] += 8 * scale
        total: list[int] = []
        for block, offset in zip(blocks, offsets, strict=True):
            numbers = unpack_from(f"<{BLOCK}I", block.to_bytes(4 * BLOCK, "little"))
            total += [number - offset for number in numbers]
        return total

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 of shape (len(texts), 256), the rows of `encode_query`; each distinct word is worked out once.

        >>> Static().encode(["wireless headphones", ""]).shape
        (2, 256)
        """
        import numpy as np

        result = np.zeros((len(texts), DIM), np.float32)
        for start in range(0, len(texts), BATCH):
            some = [words(text) for text in texts[start : start + BATCH]]
            sums = self._learn({word for text in some for word in text})
            for at, rows in _by_length(list(map(self._row_of.__getitem__, text)) for text in some):
                result[start + at] = sums[rows].sum(axis=1)
        length = np.linalg.norm(result, axis=1, keepdims=True)
        np.divide(result, length, out=result, where=length > 0)
        return result

    def _learn(self, distinct: set[str]) -> NDArray[np.float32]:
        """Return a table of word vectors with a row, named by `_row_of`, for each of the *distinct* words at least."""
        import numpy as np

        if self._sums is None or len(self._row_of) + len(distinct) > len(self._sums):
            self._row_of.clear()
            self._sums = np.zeros((max(KEPT, len(distinct)), DIM), np.float32)
            self._vocabulary.learn()
        known = len(self._row_of)
        new = sorted(word for word in distinct if word not in self._row_of)
        self._row_of.update(zip(new, range(known, known + len(new)), strict=True))
        table = np.frombuffer(self._table, np.uint8, offset=HEAD).reshape(-1, ROW)
        for at, rows in _by_length(map(self.rows, new)):
            self._sums[known + at] = _numbers(table[rows.ravel()]).reshape(*rows.shape, DIM).sum(axis=1)
        return self._sums


def _by_length(lists: Iterable[list[int]]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the places of lists that are as long as each other, and their numbers, a row a list; empty ones are left out.

    What is as long can be added up at once, in a third of the time.
    """
    import numpy as np

    found: dict[int, tuple[list[int], list[list[int]]]] = {}
    for at, one in enumerate(lists):
        places, numbers = found.setdefault(len(one), ([], []))
        places.append(at)
        numbers.append(one)
    found.pop(0, None)
    for places, numbers in found.values():
        yield np.array(places, np.intp), np.array(numbers, np.intp)


def _numbers(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Unpack table rows, shape (n, 144), to float32, shape (n, 256)."""
    import numpy as np

    scales = packed[:, :SCALES].copy().view("<u2").astype(np.float32)
    halves = packed[:, SCALES:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return (numbers.reshape(len(packed), -1, BLOCK) * scales[:, :, None]).reshape(len(packed), DIM)
