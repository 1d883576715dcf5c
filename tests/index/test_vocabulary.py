"""The catalog's words, how many entities hold each, and which are near."""

from __future__ import annotations

from pathlib import Path

import pytest

from ltrr_cli.index.vocabulary_tantivy import Vocabulary, write
from ltrr_cli.understand.spelling import LONGEST

WORDS = {"love": 50, "lover": 7, "glove": 2, "live": 20, "lvoe": 1, "東京": 3, "÷": 1, "beyonce": 9, "straße": 1, "dove": 5}


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    write(str(tmp_path), WORDS, new=True)
    return Vocabulary(str(tmp_path))


def test_a_word_has_its_count_and_an_unknown_one_none(vocabulary: Vocabulary) -> None:
    assert {word: vocabulary.count(word) for word in WORDS} == WORDS
    assert [vocabulary.count(word) for word in ("lov", "", "LOVE", "love ", "a\0", "x" * 70_000)] == [0] * 6
    assert len(vocabulary) == len(WORDS)


def test_words_within_the_edits_are_near_the_commonest_first(vocabulary: Vocabulary) -> None:
    assert vocabulary.near("love", 0) == [("love", 50)]
    assert vocabulary.near("love", 1) == [("love", 50), ("live", 20), ("lover", 7), ("dove", 5), ("glove", 2), ("lvoe", 1)]
    assert vocabulary.near("love", 1, limit=2) == [("love", 50), ("live", 20)]
    assert dict(vocabulary.near("beyone", 1)) == {"beyonce": 9}
    assert dict(vocabulary.near("bejonse", 2)) == {"beyonce": 9}
    assert vocabulary.near("xyz", 2) == []


def test_an_edit_is_of_a_character_not_of_a_byte(vocabulary: Vocabulary) -> None:
    assert ("東京", 3) in vocabulary.near("東方", 1)
    assert ("straße", 1) in vocabulary.near("strase", 1)


def test_words_that_begin_so_come_the_commonest_first(vocabulary: Vocabulary) -> None:
    assert vocabulary.beginning("lo") == [("love", 50), ("lover", 7)]
    assert vocabulary.beginning("l", limit=2) == [("love", 50), ("live", 20)]
    assert vocabulary.beginning("東") == [("東京", 3)]
    assert vocabulary.beginning("zz") == []


def test_a_code_too_long_to_mistype_is_left_out_and_looked_up_at_no_cost(tmp_path: Path) -> None:
    write(str(tmp_path), {"a" * LONGEST: 1, "b" * (LONGEST + 1): 1}, new=True)
    vocabulary = Vocabulary(str(tmp_path))
    assert len(vocabulary) == 1
    assert vocabulary.near("a" * (LONGEST + 1), 1) == [("a" * LONGEST, 1)]
    assert vocabulary.near("a" * 100_000, 2) == vocabulary.beginning("a" * 100_000) == []


def test_a_change_replaces_counts_adds_words_and_removes_those_with_none(tmp_path: Path) -> None:
    write(str(tmp_path), WORDS, new=True)
    before = Vocabulary(str(tmp_path))
    write(str(tmp_path), {"love": 51, "halo": 4, "dove": 0}, new=False)
    after = Vocabulary(str(tmp_path))
    assert (after.count("love"), after.count("halo"), after.count("dove"), after.count("lover")) == (51, 4, 0, 7)
    assert (before.count("love"), before.count("halo"), before.count("dove")) == (50, 0, 5)
    assert after.near("dove", 0) == []
    assert len(after) == len(WORDS)
