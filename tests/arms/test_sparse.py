"""The sparse arm by the bundled table: words that were not typed but might have been."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.arms.base import Sources, clauses
from ltrr_cli.engine import Engine
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.understand.query import understand

Indexed = Callable[..., Generation]
GOODS = [
    "Trail running shoes", "Leather shoes for men", "Wireless headphones", "Sofa bed", "Refrigerator with freezer", "Family car",
    "Desk lamp", "Frying pan", "Guitar strings", "Sad songs", "Cheerful songs", "Winter coat", "Laptop computer", "Bicycle pump",
]  # fmt: skip


def drawn(generation: Generation, text: str) -> list[str]:
    sources = Sources(generation, lambda query: [], lambda ids: {})
    query = understand(text, generation.vocabulary, generation.text.together)
    return [generation.columns.id(hit.row) for hit in sources.draw("sparse", query)]


@pytest.fixture
def shelf(indexed: Indexed) -> Generation:
    return indexed(*(Entity(title, "product", title) for title in GOODS))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sneakers", "Trail running shoes"),
        ("earphones", "Wireless headphones"),
        ("couch", "Sofa bed"),
        ("fridge", "Refrigerator with freezer"),
        ("automobile", "Family car"),
        ("notebook computer", "Laptop computer"),
        ("melancholy songs", "Sad songs"),
        ("bike", "Bicycle pump"),
    ],
)
def test_a_word_that_the_catalog_lacks_finds_what_means_the_like(text: str, wanted: str, shelf: Generation) -> None:
    assert wanted in drawn(shelf, text)[:2]


def test_what_holds_the_words_themselves_comes_first(indexed: Indexed) -> None:
    names = ["sneakers", "shoes", "shoe", "boots", "footwear", "sandals", "nikes", "shoes boots footwear sandals shoe nikes"]
    generation = indexed(*(Entity(name, "product", name) for name in names))
    for word in names[:-1]:
        found = drawn(generation, word)
        exact = [name for name in names if word in name.split()]
        assert set(found[: len(exact)]) == set(exact)
        assert len(found) > len(exact)


def test_its_first_places_are_those_of_full_text_where_all_words_are_there(shop: str) -> None:
    with Engine(shop) as engine:
        for row in range(engine.generation.rows):
            query = engine.asked.query(engine.generation.columns.head(row)[2])
            whole = set(engine.generation.text.matching(clauses(query), 1000))
            first = [hit.row for hit in engine.sources.draw("sparse", query)][: len(whole)]
            assert set(first) == whole or query.corrections, query.text


def test_a_catalog_without_plain_words_is_searched_by_what_is_typed(indexed: Indexed) -> None:
    generation = indexed(*(Entity(name, "product", name) for name in ("mp3", "mp4", "tv", "hd", "東京", "чай")))
    assert generation.kin is None
    assert drawn(generation, "mp3") == ["mp3"]
    assert drawn(generation, "東京") == ["東京"]


def test_what_is_added_brings_its_words(tmp_path: Path) -> None:
    def catalog(name: str, *titles: str) -> str:
        path = tmp_path / name
        path.write_text("".join(json.dumps({"id": t, "type": "product", "name": t}) + "\n" for t in titles))
        return str(path)

    def found(text: str) -> list[str]:
        with Engine(folder) as engine:
            return drawn(engine.generation, text)

    folder = str(tmp_path / "state")
    ltrr_cli.build([catalog("one.jsonl", "desk lamp", "frying pan", "winter coat")], folder, graph=False)
    assert found("sneakers") == []
    ltrr_cli.add([catalog("two.jsonl", "running shoes")], folder)
    assert found("sneakers") == ["running shoes"]
    ltrr_cli.add([catalog("three.jsonl", "sneakers", "desk lamp")], folder)
    assert found("sneakers") == ["sneakers", "running shoes"]
    ltrr_cli.delete(["running shoes"], folder)
    assert found("sneakers") == ["sneakers"]
