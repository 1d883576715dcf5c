"""Sentence-transformers in ONNX format: the bundled MiniLM, and any other by its folder.

Importing this loads neither onnxruntime nor numpy: a search on MiniLM's vectors asks with the static table instead.
"""

from __future__ import annotations

import os
from array import array
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ltrr_cli.encode.sentence import LAYOUT, Sentence, read
from ltrr_cli.encode.static import DIM, Static
from ltrr_cli.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    import numpy as np
    from numpy.typing import NDArray

    Trial = TypeVar("Trial")

TEXTS = 64  # texts run at once, at most
TOKENS = 4096  # and tokens, filling included


class Graph:
    """An ONNX graph over a text's tokens, and its tokenizer; *what* names such a folder in hints."""

    def __init__(self, model: str, tokenizer: str, longest: int, threads: int = 0, what: str = f"an encoder is {LAYOUT}") -> None:
        """Load the two files; *threads* for one run, 0 for as many as there are cores. Raises EncoderError if they don't fit."""
        import onnxruntime
        from tokenizers import Tokenizer

        self.path, self.what = model, what
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4
        try:
            self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"], enable_fallback=0)
        except Exception as error:  # onnxruntime's own kinds of error are not public
            raise EncoderError(f"{model} can't be loaded: {_line(error)}", hint=what) from None
        try:
            self.tokenizer = Tokenizer.from_file(tokenizer)
        except Exception as error:  # tokenizers raises plain Exception
            raise EncoderError(f"{tokenizer} can't be loaded: {_line(error)}", hint=what) from None
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(longest)
        self.inputs = {put.name: put.type for put in self.session.get_inputs()}
        strange = self.inputs.keys() - {"input_ids", "attention_mask", "token_type_ids"}
        if strange or "input_ids" not in self.inputs:
            raise EncoderError(
                f"{model} wants the inputs {', '.join(self.inputs)}",
                hint="export it as a sentence-transformer's text model",
            )
        self.outputs = [put.name for put in self.session.get_outputs()]

    def run(self, output: str, tokens: list[list[int]], kinds: list[list[int]] | None = None) -> tuple[Any, NDArray[np.int64]]:
        """Return *output* for lists of token numbers, and which tokens are no filling, (len(tokens), most tokens).

        *kinds* numbers the text that each token belongs to, where there are two.
        """
        import numpy as np

        shape = len(tokens), max(map(len, tokens))
        ids, mask, types = (np.zeros(shape, np.int64) for _ in range(3))
        for i, some in enumerate(tokens):
            ids[i, : len(some)], mask[i, : len(some)] = some, 1
            if kinds is not None:
                types[i, : len(some)] = kinds[i]
        parts = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        feed = {name: parts[name].astype(np.int32 if "int32" in kind else np.int64) for name, kind in self.inputs.items()}
        return self.session.run([output], feed)[0], mask

    def split(self, texts: Sequence[Any]) -> list[Any]:
        """Return the tokenizer's encodings of *texts*, or of pairs of them; EncoderError for what it can't split."""
        try:
            return self.tokenizer.encode_batch(texts)
        except Exception as error:  # as above: a vocabulary without the token for what it does not have
            raise EncoderError(f"{self.path}: its tokenizer can't split a text: {_line(error)}", hint=self.what) from None

    def trial(self, run: Callable[[], Trial]) -> Trial:
        """Return what a first *run* gives, so that a graph that does not fit is found before a catalog is read."""
        try:
            return run()
        except EncoderError:
            raise
        except Exception as error:  # as above
            raise EncoderError(f"{self.path} does not run: {_line(error)}", hint=self.what) from None


