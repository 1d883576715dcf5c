"""A line of a record that shows why it was found, and which of its words did it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ltrr_cli.cli.render import clean
from ltrr_cli.understand.normalise import words as normalised
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ltrr_cli.records import Query

WIDTH = 72  # characters
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def sought(query: Query) -> frozenset[str]:
    """Return the words that a snippet marks: those typed, and what they most likely mean."""
    return frozenset((*query.words, *normalised(likeliest(query)[0])))


def marks(text: str, wanted: Collection[str]) -> list[tuple[int, int]]:
    """Return where *text* has one of the *wanted* words, as (start, end), in order.

    >>> marks("Love Story (Taylor’s Version)", {"love", "taylor"})
    [(0, 4), (12, 20)]
    """
    return [found.span() for found in _WORD.finditer(text) if _means(found[0], wanted)]


def snippet(record: Any, title: str, wanted: Collection[str]) -> str:
    """Return at most WIDTH characters of the text in *record*, other than its title, that has most of *wanted*; "" if none has.

    >>> snippet({"name": "Halo", "about": "A hymn to light"}, "Halo", {"light"})
    'A hymn to light'
    """
    best, most = "", 0
    for text in _texts(record):
        text = " ".join(clean(text).split())
        spans = marks(text, wanted) if text != title and (" " in text or text.isalpha()) else []  # an id says nothing
        different = len({text[a:b].lower() for a, b in spans})
        if different > most:
            best, most = _around(text, spans[0][0]), different
    return best


def _means(word: str, wanted: Collection[str]) -> bool:
    found = normalised(word)
    return any(one in wanted or one.removesuffix("s") in wanted or f"{one}s" in wanted for one in found)


def _around(text: str, at: int) -> str:
    if len(text) <= WIDTH:
        return text
    start = max(0, min(at - WIDTH // 4, len(text) - WIDTH))
    start = text.rfind(" ", 0, start + 1) + 1 if start else 0
    end = start + WIDTH - 2
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + WIDTH // 2)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            if isinstance(inside, int | float):
                yield str(key)  # a weighted value
            else:
                yield from _texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)
