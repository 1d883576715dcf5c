"""What is attacked: each target takes bytes, does with them what ltrr would, and raises for whatever nobody should see.

A user's mistake is an LtrrError with a hint, one line of it; anything else that comes out is a find.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from folders import state, typed
from home import CSV, LINES, SUFFIXES, engine, lived, scratch, tidy, written

import ltrr_cli
from ltrr_cli import settings as settings_of
from ltrr_cli.catalog.check import entities
from ltrr_cli.catalog.mapping import Mapping, load_mapping
from ltrr_cli.encode.onnx import Onnx
from ltrr_cli.encode.sentence import read as read_sentence
from ltrr_cli.engine import Engine
from ltrr_cli.errors import LtrrError
from ltrr_cli.evaluate.judgments import read_qrels, read_queries, read_run
from ltrr_cli.index.build import meaning
from ltrr_cli.index.columns import Writer, day
from ltrr_cli.index.facts import facts
from ltrr_cli.index.writer_tantivy import field_words, numbers_of

__all__ = ["TARGETS", "tidy"]
Target = Callable[[bytes], None]


def is_plain(error: LtrrError) -> None:
    """Raise if an error is not one line with a hint."""
    if "\n" in str(error).strip() or not str(error) or not error.hint:
        raise AssertionError(f"not a line with a hint: {error!r} ({error.hint!r})")


def attempt(what: Callable[[], object]) -> None:
    """Do it; a user's mistake is fine."""
    try:
        what()
    except LtrrError as e:
        is_plain(e)


def catalog(data: bytes) -> None:
    """Catalogs of every format: read, judged, made into what is indexed."""
    suffix, body = SUFFIXES[data[0] % len(SUFFIXES)] if data else "", data[1:]
    path = written(f"things{suffix}", gzip.compress(body, 1) if suffix.endswith(".gz") and data[0] < 128 else body)

    def consume() -> None:
        read = entities([path])
        with tempfile.TemporaryDirectory(dir=scratch()) as folder:
            columns = Writer(folder, 0, [])
            for entity in read:
                json.dumps([entity.id, entity.type, entity.title, entity.raw])
                entity.id.encode()
                field_words(entity), numbers_of(entity), day(entity.date), meaning(entity)
                columns.add(entity, [fact.term for fact in facts(entity)])
            columns.close()
        assert Mapping.from_dict(read.mapping.to_dict()).to_dict() == read.mapping.to_dict()
        for problem in read.report.problems:
            assert "\n" not in str(problem), problem

    attempt(consume)


def mapping(data: bytes) -> None:
    """Mapping files, JSON and TOML, and a catalog read by them."""
    path = written("mapping.toml" if data[:1] == b"t" else "mapping.json", data[1:])
    attempt(lambda: list(entities([written("shop.jsonl", LINES)], mapping=load_mapping(path))))


def where(data: bytes) -> None:
    """Filters, compiled and asked."""
    text = data.decode("utf-8", "replace")
    attempt(lambda: engine().search("love", where=text, arms=["lexical"], log=False, seed=1))


def query(data: bytes) -> None:
    """Queries and beginnings of queries."""
    text = data.decode("utf-8", "surrogateescape")
    attempt(lambda: engine().search(text, log=False, seed=1, user=text[:9], context=[(text[:3], text[3:9])]))
    attempt(lambda: engine().suggest(text))


def feedback(data: bytes) -> None:
    """Lines of feedback, each ended by a newline."""
    receipt = engine().feedback_lines(line.decode("utf-8", "replace") for line in data.split(b"\n"))
    for bad in receipt.bad:
        assert bad.reason and "\n" not in bad.reason, bad


def settings(data: bytes) -> None:
    """Settings files; those that can be read are searched with."""
    folder = os.path.join(scratch(), "set")
    if not os.path.isdir(folder):
        shutil.copytree(lived(), folder)
    with open(os.path.join(folder, "ltrr.toml"), "wb") as f:
        f.write(data)

    def consume() -> None:
        settings_of.load(folder)
        with Engine(folder, busy_timeout=0.0) as one:
            one.search("love rain", seed=1)

    attempt(consume)


def judged(data: bytes) -> None:
    """Queries, judgments and runs."""
    path = written("judged.txt", data)
    for read in (read_queries, read_qrels, read_run):
        attempt(lambda read=read: read(path))  # type: ignore[misc]


def restored(data: bytes) -> None:
    """Exports: a real one of which lines are exchanged for the bytes given."""
    folder = tempfile.mkdtemp(dir=scratch())
    attempt(
        lambda: ltrr_cli.restore((line.decode("utf-8", "replace") for line in data.split(b"\n")), os.path.join(folder, "new"))
    )
    with suppress(LtrrError), Engine(os.path.join(folder, "new")) as one:
        one.search("love", log=False)
    shutil.rmtree(folder)


def sentence(data: bytes) -> None:
    """The configuration files of a model's folder."""
    folder = tempfile.mkdtemp(dir=scratch())
    names = (
        "modules.json",
        "config.json",
        "sentence_bert_config.json",
        "config_sentence_transformers.json",
        "1_Pooling/config.json",
    )
    os.mkdir(os.path.join(folder, "1_Pooling"))
    for name in ("model.onnx", "tokenizer.json"):
        open(os.path.join(folder, name), "wb").close()
    for name, part in zip(names, data.split(b"\0"), strict=False):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(part)
    attempt(lambda: read_sentence(folder))
    shutil.rmtree(folder)


