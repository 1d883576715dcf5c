"""Queries made from the catalog's own entities, of five classes, with what is relevant to each.

They share words with the catalog, which flatters the lexical arms: what they say about a policy is a first guess.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.catalog.fields import Fields
from ltrr_cli.catalog.make import Maker
from ltrr_cli.catalog.mapping import Mapping
from ltrr_cli.errors import SimulationError
from ltrr_cli.index.facts import CREATOR, TITLE, facts, whole
from ltrr_cli.simulate.needs import Need
from ltrr_cli.simulate.slips import slip
from ltrr_cli.understand.normalise import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ltrr_cli.index.facts import Fact
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.records import Entity

LOOKED_AT = 4000  # entities that queries are made from, drawn from all
SPARE = 3  # times as many queries are made as are needed: some turn out to want too much
MOST = 100  # relevant entities of a query
BROAD = 0.2  # of the catalog: a value that more entities have tells nothing
TOPIC = 5  # entities that a topic has at least
BLOCK = 2000  # records made into entities at once


class Draft(NamedTuple):
    """A query whose relevant entities are not known yet: those that have all of its terms."""

    text: str
    terms: frozenset[str]


class Known(NamedTuple):
    """What a query may be made of."""

    entity: Entity
    facts: list[Fact]  # values shared with others, but not with too many
    themes: list[Fact]  # of these, the ones that are nobody's name
    telling: list[str]  # words of its text that others have too, but not many, and its title has not
    openings: tuple[str, ...]
    closings: tuple[str, ...]


def exact(known: Known, rng: Random) -> Draft | None:
    """The title as it is written, every other time with who made it."""
    title = known.entity.title
    terms = {f"title={whole(title)}"}
    if known.entity.creator and rng.random() < 0.5:
        title += f" {known.entity.creator[0]}"
        terms.add(f"{CREATOR}={whole(known.entity.creator[0])}")
    return Draft(title.lower(), frozenset(terms)) if 0 < len(words(title)) <= 12 else None


def misspelt(known: Known, rng: Random) -> Draft | None:
    """The same with slips."""
    draft = exact(known, rng)
    text = slip(draft.text, rng) if draft else ""
    return draft._replace(text=text) if draft and text != draft.text else None


def attribute(known: Known, rng: Random) -> Draft | None:
    """Two values that entities have in common, such as a genre and who made it."""
    if len({fact.field for fact in known.facts}) < 2:
        return None
    one = rng.choice(known.facts)
    other = rng.choice([fact for fact in known.facts if fact.field != one.field])
    if one.value in other.value or other.value in one.value:
        return None
    return Draft(f"{one.shown} {other.shown}".lower(), frozenset({_term(one), _term(other)}))


def topic(known: Known, rng: Random) -> Draft | None:
    """Two or three words of what is said about it but not in its title; where nothing is said, a value of many entities."""
    if len(known.telling) >= 2:
        some = rng.sample(known.telling, min(len(known.telling), rng.choice((2, 3))))
        return Draft(" ".join(some), frozenset(f"word:{word}" for word in some))
    if not known.themes:
        return None
    fact = rng.choice(known.themes)
    return Draft(fact.shown.lower(), frozenset({_term(fact)}))


def long(known: Known, rng: Random) -> Draft | None:
    """A whole sentence that names a part of the title, who made it and one more value."""
    title = list(dict.fromkeys(words(known.entity.title)))
    if not title or len(title) > 12:
        return None
    part = rng.sample(title, (len(title) + 1) // 2)
    values = known.facts and [rng.choice(known.facts)]
    makers = [name for name in known.entity.creator[:1] if all(whole(name) != fact.value for fact in values)]
    named = [*makers, *(fact.shown for fact in values)]
    text = f"{rng.choice(known.openings)} {', '.join([' '.join(part), *named])}, {rng.choice(known.closings)}"
    terms = {*(f"title:{word}" for word in part), *(f"{CREATOR}={whole(maker)}" for maker in makers), *map(_term, values)}
    return Draft(text.lower(), frozenset(terms))


KINDS: dict[str, Callable[[Known, Random], Draft | None]] = {
    "exact": exact, "misspelt": misspelt, "attribute": attribute, "topic": topic, "long": long,
}  # fmt: skip
LONG = {  # language -> how a long query begins and ends
    "en": (
        ("can anybody help me to find", "i have been looking for", "hello, does anyone here know where to get"),
        ("i saw it somewhere and forgot the rest", "thanks a lot for your help", "that is all i remember about it"),
    ),
    "de": (
        ("kann mir jemand helfen, ich finde nicht", "ich suche schon lange nach", "hallo, weiß hier jemand, wo es das gibt:"),
        ("den rest habe ich leider vergessen", "vielen dank für eure hilfe", "an mehr erinnere ich mich nicht"),
    ),
    "fr": (
        ("est-ce que quelqu'un peut m'aider à trouver", "je cherche depuis longtemps", "bonjour, qui connaît"),
        ("j'ai oublié le reste", "merci beaucoup pour votre aide", "c'est tout ce dont je me souviens"),
    ),
    "es": (
        ("alguien me puede ayudar a encontrar", "estoy buscando desde hace tiempo", "hola, quién sabe dónde hay"),
        ("he olvidado lo demás", "muchas gracias por la ayuda", "es todo lo que recuerdo"),
    ),
}


def invented(generation: Generation, count: int, seed: int, types: Collection[str] = ()) -> list[Need]:
    """Return about *count* queries made from the index's entities (of *types*, if any), as many of each class as there can be.

    What is relevant to a query are all entities that have everything it names, or are it. Each is made from an entity of its
    own. A class that the catalog has nothing for is left out; SimulationError if none is left. The same arguments give the
    same queries.
    """
    rng = Random(f"queries {seed}")
    columns = generation.columns
    allowed = columns.allowed(tuple(types))
    rows = [row for row in range(generation.rows) if allowed(row)]
    each = max(1, count // len(KINDS))
    drafts: dict[str, dict[str, Draft]] = {kind: {} for kind in KINDS}
    for known in _known(generation, sorted(rng.sample(rows, min(len(rows), max(LOOKED_AT, SPARE * count)))), rng):
        for kind in sorted(KINDS, key=lambda kind: len(drafts[kind])):
            if len(drafts[kind]) < SPARE * each and (draft := KINDS[kind](known, rng)) and draft.text not in drafts[kind]:
                drafts[kind][draft.text] = draft
                break
    found = holders(entities(generation, rows), {draft.terms for of_kind in drafts.values() for draft in of_kind.values()})
    needs: dict[str, Need] = {}
    for kind, of_kind in drafts.items():
        least = TOPIC if kind == "topic" else 1
        fitting = [draft for draft in of_kind.values() if least <= len(found[draft.terms]) <= MOST and draft.text not in needs]
        for i, draft in enumerate(fitting[:each]):
            relevant = dict.fromkeys(found[draft.terms], 1.0)
            needs[draft.text] = Need(f"{kind}-{i + 1}", draft.text, relevant, kind, tuple(sorted(draft.terms)))
    if not needs:
        raise SimulationError("no queries can be made from this catalog", hint="give some: --queries FILE --qrels FILE")
    return list(needs.values())


def entities(generation: Generation, rows: Iterable[int]) -> Iterator[Entity]:
    """Yield the entities of *rows* again, made from their records as when they were indexed."""
    fields = Fields(Mapping.from_dict(generation.meta["mapping"]))
    maker, stream = Maker(fields.root), iter(rows)
    while heads := [generation.columns.head(row) for row in islice(stream, BLOCK)]:
        fields.learn([record for *_, record in heads], set())
        for entity_id, kind, title, record in heads:
            yield maker.make(record, kind)._replace(id=entity_id, type=kind, title=title)


def _known(generation: Generation, rows: list[int], rng: Random) -> Iterator[Known]:
    """Yield what queries can be made of, in an order that has nothing to do with the catalog's."""
    live: int = generation.meta["live"]
    language = next((name for name in generation.meta["languages"] if name in LONG), "en")
    counts: dict[str, int] = {}

    def shared(term: str, count: Callable[[], int]) -> bool:
        if term not in counts:
            counts[term] = count()
        return 2 <= counts[term] <= max(MOST, BROAD * live)

    order = list(entities(generation, rows))
    rng.shuffle(order)
    for entity in order:
        own = [f for f in facts(entity) if shared(_term(f), lambda f=f: generation.values.count(f.field, f.value))]  # type: ignore[misc]
        names = {whole(entity.title), *map(whole, entity.creator)}
        themes = [f for f in own if f.field != CREATOR and f.value not in names and not generation.values.count(TITLE, f.value)]
        title = set(words(entity.title))
        said = [word for word in dict.fromkeys(words(entity.text)) if len(word) > 3 and word not in title]
        telling = [w for w in said[:40] if shared(f"word:{w}", lambda w=w: generation.vocabulary.count(w))]  # type: ignore[misc]
        yield Known(entity, own, themes, telling, *LONG[language])


