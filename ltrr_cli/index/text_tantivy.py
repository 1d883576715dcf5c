"""Full text in Tantivy: exact and stemmed forms of each field, BM25, the best field of each word, share of words.

Texts are split by `understand.normalise` before Tantivy sees them, so that the index, the vocabulary and the queries agree.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import tantivy
from tantivy import Filter, Occur, Query, Tokenizer

from ltrr_cli.index.facts import CREATOR, SHARES, TAG, TAGGED, TITLE, term
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.understand.everyday import telling
from ltrr_cli.understand.prices import LOW, PRICE, filter_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ltrr_cli.index.filter_tantivy import Filters

    Clauses = Sequence[Sequence[tuple[str, float]]]
    Scored = list[tuple[int, float]]

FIELDS: dict[str, float] = {"title": 1.2, "creator": 1.5, "attributes": 1.0, "details": 0.5, "text": 0.5}  # boosts
STEM = 0.4  # what a stemmed match counts beside the exact one
TIE = 0.15  # of the other fields' scores, added to the best field's
SHARE = 60.0  # for all words matched; for some by what they tell, see `everyday.telling`
LOOSE = 0.3  # of a wanted value that only the text has
KEPT = 1024  # words whose queries are remembered
EXACT = 8.0  # the query is the whole title, or a creator's whole name
STEMMERS = {
    "ar": "arabic", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hu": "hungarian", "it": "italian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "es": "spanish", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def stemmer_of(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.whitespace())
    return builder.filter(Filter.stemmer(STEMMERS[language])).build()


def _likeliest(clauses: Clauses) -> list[str]:
    return [max(clause, key=lambda reading: reading[1])[0] for clause in clauses]


def _some(queries: Iterable[Query]) -> Query:
    """What any of *queries* finds, by the sum of their scores."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


