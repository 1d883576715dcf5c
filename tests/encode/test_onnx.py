"""Models by their folder: pooling, prompts, inputs and lengths as the folder says, and one line when it does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto

from ltrr_cli.encode.base import load
from ltrr_cli.encode.onnx import Onnx
from ltrr_cli.errors import EncoderError

Write = Callable[..., Path]
Row = Callable[[str], Any]


def unit(vector: Any) -> NDArray[np.float32]:
    made: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return made


def test_mean_pooling_leaves_out_filling(tmp_path: Path, write_model: Write, row: Row) -> None:
    made = Onnx(str(write_model(tmp_path))).encode(["red", "red running shoes"])
    assert np.allclose(made[0], unit(row("red")), atol=1e-6)
    assert np.allclose(made[1], unit(row("red") + row("running") + row("shoes")), atol=1e-6)


@pytest.mark.parametrize(
    "config",
    [{"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, {"pooling_mode": "cls", "embedding_dimension": 8}],
)
def test_cls_pooling(tmp_path: Path, config: dict[str, Any], write_model: Write, row: Row) -> None:
    model = Onnx(str(write_model(tmp_path, configs={"1_Pooling/config.json": config})))
    assert np.allclose(model.encode(["red shoes"])[0], unit(row("red")), atol=1e-6)


def test_max_pooling_where_modules_say(tmp_path: Path, write_model: Write, row: Row) -> None:
    modules = [
        {"path": "", "type": "sentence_transformers.models.Transformer"},
        {"path": "pool", "type": "sentence_transformers.models.Pooling"},
    ]
    model = Onnx(
        str(write_model(tmp_path, configs={"modules.json": modules, "pool/config.json": {"pooling_mode_max_tokens": True}}))
    )
    assert np.allclose(model.encode(["red shoes"])[0], unit(np.maximum(row("red"), row("shoes"))), atol=1e-6)


def test_a_graph_that_pools_is_taken_at_its_word(tmp_path: Path, write_model: Write, row: Row) -> None:
    model = Onnx(str(write_model(tmp_path, rank=2)))
    assert np.allclose(model.encode(["red shoes"])[0], unit(row("red") + row("shoes")), atol=1e-6)


def test_only_the_inputs_that_the_graph_wants_are_given_in_its_type(tmp_path: Path, write_model: Write, row: Row) -> None:
    model = Onnx(str(write_model(tmp_path, inputs=("input_ids",), kind=TensorProto.INT32, inside="onnx")))
    assert np.allclose(model.encode(["usb"])[0], unit(row("usb")), atol=1e-6)


def test_prompts_stand_before_queries_and_documents(tmp_path: Path, write_model: Write, row: Row) -> None:
    prompts = {"prompts": {"query": "query: ", "document": ""}, "default_prompt_name": None}
    model = Onnx(str(write_model(tmp_path, configs={"config_sentence_transformers.json": prompts})))
    assert np.allclose(model.encode_query("usb"), unit(row("query") + row(":") + row("usb")), atol=1e-6)
    assert np.allclose(model.encode(["usb"])[0], unit(row("usb")), atol=1e-6)


def test_long_texts_are_cut_where_the_folder_says(tmp_path: Path, write_model: Write) -> None:
    model = Onnx(str(write_model(tmp_path, configs={"sentence_bert_config.json": {"max_seq_length": 8}})))
    assert np.allclose(model.encode(["red " * 8 + "usb"]), model.encode(["red"]), atol=1e-6)


def test_the_space_is_named_after_the_model(tmp_path: Path, write_model: Write) -> None:
    one = load(str(write_model(tmp_path / "one")))
    same = load(str(write_model(tmp_path / "same")))
    other = load(str(write_model(tmp_path / "other", rank=2)))
    assert one.space == same.space and one.space != other.space and one.space.startswith("onnx-")


def damage(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder


def test_what_does_not_fit_is_said_in_one_line(tmp_path: Path, write_model: Write) -> None:
    pooling, modules = "1_Pooling/config.json", "modules.json"
    wrong = {
        "has no model.onnx": tmp_path,
        "has no tokenizer.json": tmp_path / "bare",
        "can't be loaded": damage(write_model(tmp_path / "unreadable"), "model.onnx", "no graph"),
        "tokenizer.json can't be loaded": damage(write_model(tmp_path / "tokens"), "tokenizer.json", "{}"),
        "wants the inputs": write_model(tmp_path / "inputs", inputs=("input_ids", "pixel_values")),
        "has 4 dimensions": write_model(tmp_path / "rank", rank=4),
        "pooling 'lasttoken'": write_model(tmp_path / "last", configs={pooling: {"pooling_mode_lasttoken": True}}),
        "layer 'Dense'": write_model(
            tmp_path / "dense", configs={modules: [{"type": "sentence_transformers.models.Dense", "path": "2"}]}
        ),
        r"layer 'Den\\nse'": write_model(tmp_path / "broken", configs={modules: [{"type": "x.Den\nse"}]}),
        "modules.json can't be read": damage(write_model(tmp_path / "json"), modules, "[{"),
        "entry 0 is no JSON object": write_model(tmp_path / "entry", configs={modules: [7]}),
        "max_position_embeddings is '{}'": write_model(
            tmp_path / "positions", configs={"config.json": {"max_position_embeddings": {}}}
        ),
        "query is '7'": write_model(
            tmp_path / "prompt", configs={"config_sentence_transformers.json": {"prompts": {"query": 7}}}
        ),
        "is not a JSON list": write_model(tmp_path / "list", configs={modules: {}}),
    }
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "model.onnx").write_bytes(b"")
    for message, folder in wrong.items():
        with pytest.raises(EncoderError, match=message) as caught:
            load(str(folder))
        assert caught.value.hint and "\n" not in str(caught.value)


def test_what_the_tokenizer_cannot_split_is_said(tmp_path: Path, write_model: Write) -> None:
    folder = write_model(tmp_path / "words")
    told = json.loads((folder / "tokenizer.json").read_text())
    del told["model"]["vocab"][told["model"]["unk_token"]]
    told["added_tokens"] = []
    damage(folder, "tokenizer.json", json.dumps(told))
    with pytest.raises(EncoderError, match="can't split a text") as caught:
        load(str(folder)).encode(["a word that is not in it"])
    assert caught.value.hint


def test_nothing_is_printed_of_a_graph_that_is_no_text(
    tmp_path: Path, write_model: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    model = write_model(tmp_path / "odd") / "model.onnx"
    model.write_bytes(model.read_bytes().replace(b"Gather", b"\xd1ather"))
    with pytest.raises(EncoderError, match="can't be loaded"):
        load(str(model.parent))
    assert capfd.readouterr().out == ""
