"""Learned sparse encoders in ONNX format: a text becomes weighted terms, its own words and words that it might have used.

A document goes through the masked language model: each term of its vocabulary weighs log(1 + its highest logit over the
text's tokens). A query is only cut into terms, which takes no model: each weighs what the folder's `idf.json` says, if there
is one, else what the catalog says.

Source: Formal et al., "SPLADE v2", 2021, arXiv 2109.10086; queries: Geng et al., "Towards competitive search relevance for
inference-free learned sparse retrievers", 2024, arXiv 2411.04403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.encode.onnx import Graph, sound
from ltrr_cli.encode.sentence import read, read_json
from ltrr_cli.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

WHAT = "a sparse encoder is a folder with tokenizer.json and model.onnx or onnx/model.onnx, a masked language model"
LAYERS = ("Transformer", "MLMTransformer", "SpladePooling", "SparseStaticEmbedding", "Router", "Normalize")
TERMS = 128  # of a document, the heaviest
TOKENS = 1024  # run at once, filling included: each of them has a logit for every term
LEAST = 0.01  # weight


class Splade:
    """A sparse encoder by its folder. The graph is loaded when the first document comes, so that a query needs only its terms."""

    def __init__(self, folder: str, threads: int = 0) -> None:
        """Read the folder's files. Raises EncoderError if they do not fit."""
        from tokenizers import Tokenizer

        self._sentence = read(folder, LAYERS, WHAT)
        self._threads = threads
        self._graph: Graph | None = None
        try:
            self._tokenizer = Tokenizer.from_file(self._sentence.tokenizer)
        except Exception as error:  # tokenizers raises plain Exception
            raise EncoderError(f"{self._sentence.tokenizer} can't be loaded: {error}", hint=WHAT) from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._sentence.longest)
        self.weights: dict[str, float] = read_json(folder, "idf.json", {})  # of a query's terms, where the model brings them
        if not all(isinstance(weight, int | float) for weight in self.weights.values()):
            raise EncoderError(f"{folder}/idf.json: weights are numbers", hint='for example {"shoe": 3.2}')

    def query(self, text: str) -> list[str]:
        """Return the terms of a query, each once.

        What stands in the vocabulary only to mark (the beginning, the end, the unknown) is no term.
        """
        found = self._tokenizer.encode(sound(text))
        terms = (t for t, special in zip(found.tokens, found.special_tokens_mask, strict=True) if not special)
        return [term for term in dict.fromkeys(terms) if term not in self._marks]

    @property
    def _marks(self) -> set[str]:
        return {token.content for token in self._tokenizer.get_added_tokens_decoder().values() if token.special}

    def documents(self, texts: Sequence[str]) -> Iterator[dict[str, float]]:
        """Yield the weighted terms of each text, at most TERMS, the heaviest first; none for an empty text."""
        import numpy as np

        self.load()
        ids = self._tokenizer.get_vocab(with_added_tokens=True)
        marks = [ids[mark] for mark in self._marks]
        tokens = [found.ids if text.strip() else [] for text, found in zip(texts, self._encoded(texts), strict=True)]
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        made: list[dict[str, float]] = [{} for _ in tokens]
        left = [i for i in order if tokens[i]]
        while left:
            count = 1
            while count < len(left) and (count + 1) * len(tokens[left[count]]) <= TOKENS:
                count += 1
            some, left = left[:count], left[count:]
            weights = self._run([tokens[i] for i in some])
            weights[:, [mark for mark in marks if mark < weights.shape[1]]] = 0
            for i, row in zip(some, weights, strict=True):
                best = np.argsort(-row, kind="stable")[:TERMS]
                named = ((self._tokenizer.id_to_token(int(t)), float(row[t])) for t in best if row[t] >= LEAST)
                made[i] = {term: weight for term, weight in named if term is not None}
        yield from made

    def _encoded(self, texts: Sequence[str]) -> list[Any]:
        return list(self._tokenizer.encode_batch([sound(self._sentence.document + text) for text in texts]))

    def load(self) -> None:
        """Load the graph and try it. Raises EncoderError if it is no masked language model of this tokenizer."""
        if self._graph is None:
            sentence = self._sentence
            self._graph = graph = Graph(sentence.model, sentence.tokenizer, sentence.longest, self._threads, WHAT)
            terms = graph.trial(lambda: self._run([[1, 2, 1], [1]])).shape[1]
            known = self._tokenizer.get_vocab_size(with_added_tokens=True)
            if terms < known:
                raise EncoderError(f"{sentence.model} gives {terms} numbers, its tokenizer knows {known} terms", hint=WHAT)

    def _run(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        """Return the weights of every term for lists of token numbers, shape (len(tokens), terms)."""
        import numpy as np

        assert self._graph is not None
        found, mask = self._graph.run(self._graph.outputs[0], tokens)
        made: NDArray[np.float32]
        if found.ndim == 3:
            made = np.log1p(np.where(mask[:, :, None], found, 0).max(axis=1).clip(0))
        elif found.ndim == 2:  # the graph pools: these are weights
            made = found.clip(0)
        else:
            raise EncoderError(f"the model's output has {found.ndim} dimensions", hint="3 (texts, tokens, terms): the logits")
        return made.astype(np.float32)
