"""The encoders there are, and the promise that each of them keeps."""

from __future__ import annotations

import os

from ltrr_cli.errors import EncoderError
from ltrr_cli.light import TYPE_CHECKING, Protocol
from ltrr_cli.registry import look_up

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

ENCODERS = {  # name -> where; imported on first use, so that a search loads no model runtime
    "static": "ltrr_cli.encode.static:Static",
    "minilm": "ltrr_cli.encode.onnx:MiniLM",
    "onnx": "ltrr_cli.encode.onnx:Onnx",
}


class Encoder(Protocol):
    """Turns texts into vectors of one space."""

    space: str  # names the vectors' space and its version: documents and queries must agree on it
    dim: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text, shape (len(texts), dim), for documents and many texts at once.

        Each row has length 1, or is all 0 for "" and for a text of which nothing is known. The same text gives the
        same row, up to rounding, whatever stands beside it.
        """

    def encode_query(self, text: str) -> array[float]:
        """Return what a search compares with documents: `dim` floats (type code "f"), under the same promise."""


def load(name_or_path: str) -> Encoder:
    """Return the encoder of that name, or one made from a folder that holds a sentence-transformer in ONNX format.

    Raises EncoderError for a name that is not in `ENCODERS` and for a folder that does not fit.

    >>> load("static").space
    'ltrr-256-v1'
    """
    if name_or_path != "onnx" and (os.sep in name_or_path or (name_or_path not in ENCODERS and os.path.isdir(name_or_path))):
        made: Encoder = look_up(ENCODERS, "onnx", "encoder", EncoderError)(name_or_path)
        return made
    if name_or_path == "onnx":
        raise EncoderError("the encoder 'onnx' wants a folder", hint="name the model's folder instead: --encoder path/to/model")
    bundled: Encoder = look_up(ENCODERS, name_or_path, "encoder", EncoderError)()
    return bundled