class Model:
    """A sentence-transformer's graph: texts in, vectors of length 1 out."""

    def __init__(self, sentence: Sentence, threads: int = 0) -> None:
        """Load the files; see `Graph`."""
        self._graph = Graph(sentence.model, sentence.tokenizer, sentence.longest, threads)
        self._unknown = {self._graph.tokenizer.token_to_id(token) for token in ("[UNK]", "<unk>")}
        self._pooling = sentence.pooling
        names = self._graph.outputs
        self._output = next((n for n in ("sentence_embedding", "last_hidden_state", "token_embeddings") if n in names), names[0])
        self.dim = int(self._graph.trial(lambda: self._run([[1, 2, 1], [1]])).shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 of shape (len(texts), dim); texts of like length run together, whatever their order."""
        import numpy as np

        result = np.zeros((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), 16 * TEXTS):
            found = self._graph.split([sound(text) for text in texts[start : start + 16 * TEXTS]])
            tokens = [encoding.ids for encoding in found]
            told = [
                any(not special and i not in self._unknown for i, special in zip(e.ids, e.special_tokens_mask, strict=True))
                for e in found
            ]
            left = sorted((i for i in range(len(tokens)) if told[i]), key=lambda i: len(tokens[i]))
            while left:
                count = 1
                while count < min(TEXTS, len(left)) and (count + 1) * len(tokens[left[count]]) <= TOKENS:
                    count += 1
                some, left = left[:count], left[count:]
                result[[start + i for i in some]] = self._run([tokens[i] for i in some])
        return result

    def _run(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        """Return vectors of length 1 for lists of token numbers, shape (len(tokens), dim)."""
        import numpy as np

        found, mask = self._graph.run(self._output, tokens)
        if found.ndim == 3:
            found = pool(found, mask, self._pooling)
        elif found.ndim != 2:
            raise EncoderError(
                f"the model's output {self._output} has {found.ndim} dimensions",
                hint="2 (texts, numbers) or 3 (texts, tokens, numbers)",
            )
        found = found.astype(np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        made: NDArray[np.float32] = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
        return made


def pool(states: NDArray[np.float32], mask: NDArray[np.int64], pooling: str) -> NDArray[np.float32]:
    """Make one vector of each text's token states, (texts, tokens, numbers) -> (texts, numbers), leaving out filling.

    >>> import numpy as np
    >>> states, mask = np.array([[[1.0, 4.0], [3.0, 0.0], [9.0, 9.0]]]), np.array([[1, 1, 0]])
    >>> [pool(states, mask, pooling).tolist() for pooling in ("cls", "mean", "max")]
    [[[1.0, 4.0]], [[2.0, 2.0]], [[3.0, 4.0]]]
    """
    import numpy as np

    seen = mask[:, :, None]
    made: NDArray[np.float32]
    if pooling == "cls":
        made = states[:, 0]
    elif pooling == "max":
        made = np.where(seen, states, -np.inf).max(axis=1)
    else:
        made = (states * seen).sum(axis=1) / seen.sum(axis=1)
    return made


class Onnx:
    """A sentence-transformer of your own, by its folder; queries are encoded by the model itself.

    Its space is named after the files' content: another model, other vectors.
    """

    def __init__(self, folder: str, threads: int = 0) -> None:
        self._sentence = read(folder)
        self._model = Model(self._sentence, threads)
        self.dim = self._model.dim
        digest = sha256(repr((self._sentence.pooling, self._sentence.longest, self._sentence.document)).encode())
        for path in (
            self._sentence.model,
            f"{self._sentence.model}_data",
            f"{self._sentence.model}.data",
            self._sentence.tokenizer,
        ):
            if os.path.exists(path):
                with open(path, "rb") as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
        self.space = f"onnx-{digest.hexdigest()[:16]}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 of shape (len(texts), dim)."""
        return self._model.encode([text.strip() and self._sentence.document + text for text in texts])

    def encode_query(self, text: str) -> array[float]:
        """Return `dim` floats."""
        return array("f", self._model.encode([text.strip() and self._sentence.query + text])[0].tobytes())


class MiniLM:
    """The bundled all-MiniLM-L6-v2 for documents; its queries come from the static table, which shares its space.

    So an index is made slowly and well, and a search still loads no model runtime.
    """

    space = Static.space
    dim = DIM

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads
        self._model: Model | None = None
        self._static: Static | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 of shape (len(texts), 256); the first 256 tokens of a text count.

        >>> MiniLM().encode(["wireless headphones", ""]).shape
        (2, 256)
        """
        if self._model is None:
            models = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
            model, tokenizer = (os.path.join(models, name) for name in ("minilm.onnx", "minilm.tokenizer.json"))
            self._model = Model(Sentence(model, tokenizer, "mean", 256), self._threads)
        return self._model.encode(texts)

    def encode_query(self, text: str) -> array[float]:
        """Return 256 floats, made without onnxruntime, tokenizers and numpy."""
        self._static = self._static or Static()
        return self._static.encode_query(text)


def sound(text: str) -> str:
    """Leave out lone surrogates, which the tokenizer refuses."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
