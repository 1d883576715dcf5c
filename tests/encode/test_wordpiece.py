"""The plain-Python word pieces against the tokenizers package, and the vocabulary's look-up against a dictionary."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tokenizers import Tokenizer

import ltrr_cli.encode
from ltrr_cli.encode.wordpiece import WIDTH, Vocabulary, words

MODELS = Path(ltrr_cli.encode.__file__).parent / "models"
LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 -_.,:;!?'\"()[]{}<>#@&%$*+=/\\|~^`\t\n\r\0\x07\x7f\x85\xa0"
    "éèüößÅåñçøØæÆœłðþıİ“”‘’–—…®™°²½€£µ×Ωабвשלא日本語ラ한글ﬁǅ́̈​﻿�😀🇩🇪"
)

BLOCKS = (
    (0x20, 0x250),
    (0x20, 0x250),
    (0x391, 0x3A1),
    (0x400, 0x482),
    (0x1E00, 0x1F00),
    (0x2010, 0x2060),
    (0x2190, 0x2200),
    (0x4E00, 0x9FFF),
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(str(MODELS / "static.vocabulary"))


@pytest.fixture(scope="module")
def oracle() -> Tokenizer:
    return Tokenizer.from_file(str(MODELS / "minilm.tokenizer.json"))


def strings(count: int) -> list[str]:
    rng = Random(3)
    known = (MODELS / "static.vocabulary").read_text("ascii").split()
    made = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.4:
            made.append("".join(rng.choices(LETTERS, k=rng.randint(0, 40))))
        elif kind < 0.8:
            made.append(
                " ".join(
                    rng.choice(known).strip("#") + rng.choice(("", "", rng.choice(LETTERS))) for _ in range(rng.randint(1, 6))
                )
            )
        else:
            made.append("".join(chr(rng.randrange(*rng.choice(BLOCKS))) for _ in range(rng.randint(1, 12))))
    return [*made, "a" * 100, "a" * 101, "unbelievably", "##ing", "# # ##", "[CLS]x"]


def test_pieces_are_those_of_the_tokenizers_package(vocabulary: Vocabulary, oracle: Tokenizer) -> None:
    """Unknown words are [UNK] there and nothing here; special tokens typed by a user are ordinary text here."""
    different = []
    for text in strings(4000):
        if any(special in text for special in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")):
            continue
        wanted = [token for token in oracle.encode(text, add_special_tokens=False).tokens if token != "[UNK]"]
        found = [vocabulary[row] for word in words(text) for row in vocabulary.pieces(word)]
        if found != wanted:
            different.append((text, found, wanted))
    assert different == []


def test_every_piece_is_found_where_it_stands(vocabulary: Vocabulary) -> None:
    rows = range(0, len(vocabulary), 37)
    assert [vocabulary.row(vocabulary[row].encode()) for row in rows] == list(rows)
    assert len(vocabulary) * WIDTH == (MODELS / "static.vocabulary").stat().st_size


def test_what_is_not_a_piece_has_no_row(vocabulary: Vocabulary) -> None:
    assert [vocabulary.row(piece) for piece in (b"", b"zzzzqq", b"~~~", b"\xff", b"x" * 40)] == [-1] * 5
