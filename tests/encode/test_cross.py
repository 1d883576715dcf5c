"""Cross-encoders by their folder: a score for each text, and a list that is read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.encode.cross import PAIRS, Cross
from ltrr_cli.engine import Engine
from ltrr_cli.errors import EncoderError, LtrrError
from ltrr_cli.rank.neural import WEIGHT, second_look

Write = Callable[..., Path]
Rows = Callable[..., Any]
FITS: dict[str, list[float]] = {"usb": [4.0], "red": [-1.0], "shoes": [0.5], "query": [0.25]}


@pytest.fixture
def model(tmp_path: Path, write_model: Write, word_rows: Rows) -> str:
    return str(write_model(tmp_path / "model", rank=2, table=word_rows(1, FITS)))


def test_each_text_is_read_together_with_the_query(model: str) -> None:
    # the tiny model adds up what its words weigh
    assert Cross(model).score("query", ["usb", "red shoes", "", "zebra"]) == [4.25, -0.25, 0.25, 0.25]
    assert Cross(model).score("", ["usb"]) == [4.0]
    assert Cross(model).score("query", []) == []


def test_many_texts_come_back_in_their_order(model: str) -> None:
    texts = ["usb " * (1 + i % 7) for i in range(2 * PAIRS + 3)]
    assert Cross(model).score("", texts) == [4.0 * (1 + i % 7) for i in range(len(texts))]


def test_of_two_outputs_yes_counts_less_no(tmp_path: Path, write_model: Write, word_rows: Rows) -> None:
    folder = write_model(tmp_path / "two", rank=2, table=word_rows(2, {"usb": [1.0, 3.0], "red": [2.0, 0.5]}))
    assert Cross(str(folder)).score("a", ["usb", "red"]) == [2.0, -1.5]


def test_what_is_no_cross_encoder_is_refused_in_one_line(tmp_path: Path, write_model: Write, word_rows: Rows) -> None:
    wrong = {
        "gives 8 numbers a pair": write_model(tmp_path / "sentence", rank=2),
        "numbers a pair": write_model(tmp_path / "tokens", rank=3),
        "is no folder": tmp_path / "nowhere",
    }
    for message, folder in wrong.items():
        with pytest.raises(EncoderError, match=message) as caught:
            Cross(str(folder))
        assert caught.value.hint and "\n" not in str(caught.value)


def test_a_second_look_gives_the_best_most_and_the_worst_nothing(model: str) -> None:
    records = [("red", {}), ("usb", {"name": "usb"}), ("shoes", {"colour": "red"})]
    # -1, 4, and .5 - 1 = -.5 with the record's other text
    assert second_look(model, "", records) == pytest.approx([0.0, WEIGHT, 0.1 * WEIGHT])
    assert second_look(model, "", [("usb", {}), ("usb", {})]) == [0.0, 0.0]
    assert second_look(model, "", []) == []


def test_a_search_reads_its_top_again(shop: str, model: str) -> None:
    with Engine(shop) as engine:
        plain = engine.search("shoe cable", seed=1, explore=False, log=False)
    with Engine(shop, reranker=model) as engine:
        again = engine.search("shoe cable", seed=1, explore=False, log=False)
    assert {r.id for r in plain.results} == {r.id for r in again.results}
    assert "USB" not in plain.results[0].title
    assert again.results[0].title.startswith("USB")
    assert again.results[0].why["reranker"] == WEIGHT


def test_a_reranker_that_is_not_there_is_an_error_of_the_user(shop: str, tmp_path: Path) -> None:
    with pytest.raises(LtrrError) as caught, Engine(shop, reranker=str(tmp_path / "nowhere")) as engine:
        engine.search("love", seed=1, log=False)
    assert caught.value.hint
