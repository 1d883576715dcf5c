"""Sparse models by their folder: weighted terms of documents, terms of queries, and an index that is searched with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.encode.splade import TERMS, Splade
from ltrr_cli.engine import Engine
from ltrr_cli.errors import EncoderError

Write = Callable[..., Path]
MEANT = {  # word -> the logits of the terms that a document with it is about
    "shoes": {"shoes": 6.0, "running": 1.0, "red": -5.0},
    "running": {"running": 4.0, "shoes": 2.0},
    "headphones": {"headphones": 5.0, "wireless": 3.0},
    "metallica": {"metallica": 7.0, "puppets": 1.5, "master": 0.05},
    "[PAD]": {"usb": 99.0},
}


@pytest.fixture
def model(tmp_path: Path, write_model: Write, word_rows: Callable[..., Any]) -> str:
    return str(write_model(tmp_path / "model", table=word_rows(0, MEANT)))


def test_a_term_weighs_by_its_highest_logit_in_the_text(model: str) -> None:
    both, one, nothing, blank = Splade(model).documents(["running shoes", "headphones", "nothing known", " "])
    # log(1 + max): shoes max(2, 6), running max(4, 1); red is below 0, filling does not count
    assert both == pytest.approx({"shoes": log(7), "running": log(5)}, rel=1e-5)
    assert list(both) == ["shoes", "running"]
    assert one == pytest.approx({"headphones": log(6), "wireless": log(4)}, rel=1e-5)
    assert nothing == blank == {}


def test_many_texts_come_back_in_their_order_and_no_longer_than_allowed(model: str) -> None:
    texts = ["shoes " * (1 + i % 90) if i % 2 else "metallica" for i in range(60)]
    made = list(Splade(model).documents(texts))
    assert ["shoes" in terms for terms in made] == [i % 2 == 1 for i in range(60)]
    assert all(len(terms) <= TERMS for terms in made)


def test_a_graph_that_pools_is_taken_at_its_word(tmp_path: Path, write_model: Write, word_rows: Callable[..., Any]) -> None:
    folder = write_model(tmp_path / "pooled", rank=2, table=word_rows(0, {"usb": {"usb": 1.5, "red": -1.0}, "a": {"word": 0.5}}))
    assert list(Splade(str(folder)).documents(["a usb"])) == [{"usb": 1.5, "word": 0.5}]


def test_a_query_is_its_terms_without_marks(model: str) -> None:
    splade = Splade(model)
    assert splade.query("Red red shoes [SEP] zebra") == ["red", "shoes"]
    assert splade.query("") == splade.query("\ud800") == []


def test_what_does_not_fit_is_said_in_one_line(tmp_path: Path, write_model: Write, word_rows: Callable[..., Any]) -> None:
    weights = write_model(tmp_path / "weights", table=word_rows(0, {}), configs={"idf.json": {"red": "much"}})
    wrong = {
        "is no folder": tmp_path / "nowhere",
        "gives 8 numbers, its tokenizer knows 20 terms": write_model(tmp_path / "sentence"),
        "output has 4 dimensions": write_model(tmp_path / "rank", rank=4, table=word_rows(0, {})),
        "weights are numbers": weights,
    }
    for message, folder in wrong.items():
        with pytest.raises(EncoderError, match=message) as caught:
            Splade(str(folder)).load()
        assert caught.value.hint


GOODS = [
    {"id": "trail", "type": "product", "name": "running", "price": 20},
    {"id": "red", "type": "product", "name": "red shoes", "price": 30},
    {"id": "ears", "type": "product", "name": "headphones", "price": 40},
    {"id": "band", "type": "artist", "name": "metallica"},
]


def ids(folder: str, text: str, **options: Any) -> list[str]:
    with Engine(folder) as engine:
        query = engine.asked.query(text, types=options.pop("types", ()), where=options.pop("where", ""))
        return [engine.generation.columns.id(hit.row) for hit in engine.sources.draw("sparse", query)]


@pytest.fixture
def state(tmp_path: Path, model: str) -> str:
    catalog = tmp_path / "goods.jsonl"
    catalog.write_text("".join(json.dumps(row) + "\n" for row in GOODS))
    ltrr_cli.build([str(catalog)], str(tmp_path / "state"), sparse=model, graph=False)
    return str(tmp_path / "state")


def test_the_sparse_arm_finds_by_terms_that_the_model_added(state: str) -> None:
    assert ids(state, "shoes") == ["red", "trail"]  # log 7 against log 3
    assert ids(state, "running") == ["trail", "red"]
    assert ids(state, "wireless") == ["ears"]
    assert ids(state, "puppets") == ["band"]
    assert ids(state, "usb") == ids(state, "zebra") == ids(state, "") == []
    with Engine(state) as engine:
        assert engine.generation.kin is None
        assert [r.id for r in engine.search("puppets", seed=1).results][:1] == ["band"]


def test_it_keeps_to_types_and_filters(state: str) -> None:
    assert ids(state, "shoes puppets", types=("artist",)) == ["band"]
    assert ids(state, "shoes puppets", where="price < 25") == ["trail"]
    assert ids(state, "shoes puppets", where="price > 99") == []


def test_a_score_is_the_dot_product_of_quantised_weights(state: str, model: str) -> None:
    with Engine(state) as engine:
        impacts = engine.generation.impacts
        assert impacts is not None
        # log 7 = 1.95 is eight steps of .25, log 3 = 1.1 is four
        assert impacts.search({"shoes": 3.0}, 9) == [(1, 6.0), (0, 3.0)]
        assert impacts.search({"shoes": 3.0, "running": 0.5}, 9) == [(1, 6.0 + 0.5 * 0.75), (0, 3.0 + 0.5 * 1.5)]
        assert impacts.search({"shoes": 3.0}, 0) == impacts.search({}, 9) == impacts.search({"shoes": 0.0}, 9) == []


def test_the_models_own_query_weights_count_where_it_brings_some(state: str, model: str) -> None:
    Path(model, "idf.json").write_text(json.dumps({"wireless": 9.0, "puppets": 0.1}))
    assert ids(state, "wireless puppets") == ["ears", "band"]
    Path(model, "idf.json").write_text(json.dumps({"wireless": 0.1, "puppets": 9.0}))
    assert ids(state, "wireless puppets") == ["band", "ears"]


def test_what_is_added_is_weighed_and_what_is_deleted_is_gone(state: str, tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text('{"id": "new", "type": "product", "name": "shoes"}\n{"id": "red", "type": "product", "name": "usb"}\n')
    ltrr_cli.add([str(more)], state)
    assert ids(state, "shoes") == ["new", "trail"]
    ltrr_cli.delete(["trail"], state)
    assert ids(state, "shoes") == ["new"]
    assert ids(state, "running") == ["new"]


def test_adding_without_the_model_is_refused_and_changes_nothing(state: str, model: str, tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text('{"id": "new", "type": "product", "name": "shoes"}\n')
    shutil.rmtree(model)
    with pytest.raises(EncoderError, match="is no folder"):
        ltrr_cli.add([str(more)], state)
    with Engine(state) as engine:
        assert engine.generation.meta["live"] == len(GOODS)
    ltrr_cli.delete(["trail"], state)  # needs no model


def test_a_model_that_does_not_fit_is_found_before_the_catalog_is_read(tmp_path: Path, write_model: Write) -> None:
    folder = write_model(tmp_path / "sentence")
    with pytest.raises(EncoderError, match="tokenizer knows 20 terms"):
        ltrr_cli.build(["no such catalog"], str(tmp_path / "state"), sparse=str(folder))
    assert not (tmp_path / "state").exists()


def test_an_interrupt_while_weighing_leaves_an_index_that_is_searched_without(tmp_path: Path, model: str) -> None:
    catalog = tmp_path / "goods.jsonl"
    catalog.write_text("".join(json.dumps(row) + "\n" for row in GOODS))
    folder = str(tmp_path / "state")

    def stop(stage: str, done: int, total: int | None) -> None:
        if stage == "weighing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ltrr_cli.build([str(catalog)], folder, sparse=model, progress=stop)
    with Engine(folder) as engine:
        assert (engine.generation.impacts, engine.generation.kin) == (None, None)
        assert [r.id for r in engine.search("metallica", seed=1).results] == ["band"]
        assert not list(Path(engine.generation.folder).glob("impacts*"))
    ltrr_cli.build([str(catalog)], folder, sparse=model, graph=False)
    assert ids(folder, "puppets") == ["band"]


def test_a_sparse_and_a_dense_model_go_together(tmp_path: Path, model: str, write_model: Write) -> None:
    catalog = tmp_path / "goods.jsonl"
    catalog.write_text("".join(json.dumps(row) + "\n" for row in GOODS))
    dense = str(write_model(tmp_path / "dense"))
    ltrr_cli.build([str(catalog)], str(tmp_path / "state"), sparse=model, encoder=dense)
    assert ids(str(tmp_path / "state"), "puppets") == ["band"]
    with Engine(str(tmp_path / "state")) as engine:
        assert engine.search("metallica", arms=["semantic"], seed=1).results[0].id == "band"
        assert not Path(engine.generation.folder, "texts.jsonl").exists()


def test_going_back_to_words_by_meaning_or_to_none_needs_no_model(state: str, model: str, tmp_path: Path) -> None:
    shutil.rmtree(model)
    ltrr_cli.build([str(tmp_path / "goods.jsonl")], state, sparse="none", graph=False)
    assert ids(state, "headphones") == []
    ltrr_cli.build([str(tmp_path / "goods.jsonl")], state, graph=False)
    assert ids(state, "headphones") == ["ears"]
    assert ids(state, "earphones") == ["ears"]
