"""Cross-encoders in ONNX format: a query and a text are read together, and the answer is how well the one fits the other.

Source: Nogueira and Cho, "Passage re-ranking with BERT", 2019, arXiv 1901.04085.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.encode.onnx import Graph, sound
from ltrr_cli.encode.sentence import read
from ltrr_cli.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WHAT = "a re-ranker is a folder with tokenizer.json and model.onnx or onnx/model.onnx, a cross-encoder with one or two outputs"
PAIRS = 32  # read at once


class Cross:
    """A cross-encoder by its folder."""

    def __init__(self, folder: str, threads: int = 0) -> None:
        """Load the folder's files. Raises EncoderError if they do not fit."""
        sentence = read(folder, what=WHAT)
        self._graph = Graph(sentence.model, sentence.tokenizer, sentence.longest, threads, WHAT)
        self._output = "logits" if "logits" in self._graph.outputs else self._graph.outputs[0]
        self._graph.trial(lambda: self._run([[1, 2, 1], [1]], [[0, 1, 1], [0]]))

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text fits *query*: higher is better, comparable within one query."""
        found = self._graph.split([(sound(query), sound(text)) for text in texts])
        scores: list[float] = []
        for start in range(0, len(found), PAIRS):
            some = found[start : start + PAIRS]
            scores += self._run([pair.ids for pair in some], [pair.type_ids for pair in some]).tolist()
        return scores

    def _run(self, tokens: list[list[int]], kinds: list[list[int]]) -> NDArray[np.float32]:
        """Return the logit of each pair, shape (len(tokens),); of two outputs, no and yes, it is their difference."""
        found, _ = self._graph.run(self._output, tokens, kinds)
        if found.shape == (len(tokens),):
            found = found[:, None]
        if found.ndim != 2 or found.shape[1] not in (1, 2):
            raise EncoderError(f"{self._graph.path} gives {' x '.join(map(str, found.shape[1:]))} numbers a pair", hint=WHAT)
        made: NDArray[np.float32] = found[:, -1] if found.shape[1] == 1 else found[:, 1] - found[:, 0]
        return made
