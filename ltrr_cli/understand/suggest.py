"""How a query may go on, or what it was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.understand.normalise import paired
from ltrr_cli.understand.normalise import words as normalised
from ltrr_cli.understand.spelling import readings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ltrr_cli.understand.spelling import Words

LOOKED_AT = 500  # names that begin with the prefix
LEAST = 0.2  # likelihood from which a correction is offered


class Suggestion(NamedTuple):
    """One text that the user may have had in mind."""

    text: str
    kind: str  # "name" of an entity or maker, "correction", or "word"
    likelihood: float  # among the suggestions of its kind


def suggest(prefix: str, limit: int, names: Callable[[str, int], list[tuple[str, int]]], vocabulary: Words) -> list[Suggestion]:
    """Return at most *limit* suggestions: names that begin so, then the words corrected, then the last one completed.

    *names(prefix, limit)* gives whole names with how many entities bear them.
    """
    words = normalised(prefix)
    if not words or limit < 1:
        return []
    text = " ".join(words)
    found = _shares([(name, n) for name, n in names(text, LOOKED_AT) if name != text], "name", "", limit)
    corrected, likelihood = [], 1.0
    for word, its in zip(words, readings(words, vocabulary, unfinished=False), strict=True):
        corrected.append(its[0].word)
        likelihood *= its[0].likelihood if its[0].word != word else 1.0
    if corrected != words and likelihood >= LEAST:
        found.append(Suggestion(" ".join(corrected), "correction", round(likelihood, 4)))
    if prefix[-1:].isalnum() and not paired(words[-1]):  # pairs of characters are no words
        before = " ".join([*words[:-1], ""])
        longer = [(word, n) for word, n in vocabulary.beginning(words[-1], limit + 1) if word != words[-1]]
        found += _shares(longer, "word", before, limit)
    first: dict[str, Suggestion] = {}
    for suggestion in found:
        first.setdefault(suggestion.text, suggestion)
    return list(first.values())[:limit]


def _shares(counted: list[tuple[str, int]], kind: str, before: str, limit: int) -> list[Suggestion]:
    total = sum(n for _, n in counted)
    ranked = sorted(counted, key=lambda c: (-c[1], len(c[0]), c[0]))[:limit]
    return [Suggestion(before + text, kind, round(n / total, 4)) for text, n in ranked]
