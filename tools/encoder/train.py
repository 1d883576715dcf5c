# mypy: disallow-subclassing-any=False, warn-return-any=False, disallow-untyped-decorators=False, disallow-untyped-calls=False
# (torch is seldom installed where types are checked)
"""Trains the static table: the sum of a text's rows is to point where the teacher's vector of the text points."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from ltrr_cli.encode.static import DIM, grams
from ltrr_cli.encode.wordpiece import Vocabulary, words
from tools.encoder.pack import in_order
from tools.encoder.typos import with_typos

Ints = NDArray[np.int32]


class Known(Vocabulary):
    """The same vocabulary in a dictionary: quicker for millions of words."""

    def __init__(self, pieces: list[str]) -> None:
        self.order = in_order(pieces)
        self.at = {piece.encode(): row for row, piece in enumerate(self.order)}

    def __len__(self) -> int:
        return len(self.order)

    def row(self, piece: bytes) -> int:
        return self.at.get(piece, -1)


class Ragged:
    """Lists of numbers of different lengths, end to end."""

    def __init__(self, lists: list[list[int]]) -> None:
        self.ends = np.cumsum([0, *map(len, lists)])
        self.flat = np.fromiter((n for some in lists for n in some), np.int32, self.ends[-1])

    def take(self, rows: NDArray[np.int64]) -> tuple[Ints, NDArray[np.int64]]:
        """Return the lists of *rows* end to end, and where each begins."""
        starts, lengths = self.ends[rows], self.ends[rows + 1] - self.ends[rows]
        begins = np.cumsum(lengths) - lengths
        return self.flat[np.repeat(starts - begins, lengths) + np.arange(lengths.sum())], begins


class Texts:
    """Texts as lists of words and words as lists of table rows, each text clean and with typing errors."""

    def __init__(self, texts: list[str], vocabulary: Known, buckets: int, seed: int) -> None:
        self.count = len(texts)
        number: dict[str, int] = {}
        rng = Random(seed)
        split = [words(text)[:96] for text in texts]
        split += [words(" ".join(with_typos(text, rng))) for text in split]
        lists = [[number.setdefault(word, len(number)) for word in text] for text in split]
        rows = []
        for word in number:
            pieces = vocabulary.pieces(word)
            rows.append(pieces and pieces + [len(vocabulary) + gram % buckets for gram in grams(word)])
        self.texts, self.rows, self.pieces = Ragged(lists), Ragged(rows), len(vocabulary)

    def batch(self, which: NDArray[np.int64]) -> tuple[Tensor, ...]:
        """Return rows and starts of the batch's distinct words, then words and starts of its texts."""
        text_words, text_begins = self.texts.take(which)
        distinct, places = np.unique(text_words, return_inverse=True)
        rows, begins = self.rows.take(distinct.astype(np.int64))
        return tuple(torch.from_numpy(np.asarray(part, np.int64)) for part in (rows, begins, places, text_begins))


def embed(table: Tensor, parts: tuple[Tensor, ...]) -> Tensor:
    rows, begins, places, text_begins = parts
    sums = F.embedding_bag(rows, table, begins, mode="sum")
    return F.normalize(F.embedding_bag(places, sums, text_begins, mode="sum"), dim=1)


def loss_of(made: Tensor, wanted: Tensor, weight: float = 0.1, sharp: float = 20.0) -> Tensor:
    """Point the same way, and stand to the other texts of the batch as the teacher's vectors stand to them."""
    near = torch.log_softmax(sharp * wanted @ wanted.t(), dim=1)
    both = F.kl_div(torch.log_softmax(sharp * made @ made.t(), dim=1), near, log_target=True, reduction="batchmean")
    asked = F.kl_div(torch.log_softmax(sharp * made @ wanted.t(), dim=1), near, log_target=True, reduction="batchmean")
    return (1 - (made * wanted).sum(1)).mean() + weight * 0.5 * (both + asked)


def groups(wanted: NDArray[np.float16], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return for each text the nearest of *count* texts drawn at random: batches of neighbours teach more."""
    single = np.float32
    centres = wanted[rng.choice(len(wanted), count, replace=False)].astype(single).T
    return np.concatenate([(wanted[i : i + 8192].astype(single) @ centres).argmax(1) for i in range(0, len(wanted), 8192)])


def batches(near: NDArray[np.int64], size: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield batches that cover every text once: each is eight runs of texts from eight neighbourhoods."""
    order = rng.permutation(len(near))
    order = order[np.argsort(rng.permutation(near.max() + 1)[near[order]], kind="stable")]
    runs = [order[i : i + size // 8] for i in range(0, len(order), size // 8)]
    turn = rng.permutation(len(runs))
    for i in range(0, len(turn) - 7, 8):
        yield np.concatenate([runs[j] for j in turn[i : i + 8]])


def train(
    start: NDArray[np.float32],
    texts: Texts,
    wanted: NDArray[np.float16],
    *,
    epochs: int,
    typos: float,
    rate: float,
    buckets: int,
    size: int = 1024,
    seed: int = 7,
    weight: float = 0.1,
) -> NDArray[np.float32]:
    """Return the trained table: *start*'s rows and then *buckets* rows for letter groups.

    *typos* is the share of texts that are seen misspelled, with the clean text's vector as the goal.
    The learning rate falls from *rate* to 0 along half a cosine; the first fiftieth of the steps warms up.
    """
    rng = np.random.default_rng(seed)
    table = torch.nn.Parameter(
        torch.from_numpy(np.concatenate([start, np.zeros((texts.pieces + buckets - len(start), DIM), np.float32)]))
    )
    adam = torch.optim.Adam([table], rate, fused=True)
    near = groups(wanted, 1024, rng)
    total = epochs * (len(wanted) // size)
    step, began, losses = 0, time.time(), []
    for epoch in range(epochs):
        for which in batches(near if epoch % 2 == 0 else rng.permutation(near), size, rng):
            for group in adam.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / (total / 50)) * 0.5 * (1 + np.cos(np.pi * min(1.0, step / total)))
            misspelled = which + texts.count * (rng.random(len(which)) < typos)
            loss = loss_of(embed(table, texts.batch(misspelled)), torch.from_numpy(wanted[which].astype(np.float32)), weight)
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(float(loss.detach()))
            step += 1
            if step % 200 == 0:
                line = f"epoch {epoch} step {step}/{total} loss {np.mean(losses[-200:]):.4f} {time.time() - began:.0f} s"
                print(line, flush=True)
    return table.detach().numpy()
