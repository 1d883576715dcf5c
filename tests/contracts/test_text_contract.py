"""What every text backend promises, for every name in the table."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ltrr_cli.index.base import TEXT_BACKENDS, TextIndex
from ltrr_cli.index.writer_tantivy import Writer, field_words
from ltrr_cli.records import Entity
from ltrr_cli.registry import look_up

WORDS = ["love", "story", "black", "sun", "rain", "road", "winter", "shoe", "coffee", "light", "night", "city", "river", "stone"]
Make = Callable[[str, Sequence[Entity]], TextIndex]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write entities in the backend's one format and open it by its name."""

    def made(name: str, entities: Sequence[Entity]) -> TextIndex:
        writer = Writer(str(tmp_path), ["en"], new=True)
        for row, entity in enumerate(entities):
            writer.add(row, entity, field_words(entity))
        writer.commit()
        index: TextIndex = look_up(TEXT_BACKENDS, name, "backend")(str(tmp_path), ["en"])
        return index

    return made


def entities(n: int) -> list[Entity]:
    rng = random.Random(5)
    return [Entity(f"id {i}", ("track", "album")[i % 2], " ".join(rng.sample(WORDS, 3))) for i in range(n)]


def one(*words: str) -> list[list[tuple[str, float]]]:
    return [[(word, 1.0)] for word in words]


@pytest.mark.parametrize("name", TEXT_BACKENDS)
def test_hits_are_at_most_k_rows_once_each_best_first(name: str, make: Make) -> None:
    index = make(name, entities(200))
    for k in (0, 1, 7, 500):
        hits = index.search(one("love", "rain"), k)
        assert len(hits) <= k
        assert len(dict(hits)) == len(hits)
        assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)


@pytest.mark.parametrize("name", TEXT_BACKENDS)
def test_rows_that_match_more_words_score_higher(name: str, make: Make) -> None:
    all_of_them = entities(200)
    hits = make(name, all_of_them).search(one("love", "rain", "stone"), 200)
    matched = [len({"love", "rain", "stone"} & set(all_of_them[row].title.split())) for row, _ in hits]
    assert matched == sorted(matched, reverse=True)
    assert matched[0] >= 2
    assert matched[-1] == 1


@pytest.mark.parametrize("name", TEXT_BACKENDS)
def test_of_a_words_spellings_the_best_counts_by_its_weight(name: str, make: Make) -> None:
    index = make(name, [Entity("a", "track", "love"), Entity("b", "track", "glove")])
    hits = index.search([[("lovee", 1.0), ("glove", 0.3), ("love", 0.7)]], 10)
    assert [row for row, _ in hits] == [0, 1]


@pytest.mark.parametrize("name", TEXT_BACKENDS)
def test_only_wanted_types_are_found(name: str, make: Make) -> None:
    index = make(name, entities(50))
    assert {row % 2 for row, _ in index.search(one("love"), 50)} == {0, 1}
    assert {row % 2 for row, _ in index.search(one("love"), 50, ["album"])} == {1}
    assert index.search(one("love"), 50, ["nothing of the kind"]) == []


@pytest.mark.parametrize("name", TEXT_BACKENDS)
def test_no_words_and_unknown_words_find_nothing(name: str, make: Make) -> None:
    index = make(name, entities(50))
    assert index.search([], 10) == []
    assert index.search(one("xylophone"), 10) == []


@pytest.mark.parametrize("name", TEXT_BACKENDS)
@pytest.mark.parametrize("word", ["AND", "(", '"', "*", "title:love", "\0", "😀", "عربي", "a" * 70_000], ids=range(9))
def test_a_word_is_never_syntax(name: str, word: str, make: Make) -> None:
    assert make(name, entities(50)).search(one(word), 10) == []


@pytest.mark.parametrize("name", TEXT_BACKENDS)
def test_an_id_leads_to_its_row_and_any_other_to_none(name: str, make: Make) -> None:
    odd = ["a b", "AND", "é", "e\u0301", "東京", "1", "01", "a/b:c", '"', "x" * 500, " a", "👍", "A B"]
    index = make(name, [Entity(i, "track", "same title") for i in odd])
    assert [index.row_of(i) for i in odd] == list(range(len(odd)))
    assert [index.row_of(i) for i in ("a", "b", "and", "", "same title", "2", "a b ")] == [None] * 7
