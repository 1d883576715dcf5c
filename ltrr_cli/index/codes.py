"""A vector as signed bytes, a quarter of its size: its largest number becomes 127 or -127."""

from __future__ import annotations

from array import array

from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def encoded(encoder: Encoder, texts: Sequence[str]) -> bytes:
    """Return the codes of *texts* one behind the other, `encoder.dim` bytes each."""
    import numpy as np

    vectors = encoder.encode(texts)
    top = np.abs(vectors).max(axis=1, keepdims=True)
    top[top == 0] = 1.0
    return bytes(np.rint(vectors * (127 / top)).astype(np.int8).tobytes())
