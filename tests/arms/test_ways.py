"""What each way of searching is good at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from ltrr_cli.arms.base import Sources, clauses
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Correction, Entity, Query
from ltrr_cli.understand.query import understand

Indexed = Callable[..., Generation]
NOW = 1_770_000_000.0  # 2026-02-02


def sources(generation: Generation, shown: Mapping[str, int] = {}, known: list[tuple[int, float]] = []) -> Sources:
    return Sources(generation, lambda query: known, lambda ids: {i: shown.get(i, 0) for i in ids})


def drawn(arm: str, text: str, of: Sources, *types: str) -> list[str]:
    query = understand(text, of.generation.vocabulary, of.generation.text.together, types=types, now=NOW)
    return [of.generation.columns.id(hit.row) for hit in of.draw(arm, query)]


def test_lexical_takes_words_as_they_are_and_fuzzy_as_they_may_be_meant(indexed: Indexed) -> None:
    of = sources(indexed(*(Entity(str(i), "track", f"Thunder {i}") for i in range(5))))
    assert drawn("lexical", "thudner 3", of) == ["3"]
    assert drawn("fuzzy", "thudner 3", of)[0] == "3"
    assert len(drawn("fuzzy", "thudner 3", of)) == 5


def test_fuzzy_is_lexical_where_every_word_is_known(indexed: Indexed) -> None:
    of = sources(indexed(*(Entity(str(i), "track", f"Thunder {i}") for i in range(5))))
    assert drawn("fuzzy", "thunder", of) == drawn("lexical", "thunder", of)


def test_popular_puts_the_better_known_of_equals_first(indexed: Indexed) -> None:
    same = [Entity(str(n), "track", "Hello", popularity=n) for n in (3, 900, 50)]
    of = sources(indexed(*same, Entity("other", "track", "Goodbye", popularity=1e6)))
    assert drawn("popular", "hello", of) == ["900", "50", "3"]


def test_fresh_puts_the_new_and_the_unseen_first(indexed: Indexed) -> None:
    generation = indexed(
        Entity("old and shown", "track", "Hello", date="1999-01-01"),
        Entity("old and unseen", "track", "Hello", date="1999-01-01"),
        Entity("new and shown", "track", "Hello", date="2026-02-01"),
        Entity("undated and shown", "track", "Hello"),
    )
    of = sources(generation, {"old and shown": 50, "new and shown": 50, "undated and shown": 9})
    assert drawn("fresh", "hello", of) == ["new and shown", "old and unseen", "undated and shown", "old and shown"]


def test_memory_leaves_out_what_was_disliked_and_types_not_wanted(indexed: Indexed) -> None:
    generation = indexed(Entity("a", "track", "A"), Entity("b", "album", "B"), Entity("c", "track", "C"))
    of = sources(generation, known=[(1, 0.9), (0, 0.5), (2, -0.4)])
    assert drawn("memory", "whatever", of) == ["b", "a"]
    assert drawn("memory", "whatever", of, "track") == ["a"]


def test_semantic_needs_vectors_and_hybrid_goes_on_without(indexed: Indexed) -> None:
    of = sources(indexed(Entity("a", "track", "Rain"), Entity("b", "track", "Sun")))
    assert drawn("semantic", "rain", of) == []
    assert drawn("hybrid", "rain", of) == ["a"]


def test_semantic_finds_by_meaning_where_no_word_is_shared(indexed: Indexed) -> None:
    goods = [Entity("shoe", "p", "Running shoes"), Entity("lamp", "p", "Desk lamp"), Entity("pan", "p", "Frying pan")]
    of = sources(indexed(*goods, vectors=True))
    assert drawn("lexical", "sneakers for a jogger", of) == []
    assert drawn("semantic", "sneakers for a jogger", of)[0] == "shoe"


def test_an_arm_is_drawn_and_the_query_encoded_once_a_query(indexed: Indexed) -> None:
    asked: list[str] = []
    generation = indexed(Entity("a", "track", "Rain"))

    def recall(query: Query) -> list[tuple[int, float]]:
        asked.append(query.text)
        return [(0, 0.5)]

    of = Sources(generation, recall, lambda ids: {})
    one, other = Query("rain", ("rain",)), Query("rain", ("rain",))
    for query in (one, one, other, other):
        of.draw("memory", query)
    assert asked == ["rain", "rain"]
    assert set(of.ms) == {"memory"}


@pytest.mark.parametrize(
    ("words", "corrections", "wanted"),
    [
        (("love",), [], [[("love", 1.0)]]),
        # The likeliest reading counts in full, the others in proportion.
        (("lvoe",), [("lvoe", "love", 0.8)], [[("lvoe", 0.25), ("love", 1.0)]]),
        (("lvoe",), [("lvoe", "love", 1.0)], [[("love", 1.0)]]),
        (("live",), [("live", "love", 0.25)], [[("live", 1.0), ("love", 1 / 3)]]),
        # Two words read as one: each has half a part in it.
        (
            ("sound", "garden"),
            [("sound", "soundgarden", 0.8), ("garden", "soundgarden", 0.8)],
            [[("sound", 0.5), ("soundgarden", 1.0)], [("garden", 0.5), ("soundgarden", 1.0)]],
        ),
        # One word read as two becomes two clauses.
        (("acdc",), [("acdc", "ac dc", 0.8)], [[("ac", 0.8)], [("dc", 0.8)]]),
    ],
)
def test_readings_become_clauses(
    words: tuple[str, ...], corrections: list[tuple[str, str, float]], wanted: list[list[tuple[str, float]]]
) -> None:
    query = Query(" ".join(words), words, corrections=tuple(Correction(*c) for c in corrections))
    found = clauses(query)
    assert [[word for word, _ in clause] for clause in found] == [[word for word, _ in clause] for clause in wanted]
    for clause, expected in zip(found, wanted, strict=True):
        assert dict(clause) == pytest.approx(dict(expected))
