"""How common a word is in the language at large: "like" is nearly always just that, though some song is called "Like".

`everyday.en` has English words, sorted, one a line, each with a character that says its rank. It is searched by halving, as a
search in a new process has no time to read it all. Words of other languages are known only by their function words.
"""

from __future__ import annotations

import mmap
import os
from functools import lru_cache
from math import log, log2

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.understand.language import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

ZIPF, OFFSET = 0.1, 5.0  # the chance of the word of rank r, from 0: ZIPF / (r + OFFSET)
UNHEARD = 5e-7  # the chance of a word that is not in the list
FUNCTION = 50  # the rank given to function words of other languages
LETTER = 200  # the rank given to single letters and digits, but a and I
STEPS = 5  # codes an octave of ranks
KEYWORDS, SENTENCE = 4, 10  # words up to which a text is keywords, or from which it is a sentence; between them it is either
SHARP, SHARPER = 1.5, 3.0  # power of a word's information that it counts by, among keywords and in a sentence


def chance(word: str, language: str = "") -> float:
    """Return about how likely a word of a text in *language* (ISO 639-1, "" = English) is *word* (normalised).

    >>> chance("like") > 100 * chance("metallic") > 100 * chance("zzqx")
    True
    >>> chance("nicht", "de") > chance("nicht")
    True
    """
    if language not in ("", "en") and language in spoken(word):
        return ZIPF / (FUNCTION + OFFSET)
    return _chance(word)


def everyday(word: str) -> bool:
    """Return True for a word of everyday English.

    >>> everyday("cheap"), everyday("chaep")
    (True, False)
    """
    return _chance(word) > UNHEARD


def sentence(words: int) -> float:
    """Return how far so many words are a sentence, rather than keywords: 0 to 1."""
    return min(1.0, max(0.0, (words - KEYWORDS) / (SENTENCE - KEYWORDS)))


def telling(words: Sequence[str], language: str = "") -> list[float]:
    """Return the part that each word has in what all of them tell; the parts sum to 1.

    The commoner a word is in everyday language, the less it tells (its information is the logarithm of its chance), and all
    the less in a sentence: whoever writes one adds words that search engines have no use for.

    >>> [round(part, 2) for part in telling(["usb", "hub"])], [round(part, 2) for part in telling("songs by the clash".split())]
    ([0.52, 0.48], [0.31, 0.14, 0.1, 0.45])
    """
    power = SHARP + (SHARPER - SHARP) * sentence(len(words))
    known = [(-log(chance(word, language))) ** power for word in words]
    total = sum(known)
    return [one / total for one in known]


def code(rank: int) -> str:
    """Return the character that stands for a rank, from 0.

    >>> code(0), code(20_000)
    ('-', 'h')
    """
    return chr(33 + round(STEPS * log2(rank + OFFSET)))


@lru_cache(maxsize=4096)
def _chance(word: str) -> float:
    if len(word) == 1 and word not in "ai":
        return ZIPF / (LETTER + OFFSET)
    if not word.isascii():
        return UNHEARD
    lines, wanted = _lines(), word.encode() + b" "
    low, high = 0, len(lines)  # the line, if it is there, begins in low..high
    while low < high:
        start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        line = lines[start : lines.find(b"\n", start)]
        if line.startswith(wanted):
            return ZIPF / 2 ** ((line[-1] - 33) / STEPS)
        if line < wanted:
            low = start + len(line) + 1
        else:
            high = start
    return UNHEARD


@lru_cache(maxsize=1)
def _lines() -> mmap.mmap:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "everyday.en"), "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
