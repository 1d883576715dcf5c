"""Full text in Tantivy: exact and stemmed forms of each field, BM25, the best field of each word, share of words.

Texts are split by `understand.normalise` before Tantivy sees them, so that the index, the vocabulary and the queries agree.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Filter, Occur, Query, Tokenizer

from ltrr_cli.index.facts import SHARES, TITLE, term, years
from ltrr_cli.understand.language import detect
from ltrr_cli.understand.normalise import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ltrr_cli.index.facts import Fact
    from ltrr_cli.records import Entity

FIELDS: dict[str, float] = {"title": 1.2, "creator": 1.5, "attributes": 1.0, "details": 0.5, "text": 0.5}  # boosts
STEM = 0.4  # what a stemmed match counts beside the exact one
TIE = 0.15  # of the other fields' scores, added to the best field's
SHARE = 60.0  # for all words matched; in part for some
LOOSE = 0.5  # of a wanted value that only the text has
EXACT = 8.0  # the query is the whole title, or a creator's whole name
STEMMERS = {
    "ar": "arabic", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hu": "hungarian", "it": "italian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "es": "spanish", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
HEAP = 128 << 20


def schema(languages: Sequence[str]) -> tantivy.Schema:
    """Return the schema for a catalog in these languages (ISO 639-1)."""
    b = tantivy.SchemaBuilder()
    b.add_unsigned_field("row", fast=True)
    for name in ("id", "type", "whole", "fact", "link"):
        b.add_text_field(name, tokenizer_name="raw", index_option="basic")
    b.add_json_field("numbers", fast=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        b.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        for language in languages:
            b.add_text_field(f"{field}_{language}", tokenizer_name=f"stem_{language}", index_option="freq")
    return b.build()


def _stemmer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.whitespace())
    return builder.filter(Filter.stemmer(STEMMERS[language])).build()


class Writer:
    """Writes one Tantivy folder; the folder of an earlier generation may be continued."""

    def __init__(self, folder: str, languages: Sequence[str], *, new: bool, threads: int = 1) -> None:
        self.languages = tuple(languages)
        index = tantivy.Index(schema(languages), path=folder) if new else tantivy.Index.open(folder)
        index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        for language in languages:
            index.register_tokenizer(f"stem_{language}", _stemmer(language))
        self._writer = index.writer(HEAP if new else 16 << 20, threads)

    def add(self, row: int, entity: Entity, texts: dict[str, list[str]], known: Iterable[Fact] = ()) -> None:
        """Add one entity under *row*; *texts* are its fields' words, as `field_words` gives them, *known* its facts."""
        d = tantivy.Document()
        d.add_unsigned("row", row)
        d.add_text("id", entity.id)
        d.add_text("type", entity.type)
        for whole in {" ".join(words(name)) for name in (entity.title, *entity.creator)}:
            if whole:
                d.add_text("whole", whole[:1000])
        for fact in known:
            d.add_text("fact", fact.term)
        for linked in {linked for _, linked in entity.links}:
            d.add_text("link", linked)
        if numbers := numbers_of(entity):
            d.add_json("numbers", numbers)
        language = self._language(texts)
        for field, its_words in texts.items():
            if its_words:
                text = " ".join(its_words)
                d.add_text(field, text)
                if language:
                    d.add_text(f"{field}_{language}", text)
        self._writer.add_document(d)

    def _language(self, texts: dict[str, list[str]]) -> str:
        if len(self.languages) < 2:
            return self.languages[0] if self.languages else ""
        return detect(texts["title"] + texts["text"], self.languages) or self.languages[0]

    def delete(self, entity_id: str) -> None:
        self._writer.delete_documents_by_term("id", entity_id)

    def commit(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()


def numbers_of(entity: Entity) -> dict[str, float]:
    """Return the numbers of an entity that a filter may ask for, by path; dots would mean nesting to Tantivy."""
    numbers = dict(entity.numbers)
    if entity.price is not None:
        numbers["price"] = entity.price
    if entity.popularity is not None:
        numbers["popularity"] = entity.popularity
    if year := max(years(entity), default=0):
        numbers.setdefault("year", float(year))
    return {field.replace(".", "/"): float(n) for field, n in numbers.items() if isfinite(n)}


def field_words(entity: Entity) -> dict[str, list[str]]:
    """Return the words of each full-text field of an entity.

    Attributes given at the top of the record describe it; those nested deeper are details and count less.
    """
    attributes: list[str] = []
    details: list[str] = []
    for field, values in entity.attributes.items():
        where = details if "." in field else attributes
        for value in values:
            where.extend(words(value, every=True))
    attributes += map(str, sorted(years(entity)))
    return {
        "title": words(entity.title, every=True),
        "creator": [w for c in entity.creator for w in words(c, every=True)],
        "attributes": attributes,
        "details": details,
        "text": words(entity.text, every=True),
    }


class Text:
    """Reads one Tantivy folder."""

    def __init__(self, folder: str, languages: Sequence[str]) -> None:
        index = tantivy.Index.open(folder)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._stemmers = {language: _stemmer(language) for language in languages}

    def search(
        self, clauses: Sequence[Sequence[tuple[str, float]]], k: int, types: Sequence[str] = (), language: str = ""
    ) -> list[tuple[int, float]]:
        """See `base.TextIndex`. Scores are BM25 of the best field (others a little), plus SHARE times the share of words."""
        if not clauses or k < 1:
            return []
        parts = [part for clause in clauses for part in self._clause(clause, SHARE / len(clauses))]
        whole = " ".join(max(clause, key=lambda r: r[1])[0] for clause in clauses)
        parts.append((Occur.Should, Query.const_score_query(Query.term_query(self._schema, "whole", whole), EXACT)))
        return self._hits(Query.boolean_query(parts), k, types)

    def structured(
        self, slots: Sequence[tuple[str, str]], rest: Sequence[Sequence[tuple[str, float]]], k: int, types: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """Return at most *k* (row, score) pairs: entities with the wanted values (field, value) and the words of *rest*.

        Each slot counts as much as matching a word; by weight where values are weighted; LOOSE if only the words are there.
        """
        n = len(slots) + len(rest)
        parts = [(Occur.Should, Query.boost_query(self._wanted(field, value), SHARE / n)) for field, value in slots]
        for clause in rest:
            parts += self._clause(clause, SHARE / n)
        return self._hits(Query.boolean_query(parts), k, types) if parts and k > 0 else []

    def _clause(self, clause: Sequence[tuple[str, float]], share: float) -> list[tuple[Occur, Query]]:
        """One word of a query: BM25 of its best spelling, and *share* for matching it at all."""
        found = [self._spelling(word, weight) for word, weight in clause]
        one = found[0] if len(found) == 1 else Query.disjunction_max_query(found)
        best = max(weight for _, weight in clause)
        return [(Occur.Should, one), (Occur.Should, Query.const_score_query(one, share * best))]

    def _hits(self, query: Query, k: int, types: Sequence[str]) -> list[tuple[int, float]]:
        if types:
            wanted = Query.const_score_query(Query.term_set_query(self._schema, "type", list(types)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, wanted)])
        hits = self._searcher.search(query, k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row), score) for row, (score, _) in zip(rows, hits, strict=True) if row is not None]

    def _wanted(self, field: str, value: str) -> Query:
        """A query that scores 1 for an entity that has the value, less for a smaller weight or for its words alone."""
        if field == "type":
            return Query.const_score_query(Query.term_query(self._schema, "type", value), 1.0)
        if field == TITLE:
            terms = [("whole", value, 1.0)]
        else:
            terms = [("fact", term(field, value, third), share) for third, share in SHARES]
        ways = [Query.const_score_query(Query.term_query(self._schema, name, one), share) for name, one, share in terms]
        words = [self._spelling(word, 1.0) for word in value.split()[:8]]
        if words:
            ways.append(Query.const_score_query(Query.boolean_query([(Occur.Must, word) for word in words]), LOOSE))
        return Query.disjunction_max_query(ways)

    def _spelling(self, word: str, weight: float) -> Query:
        """One spelling in every field: the best field counts, the others a little."""
        stems = {language: (stemmer.analyze(word) or [word])[0] for language, stemmer in self._stemmers.items()}
        fields = []
        for field, boost in FIELDS.items():
            forms = [(Occur.Should, self._term(field, word, weight * boost))]
            forms += [
                (Occur.Should, self._term(f"{field}_{language}", stem, weight * boost * STEM)) for language, stem in stems.items()
            ]
            fields.append(Query.boolean_query(forms))
        return Query.disjunction_max_query(fields, TIE)

    def _term(self, field: str, word: str, boost: float) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, word), boost)

    def row_of(self, entity_id: str) -> int | None:
        """See `base.TextIndex`."""
        return self._row("id", entity_id)

    def row_named(self, name: str) -> int | None:
        """Return a row whose whole title, or a creator's whole name, is *name* (normalised words), if there is one."""
        return self._row("whole", name)

    def _row(self, field: str, value: str) -> int | None:
        return next(iter(self._rows(Query.term_query(self._schema, field, value), 1)), None)

    def _rows(self, query: Query, k: int) -> list[int]:
        hits = self._searcher.search(query, k, count=False).hits
        return [int(row) for row in self._searcher.fast_field_values("row", [address for _, address in hits]) if row is not None]

    def count_named(self, name: str) -> int:
        """Return how many entities are called, or made by somebody called, *name* (normalised words)."""
        return self._searcher.doc_freq("whole", name)

    def rows_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of those ids that are there."""
        return {entity_id: row for entity_id in ids if (row := self.row_of(entity_id)) is not None}

    def linking(self, entity_id: str, k: int) -> list[int]:
        """Return at most *k* rows whose records refer to *entity_id*."""
        return self._rows(Query.term_query(self._schema, "link", entity_id), k)

    def having(self, facts: Sequence[str], k: int) -> list[int]:
        """Return at most *k* rows that have all of *facts* (see `facts.term`)."""
        terms = [(Occur.Must, Query.term_query(self._schema, "fact", one)) for one in facts]
        return self._rows(Query.boolean_query(terms), k) if terms else []

    def named(self, name: str, k: int) -> list[int]:
        """Return at most *k* rows called, or made by somebody called, *name* (normalised words)."""
        return self._rows(Query.term_query(self._schema, "whole", name), k)

    def together(self, one: str, other: str) -> int:
        """Return how many entities hold both words, in whatever fields."""
        both = [(Occur.Must, Query.boolean_query([(Occur.Should, self._term(f, w, 1.0)) for f in FIELDS])) for w in (one, other)]
        result: Any = self._searcher.search(Query.boolean_query(both), 1, count=True)
        return int(result.count)

    def wholes(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return whole titles and creators' names that begin with *prefix*, with how many entities bear them."""
        return self._searcher.terms_with_prefix("whole", prefix, limit=limit)