def holders(stream: Iterable[Entity], wanted: set[frozenset[str]]) -> dict[frozenset[str], list[str]]:
    """Return, for each set of terms, the ids of the entities that have all of them.

    Whoever types a value does not say of which field: an entity has `genre=rock` if any of its fields says rock, or its title.
    """
    found: dict[frozenset[str], list[str]] = {terms: [] for terms in wanted}
    known = {term for terms in wanted for term in terms}
    by_word = any(term.startswith("word:") for term in known)
    by_first: dict[str, list[frozenset[str]]] = defaultdict(list)
    named: dict[str, set[str]] = defaultdict(set)  # value -> terms
    for terms in wanted:
        by_first[min(terms)].append(terms)
        for term in terms:
            if "=" in term:
                named[term.partition("=")[2]].add(term)
    for entity in stream:
        name = whole(entity.title)
        has = {f"title={name}", *(f"title:{word}" for word in words(entity.title))}
        has.update(*(named.get(value, ()) for value in (name, *(fact.value for fact in facts(entity)))))
        if by_word:
            has |= {f"word:{word}" for word in words(f"{entity.title} {entity.text}")}
        has &= known
        for term in has & by_first.keys():
            for terms in by_first[term]:
                if terms <= has:
                    found[terms].append(entity.id)
    return found


def _term(fact: Fact) -> str:
    return f"{fact.field}={fact.value}"
