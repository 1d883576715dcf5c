"""A query as a short row of bounded numbers, and as one of a handful of classes: what the policy may look at."""

from __future__ import annotations

from math import cos, log1p, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.records import Query

FEATURES: tuple[tuple[str, float, float, str], ...] = (  # name, lowest, highest, what it is
    ("bias", 1, 1, "always 1"),
    ("words", 0, 1, "log of the number of words, 1 at 20"),
    ("characters", 0, 1, "log of the length typed, 1 at 200"),
    ("digit", 0, 1, "1 if there is a digit"),
    ("quoted", 0, 1, "1 if there is a quotation mark"),
    ("unknown", 0, 1, "share of words that the catalog does not have: misspelt, perhaps"),
    ("idf_max", 0, 1, "rarity of the rarest known word, 1 at an IDF of 12"),
    ("idf_mean", 0, 1, "mean rarity of the known words"),
    ("unfinished", 0, 1, "1 if the last word is unknown and nothing was typed after it"),
    ("question", 0, 1, "1 if it asks a question"),
    ("exact_title", 0, 1, "1 if it is the title of an entity"),
    ("memory", 0, 1, "log of the evidence memory has for it, 1 at 50"),
    ("hour_sin", -1, 1, "time of day, UTC, on a circle"),
    ("hour_cos", -1, 1, "the same circle's other axis"),
    ("weekend", 0, 1, "1 on Saturday and Sunday, UTC"),
)
CLASSES = ("title", "typo", "word", "few", "long")
NAMES = tuple(name for name, *_ in FEATURES)

_UNKNOWN, _TITLE, _WORDS, _MEMORY = (NAMES.index(name) for name in ("unknown", "exact_title", "words", "memory"))
_QUESTIONS = " what which who whom whose when where why how wer was wie wo warum qui quoi comment quel que quien como "
_DAY = 86400.0


def features(query: Query, idfs: Sequence[float], exact_title: bool, memory_n: float) -> tuple[float, ...]:
    """Return one number a line of FEATURES, each within its bounds.

    *idfs* has the inverse document frequency of each word of the query, -1 for a word that the catalog does not have;
    *memory_n* is how many impressions' worth of evidence memory holds for the query.

    >>> from ltrr_cli.records import Query
    >>> x = features(Query("tayler love", ("tayler", "love")), (-1, 3.0), False, 0)
    >>> len(x) == len(FEATURES), x[0], x[NAMES.index("unknown")], x[NAMES.index("idf_max")]
    (True, 1.0, 0.5, 0.25)
    """
    text = query.text
    known = [idf for idf in idfs if idf >= 0]
    day = query.now / _DAY
    hour = 2 * pi * (day % 1)
    return (
        1.0,
        _scaled(len(query.words), 20),
        _scaled(len(text), 200),
        float(any(c.isdigit() for c in text)),
        float(any(c in '"“”„«»「」' for c in text)),
        (len(idfs) - len(known)) / len(idfs) if idfs else 0.0,
        min(1.0, max(known, default=0.0) / 12),
        min(1.0, sum(known) / len(known) / 12) if known else 0.0,
        float(bool(idfs) and idfs[-1] < 0 and text[-1:].isalnum()),
        float("?" in text or "？" in text or (bool(query.words) and f" {query.words[0]} " in _QUESTIONS)),
        float(exact_title),
        _scaled(memory_n, 50),
        sin(hour),
        cos(hour),
        float(int(day // 1) % 7 in (2, 3)),  # 1970-01-01 was a Thursday
    )


def query_class(x: Sequence[float]) -> str:
    """Return which of CLASSES the features *x* fall into; values of plans are shrunk towards those of the class.

    >>> from ltrr_cli.records import Query
    >>> query_class(features(Query("love", ("love",)), (3.0,), False, 0))
    'word'
    """
    if x[_TITLE]:
        return "title"
    if x[_UNKNOWN] > 0:
        return "typo"
    if x[_WORDS] <= _scaled(1, 20):
        return "word"
    return "few" if x[_WORDS] <= _scaled(4, 20) else "long"


def settled(x: Sequence[float]) -> bool:
    """Return True for a query that names an entity and whose answer memory knows well: nothing to explore there.

    >>> from ltrr_cli.records import Query
    >>> settled(features(Query("lover", ("lover",)), (6.0,), True, 12))
    True
    """
    return bool(x[_TITLE]) and x[_MEMORY] >= _scaled(5, 50)


def _scaled(n: float, full: float) -> float:
    return min(1.0, log1p(max(0.0, n)) / log1p(full))
