"""Where training starts: each piece's own vector, less what all have in common, and less of it for common pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.encoder.teacher import Teacher
from tools.encoder.train import Texts


def common(texts: Texts) -> NDArray[np.float64]:
    """Return each piece's share of all pieces in *texts*, shape (pieces,)."""
    rows, _ = texts.rows.take(texts.texts.take(np.arange(texts.count))[0].astype(np.int64))
    counts = np.bincount(rows[rows < texts.pieces], minlength=texts.pieces) + 0.5
    return np.asarray(counts / counts.sum())


def start_rows(teacher: Teacher, order: list[str], axes: NDArray[np.float32], shares: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the first rows of the table, shape (pieces, 256).

    The weight of a piece of share p is 1e-3 / (1e-3 + p): Arora, Liang and Ma, *A Simple but Tough-to-Beat Baseline for
    Sentence Embeddings*, 2017.
    """
    number = teacher.tokenizer.get_vocab()
    alone = teacher.encode_tokens([[number["[CLS]"], number[piece], number["[SEP]"]] for piece in order]) @ axes
    alone -= 0.7 * alone.mean(axis=0)
    return np.asarray(alone * (1e-3 / (1e-3 + shares))[:, None], np.float32)
