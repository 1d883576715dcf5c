"""From typed text to a query: its words, what else they may mean, its language."""

from __future__ import annotations

from math import log

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Correction, Query
from ltrr_cli.understand.language import detect
from ltrr_cli.understand.normalise import words as normalised
from ltrr_cli.understand.spelling import SURE, joined, parted, readings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ltrr_cli.understand.spelling import Words

HALF = 0.5
LONGEST = 10_000  # characters of a query that are written down
READ = 2_000  # of these, that are read
MOST_WORDS = 32  # of a query that are searched for: a pasted page is cut there


def understand(
    text: str,
    vocabulary: Words,
    together: Callable[[str, str], int],
    *,
    types: tuple[str, ...] = (),
    user: str | None = None,
    session: str | None = None,
    context: tuple[tuple[str, str], ...] = (),
    now: float = 0.0,
    where: str = "",
) -> Query:
    """Return *text* as a query, with other readings of its words where the catalog suggests any.

    *together* tells how many entities hold two words.
    """
    text = text[:LONGEST]
    words = tuple(dict.fromkeys(typed(text)))[:MOST_WORDS]
    found: list[Correction] = []
    for word, its in zip(words, readings(words, vocabulary, text[-1:].isalnum()), strict=True):
        if its[0].word == word and len(its) == 1:
            pair = parted(word, vocabulary, together) if not vocabulary.count(word) else None
            found += [Correction(word, " ".join(pair), SURE)] if pair else []
        else:
            found += [c for c in its if c.word != word]
    for i, one in joined(words, vocabulary, together).items():
        for word in words[i : i + 2]:
            found = [c._replace(likelihood=c.likelihood * (1 - one.likelihood)) if c.typed == word else c for c in found]
            found.append(one._replace(typed=word))
    return Query(text, words, types, user, session, context, now, detect(words), tuple(found), where=where)


def typed(text: str) -> list[str]:
    """Return the words of *text*, those that are typed twice twice; of a pasted page its beginning.

    >>> typed("Love, love me do"), len(typed("la " * 10_000)) < READ
    (['love', 'love', 'me', 'do'], True)
    """
    return normalised(text[:READ])


def likeliest(query: Query) -> tuple[str, float]:
    """Return the query's words with every correction made that is likelier than not, and how likely all of them are.

    >>> likeliest(Query("tayler love", ("tayler", "love"), corrections=(Correction("tayler", "taylor", 0.9),)))
    ('taylor love', 0.9)
    """
    best: dict[str, tuple[float, str]] = {}
    for c in query.corrections:
        best[c.typed] = max(best.get(c.typed, (0.0, "")), (c.likelihood, c.word))
    meant: list[str] = []
    chance = 1.0
    for word in query.words:
        likelihood, other = best.get(word, (0.0, word))
        if likelihood < HALF:
            other, likelihood = word, 1.0
        if other != word and meant[-1:] == [other]:  # two words that are one
            continue
        meant.append(other)
        chance *= likelihood
    return " ".join(meant), chance


def idfs(query: Query, vocabulary: Words, entities: int) -> list[float]:
    """Return each word's inverse document frequency (BM25's), -1 for a word that the catalog does not have."""
    counts = [min(vocabulary.count(word), entities) for word in query.words]  # replaced entities were counted twice
    return [log(1 + (entities - n + 0.5) / (n + 0.5)) if n else -1.0 for n in counts]
