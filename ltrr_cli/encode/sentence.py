"""What a sentence-transformer's folder says of its model: which files, how to pool, how long, which prompts."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple, TypeVar

from ltrr_cli.errors import EncoderError

LAYOUT = "a folder with tokenizer.json and model.onnx or onnx/model.onnx, as sentence-transformers exports it"
POOLINGS = ("cls", "mean", "max")
AGAIN = "export the model again"
LONGEST = 512  # tokens, whatever a folder says: attention grows with the square

Told = TypeVar("Told")


class Sentence(NamedTuple):
    """One model folder, read."""

    model: str  # paths
    tokenizer: str
    pooling: str  # one of POOLINGS
    longest: int  # tokens of a text that are read
    query: str = ""  # put before a query
    document: str = ""  # put before a document


def read(folder: str, layers: tuple[str, ...] = ("Transformer", "Normalize"), what: str = f"an encoder is {LAYOUT}") -> Sentence:
    """Read the configuration files of *folder*; what they leave open is mean pooling and 256 tokens.

    *layers*: those that a model of this kind may have beside pooling; *what* names such a folder in hints.

    Raises EncoderError when a file is missing or unreadable, or asks for what ltrr can't do.
    """
    model = _first(folder, what, "model.onnx", os.path.join("onnx", "model.onnx"))
    tokenizer = _first(folder, what, "tokenizer.json", os.path.join("onnx", "tokenizer.json"))
    pooling = "1_Pooling"
    for number, module in enumerate(read_json(folder, "modules.json", [])):
        if not isinstance(module, dict):
            raise EncoderError(f"{folder}/modules.json: entry {number} is no JSON object", hint=AGAIN)
        kind = str(module.get("type", "")).rpartition(".")[2]
        if kind == "Pooling":
            pooling = _told(folder, "modules.json", module, "path", pooling)
        elif kind not in layers:
            raise EncoderError(
                f"{folder}/modules.json has a layer {kind[:40]!r}", hint="export the model with that layer inside its ONNX graph"
            )
    of_prompts, of_length, of_positions = "config_sentence_transformers.json", "sentence_bert_config.json", "config.json"
    prompts = read_json(folder, of_prompts, {})
    named = _told(folder, of_prompts, prompts, "prompts", dict[str, Any]())
    default = _told(folder, of_prompts, named, _told(folder, of_prompts, prompts, "default_prompt_name", ""), "")
    longest = _told(folder, of_length, read_json(folder, of_length, {}), "max_seq_length", 256)
    positions = _told(folder, of_positions, read_json(folder, of_positions, {}), "max_position_embeddings", LONGEST)
    return Sentence(
        model,
        tokenizer,
        _pooling(folder, os.path.join(pooling, "config.json")),
        max(8, min(LONGEST, longest or 256, positions or LONGEST)),
        _told(folder, of_prompts, named, "query", default),
        _told(folder, of_prompts, named, "document", _told(folder, of_prompts, named, "passage", default)),
    )


def _told(folder: str, file: str, config: dict[str, Any], name: str, default: Told) -> Told:
    """Return what *config*, read from *file*, says about *name*, of the kind that *default* is, or that; null says nothing."""
    found = config.get(name)
    if found is None:
        return default
    if type(found) is not type(default):
        raise EncoderError(f"{folder}/{file}: {name} is {str(found)[:40]!r}", hint=AGAIN)
    return found


def _first(folder: str, what: str, *names: str) -> str:
    for name in names:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    missing = f"{folder} is no folder" if not os.path.isdir(folder) else f"{folder} has no {' or '.join(names)}"
    raise EncoderError(missing, hint=what)


def read_json(folder: str, name: str, default: Any) -> Any:
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return default
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError) as error:
        raise EncoderError(f"{path} can't be read: {error}", hint=AGAIN) from None
    if not isinstance(found, type(default)):
        raise EncoderError(f"{path} is not a JSON {'list' if isinstance(default, list) else 'object'}", hint=AGAIN)
    return found


def _pooling(folder: str, name: str) -> str:
    config = read_json(folder, name, {})
    wanted = [config["pooling_mode"]] if isinstance(config.get("pooling_mode"), str) else []
    wanted = wanted or [
        key.removeprefix("pooling_mode_").removesuffix("_token").removesuffix("_tokens")
        for key, value in config.items()
        if key.startswith("pooling_mode_") and value is True
    ]
    if not wanted:
        return "mean"
    if len(wanted) > 1 or wanted[0] not in POOLINGS:
        raise EncoderError(
            f"{folder}/{name} asks for pooling {'+'.join(wanted)[:40]!r}", hint=f"ltrr knows {', '.join(POOLINGS)}"
        )
    return str(wanted[0])
