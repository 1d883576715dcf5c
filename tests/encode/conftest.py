"""Gives the tests `write_model`, which writes a real model folder of a few kilobytes: one look-up in a table, few words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "query",
    ":",
    *[
        "wireless",
        "headphones",
        "metallica",
        "master",
        "of",
        "puppets",
        "red",
        "running",
        "shoes",
        "size",
        "42",
        "usb",
        "a",
        "word",
    ],
]
DIM = 8


def _write_model(
    folder: Path,
    *,
    inside: str = "",
    rank: int = 3,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids"),
    kind: int = TensorProto.INT64,
    configs: Mapping[str, Any] = {},
    table: Any = None,
) -> Path:
    """Write model.onnx (into the subfolder *inside*), tokenizer.json and the JSON files of *configs*; return *folder*.

    With *rank* 3 the graph gives one row a token, the word's row of *table* (a fixed random one if None); with 2 their sum,
    with 4 something that is no sentence model.
    """
    if table is None:
        table = np.random.default_rng(1).normal(size=(len(WORDS), DIM)).astype(np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    if rank == 3:
        nodes.append(helper.make_node("Identity", ["rows"], ["out"]))
    elif rank == 2:
        nodes.append(helper.make_node("ReduceSum", ["rows", "axis"], ["out"], keepdims=0))
    else:
        nodes.append(helper.make_node("Unsqueeze", ["rows", "axis"], ["out"]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, ["texts", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1]), "axis")],
    )
    (folder / inside).mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / inside / "model.onnx")
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": {
            "strategy": {"Fixed": 32},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "[PAD]",
        },
        "added_tokens": [
            {
                "id": i,
                "content": WORDS[i],
                "special": True,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
            }
            for i in range(4)
        ],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: i for i, word in enumerate(WORDS)}, "unk_token": "[UNK]"},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    for name, config in configs.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(config))
    return folder


def _row(word: str) -> Any:
    """Return what the table holds for *word*."""
    return np.random.default_rng(1).normal(size=(len(WORDS), DIM)).astype(np.float32)[WORDS.index(word)]


def _word_rows(width: int, rows: Mapping[str, Mapping[str, float] | Sequence[float]]) -> Any:
    """A table of *width* columns, or a column a word if that is 0, that is 0 but in the *rows* of some words."""
    table = np.zeros((len(WORDS), width or len(WORDS)), np.float32)
    for word, values in rows.items():
        for column, value in values.items() if isinstance(values, Mapping) else enumerate(values):
            table[WORDS.index(word), WORDS.index(column) if isinstance(column, str) else column] = value
    return table


@pytest.fixture(scope="session")
def word_rows() -> Callable[..., Any]:
    return _word_rows


@pytest.fixture(scope="session")
def write_model() -> Callable[..., Path]:
    return _write_model


@pytest.fixture(scope="session")
def row() -> Callable[[str], Any]:
    return _row
