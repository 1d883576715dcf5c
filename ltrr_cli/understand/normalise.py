"""Text to words: lower case, accents folded, CJK in overlapping pairs; the index and every query go through here."""

from __future__ import annotations

import re
from functools import cache

_ASCII = re.compile(r"[a-z0-9]+")
_FOLDS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d",
                        "_": " "})  # fmt: skip


def words(text: str, every: bool = False) -> list[str]:
    """Return the words of *text* in order; with *every*, single CJK characters beside their pairs (for indexing).

    A text without any letter or digit is one word as it stands, so that a title such as "÷" can be found.

    >>> words("Beyoncé — Don't Hurt Yourself")
    ['beyonce', 'dont', 'hurt', 'yourself']
    >>> words("L'amour, AC/DC, rock'n'roll")
    ['l', 'amour', 'ac', 'dc', 'rock', 'n', 'roll']
    >>> words("東京事変"), words("東京", every=True)
    (['東京', '京事', '事変'], ['東京', '東', '京'])
    >>> words(" ÷ ")
    ['÷']
    """
    if text.isascii():
        text = text.lower()
        if "'" in text:
            text = _ending().sub("", text)
        return _ASCII.findall(text) or _symbols(text)
    text = fold(text)
    if "'" in text or "’" in text:
        text = _ending().sub("", text)
    if text.isascii():
        return _ASCII.findall(text) or _symbols(text)
    found = _word().findall(text)
    if _paired().search(text):
        found = [part for word in found for part in _pairs(word, every)]
    return found or _symbols(text)


def fold(text: str) -> str:
    """Return *text* in lower case without accents: "Ångström" -> "angstrom"; kana and Hangul stay whole.

    >>> fold("Ångström"), fold("ガギ")
    ('angstrom', 'ガギ')
    """
    if text.isascii():
        return text.lower()
    from unicodedata import combining, normalize

    text = normalize("NFKD", text).lower().translate(_FOLDS)
    # Marks of other scripts (kana's voicing, Indic vowels) carry meaning: only those on Latin, Greek, Cyrillic go.
    kept: list[str] = []
    base = ""
    for c in text:
        if not kept or not combining(c):
            base = c
        elif base < "\u0530":
            continue
        kept.append(c)
    return normalize("NFC", "".join(kept).encode("utf-8", "ignore").decode())


def paired(text: str) -> bool:
    """Return True if *text* has a script without spaces, whose words are pairs of characters."""
    return not text.isascii() and _paired().search(text) is not None


@cache
def _ending() -> re.Pattern[str]:
    """An apostrophe joins a short English ending (don't, it's, we'll) and parts anything else (l'amour, rock'n'roll)."""
    return re.compile(r"(?<=\w)['’](?=(?:[a-z]|ll|re|ve)(?![\w'’]))")


@cache  # compiling these takes 10 ms, and few queries need them
def _word() -> re.Pattern[str]:
    """Letters and digits, and the marks that belong to a letter: Python's \\w parts a word of an Indic script at its vowels."""
    return re.compile(r"\w[\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0970-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
                      r"\u0eb1-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u3099\u309a]*")  # fmt: skip


@cache
def _paired() -> re.Pattern[str]:
    """Scripts written without spaces: Thai to Khmer, Hangul, kana, Han. Their runs become pairs of characters."""
    return re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005\u3041-\u30ff\u31f0-\u31ff"
                      r"\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+")  # fmt: skip


def _symbols(text: str) -> list[str]:
    return "".join(c for c in text if c.isprintable() or c.isspace()).split()


def _pairs(word: str, every: bool) -> list[str]:
    out: list[str] = []
    at = 0
    for run in _paired().finditer(word):
        if run.start() > at:
            out.append(word[at : run.start()])
        chars = run.group()
        out.extend(chars[i : i + 2] for i in range(len(chars) - 1))
        if every or len(chars) == 1:
            out.extend(chars)
        at = run.end()
    if at < len(word):
        out.append(word[at:])
    return out
