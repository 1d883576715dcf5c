"""What a query may be asking for: its words as values of the catalog's own fields, in several readings with likelihoods.

Every run of words is looked up among the values: exactly ("taylor swift" is a creator), in part ("taylor"), and as other
readings of its words ("tayler"). How likely a run is meant as a value is told by the catalog: by how much of the use of
these words is that value, by how much of it the query names, by how many words agree, and by how many entities have it.
Runs that don't overlap make up an interpretation; what no interpretation explains is left to "none of these".
"""

from __future__ import annotations

from collections import Counter
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.index.facts import CREATOR, DECADE, TITLE, decade
from ltrr_cli.records import Interpretation, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ltrr_cli.index.values_tantivy import Value, Values
    from ltrr_cli.records import Query
    from ltrr_cli.understand.spelling import Words

LONGEST = 6  # words of a run
READINGS = 2  # of each word
SPELLINGS = 8  # of a run
PART = 0.5  # what naming a part of a value is worth beside naming all of it
SUREST = 0.95  # no run is surer to be a value
LEAST = 0.03  # runs and interpretations less likely are dropped
BEAM = 24
MOST = 5  # interpretations
TYPE = "type"


class Run(NamedTuple):
    """Some neighbouring words of a query read as one value."""

    start: int
    end: int
    slot: Slot
    likelihood: float


def interpret(query: Query, values: Values, vocabulary: Words, types: Sequence[str]) -> tuple[Interpretation, ...]:
    """Return at most MOST interpretations of *query*, likeliest first; their likelihoods sum to at most 1."""
    runs = _runs(query, values, vocabulary, types)
    if not runs:
        return ()
    words = query.words
    unread = [1.0] * len(words)  # the chance that no run explains a word
    for run in runs:
        for i in range(run.start, run.end):
            unread[i] = min(unread[i], 1 - run.likelihood)
    partial: list[tuple[float, int, tuple[Run, ...]]] = [(1.0, 0, ())]
    done: list[tuple[float, tuple[Run, ...]]] = []
    while partial:
        longer = []
        for weight, at, chosen in partial:
            if at == len(words):
                done.append((weight, chosen))
                continue
            longer.append((weight * unread[at], at + 1, chosen))
            longer += [(weight * run.likelihood, run.end, (*chosen, run)) for run in runs if run.start == at]
        partial = sorted(longer, key=lambda p: -p[0])[:BEAM]
    total = sum(weight for weight, _ in done)
    ranked = sorted(((weight / total, chosen) for weight, chosen in done if chosen), key=lambda d: -d[0])
    return tuple(
        Interpretation(round(likelihood, 4), tuple(run.slot for run in chosen), _rest(words, chosen))
        for likelihood, chosen in ranked[:MOST]
        if likelihood >= LEAST
    )


def intent(query: Query) -> tuple[tuple[str, float], ...]:
    """Return how likely the query wants one known item, a topic, or to browse a kind of thing; the three sum to 1."""
    known = topic = browse = 0.0
    for i in query.interpretations:
        fields = {slot.field for slot in i.slots}
        if TITLE in fields or (i.rest and CREATOR in fields):
            known += i.likelihood
        elif fields == {TYPE} and not i.rest:
            browse += i.likelihood
        else:
            topic += i.likelihood
    none = 1 - known - topic - browse
    return (("known_item", round(known + none / 2, 4)), ("topic", round(topic + none / 2, 4)), ("browse", round(browse, 4)))


