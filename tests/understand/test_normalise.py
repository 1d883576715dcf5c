"""Text becomes the same words wherever it comes from."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.understand.language import FUNCTION_WORDS, detect
from ltrr_cli.understand.normalise import fold, words


@given(st.text(max_size=60))
def test_words_are_clean_whatever_the_text(text: str) -> None:
    for every in (False, True):
        for word in words(text, every):
            assert word
            assert not any(c.isspace() for c in word)
            word.encode()


@given(st.text(max_size=60))
def test_the_singles_for_indexing_only_add_to_the_words(text: str) -> None:
    assert set(words(text)) <= set(words(text, every=True))


@given(st.text(st.characters(max_codepoint=0x24F), max_size=40))
def test_composed_and_decomposed_letters_are_the_same(text: str) -> None:
    assert words(normalize("NFC", text)) == words(normalize("NFD", text))


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It's we'll they're don't", "its well theyre dont"),
        ("L'amour d'été", "l amour d ete"),
        ("Guns N' Roses", "guns n roses"),
        ("snake_case", "snake case"),
        ("ÆØÅ Œuvre", "aeoa oeuvre"),
        ("ΆΛΦΑ", "αλφα"),
        ("Й", "и"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("カラオケ", "カラ ラオ オケ"),
        ("ｶﾗｵｹ", "カラ ラオ オケ"),
        ("東", "東"),
        ("X東京Y", "x 東京 y"),
        ("हिन्दी", "हिन्दी"),
        ("😀 ÷", "😀 ÷"),
        ("love 😀", "love"),
        ("", ""),
        ("\0\x1b\u202e\ud800", ""),
        ("\0\x1b", ""),
        ("+\n-", "+ -"),
    ],
    ids=range(19),
)
def test_words_of(text: str, wanted: str) -> None:
    assert " ".join(words(text)) == wanted


def test_hangul_and_kana_keep_their_marks() -> None:
    assert words("ガギグ") == ["ガギ", "ギグ"]
    assert words("방탄") == ["방탄"]
    assert words(normalize("NFD", "방탄")) == ["방탄"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the dog and the cat", "en"),
        ("der Hund und die Katze", "de"),
        ("le chien dans la rue avec les enfants", "fr"),
        ("el perro y los gatos para la casa", "es"),
        ("il cane con gli amici della casa", "it"),
        ("кот и собака не в доме", "ru"),
        ("thunderstruck", ""),
        ("", ""),
    ],
)
def test_function_words_tell_the_language(text: str, language: str) -> None:
    assert detect(words(text)) == language


def test_only_the_languages_asked_about_are_told() -> None:
    assert detect(words("der Hund und die Katze"), ["en", "fr"]) == ""
    assert detect(words("der Hund und die Katze"), ["en", "de"]) == "de"


def test_function_words_stand_as_words_are_normalised() -> None:
    for listed in FUNCTION_WORDS.values():
        assert listed.split() == list(dict.fromkeys(map(fold, listed.split())))


@pytest.mark.parametrize("language", FUNCTION_WORDS)
def test_a_languages_own_function_words_speak_for_it_or_for_nobody_else(language: str) -> None:
    assert detect(words(FUNCTION_WORDS[language])) in (language, "")
