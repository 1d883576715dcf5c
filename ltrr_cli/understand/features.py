"""A query as a short row of bounded numbers, and as one of a handful of classes: what the policy may look at."""

from __future__ import annotations

from math import cos, log1p, pi, sin

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.understand.calendar import moment
from ltrr_cli.understand.context import BUCKETS, TIMEZONE, Around, hashed, liked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.records import Query

# The log keeps the numbers without their names: add lines at the end, never move or remove one.
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
    ("hour_sin", -1, 1, "time of day on a circle, of the user's clock"),
    ("hour_cos", -1, 1, "the same circle's other axis"),
    ("weekend", 0, 1, "1 on Saturday and Sunday"),
    ("language", 0, 1, "1 if its language is known"),
    ("foreign", 0, 1, "1 if that is none of the catalog's languages"),
    ("known_item", 0, 1, "chance that one known thing is wanted"),
    ("topic", 0, 1, "chance that things about a topic are wanted"),
    ("browse", 0, 1, "chance that a kind of thing is wanted"),
    ("slots", 0, 1, "log of the number of values that it is expected to name, 1 at 4"),
    ("user", 0, 1, "1 if it is known who asks"),
    ("actions", 0, 1, "log of how much satisfied that user or session lately, 1 at 20 things"),
    ("acted_type", 0, 1, "share of that on the types asked for"),
    ("acted_slot", 0, 1, "share of that on things with the values named, by their likelihood"),
    ("morning", 0, 1, "1 from 6 to 12 o'clock"),
    ("afternoon", 0, 1, "1 from 12 to 18 o'clock"),
    ("evening", 0, 1, "1 from 18 to 24 o'clock"),
    ("holiday", 0, 1, "1 on a public holiday of the region"),
    *((f"context_{i}", -1, 1, "what --context says, hashed into four sums") for i in range(1, BUCKETS + 1)),
    ("values", 0, 1, "chance that values of the catalog, not titles alone, name every word"),
    ("understood_hits", 0, 1, "share of 100 hits that the structured arm has"),
    ("understood_lead", 0, 1, "how far its first stands above its second, of what separates it from its tenth"),
    ("understood_slope", 0, 1, "how far its first stands above its tenth, of its own score"),
    ("understood_top", 0, 1, "the score of its first: how likely that is what is meant"),
    ("remembered_hits", 0, 1, "share of 100 hits that memory has"),
)
SHAPES = ("title", "typo", "word", "few", "long")
VALUES = "/values"  # after the shape of a query whose every word is understood
CLASSES = (*SHAPES, *(shape + VALUES for shape in SHAPES))
NAME = "title"  # field of a slot that is what an entity is called
UNDERSTOOD = 0.3  # chance from which it is
NAMES = tuple(name for name, *_ in FEATURES)

_UNKNOWN, _TITLE, _WORDS, _MEMORY, _VALUES = (
    NAMES.index(name) for name in ("unknown", "exact_title", "words", "memory", "values")
)
_QUESTIONS = " what which who whom whose when where why how wer was wie wo warum qui quoi comment quel que quien como "
PEEKED = 5  # of them, the last, are about what arms find: known once these were asked
NOTHING = Around()


def features(
    query: Query,
    idfs: Sequence[float],
    exact_title: bool,
    memory_n: float,
    around: Around = NOTHING,
    peeked: Sequence[float] = (0.0,) * PEEKED,
) -> tuple[float, ...]:
    """Return one number a line of FEATURES, each within its bounds.

    *idfs* has the inverse document frequency of each word of the query, -1 for a word that the catalog does not have;
    *memory_n* is how many impressions' worth of evidence memory holds for the query; *around* what else is known;
    *peeked* the last PEEKED of them.

    >>> from ltrr_cli.records import Query
    >>> x = features(Query("tayler love", ("tayler", "love")), (-1, 3.0), False, 0)
    >>> len(x) == len(FEATURES), x[0], x[NAMES.index("unknown")], x[NAMES.index("idf_max")]
    (True, 1.0, 0.5, 0.25)
    """
    text = query.text
    known = [idf for idf in idfs if idf >= 0]
    hour, weekday, holiday = around.moment or moment(query.now)
    intent = dict(query.intent)
    slots = sum(min(1.0, i.likelihood) * len(i.slots) for i in query.interpretations)
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
        sin(pi * hour / 12),
        cos(pi * hour / 12),
        float(weekday >= 5),
        float(bool(query.language)),
        float(bool(query.language and around.languages) and query.language not in around.languages),
        *(max(0.0, min(1.0, intent.get(kind, 0.0))) for kind in ("known_item", "topic", "browse")),
        _scaled(slots, 4),
        float(query.user is not None),
        _scaled(sum(a.weight for a in around.acted), 20),
        *liked(query, around.acted),
        float(6 <= hour < 12),
        float(12 <= hour < 18),
        float(hour >= 18),
        float(holiday),
        *hashed((key, value) for key, value in query.context if key != TIMEZONE),
        min(1.0, sum(r.likelihood for r in query.interpretations if not r.rest and any(s.field != NAME for s in r.slots))),
        *peeked,
    )


def whole(x: Sequence[float]) -> list[float]:
    """Return logged features as today's: those that an older version did not know are 0, a newer version's are left out.

    >>> whole([1.0, 0.5]) == [1.0, 0.5] + [0.0] * (len(FEATURES) - 2)
    True
    """
    return [*x, *[0.0] * (len(FEATURES) - len(x))][: len(FEATURES)]


def by_name(x: Sequence[float]) -> dict[str, float]:
    """Return logged features with their names, as far as they are known.

    >>> by_name([1.0, 0.36])
    {'bias': 1.0, 'words': 0.36}
    """
    return dict(zip(NAMES, x, strict=False))


def query_class(x: Sequence[float]) -> str:
    """Return which of CLASSES the features *x* fall into: the query's shape, and whether values name all of it.

    >>> from ltrr_cli.records import Query
    >>> query_class(features(Query("love", ("love",)), (3.0,), False, 0))
    'word'
    """
    return _shape(x) + (VALUES if x[_VALUES] > UNDERSTOOD else "")


def settled(x: Sequence[float]) -> bool:
    """Return True for a query that names an entity and whose answer memory knows well: nothing to explore there.

    >>> from ltrr_cli.records import Query
    >>> settled(features(Query("lover", ("lover",)), (6.0,), True, 12))
    True
    """
    return bool(x[_TITLE]) and x[_MEMORY] >= _scaled(5, 50)


def _shape(x: Sequence[float]) -> str:
    if x[_TITLE]:
        return "title"
    if x[_UNKNOWN] > 0:
        return "typo"
    if x[_WORDS] <= _scaled(1, 20):
        return "word"
    return "few" if x[_WORDS] <= _scaled(4, 20) else "long"


def _scaled(n: float, full: float) -> float:
    return min(1.0, log1p(max(0.0, n)) / log1p(full))