def _runs(query: Query, values: Values, vocabulary: Words, types: Sequence[str]) -> list[Run]:
    """Every run of words that may be a value, each value of a run once."""
    spelt = [_readings(query, word) for word in query.words]
    texts = _texts(spelt)
    found: dict[tuple[int, int, str, str], Run] = {}

    def keep(start: int, end: int, field: str, value: str, shown: str, likelihood: float) -> None:
        run = Run(start, end, Slot(" ".join(query.words[start:end]), field, value, shown), min(SUREST, likelihood))
        key = (start, end, field, value)
        if likelihood >= LEAST and (key not in found or found[key].likelihood < run.likelihood):
            found[key] = run

    exact = values.exactly(list(texts))
    bearers = Counter[str]()
    for named in exact:
        bearers[named.value] += named.n
    for named in exact:
        likelihood = _whole(named, vocabulary) * named.n / bearers[named.value]
        for start, end, chance in texts[named.value]:
            keep(start, end, named.field, named.value, named.shown, chance * likelihood)
    for text, places in texts.items():
        for start, end, chance in places:
            for field, value, shown, likelihood in _named(text.split(), end - start, values, vocabulary, types):
                keep(start, end, field, value, shown, chance * likelihood)
    return list(found.values())


def _texts(spelt: Sequence[Sequence[tuple[str, float]]]) -> dict[str, list[tuple[int, int, float]]]:
    """Return each spelling of each run of words, with where the run is and how likely it is spelt so."""
    texts: dict[str, list[tuple[int, int, float]]] = {}
    for start in range(len(spelt)):
        for end in range(start + 1, min(len(spelt), start + LONGEST) + 1):
            for way in islice(product(*spelt[start:end]), SPELLINGS):
                text = " ".join(dict.fromkeys(word for word, _ in way))
                texts.setdefault(text, []).append((start, end, prod(likelihood for _, likelihood in way)))
    return texts


def _named(
    words: Sequence[str], length: int, values: Values, vocabulary: Words, types: Sequence[str]
) -> Iterator[tuple[str, str, str, float]]:
    """What *words*, the spelling of a run of *length* words, name other than a whole value: (field, value, shown, likelihood)."""
    if length == 1:
        yield from ((TYPE, kind, kind, SUREST) for kind in types if _same_kind(words[0], kind))
        ten = decade(words[0])
        if ten and values.count(DECADE, ten):
            yield DECADE, ten, f"{ten}s", SUREST
    if length <= 2 and len(words[0]) > 2:
        yield from (
            (value.field, value.value, value.shown, likelihood) for value, likelihood in _parts(words, values, vocabulary)
        )


def _readings(query: Query, word: str) -> list[tuple[str, float]]:
    others = [(c.word, c.likelihood) for c in query.corrections if c.typed == word]
    typed = max(0.0, 1.0 - sum(likelihood for _, likelihood in others))
    return sorted([(word, typed), *others], key=lambda r: -r[1])[:READINGS]


def _whole(value: Value, vocabulary: Words) -> float:
    """How likely words that are all of *value* mean it: the share of their use that it is, or that so many words agree."""
    words = value.value.split()
    use = min(vocabulary.count(word) for word in words)
    agree = 1 - 0.5 ** len(words) if len(words) > 1 or value.field != TITLE else 0.3
    return max(min(1.0, value.n / use) if use else 0.0, agree)


def _parts(words: Sequence[str], values: Values, vocabulary: Words) -> Iterable[tuple[Value, float]]:
    """Values that *words* name in part, with how likely they are meant: as dominant in their field as they are."""
    use = min(vocabulary.count(word) for word in words)
    held = [v for v in values.holding(words) if v.field != TITLE and v.value != " ".join(words)] if use else []
    by_field: dict[str, int] = {}
    for value in held:
        by_field[value.field] = by_field.get(value.field, 0) + value.n
    for value in held[:MOST]:
        dominance = value.n / by_field[value.field]
        yield value, PART * dominance * min(1.0, value.n / use)


def _rest(words: Sequence[str], chosen: Iterable[Run]) -> tuple[str, ...]:
    taken = {i for run in chosen for i in range(run.start, run.end)}
    return tuple(word for i, word in enumerate(words) if i not in taken)


def _same_kind(word: str, kind: str) -> bool:
    """True if *word* is the name of a kind of entity, in the singular or a plural."""
    kind = kind.lower()
    return word in (kind, kind + "s", kind + "es", kind + "n", kind + "en") or (kind.endswith("y") and word == kind[:-1] + "ies")
