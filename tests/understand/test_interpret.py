"""The words of a query act as values of the catalog's own fields, whatever these are called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.records import Interpretation, Query
from ltrr_cli.understand.query import MOST_WORDS

LINES = ["wool", "linen", "silk", "denim", "velvet"]
TINTS = ["grün", "rot", "dunkel blau", "weiß"]
MAKERS = ["Hammarby Väv", "Norrsken", "Old Mill", "Zanetti & Figli"]
TITLES = ["Long Coat", "Scarf", "Evening Dress", "Work Trousers", "Summer Hat", "Mittens", "Silk Road"]
ROUNDED = 5 * 0.00005  # likelihoods have four places


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Clothes, in records whose fields have names that no code knows."""
    rng = Random(4)
    rows: list[dict[str, Any]] = [
        {
            "id": f"w{i}",
            "type": "vara",
            "title": TITLES[i % len(TITLES)],
            "vävare": rng.choice(MAKERS),
            "tyg": rng.choice(LINES),
            "färg": rng.choice(TINTS),
            "year": 1985 + i % 30,
        }
        for i in range(210)
    ]
    path = tmp_path_factory.mktemp("clothes")
    (path / "clothes.json").write_text(json.dumps(rows))
    folder = str(path / "state")
    ltrr_cli.build([str(path / "clothes.json")], folder, graph=False)
    with Engine(folder) as engine:
        yield engine


def read(engine: Engine, text: str) -> list[tuple[float, set[tuple[str, str]], tuple[str, ...]]]:
    """Each interpretation as its likelihood, (field, value) pairs and the words left."""
    return [
        (one.likelihood, {(slot.field, slot.value) for slot in one.slots}, one.rest)
        for one in engine.asked.query(text).interpretations
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("velvet", {("tyg", "velvet")}),
        ("velvet dunkel blau", {("tyg", "velvet"), ("färg", "dunkel blau")}),
        ("grun wool", {("tyg", "wool"), ("färg", "grun")}),
        ("velevt", {("tyg", "velvet")}),
        ("norrsken", {("vävare", "norrsken")}),
        ("old mill denim", {("vävare", "old mill"), ("tyg", "denim")}),
        ("90s velvet", {("decade", "1990"), ("tyg", "velvet")}),
    ],
)
def test_words_are_values_of_fields_that_nobody_named(engine: Engine, text: str, wanted: set[tuple[str, str]]) -> None:
    (likelihood, values, rest), *_ = read(engine, text)
    assert values == wanted
    assert rest == ()
    assert likelihood > 0.4


def test_who_has_the_values_comes_first(engine: Engine) -> None:
    page = engine.search("velvet dunkel blau", log=False, explore=False, seed=1)
    have = [result.entity["tyg"] == "velvet" and result.entity["färg"] == "dunkel blau" for result in page.results]
    assert have[0]
    assert have == sorted(have, reverse=True)


def test_a_value_outranks_its_word_in_a_title(engine: Engine) -> None:
    results = engine.search("silk", log=False, explore=False, seed=1).results
    assert [result.entity["tyg"] for result in results[:5]] == ["silk"] * 5


def test_a_word_may_mean_one_thing_or_another(engine: Engine) -> None:
    fields = [values for _, values, _ in read(engine, "silk road")]
    assert {("title", "silk road")} in fields
    assert {("tyg", "silk")} in fields


def test_parts_of_one_value_are_one_slot(engine: Engine) -> None:
    for one in engine.asked.query("zanetti figli").interpretations:
        assert len({slot[1:3] for slot in one.slots}) == len(one.slots)


def test_a_name_is_found_amid_a_sentence(engine: Engine) -> None:
    text = "hello i am looking for something nice to wear that was made by zanetti & figli for my mother please"
    values = [values for likelihood, values, _ in read(engine, text) if likelihood > 0.5]
    assert {("vävare", "zanetti figli")} in values


def test_everyday_words_of_a_sentence_are_no_names(engine: Engine) -> None:
    # "work", "long", "summer" and "evening" begin titles here; in this sentence they are just words.
    text = "after a long evening at work i would like to think about where we all might go this summer"
    assert read(engine, text) == []


@pytest.mark.parametrize(
    "text",
    ["velvet", "tayler", "silk road " * 40, "old mill " * 5000, "wool linen silk denim velvet rot grün weiß", "", "90s 80s",
     'AND OR NOT "( *', "😀 silk", "שלום velvet", "\x00silk\x1b", "東京 silk"],
)  # fmt: skip
def test_likelihoods_sum_to_at_most_one_and_slots_are_words_of_the_query(engine: Engine, text: str) -> None:
    query: Query = engine.asked.query(text)
    assert sum(one.likelihood for one in query.interpretations) <= 1 + ROUNDED
    assert [one.likelihood for one in query.interpretations] == sorted(
        (o.likelihood for o in query.interpretations), reverse=True
    )
    words = " ".join(engine.asked.query(text).words)
    one: Interpretation
    for one in query.interpretations:
        assert one.slots
        assert 0 < one.likelihood <= 1
        assert all(set(slot.text.split()) <= set(words.split()) for slot in one.slots)
        assert set(one.rest) <= set(query.words)
    assert sum(chance for _, chance in query.intent) == pytest.approx(1, abs=0.001)


def test_only_the_beginning_of_a_pasted_page_is_read(engine: Engine) -> None:
    page = "the " * MOST_WORDS + "velvet"
    assert read(engine, page) == []
    assert read(engine, "velvet " + page)


def test_nothing_is_made_of_nothing(engine: Engine) -> None:
    assert read(engine, "zzqx") == []
    assert read(engine, "") == []


def test_values_that_some_entity_has_together_are_likelier_than_those_that_none_has(tmp_path: Path) -> None:
    def song(i: int, maker: str, genre: str) -> dict[str, Any]:
        return {"id": f"s{i}", "type": "song", "title": f"Number {i}", "artist": maker, "genre": genre}

    songs = [song(i, "Ada Bell" if i % 2 else "Cy Dorn", "blues" if i % 2 else "polka") for i in range(40)]
    songs += [
        {"id": f"b{i}", "type": "song", "title": f"Blues polka {i}", "artist": f"Other {i}", "genre": "pop"} for i in range(60)
    ]
    (tmp_path / "songs.json").write_text(json.dumps(songs))
    ltrr_cli.build([str(tmp_path / "songs.json")], str(tmp_path / "state"), graph=False)
    with Engine(str(tmp_path / "state")) as engine:
        maker, genre = ("creator", "ada bell"), ("genre", "blues")
        met = {frozenset(fields): likelihood for likelihood, fields, _ in read(engine, "ada bell blues")}
        apart = {frozenset(fields): likelihood for likelihood, fields, _ in read(engine, "ada bell polka")}
    assert met[frozenset({maker, genre})] > 1.3 * apart.get(frozenset({maker, ("genre", "polka")}), 0.0)
    assert max(met, key=lambda fields: met[fields]) == {maker, genre}
    assert sum(met.values()) <= 1 and sum(apart.values()) <= 1


def test_function_words_are_not_left_over(engine: Engine) -> None:
    assert all("with" not in rest and "by" not in rest for _, _, rest in read(engine, "velvet by norrsken"))
