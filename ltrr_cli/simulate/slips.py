"""How people mistype: two letters swapped, one left out, doubled, or its neighbour on the keyboard hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SHORTEST = 4  # letters of a word that is mistyped
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def slip(text: str, rng: Random) -> str:
    """Return *text* with a slip in one of its longer words, in two of four or more; the same text if all are short.

    The kinds are equally likely, as none of the counts published agree (Damerau, CACM 1964, found all four to make up 80 %
    of errors).

    >>> from random import Random
    >>> [slip("blank space", Random(seed)) for seed in range(3)]
    ['blank spacce', 'blaank space', 'bllank space']
    """
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= SHORTEST]
    for i in rng.sample(long, min(len(long), 2 if len(long) >= 4 else 1)):
        words[i] = _slipped(words[i], rng)
    return " ".join(words)


def _slipped(word: str, rng: Random) -> str:
    """Change *word* anywhere but in its first letter, which people seldom get wrong (Yannakoudakis and Fawthrop, 1983)."""
    ways = [_swapped, _left_out, _doubled, _neighbour]
    rng.shuffle(ways)
    at = rng.randrange(1, len(word) - 1)
    return next((made for way in ways if (made := way(word, at, rng)) != word), word)


def _swapped(word: str, at: int, rng: Random) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _left_out(word: str, at: int, rng: Random) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int, rng: Random) -> str:
    return word[: at + 1] + word[at:]


def _neighbour(word: str, at: int, rng: Random) -> str:
    row = next((row for row in ROWS if word[at].lower() in row), "")
    place = row.find(word[at].lower())
    near = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    return word[:at] + rng.choice(near) + word[at + 1 :] if near else word
