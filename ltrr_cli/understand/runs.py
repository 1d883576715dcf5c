"""Which runs of a query's words may be values of the catalog's fields, and how well each fits.

A run is looked up as it is typed, as other readings of its words ("tayler"), without the ending of its last word ("adeles",
which is how Adele's is normalised), and in part ("taylor"). How well it fits is told twice. Among keywords: by how much of the
use of these words in the catalog is that value, by how many words agree, by how much of the value is named. In a sentence: by
how many times likelier its words are as that value than as everyday language.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from math import inf, prod, sqrt

from ltrr_cli.index.facts import DECADE, TITLE, decade
from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.records import Correction, Slot
from ltrr_cli.understand import prices
from ltrr_cli.understand.everyday import chance as everyday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ltrr_cli.index.values_tantivy import Value, Values
    from ltrr_cli.records import Query
    from ltrr_cli.understand.spelling import Words

    Fit = tuple["Place", str, str, str, float, float]  # field, value, as shown, share, how often it is asked for

LONGEST = 8  # words of a run
READINGS = 2  # of each word
SPELLINGS = 8  # of a run
NAMING = 2  # words of a run that names a part of a value
FEW = 8  # a text of more words names no parts
NAMED = 0.3  # the least that a whole title is likely to be meant: titles are made of the commonest words
PART = 0.5  # what naming a part of a value is worth beside naming all of it
SLIP = 0.02  # the chance to type a word otherwise, beside which everyday language is held
ENDED = 0.1  # the chance that a last s is an ending
SHORT = 3  # words up to this length have none
ASKED = 0.1  # how often any kind of entity is asked for
SUREST = 0.95  # no run is surer to be a value
SURELY = 1e4  # of `times`, for each word
LEAST = 0.03  # runs less likely than this are dropped
HELD = 5  # values looked at of which a run is a part
COMPANY = 0.5  # words come in company: each but the rarest counts by this power in the chance of a run
TYPE = "type"


class Run(NamedTuple):
    """Some neighbouring words of a query read as one value."""

    start: int
    end: int
    slot: Slot
    share: float  # 0..1: how likely keywords mean it
    times: float  # how many times likelier the words are as this value than as everyday language


class Place(NamedTuple):
    """One run of words, spelt in one way."""

    start: int
    end: int
    chance: float  # that it is meant to be spelt so
    slips: int  # words that are spelt otherwise than typed


class Catalog(NamedTuple):
    """What reading a query needs to know of the catalog."""

    values: Values
    vocabulary: Words
    types: Sequence[str]
    entities: int
    trust: Callable[[str], float] = lambda field: 1.0  # how much more, or less, than one thinks at first a field is meant
    priced: bool = False  # do records have a price
    together: Callable[..., int] | None = None  # words -> entities that hold all of them
    reach: Callable[[str], float] = lambda field: 1.0  # which part of the catalog is made of such as have a field


def find(query: Query, words: Sequence[str], catalog: Catalog, keywords: bool = True, sentence: bool = True) -> list[Run]:
    """Return every run of *words*, those of *query* as typed, that may be a value; each value of a run once.

    Where they can't be *keywords*, `share` is 0; where they are no *sentence*, `times` is.
    """
    odds = [everyday(word, query.language) if sentence else inf for word in words]
    found: dict[tuple[int, int, str, str], Run] = {}
    texts = _texts([_readings(query, word) for word in words], catalog.vocabulary)
    fits = chain(
        _exact(texts, catalog, keywords),
        _named(texts, catalog, len(words) <= FEW),
        _priced(query, words) if catalog.priced else (),
    )
    for place, field, value, shown, share, asked in fits:
        start, end, chance, slips = place
        trust = catalog.trust(field)
        share = min(SUREST, trust * chance * share)
        times = min(SURELY ** (end - start), trust * SLIP**slips * chance * asked / _company(odds[start:end]))
        before = found.get((start, end, field, value))
        if before is not None:
            share, times = max(share, before.share), max(times, before.times)
        found[start, end, field, value] = Run(start, end, Slot(" ".join(words[start:end]), field, value, shown), share, times)
    return [run for run in found.values() if run.share >= LEAST or run.times > 1]


def _readings(query: Query, word: str) -> list[Correction]:
    others = [c for c in query.corrections if c.typed == word]
    typed = max(0.0, 1.0 - sum(c.likelihood for c in others))
    return sorted([Correction(word, word, typed), *others], key=lambda c: -c.likelihood)[:READINGS]


def _texts(spelt: Sequence[Sequence[Correction]], vocabulary: Words) -> dict[str, list[Place]]:
    """Return each spelling of each run of words, with the runs that may be spelt so.

    No value goes on past a word that no entity has.
    """
    texts: dict[str, list[Place]] = {}
    known = {c.word: " " in c.word or vocabulary.count(c.word) > 0 for ways in spelt for c in ways}

    for start in range(len(spelt)):
        ways = [("", "", 1.0, 0, True)]  # text, what its last word was corrected to, chance, slips, is the last word known
        for end in range(start + 1, min(len(spelt), start + LONGEST) + 1):
            longer = []
            for text, last, chance, slips, _ in ways:
                for typed, word, likelihood in spelt[end - 1]:
                    slip = word != typed
                    joined = slip and word == last  # two words that are one
                    whole = text if joined else f"{text} {word}" if text else word
                    longer.append((whole, word if slip else "", chance * likelihood, slips + slip, known[word]))
            if len(longer) > SPELLINGS:
                longer = sorted(longer, key=lambda way: -way[2])[:SPELLINGS]
            for text, _, chance, slips, _ in longer:
                texts.setdefault(text, []).append(Place(start, end, chance, slips))
                if text[-1] == "s" and len(text) - text.rfind(" ") > SHORT + 1:
                    texts.setdefault(text[:-1], []).append(Place(start, end, chance * ENDED, slips))
            ways = [way for way in longer if way[-1]]
            if not ways:
                break
    return texts


def _company(chances: Sequence[float]) -> float:
    """Return how likely some neighbouring words are in everyday language, from the chance of each.

    >>> round(_company([1e-4]), 9), round(_company([1e-4, 1e-2]), 9)
    (0.0001, 1e-05)
    """
    rarest, *others = sorted(chances)
    return rarest * prod(others) ** COMPANY


def _exact(texts: Mapping[str, Sequence[Place]], catalog: Catalog, keywords: bool) -> Iterator[Fit]:
    """What runs name as a whole."""
    exact = catalog.values.exactly(list(texts))
    bearers = Counter[str]()
    for named in exact:
        bearers[named.value] += named.n
    for named in exact:
        share = _whole(named, catalog) * named.n / bearers[named.value] if keywords else 0.0
        asked = named.n / max(named.n, catalog.entities)
        for place in texts[named.value]:
            yield place, named.field, named.value, named.shown, share, asked


def _named(texts: Mapping[str, Sequence[Place]], catalog: Catalog, parts: bool) -> Iterator[Fit]:
    """What runs name in another way: a kind of entity, a decade, and, with *parts*, a value in part."""
    for text, places in texts.items():
        shortest = min(place.end - place.start for place in places)
        if shortest > NAMING:
            continue
        words = text.split()
        others = list(_parts(words, catalog.values, catalog.vocabulary)) if parts and len(words[0]) > 2 else []
        for place in places:
            if place.end - place.start == 1:
                yield from ((place, TYPE, kind, kind, SUREST, ASKED) for kind in catalog.types if _same_kind(text, kind))
                ten = decade(text)
                n = catalog.values.count(DECADE, ten) if ten else 0
                if n:
                    yield place, DECADE, ten, f"{ten}s", SUREST, n / max(n, catalog.entities)
            if place.end - place.start <= NAMING:  # in a sentence part of a name is not enough
                yield from ((place, v.field, v.value, v.shown, share, 0.0) for v, share in others)


def _priced(query: Query, words: Sequence[str]) -> Iterator[Fit]:
    """What runs say of a price."""
    for start, end, value, likelihood in prices.find(words, any(sign in query.text for sign in "$€£¥")):
        yield Place(start, end, 1.0, 0), prices.PRICE, value, prices.shown(value), likelihood, ASKED


def _whole(value: Value, catalog: Catalog) -> float:
    """How likely words that are all of *value* mean it: the share of their use that it is, among such as have its field.

    Where they are used otherwise, they are a part of something, which counts for less: "blues" is a genre first, even if
    there are as many songs with the blues in their titles. That several words agree is no chance: as many entities as would
    hold all of them if each word stood by itself are no use of them, whatever is sad and has songs is not about sad songs.
    """
    words = list(dict.fromkeys(value.value.split()))
    found = float(min(map(catalog.vocabulary.count, words)))
    if found > value.n and len(words) > 1 and catalog.together is not None:
        found = catalog.together(*words) - _by_chance(words, catalog)
    share = value.n / (value.n + PART * max(0.0, found - value.n) * catalog.reach(value.field))
    return max(share, NAMED) if value.field == TITLE else share


def _by_chance(words: Sequence[str], catalog: Catalog) -> float:
    """How many entities may hold all of some words by chance alone: what is expected, and its standard deviation more."""
    expected = catalog.entities * prod(catalog.vocabulary.count(word) / max(1, catalog.entities) for word in words)
    return expected + sqrt(expected)


def _parts(words: Sequence[str], values: Values, vocabulary: Words) -> Iterable[tuple[Value, float]]:
    """Values that *words* name in part, with how likely they are meant: as dominant in their field as they are."""
    use = min(vocabulary.count(word) for word in words)
    held = [v for v in values.holding(words) if v.field != TITLE and v.value != " ".join(words)] if use else []
    by_field: dict[str, int] = {}
    for value in held:
        by_field[value.field] = by_field.get(value.field, 0) + value.n
    for value in held[:HELD]:
        dominance = value.n / by_field[value.field]
        yield value, PART * dominance * min(1.0, value.n / use)


def _same_kind(word: str, kind: str) -> bool:
    """True if *word* is the name of a kind of entity, in the singular or a plural."""
    kind = kind.lower()
    return word in (kind, kind + "s", kind + "es", kind + "n", kind + "en") or (kind.endswith("y") and word == kind[:-1] + "ies")