def model(data: bytes) -> None:
    """The graph or the tokenizer of a model's folder; loaded in a process of its own, since they are read by others' code."""
    folder = tempfile.mkdtemp(dir=scratch())
    for name in ("model.onnx", "tokenizer.json"):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data[1:] if (name[0] == "t") == (data[:1] == b"t") else whole_model()[name])
    pid = os.fork()
    if not pid:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            attempt(lambda: Onnx(folder, 1).encode(["a word", ""]))
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc(file=sys.stdout)
        finally:
            sys.stdout.flush()
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    shutil.rmtree(folder)
    assert status == 0, f"the model ended the process with {status}"


@cache
def whole_model() -> dict[str, bytes]:
    """A small model that is whole: a table to look words up in."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "word"]
    table = numpy_helper.from_array(np.eye(len(words), 8, dtype=np.float32), "table")
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    graph = helper.make_graph([helper.make_node("Gather", ["table", "input_ids"], ["out"])], "tiny", [ids], [out], [table])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    kind = {"type": "WordLevel", "vocab": {word: i for i, word in enumerate(words)}, "unk_token": "[UNK]"}
    tokenizer = {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"}, "model": kind}
    return {"model.onnx": made.SerializeToString(), "tokenizer.json": json.dumps(tokenizer).encode()}


@cache
def exported() -> bytes:
    with Engine(lived()) as one:
        return b"\n".join(json.dumps(line).encode() for line in one.export())


EVENT = b'{"search_id": "%s", "id": "a1", "rank": 1, "action": "play", "seconds": 42, "time": "2026-01-31T20:15:00Z", "event_id": "e"}'
TARGETS: dict[str, tuple[Target, Callable[[], list[bytes]]]] = {  # name -> what is attacked, and examples of what it is given
    "catalog": (
        catalog,
        lambda: [b"\0" + LINES, b"\1[" + b",".join(LINES.splitlines()) + b"]", b"\2" + CSV, b"\1" + b'{"items": [{"id": 1, "name": "x"}]}',
                 b"\4" + LINES, b"\3id\tname\n1\tx\n", b"\7" + CSV, b"\0" + b'{"id": "1", "name": "\\ud800", "n": NaN, "d": 1e999}\n'],
    ),
    "mapping": (
        mapping,
        lambda: [b'j{"id": "id", "title": "name", "type": {"value": "x", "field": "type"}, "labels": {"name": "N"}, "split": {"tags": ","}}',
                 b't id = "id"\ntitle = ["name"]\nignore = ["year"]\n'],
    ),
    "where": (where, lambda: [b"year >= 1990 and genre in (rock, 'drum and bass')", b"not (price < 20 or type = track)", b'name != "\\"x"']),
    "query": (query, lambda: [b"tayler love", "東京事変".encode(), b"under 20 euro shoes from 2008", b"\xff\xfe \x1b[31m", b'"love story" -rain']),
    "feedback": (
        feedback,
        lambda: [EVENT % id.encode() + b"\n" + EVENT % b"x" for (id,) in engine().store.rows("SELECT id FROM searches")],
    ),
    "settings": (
        settings,
        lambda: [b'budget = 60\nepsilon = 0.1\ntimezone = "Europe/Berlin"\nregion = "DE"\nactions = {buy = 1.0}\nranker = "blend"\n',
                 b'policy = "thompson"\nhalf_life = 10\neta = 0.5\nexplore = false\nreranker = "x"\nmemory_half_life_days = 1e6\n'],
    ),
    "judged": (judged, lambda: [b"q1\tlove\nq2\train\tx\n", b"q1 0 a1 1\nq1 0 a2 0\n", b"q1 Q0 a1 1 0.5 x\nq1 Q0 a2 2 nan x\n"]),
    "import": (restored, lambda: [exported()]),
    "sentence": (
        sentence,
        lambda: [b'[{"type": "x.Transformer", "path": ""}, {"type": "x.Pooling", "path": "1_Pooling"}]\0{"max_position_embeddings": 512}\0'
                 b'{"max_seq_length": 128}\0{"prompts": {"query": "q: "}, "default_prompt_name": "query"}\0{"pooling_mode_mean_tokens": true}'],
    ),
    "model": (model, lambda: [b"t" + whole_model()["tokenizer.json"], b"m" + whole_model()["model.onnx"]]),
    "state": (state, lambda: [b"\0" * 8, b'{"version": 1}', b"\xff" * 64, b"00000009", b"ltrr 1\n"]),
    "typed": (
        typed,
        lambda: [b"search\0love\0%a\x003\0%b\0x", b"feedback\x001\0--action\0play", b"index\0catalog.jsonl\0--strict", b"eval\0%a\0x\0%c\0y",
                 b"report\0%a\0x/y", b"explain\0x", b"search\0%e\0nan\0%f\0-1", b"feedback\x00" + b"9" * 5000, b"suggest\0\xff\x1b[2J"],
    ),
}  # fmt: skip
