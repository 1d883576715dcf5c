# mypy: disallow-subclassing-any=False, warn-return-any=False, disallow-untyped-decorators=False, disallow-untyped-calls=False
# (torch is seldom installed where types are checked)
"""Writes MiniLM as one small ONNX graph in the static table's space: pooling, projection and length 1 are inside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from ltrr_cli.encode.wordpiece import FOLDED
from tools.encoder.teacher import Bert, Teacher

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
OPSET = 21  # the first with 4-bit tensors
GROUP = 32  # numbers of the embedding that share a scale


class Sentence(torch.nn.Module):
    """Tokens in, a vector of length 1 out."""

    def __init__(self, bert: Bert, projection: Tensor) -> None:
        super().__init__()
        self.bert = bert
        self.projection = torch.nn.Parameter(projection, requires_grad=False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        made = torch.matmul(self.bert(ids, mask), self.projection)
        return made / torch.sqrt((made * made).sum(1, keepdim=True))


def write_tokenizer(source: Path, target: Path) -> list[int]:
    """Write the tokenizer with its ASCII pieces alone, renumbered; return the old numbers in the new order.

    Foreign letters with a plain form, quotes and dashes are folded first and symbols become spaces, exactly as
    `ltrr_cli/encode/wordpiece.py` reads them.
    """
    made = json.loads(source.read_text())
    vocabulary: dict[str, int] = made["model"]["vocab"]
    kept = [
        p for p in sorted(vocabulary, key=vocabulary.__getitem__) if p in SPECIAL or (p.isascii() and not p.startswith("[unused"))
    ]
    number = {piece: i for i, piece in enumerate(kept)}
    made["model"]["vocab"] = number
    made["padding"] = made["truncation"] = None
    for token in made["added_tokens"]:
        token["id"] = number[token["content"]]
    for token in made["post_processor"]["special_tokens"].values():
        token["ids"] = [number[content] for content in token["tokens"]]
    folds: list[dict[str, Any]] = [{"type": "Replace", "pattern": {"Regex": r"[\p{S}\p{No}&&[^\x00-\x7F]]"}, "content": " "}]
    folds += [{"type": "Replace", "pattern": {"String": char}, "content": plain} for char, plain in FOLDED.items()]
    made["normalizer"] = {"type": "Sequence", "normalizers": [*folds, made["normalizer"]]}
    target.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return [vocabulary[piece] for piece in kept]


def write_onnx(folder: Path, projection: NDArray[np.float32], kept: list[int], target: Path) -> None:
    """Write the graph of *folder*'s model: 4-bit embedding, 8-bit matrices (one scale a column), the rest in float32."""
    name = "embeddings/word_embeddings/weight"
    model = Sentence(Teacher(folder, dtype=torch.float32).model, torch.from_numpy(projection)).eval()
    words = model.bert.weights[name].detach()[kept].clone()
    model.bert.weights[name] = torch.nn.Parameter(words, requires_grad=False)
    plain, slim = target.with_suffix(".fp32.onnx"), target.with_suffix(".slim.onnx")
    sample = torch.tensor([[2, 10, 11, 3], [2, 12, 3, 0]])
    torch.onnx.export(
        model,
        (sample, (sample > 0).long()),
        str(plain),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding"],
        dynamic_axes={
            "input_ids": {0: "texts", 1: "tokens"},
            "attention_mask": {0: "texts", 1: "tokens"},
            "sentence_embedding": {0: "texts"},
        },
        opset_version=18,
        dynamo=False,
        do_constant_folding=True,
    )
    graph = onnx.load(plain)
    _halve_embedding(graph, words.numpy())
    onnx.save(graph, slim)
    last = _node_of(graph, projection)
    quantize_dynamic(
        slim,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[last],
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    plain.unlink()
    slim.unlink()


def _node_of(graph: onnx.ModelProto, projection: NDArray[np.float32]) -> str:
    """Name the product with the projection: it stays in float32."""
    for tensor in graph.graph.initializer:
        if tuple(tensor.dims) == projection.shape:
            return next(node.name for node in graph.graph.node if tensor.name in node.input)
    raise ValueError("the projection is not in the graph")


def _halve_embedding(model: onnx.ModelProto, words: NDArray[np.float32]) -> None:
    """Replace the look-up in the word embedding by one in its 4-bit form, a scale and a zero point for 32 numbers."""
    graph = model.graph
    old = next(t for t in graph.initializer if tuple(t.dims) == words.shape)
    gather = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == old.name)
    blocks = words.reshape(len(words), -1, GROUP)
    low, high = np.minimum(blocks.min(2), 0), np.maximum(blocks.max(2), 0)
    scale = np.maximum((high - low) / 15, 1e-8).astype(np.float32)
    zero = np.clip(np.rint(-low / scale), 0, 15).astype(np.uint8)
    codes = np.clip(np.rint(blocks / scale[:, :, None]) + zero[:, :, None], 0, 15).astype(np.uint8).reshape(words.shape)
    graph.initializer.remove(old)
    graph.initializer.extend(
        [_tensor4("words", codes), numpy_helper.from_array(scale, "words_scale"), _tensor4("words_zero", zero)]
    )
    node = helper.make_node(
        "GatherBlockQuantized",
        ["words", gather.input[1], "words_scale", "words_zero"],
        list(gather.output),
        name="words_gather",
        domain="com.microsoft",
        gather_axis=0,
        quantize_axis=1,
        block_size=GROUP,
    )
    at = list(graph.node).index(gather)
    graph.node.remove(gather)
    graph.node.insert(at, node)
    for entry in model.opset_import:
        if entry.domain in ("", "ai.onnx"):
            entry.version = OPSET
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def _tensor4(name: str, codes: NDArray[np.uint8]) -> TensorProto:
    """Return a uint4 tensor: two numbers a byte, the first in the low half."""
    flat = codes.reshape(-1)
    return helper.make_tensor(name, TensorProto.UINT4, codes.shape, (flat[::2] | flat[1::2] << 4).tobytes(), raw=True)
