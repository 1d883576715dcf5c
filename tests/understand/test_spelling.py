"""A typed word may mean near words of the catalog; a known word means itself."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ltrr_cli.index.vocabulary_tantivy import Vocabulary, write
from ltrr_cli.understand.query import MOST_WORDS, idfs, understand
from ltrr_cli.understand.spelling import SURE, joined, parted, readings

COUNTS = {
    "taylor": 60, "swift": 60, "love": 200, "live": 80, "story": 40, "beatles": 50, "metallica": 30, "soundgarden": 12,
    "thunderstruck": 2, "headphones": 25, "wireless": 30, "charging": 9, "cable": 40, "ac": 15, "dc": 9, "micro": 20, "sd": 20,
    "microsd": 22, "rose": 10, "roses": 30, "beyonce": 25, "loev": 1, "1999": 7, "1989": 30, "c++": 1, "東京": 5, "of": 300,
    "in": 400, "ch": 12, "eap": 4, "note": 9, "book": 30,
}  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = str(tmp_path_factory.mktemp("words"))
    write(folder, COUNTS, new=True)
    return Vocabulary(folder)


ROUNDED = 4 * 0.00005  # likelihoods have four places


def never(one: str, other: str) -> int:
    return 0


def once(one: str, other: str) -> int:
    return 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tayler", "taylor"),  # one letter for another
        ("taylr", "taylor"),  # left out
        ("tayllor", "taylor"),  # doubled
        ("taxylor", "taylor"),  # put in
        ("talyor", "taylor"),  # swapped
        ("raylor", "taylor"),  # the first letter
        ("metalica", "metallica"),
        ("beytles", "beatles"),
        ("thunderstrukc", "thunderstruck"),
        ("wirelss", "wireless"),
    ],
)
def test_a_slip_is_understood(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    (its,) = readings([typed], vocabulary, unfinished=False)
    assert its[0].word == meant
    assert its[0].typed == typed


def test_a_word_two_slips_away_is_thought_of(vocabulary: Vocabulary) -> None:
    (its,) = readings(["hedphons"], vocabulary, unfinished=False)
    assert "headphones" in {c.word for c in its}


@pytest.mark.parametrize("word", ["taylor", "love", "live", "rose", "in", "東京"])
def test_a_known_word_stands_for_itself(vocabulary: Vocabulary, word: str) -> None:
    (its,) = readings([word], vocabulary, unfinished=True)
    assert its[0].word == word


def test_a_rare_known_word_may_also_mean_its_common_neighbour(vocabulary: Vocabulary) -> None:
    (its,) = readings(["loev"], vocabulary, unfinished=False)
    assert {c.word for c in its} >= {"loev", "love"}


def test_of_two_near_words_the_commoner_is_likelier(vocabulary: Vocabulary) -> None:
    (its,) = readings(["lave"], vocabulary, unfinished=False)
    likelihoods = {c.word: c.likelihood for c in its}
    # Both are one edit away: likelihoods go with the square root of the counts, 200 and 80.
    assert likelihoods["love"] / likelihoods["live"] == pytest.approx((200 / 80) ** 0.5, rel=0.01)


@pytest.mark.parametrize("word", ["xyzzyx", "÷", "ab", "q", "c++", "2024", "1998", "😀"])
def test_numbers_short_words_symbols_and_strangers_are_left_alone(vocabulary: Vocabulary, word: str) -> None:
    (its,) = readings([word], vocabulary, unfinished=False)
    assert [(c.word, c.likelihood) for c in its] == [(word, 1.0)]


def test_the_last_word_may_be_the_beginning_of_one(vocabulary: Vocabulary) -> None:
    assert readings(["headph"], vocabulary, unfinished=True)[0][0].word == "headphones"
    assert readings(["headph"], vocabulary, unfinished=False)[0][0].word == "headph"
    assert readings(["headph", "love"], vocabulary, unfinished=True)[0][0].word == "headph"
    assert understand("wireless headph", vocabulary, never).corrections[0].word == "headphones"
    assert understand("wireless headph ", vocabulary, never).corrections == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(sorted(COUNTS)), st.text("aelortvsy", min_size=1, max_size=9)), max_size=6), st.booleans()
)
def test_likelihoods_of_a_word_are_shares(vocabulary: Vocabulary, words: list[str], unfinished: bool) -> None:
    for word, its in zip(words, readings(words, vocabulary, unfinished), strict=True):
        assert its
        assert all(0 < c.likelihood <= 1 and c.typed == word for c in its)
        assert sum(c.likelihood for c in its) <= 1 + ROUNDED
        assert len({c.word for c in its}) == len(its)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["sound", "garden", "micro", "sd", "acdc", "lvoe", "ros", "es", "tayler", "head"]), max_size=5))
def test_corrections_of_a_word_sum_to_at_most_one(vocabulary: Vocabulary, words: list[str]) -> None:
    query = understand(" ".join(words), vocabulary, never)
    for word in query.words:
        assert sum(c.likelihood for c in query.corrections if c.typed == word) <= 1 + ROUNDED
    assert all(c.typed in query.words for c in query.corrections)


def test_two_words_may_be_one(vocabulary: Vocabulary) -> None:
    found = joined(["sound", "garden", "live"], vocabulary, never)
    assert [(c.word, c.likelihood) for c in found.values()] == [("soundgarden", SURE)]
    assert joined(["love", "story"], vocabulary, never) == {}
    query = understand("sound garden", vocabulary, never)
    assert {(c.typed, c.word) for c in query.corrections} >= {("sound", "soundgarden"), ("garden", "soundgarden")}


def test_words_that_stand_together_often_are_joined_less(vocabulary: Vocabulary) -> None:
    apart = joined(["micro", "sd"], vocabulary, never)[0].likelihood
    together = joined(["micro", "sd"], vocabulary, lambda one, other: 22)[0].likelihood
    assert apart == 0.5
    assert together == 22 / (22 + 3 * 22)


def test_one_word_may_be_two(vocabulary: Vocabulary) -> None:
    assert parted("acdc", vocabulary, once) == ("ac", "dc")
    assert parted("taylorswift", vocabulary, once) == ("taylor", "swift")
    assert parted("love", vocabulary, once) is None
    assert parted("19991989", vocabulary, once) is None
    assert parted("", vocabulary, once) is None
    query = understand("taylorswift", vocabulary, once)
    assert [(c.word, c.likelihood) for c in query.corrections] == [("taylor swift", SURE)]


def test_one_word_is_not_two_that_nothing_has_together(vocabulary: Vocabulary) -> None:
    assert parted("acdc", vocabulary, never) is None
    assert understand("taylorswift", vocabulary, never).corrections == ()


def test_a_word_of_everyday_language_is_made_of_whole_words_only(vocabulary: Vocabulary) -> None:
    assert parted("cheap", vocabulary, once) is None
    assert parted("chdc", vocabulary, once) == ("ch", "dc")
    assert parted("notebook", vocabulary, once) == ("note", "book")


def test_a_query_keeps_what_was_typed_and_who_asked(vocabulary: Vocabulary) -> None:
    asked = understand(
        "The LOVE of the love ", vocabulary, never, types=("track",), user="u", session="s", context=(("a", "b"),), now=5.0
    )
    assert (asked.text, asked.words) == ("The LOVE of the love ", ("the", "love", "of"))
    assert (asked.types, asked.user, asked.session, asked.context, asked.now) == (("track",), "u", "s", (("a", "b"),), 5.0)
    assert asked.language == "en"
    assert asked.key == "the love of"


def test_a_pasted_page_is_cut(vocabulary: Vocabulary) -> None:
    text = " ".join(f"word{i}" for i in range(10_000))
    assert understand(text, vocabulary, never).words == tuple(f"word{i}" for i in range(MOST_WORDS))


def test_rarer_words_weigh_more_and_unknown_ones_say_so(vocabulary: Vocabulary) -> None:
    query = understand("love thunderstruck xyzzyx", vocabulary, never)
    common, rare, unknown = idfs(query, vocabulary, 1000)
    assert 0 < common < rare
    assert unknown == -1


def test_a_word_counted_more_often_than_there_are_entities_is_still_a_known_one(vocabulary: Vocabulary) -> None:
    assert idfs(understand("love", vocabulary, never), vocabulary, 30)[0] > 0
