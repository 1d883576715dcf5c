"""A vector as signed bytes, a quarter of its size: its largest number becomes 127 or -127.

A few numbers of a vector are often much larger than the others, of which too little would be left. So vectors are turned
before, all alike, which spreads what stands out over all numbers and changes no cosine.

Source: the randomised Hadamard transform of Ailon and Chazelle, "The fast Johnson-Lindenstrauss transform and approximate
nearest neighbors", SIAM Journal on Computing 2009; before quantisation, as in Gao and Long, "RaBitQ", SIGMOD 2024.
"""

from __future__ import annotations

from array import array
from functools import lru_cache

from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from ltrr_cli.encode.base import Encoder


def quantise(vector: array[float]) -> array[int] | None:
    """Return one vector's code; None if it is all zeros.

    >>> quantise(array("f", [0.5, -1.0, 0.0])).tolist()
    [64, -127, 0]
    """
    top = max(map(abs, vector), default=0.0)
    if not top:
        return None
    return array("b", [round(v * 127 / top) for v in vector])


def turned(vector: array[float]) -> array[float]:
    """Return *vector* turned, and sqrt(p) times as long, where p is the highest power of two that divides its dimensions.

    >>> one, other = array("f", [1, 0, 0, 0]), array("f", [3, 4, 0, 0])
    >>> turned(one).tolist(), turned(other).tolist()
    ([-1.0, -1.0, -1.0, -1.0], [-7.0, 1.0, -7.0, 1.0])
    >>> sum(a * b for a, b in zip(turned(one), turned(other))) / 4
    3.0
    """
    numbers = [sign * number for sign, number in zip(_signs(len(vector)), vector, strict=True)]
    for _ in range(_rounds(len(vector))):
        pairs = list(zip(numbers[0::2], numbers[1::2], strict=True))
        numbers = [a + b for a, b in pairs] + [a - b for a, b in pairs]
    return array("f", numbers)


def encoded(encoder: Encoder, texts: Sequence[str], turn: bool = True) -> bytes:
    """Return the codes of *texts* one behind the other, `encoder.dim` bytes each, as *turned*, or if not *turn*, as they are."""
    import numpy as np

    vectors = encoder.encode(texts)
    if turn:
        vectors = _all_turned(vectors)
    top = np.abs(vectors).max(axis=1, keepdims=True)
    top[top == 0] = 1.0
    return bytes(np.rint(vectors * (127 / top)).astype(np.int8).tobytes())


def _all_turned(vectors: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    import numpy as np

    vectors = vectors * np.array(_signs(vectors.shape[1]), np.float32)
    for _ in range(_rounds(vectors.shape[1])):
        even, odd = vectors[:, 0::2], vectors[:, 1::2]
        vectors = np.concatenate([even + odd, even - odd], axis=1)
    return vectors


def _rounds(dim: int) -> int:
    """Return how many rounds of sums and differences make each number one of as many as can be."""
    return (dim & -dim).bit_length() - 1


@lru_cache
def _signs(dim: int) -> list[int]:
    """Return 1 or -1 for each dimension, without a pattern that sums and differences would undo."""
    return [1 - 2 * (i * i * 0x9E3779B9 >> 20 & 1) for i in range(1, dim + 1)]
