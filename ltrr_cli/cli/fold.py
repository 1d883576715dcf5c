"""Long lines, folded between words for a terminal's width: what belongs to a label stands under its first word."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

_HEADS = re.compile(r"\s*\S.{0,9}? {2,}"), re.compile(r"\s+")  # a label, or the indent
_SPACE = re.compile(" (?!%)")
DEEPEST = 12  # cells that what follows is indented by, at most


def fold(line: str, width: int) -> list[str]:
    """Return *line* as lines of at most *width* cells; only a word longer than that is broken.

    >>> fold("drawn     fuzzy 16, lexical 4, memory 4", 26)
    ['drawn     fuzzy 16,', '          lexical 4,', '          memory 4']
    >>> fold("short", 26), fold("made up by 75 %", 13)
    (['short'], ['made up by', '  75 %'])
    """
    if cells(line) <= width:
        return [line]
    heads = (head.group() for head in (pattern.match(line) for pattern in _HEADS) if head)
    first = next((head for head in heads if cells(head) <= min(DEEPEST, width // 2)), "")
    indent = " " * (cells(first) or 2)
    lines, now, bare = list[str](), first, True
    for word in _SPACE.split(line[len(first) :]):
        if not bare and cells(now) + 1 + cells(word) > width:
            lines.append(now.rstrip())
            now, bare = indent, True
        now += word if bare else f" {word}"
        bare = False
        while cells(now) > width:
            end = _fitting(now, width)
            lines.append(now[:end])
            now = indent + now[end:]
    return [*lines, now]


def cells(text: str) -> int:
    """Return how many columns of a terminal *text* takes.

    >>> cells("Halo"), cells("音楽"), cells("e\\u0301")
    (4, 4, 1)
    """
    return len(text) if text.isascii() else sum(_cell(c) for c in text)


def _cell(c: str) -> int:
    return 0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1


def _fitting(text: str, width: int) -> int:
    """How many characters of *text* fit, one at least beyond the indent."""
    used = 0
    for i, c in enumerate(text):
        used += _cell(c)
        if used > width:
            return max(i, len(text) - len(text.lstrip(" ")) + 1)
    return len(text)
