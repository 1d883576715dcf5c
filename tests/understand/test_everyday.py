"""The list of everyday words is small and in order; the commoner a word is there, the less it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.index.values_tantivy import Values
from ltrr_cli.index.values_tantivy import write as write_values
from ltrr_cli.index.vocabulary_tantivy import Vocabulary
from ltrr_cli.index.vocabulary_tantivy import write as write_words
from ltrr_cli.records import Query
from ltrr_cli.understand import everyday as list_of_words
from ltrr_cli.understand.everyday import KEYWORDS, OFFSET, STEPS, UNHEARD, ZIPF, chance, code, everyday, telling
from ltrr_cli.understand.interpret import interpret
from ltrr_cli.understand.runs import Catalog

PATH = Path(ltrr_cli.__file__).parent / "understand" / "everyday.en"
LINES = PATH.read_text("ascii").splitlines()


def test_the_list_is_small_and_sorted() -> None:
    assert PATH.stat().st_size < 250_000
    words = [line.rpartition(" ")[0] for line in LINES]
    assert words == sorted(set(words))


def test_every_word_of_the_list_is_found_with_its_chance() -> None:
    for line in LINES:
        word, _, its = line.rpartition(" ")
        if len(word) > 1:
            assert chance(word) == ZIPF / 2 ** ((ord(its) - 33) / STEPS)


@pytest.mark.parametrize(
    "word", ["", "aaaaaa", "zzzzzzzz", "zzqx", "lov", "lovel", "lovee", "東京", "ÿ", "!", "~", "love story", "\n"]
)
def test_other_words_are_unheard(word: str) -> None:
    if len(word) != 1:
        assert chance(word) == UNHEARD
        assert not everyday(word)


@pytest.mark.parametrize("rank", [0, 1, 10, 100, 1000, 20_000])
def test_a_rank_is_kept_to_a_fifth_of_an_octave(rank: int) -> None:
    kept = 2 ** ((ord(code(rank)) - 33) / STEPS)
    assert kept == pytest.approx(rank + OFFSET, rel=2 ** (0.5 / STEPS) - 1 + 1e-9)


def test_keywords_are_read_without_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "values").mkdir()
    (tmp_path / "words").mkdir()
    write_values(str(tmp_path / "values"), {("genre", "grunge"): ("Grunge", 5)}, new=True)
    write_words(str(tmp_path / "words"), {"grunge": 5, "rock": 9}, new=True)
    values, vocabulary = Values(str(tmp_path / "values")), Vocabulary(str(tmp_path / "words"))

    def read(text: str) -> int:
        return len(interpret(Query(text, tuple(text.split())), Catalog(values, vocabulary, (), 20)))

    def unread() -> None:
        raise AssertionError("the list was opened")

    list_of_words._chance.cache_clear()
    monkeypatch.setattr(list_of_words, "_lines", unread)
    assert read(" ".join(["grunge", *["rock"] * (KEYWORDS - 1)])) > 0
    with pytest.raises(AssertionError, match="was opened"):
        read("grunge " * (KEYWORDS + 1))


def test_words_alike_in_everyday_language_tell_alike() -> None:
    assert telling(["zzqx"]) == [1]
    assert telling(["zzqx", "qqxz"]) == [0.5, 0.5]
    assert telling([]) == []


def test_a_common_word_tells_less_and_in_a_sentence_less_still() -> None:
    the, name = telling(["the", "metallica"])
    assert the < name / 2
    by, keyword, *_ = telling(["by", "metallica", "please", "now"])
    *in_a_sentence, by_there, name_there = telling(["i", "have", "been", "looking", "for", "something", "by", "metallica"])
    assert by_there / name_there < by / keyword
    assert sum(in_a_sentence) + by_there + name_there == pytest.approx(1)


def test_function_words_of_the_language_tell_little() -> None:
    assert telling(["nicht", "metallica"], "de")[0] < telling(["nicht", "metallica"])[0]
