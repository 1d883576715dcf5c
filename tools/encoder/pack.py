"""Writes the static table and its vocabulary in the format that `ltrr_cli/encode/static.py` maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ltrr_cli.encode.static import BLOCK, DIM
from ltrr_cli.encode.wordpiece import WIDTH


def in_order(pieces: list[str]) -> list[str]:
    """Return the ASCII pieces, special tokens left out, in the vocabulary file's order."""
    kept = [p for p in pieces if p.isascii() and not (p.startswith("[") and len(p) > 1)]
    return sorted(kept, key=lambda piece: piece.encode().ljust(WIDTH - 1))


def write_vocabulary(path: Path, pieces: list[str]) -> None:
    lines = [piece.encode().ljust(WIDTH - 1) + b"\n" for piece in pieces]
    assert lines == sorted(lines) and {len(line) for line in lines} == {WIDTH}
    path.write_bytes(b"".join(lines))


def fit(table: NDArray[np.float32], steps: int = 24) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return scales (rows, blocks) and numbers -8..7 (rows, 256) that stand for *table* with the least squared error.

    Of several scales for a block, the one that rounds best is taken: better than letting the largest number decide.
    """
    blocks = table.reshape(len(table), -1, BLOCK)
    top = np.abs(blocks).max(axis=2)
    best = np.full(top.shape, np.inf, np.float32)
    scales = np.zeros(top.shape, np.float32)
    for divisor in np.linspace(5.5, 9.0, steps, dtype=np.float32):
        scale = top / divisor
        numbers = np.clip(np.rint(blocks / np.where(scale > 0, scale, 1)[:, :, None]), -8, 7)
        worse = ((numbers * scale[:, :, None] - blocks) ** 2).sum(axis=2)
        better = worse < best
        scales[better], best[better] = scale[better], worse[better]
    numbers = np.clip(np.rint(blocks / np.where(scales > 0, scales, 1)[:, :, None]), -8, 7)
    return scales, numbers.reshape(table.shape).astype(np.float32)


def packed(table: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the rows of static.npy, uint8 of shape (rows, 144)."""
    scales, numbers = fit(table)
    whole = np.rint(scales * (65535 / scales.max())).astype("<u2")
    shifted = (numbers + 8).astype(np.uint8)
    halves = shifted[:, : DIM // 2] | shifted[:, DIM // 2 :] << 4
    return np.concatenate([whole.view(np.uint8).reshape(len(table), -1), halves], axis=1)


def write_table(path: Path, table: NDArray[np.float32]) -> None:
    np.save(path, packed(table))
    assert path.stat().st_size - packed(table[:1]).size * len(table) == 128, "the reader expects a header of 128 bytes"