class Text:
    """Reads one Tantivy folder."""

    def __init__(self, folder: str, languages: Sequence[str], meta: Mapping[str, Any] = {}) -> None:
        self._index, self._meta = tantivy.Index.open(folder), meta
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._stemmers = {language: stemmer_of(language) for language in languages}
        self._spelling = lru_cache(KEPT)(self._found_spelling)  # the words of most queries are the same few
        self._held = lru_cache(KEPT)(self._found_held)

    @cached_property
    def filters(self) -> Filters:
        """Makes queries of filters."""
        from ltrr_cli.index.filter_tantivy import Filters

        return Filters(self._index, self._searcher, self._meta)

    def search(
        self,
        clauses: Clauses,
        k: int,
        types: Sequence[str] = (),
        language: str = "",
        where: str = "",
        facts: Sequence[str] = (),
    ) -> Scored:
        """See `base.TextIndex`. Scores are BM25 of the best field (others a little), plus SHARE times the share that
        the words it has have in what the query tells.

        *facts*: only of rows that have one of these terms, if there are any; see `facts.term`.
        """
        if not clauses or k < 1:
            return []
        meant = _likeliest(clauses)
        shares = zip(clauses, telling(meant, language), strict=True)
        parts = [part for clause, share in shares for part in self._clause(clause, SHARE * share)]
        whole = Query.term_query(self._schema, "whole", " ".join(meant))
        parts.append((Occur.Should, Query.const_score_query(whole, EXACT)))
        query = Query.boolean_query(parts)
        if facts:
            having = Query.const_score_query(Query.term_set_query(self._schema, "fact", list(facts)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, having)])
        return self._hits(query, k, types, where)

    def structured(
        self, slots: Sequence[tuple[str, str]], rest: Clauses, k: int, types: Sequence[str] = (), where: str = ""
    ) -> Scored:
        """Return at most *k* (row, score) pairs: entities with the wanted values (field, value) and the words of *rest*.

        Each slot counts as much as matching a word; by weight where values are weighted; LOOSE if only the words are there.
        """
        n = len(slots) + len(rest)
        found = [self._wanted(field, value) for field, value in slots if field != PRICE]
        found += [self._priced(value, found) for field, value in slots if field == PRICE]
        parts = [(Occur.Should, Query.boost_query(one, SHARE / n)) for one in found]
        for clause in rest:
            parts += self._clause(clause, SHARE / n)
        return self._hits(Query.boolean_query(parts), k, types, where) if parts and k > 0 else []

    def widened(self, clauses: Clauses, k: int, types: Sequence[str] = (), language: str = "", where: str = "") -> Scored:
        """Return at most *k* (row, score) pairs, as `search` does but by the weighted sum of each clause's words.

        An entity with several words of a clause scores higher than one with the best of them, and the share of words that
        it is given for a clause is the weight of the best word it has.
        """
        parts = []
        for clause, share in zip(clauses, telling(_likeliest(clauses), language), strict=True):
            parts += [(Occur.Should, self._spelling(word, weight)) for word, weight in clause]
            held = [Query.const_score_query(self._held(word), weight * SHARE * share) for word, weight in clause]
            parts.append((Occur.Should, Query.disjunction_max_query(held)))
        return self._hits(Query.boolean_query(parts), k, types, where) if parts and k > 0 else []

    def matching(self, clauses: Clauses, k: int, types: Sequence[str] = (), where: str = "") -> list[int]:
        """Return at most *k* rows that hold some reading of every clause, in no order."""
        parts = [(Occur.Must, _some(self._held(word) for word, _ in clause)) for clause in clauses]
        found = Query.const_score_query(Query.boolean_query(parts) if parts else Query.all_query(), 1.0)
        return [row for row, _ in self._hits(found, k, types, where)]

    def _clause(self, clause: Sequence[tuple[str, float]], share: float) -> list[tuple[Occur, Query]]:
        """One word of a query: BM25 of its best spelling, and *share* for matching it at all."""
        found = [self._spelling(word, weight) for word, weight in clause]
        one = found[0] if len(found) == 1 else Query.disjunction_max_query(found)
        held = self._held(clause[0][0]) if len(clause) == 1 else _some(self._held(word) for word, _ in clause)
        best = max(weight for _, weight in clause)
        return [(Occur.Should, one), (Occur.Should, Query.const_score_query(held, share * best))]

    def _hits(self, query: Query, k: int, types: Sequence[str], where: str) -> Scored:
        wanted = [Query.term_set_query(self._schema, "type", list(types))] if types else []
        wanted += [self.filters.query(where)] if where else []
        if wanted:
            query = Query.boolean_query([(Occur.Must, query), *((Occur.Must, Query.const_score_query(q, 0.0)) for q in wanted)])
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
            terms = [("fact", term(field, value, third), share) for third, share in (*SHARES, (TAGGED, TAG))]
        ways = [Query.const_score_query(Query.term_query(self._schema, name, one), share) for name, one, share in terms]
        words = [self._held(word) for word in value.split()[:8]]
        if words:
            ways.append(Query.const_score_query(Query.boolean_query([(Occur.Must, word) for word in words]), LOOSE))
        return Query.disjunction_max_query(ways)

    def _priced(self, value: str, others: Sequence[Query]) -> Query:
        """A query that scores 1 for a price within bounds, or one that is low or high among what is wanted otherwise."""
        among = Query.boolean_query([(Occur.Must, one) for one in others]) if others else Query.all_query()
        where = (
            filter_of(value) or self.filters.quarter(value == LOW, among) or self.filters.quarter(value == LOW, Query.all_query())
        )
        return Query.const_score_query(self.filters.query(where), 1.0) if where else Query.empty_query()

    def _found_spelling(self, word: str, weight: float) -> Query:
        """One spelling in every field that has it: the best field counts, the others a little."""
        stems = self._stems(word)
        fields = []
        for field, boost in FIELDS.items():
            forms = [(field, word, weight * boost)]
            forms += [(f"{field}_{language}", stem, weight * boost * STEM) for language, stem in stems.items()]
            if held := [self._term(*form) for form in forms if self._searcher.doc_freq(*form[:2])]:
                fields.append(_some(held))
        return Query.disjunction_max_query(fields, TIE)

    def _found_held(self, word: str) -> Query:
        """What has a spelling in any field, whatever its score: where there are stems, its stem is wherever the word is."""
        stems = self._stems(word) or {"": word}
        names = [(field + (language and f"_{language}"), stem) for field in FIELDS for language, stem in stems.items()]
        return _some(Query.term_query(self._schema, *name) for name in names if self._searcher.doc_freq(*name))

    def _stems(self, word: str) -> dict[str, str]:
        return {language: (stemmer.analyze(word) or [word])[0] for language, stemmer in self._stemmers.items()}

    def _term(self, field: str, word: str, boost: float) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, word), boost)

    def row_of(self, entity_id: str) -> int | None:
        """See `base.TextIndex`."""
        return self._row("id", entity_id)

    def row_named(self, name: str) -> int | None:
        """Return a row whose whole title, or a creator's whole name, is *name* (normalised words), if there is one."""
        return self._row("whole", name)

    def _row(self, field: str, value: str) -> int | None:
        return next(iter(self._rows_with(field, value, 1)), None)

    def _rows_with(self, field: str, value: str, k: int) -> list[int]:
        if not self._searcher.doc_freq(field, value):  # much faster than a search that finds nothing
            return []
        return self._rows(Query.term_query(self._schema, field, value), k)

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
        return self._rows_with("link", entity_id, k)

    def having(self, facts: Sequence[str], k: int) -> list[int]:
        """Return at most *k* rows that have all of *facts* (see `facts.term`)."""
        if not facts or not all(self._searcher.doc_freq("fact", one) for one in facts):
            return []
        return self._rows(Query.boolean_query([(Occur.Must, Query.term_query(self._schema, "fact", one)) for one in facts]), k)

    def has_all(self, values: Sequence[tuple[str, str]]) -> bool:
        """Return True if some entity has all of these (field, value) pairs, whatever their weights."""
        thirds = [third for third, _ in SHARES] + [TAGGED]
        terms = [self._facts(term(*one, third) for third in thirds) for one in values]
        return bool(self._rows(Query.boolean_query([(Occur.Must, one) for one in terms]), 1))

    def named(self, name: str, k: int) -> list[int]:
        """Return at most *k* rows called, or made by somebody called, *name* (normalised words)."""
        return self._rows_with("whole", name, k)

    def _whole(self, name: str) -> Query:
        return Query.term_query(self._schema, "whole", name)

    def called(self, name: str, k: int) -> list[int]:
        """Return at most *k* rows called *name* (normalised words), without those made by somebody called so."""
        if not self._searcher.doc_freq("whole", name):
            return []
        made = Query.term_query(self._schema, "fact", term(CREATOR, name))
        return self._rows(Query.boolean_query([(Occur.Must, self._whole(name)), (Occur.MustNot, made)]), k)

    def count_word(self, word: str) -> int:
        """Return how many entities hold *word*, in whatever fields."""
        return self._count(_some(Query.term_query(self._schema, field, word) for field in FIELDS))

    def count_value(self, field: str, value: str) -> int:
        """Return how many entities have this value by their records; one that was only met in a text does not count."""
        terms = [term(field, value, third) for third, _ in SHARES] if field != TITLE else [term(field, value[:1000])]
        return self._count(self._facts(terms))

    def _facts(self, terms: Iterable[str]) -> Query:
        """What has one of a few facts; a set of terms would be looked for in the whole dictionary."""
        return _some(Query.term_query(self._schema, "fact", one) for one in terms)

    def _count(self, query: Query) -> int:
        result: Any = self._searcher.search(Query.const_score_query(query, 1.0), 1, count=True)  # nothing to weigh
        return int(result.count)

    def together(self, *words: str) -> int:
        """Return how many entities hold all of *words*, in whatever fields."""
        held = (Query.boolean_query([(Occur.Should, self._term(field, word, 1.0)) for field in FIELDS]) for word in words)
        return self._count(Query.boolean_query([(Occur.Must, one) for one in held]))
