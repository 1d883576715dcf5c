"""Cuts a text into the word pieces of BERT's uncased vocabulary, exactly, in plain Python.

The `tokenizers` package does the same and the tests hold this file against it, but a search in a new process
would pay 60 ms to import it and 24 ms to load its vocabulary. Here the vocabulary is a sorted file of fixed-width
lines, mapped and searched by halving, so that nothing is read before it is needed.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left

LONGEST = 100  # a longer word is unknown: BERT's rule, and it keeps hostile input cheap
WIDTH = 19  # bytes a line: the longest piece has 18

# What the vocabulary, ASCII only, would otherwise lose; the bundled tokenizer.json begins with the same steps.
FOLDED = {
    "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-",
    "–": "-", "—": "-", "…": "...",
}  # fmt: skip

_SPACES = {"No", "Sc", "Sk", "Sm", "So", "Zs", "Zl", "Zp"}  # ™ ® ² €: BERT would call the whole word unknown
_DROPPED = {"Mn", "Cc", "Cf", "Co", "Cs"}


def words(text: str) -> list[str]:
    """Return the words of *text*, lower case, without accents; each punctuation mark is a word.

    >>> words("Motörhead’s “No Sleep”, 1981®")
    ['motorhead', "'", 's', '"', 'no', 'sleep', '"', ',', '1981']
    """
    return text.translate(_READ).split()


class Vocabulary:
    """The known pieces, in order; a piece that continues a word begins with ##.

    >>> import os.path
    >>> known = Vocabulary(os.path.join(os.path.dirname(__file__), "models", "static.vocabulary"))
    >>> [known[row] for row in known.pieces("headphones")]
    ['head', '##phones']
    """

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._rows: dict[bytes, int] = {}

    def learn(self) -> None:
        """Keep every piece in memory, for looking up thousands."""
        self._rows = {line.rstrip(): row for row, line in enumerate(self._lines[:].splitlines())}

    def __len__(self) -> int:
        return len(self._lines) // WIDTH

    def __getitem__(self, row: int) -> str:
        return self._line(row).rstrip().decode("ascii")

    def _line(self, row: int) -> bytes:
        return self._lines[row * WIDTH : row * WIDTH + WIDTH]

    def row(self, piece: bytes) -> int:
        """Return the row of *piece*, or -1.

        >>> Vocabulary.row(Vocabulary.__new__(Vocabulary), b"a piece that is longer than any")
        -1
        """
        if len(piece) >= WIDTH:
            return -1
        if self._rows:
            return self._rows.get(piece, -1)
        line = piece.ljust(WIDTH - 1) + b"\n"
        row = bisect_left(range(len(self)), line, key=self._line)
        return row if self._line(row) == line else -1

    def pieces(self, word: str) -> list[int]:
        """Return the rows of the longest known pieces of *word* from left to right, or [] when any part is unknown."""
        if len(word) > LONGEST or not word.isascii():
            return []
        known, left, found, least = self._rows, word.encode("ascii"), list[int](), 1
        while left:
            for end in range(min(len(left), WIDTH - 1), least - 1, -1):
                row = known.get(left[:end], -1) if known else self.row(left[:end])
                if row >= 0:
                    break
            else:
                return []
            found.append(row)
            left, least = b"##" + left[end:] if end < len(left) else b"", 3
        return found


class _Read(dict[int, str]):
    """What BERT's normaliser and pre-tokeniser make of one character, worked out when the character first comes."""

    def __missing__(self, code: int) -> str:
        self[code] = made = _read(chr(code))
        return made


def _read(char: str) -> str:
    if char in "\t\n\r":
        return " "
    if char.isascii():
        if char.isalnum():
            return char.lower()
        return f" {char} " if char.isprintable() else ""
    from unicodedata import category, normalize  # not needed for most queries

    folded = FOLDED.get(char)
    if folded is not None:
        return "".join(map(_read, folded))
    if category(char) in _SPACES:
        return " "
    made = ""
    for part in normalize("NFD", char):
        kind = category(part)
        if kind in _DROPPED:
            continue
        made += _read(part) if part.isascii() else f" {part} " if kind[0] == "P" or _is_chinese(part) else part.lower()
    return made


def _is_chinese(char: str) -> bool:
    code = ord(char)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2CEAF or 0xF900 <= code <= 0xFAFF


_READ = _Read()
