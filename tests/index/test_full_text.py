"""Words are found in every field, in every form, in every script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltrr_cli.index.build import catalog_languages
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.understand.normalise import words

Indexed = Callable[..., Generation]


def found(generation: Generation, text: str) -> list[str]:
    """The ids that the words of *text*, as they are, find."""
    hits = generation.text.search([[(word, 1.0)] for word in words(text)], 100)
    return [generation.columns.id(row) for row, _ in hits]


def titled(*titles: str, start: str = "") -> list[Entity]:
    return [Entity(f"{start}{i}", "track", title) for i, title in enumerate(titles)]


def test_every_field_is_searched_and_those_that_name_it_count_most(indexed: Indexed) -> None:
    generation = indexed(
        Entity("text", "track", "One", text="about a zebra of our own"),
        Entity("detail", "track", "Two", attributes={"label.city": {"zebra": 1.0}}),
        Entity("attribute", "track", "Three", attributes={"genre": {"zebra": 1.0}}),
        Entity("title", "track", "Zebra crossing"),
        Entity("creator", "track", "Four", creator=("Zebra Club",)),
        Entity("none", "track", "Five"),
    )
    order = found(generation, "zebra")
    assert set(order) == {"text", "detail", "attribute", "title", "creator"}
    assert set(order[:2]) == {"title", "creator"}
    assert set(order[-2:]) == {"text", "detail"}


def test_an_english_word_finds_its_other_forms_behind_itself(indexed: Indexed) -> None:
    generation = indexed(*titled("run", "running", "runs", "runner", "rune"))
    assert found(generation, "running")[0] == "1"
    assert set(found(generation, "running")) == {"0", "1", "2"}
    assert found(generation, "run")[0] == "0"


GERMAN = [
    "Das Haus und die Häuser", "Der Mann mit dem Hund", "Die Lieder und das Lied", "Ich bin nicht die Frau",
    "Der Weg ist das Ziel",
]  # fmt: skip
FRENCH = [
    "Les chansons de la rue", "Une chanson pour toi et moi", "Je ne regrette pas", "Le soir dans la ville",
    "Avec les chevaux du roi",
]  # fmt: skip
ENGLISH = [
    "The songs of the sea", "A song for you and me", "I was the running man", "The dogs are on the road", "This is the end",
]  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "language", "asked", "wanted"),
    [(GERMAN, "de", "liedern", "2"), (FRENCH, "fr", "chansons", "1"), (ENGLISH, "en", "dog", "3")],
)
def test_a_catalog_in_one_language_uses_its_stemmer(
    indexed: Indexed, titles: list[str], language: str, asked: str, wanted: str
) -> None:
    generation = indexed(*titled(*titles))
    assert generation.meta["languages"] == [language]
    assert wanted in found(generation, asked)


def test_a_mixed_catalog_uses_the_stemmer_of_each_entitys_language(indexed: Indexed) -> None:
    generation = indexed(*titled(*GERMAN, start="de"), *titled(*FRENCH, start="fr"), *titled(*ENGLISH, start="en"))
    assert set(generation.meta["languages"]) == {"de", "fr", "en"}
    assert "de2" in found(generation, "liedern")
    assert "fr1" in found(generation, "chansons")
    assert "en3" in found(generation, "dog")


def test_languages_are_told_by_share_and_english_stands_in_for_none() -> None:
    assert catalog_languages(titled("Thunderstruck", "Halo", "÷")) == ["en"]
    assert catalog_languages([]) == ["en"]
    one_german = [*titled(*ENGLISH * 20), *titled(GERMAN[0])]
    assert catalog_languages(one_german) == ["en"]


@pytest.mark.parametrize(
    ("title", "queries"),
    [
        ("Sigur Rós", ["sigur ros", "SIGUR RÓS", "Sigur Ro\u0301s"]),
        ("Motörhead", ["motorhead", "MOTÖRHEAD"]),
        ("Łódź", ["lodz", "łódź"]),
        ("Straße", ["strasse", "STRASSE"]),
        ("Don't Stop", ["dont stop", "don't", "don’t stop"]),
        ("Rock 'n' Roll", ["rock n roll", "rock’n’roll"]),
        ("L'été indien", ["ete indien", "l'été", "l’ete"]),
        ("AC/DC", ["ac dc", "AC-DC"]),
        ("÷", ["÷", " ÷ "]),
        ("+", ["+"]),
        ("???", ["???"]),
        ("ＦＵＬＬ　Ｗｉｄｔｈ", ["full width"]),
        ("Ирония судьбы", ["ирония", "СУДЬБЫ"]),
        ("عمرو دياب", ["دياب"]),
        ("東京事変", ["東京事変", "東京", "事変", "京", "変"]),
        ("宇多田ヒカル", ["ヒカル", "宇多田", "ヒ"]),
        ("방탄소년단", ["방탄소년단", "소년"]),
        ("เพลงรัก", ["เพลง", "รัก"]),
        ("Perfume ポリリズム", ["perfume", "ポリ", "perfume リズム"]),
    ],
)
def test_a_title_is_found_however_it_is_typed(indexed: Indexed, title: str, queries: list[str]) -> None:
    generation = indexed(Entity("other", "track", "Something else"), Entity("it", "track", title))
    for query in queries:
        assert found(generation, query)[:1] == ["it"], query


def test_a_maker_is_found_like_a_title(indexed: Indexed) -> None:
    generation = indexed(Entity("a", "track", "Halo", creator=("Beyoncé", "Jay-Z")), Entity("b", "track", "Hello"))
    assert found(generation, "beyonce") == found(generation, "jay z") == ["a"]


def test_a_whole_title_or_maker_is_known_by_name(indexed: Indexed) -> None:
    generation = indexed(Entity("a", "track", "Love Story (Live)", creator=("Taylor Swift",)), Entity("b", "track", "Love Story"))
    text = generation.text
    assert text.row_named("love story live") == 0
    assert text.row_named("love story") == 1
    assert text.row_named("taylor swift") == 0
    assert text.row_named("love") is None
    assert text.row_named("story love") is None
    assert text.count_named("taylor swift") == 1
    assert text.together("love", "taylor") == 1
    assert text.together("love", "story") == 2
    assert text.together("love", "nowhere") == 0


def test_a_name_without_spaces_is_known_by_name(indexed: Indexed) -> None:
    text = indexed(Entity("a", "track", "東京"), Entity("b", "track", "群青日和", creator=("東京事変",))).text
    assert [text.row_named(" ".join(words(name))) for name in ("東京", "群青日和", "東京事変")] == [0, 1, 1]


def test_an_exact_title_comes_before_a_longer_one(indexed: Indexed) -> None:
    generation = indexed(*titled("Yesterday Once More Yesterday", "Yesterday", "Yesterday's Yesterday"))
    assert found(generation, "yesterday")[0] == "1"


def test_in_a_sentence_the_word_that_tells_something_counts_most(indexed: Indexed) -> None:
    generation = indexed(*titled("It Must Have Been Looking For Me", "I Have Been Looking", "Marshmello", "For Me"))
    assert found(generation, "i have been looking for marshmello it must be here")[0] == "2"


def test_an_entity_with_no_words_at_all_is_indexed_and_found_by_its_id(indexed: Indexed) -> None:
    generation = indexed(Entity("blank", "track", ""), Entity("b", "track", "\u200b"))
    assert generation.rows == 2
    assert generation.text.row_of("blank") == 0
    assert found(generation, "blank") == []


def test_names_beginning_with_a_prefix_are_listed(indexed: Indexed) -> None:
    generation = indexed(*titled("Love Story", "Love Me Do", "Lover", "Halo"), Entity("x", "track", "Z", creator=("Love Club",)))
    assert {name for name, _ in generation.values.names("love", 10)} == {"love story", "love me do", "lover", "love club"}
    assert len(generation.values.names("love", 2)) == 2
    assert generation.values.names("zz", 10) == []
