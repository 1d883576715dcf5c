"""Every value of every field with how many entities have it, in a small Tantivy index: what the words of a query may name.

Titles are values too. A look-up costs about as much for a million distinct values as for a thousand.
"""

from __future__ import annotations

from functools import lru_cache

import tantivy
from tantivy import Occur, Query, Tokenizer

from ltrr_cli.index.facts import CREATOR, TITLE
from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.understand.normalise import fold, paired
from ltrr_cli.understand.spelling import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


KEPT = 4096  # look-ups of each kind that are remembered: many queries name the same few things
MANY = 5000  # values: a word that so many hold points to none of them


class Value(NamedTuple):
    """One value of one field."""

    field: str
    value: str  # normalised words
    shown: str  # as the catalog writes it
    n: int  # entities that have it


def write(folder: str, changes: Mapping[tuple[str, str], tuple[str, int]], *, new: bool) -> None:
    """Write values, (field, value) -> (shown, n); one that was there before is replaced, n = 0 removes it."""
    if new:
        b = tantivy.SchemaBuilder()
        b.add_text_field("key", tokenizer_name="raw", index_option="basic")
        b.add_text_field("field", stored=True, tokenizer_name="raw", index_option="basic")
        b.add_text_field("whole", stored=True, tokenizer_name="raw", index_option="basic")
        b.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
        b.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
        b.add_unsigned_field("n", fast=True)
        b.add_unsigned_field("length", fast=True)
        index = tantivy.Index(b.build(), path=folder)
    else:
        index = tantivy.Index.open(folder)
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    writer = index.writer(64 << 20, 1)
    for (field, value), (shown, n) in changes.items():
        if not new:
            writer.delete_documents_by_term("key", f"{field}={value}")
        if n > 0:
            d = tantivy.Document()
            d.add_text("key", f"{field}={value}")
            d.add_text("field", field)
            d.add_text("whole", value)
            if field != TITLE:  # titles are known whole; of parts there are the other arms
                d.add_text("words", value)
            d.add_text("shown", shown)
            d.add_unsigned("n", n)
            d.add_unsigned("length", value.count(" ") + 1)
            writer.add_document(d)
    writer.commit()
    writer.wait_merging_threads()


class Values:
    """Reads one folder of values."""

    def __init__(self, folder: str) -> None:
        index = tantivy.Index.open(folder)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._whole = lru_cache(KEPT)(self._found_whole)
        self._holding = lru_cache(KEPT)(self._found_holding)

    def __len__(self) -> int:
        return self._searcher.num_docs

    def exactly(self, wholes: Sequence[str], limit: int = 200) -> list[Value]:
        """Return the values that are one of *wholes* (normalised), the commonest first."""
        found = [one for whole in wholes for one in self._whole(whole, limit)]
        return [value for _, _, value in sorted(found)[:limit]]

    def speaks(self, word: str) -> bool:
        """Tell whether some value, titles excepted, holds *word*."""
        return bool(self._searcher.doc_freq("words", word))

    def holding(self, words: Sequence[str], limit: int = 20) -> list[Value]:
        """Return the values, titles excepted, that hold all of *words*, the commonest first; [] for words that MANY hold."""
        return self._holding(tuple(words), limit)

    def _found_holding(self, words: tuple[str, ...], limit: int) -> list[Value]:
        if not words or not 0 < min(self._searcher.doc_freq("words", word) for word in words) < MANY:
            return []
        terms = [(Occur.Must, Query.term_query(self._schema, "words", word)) for word in words]
        return self._values(Query.boolean_query(terms), limit)

    def names(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return titles and makers' names that begin with *prefix* (normalised) and how many entities bear them, commonest first.

        Names in scripts without spaces are as the catalog writes them, others are normalised.
        """
        if len(prefix) > LONGEST:  # its automaton would take seconds to build
            return []
        beginning = Query.fuzzy_term_query(self._schema, "whole", prefix, distance=0, prefix=True)
        of_names = Query.term_set_query(self._schema, "field", [TITLE, CREATOR])
        counted: dict[str, int] = {}
        for _, value, shown, n in self._values(Query.boolean_query([(Occur.Must, beginning), (Occur.Must, of_names)]), limit):
            name = fold(shown).strip() if paired(value) else value
            counted[name] = counted.get(name, 0) + n
        return list(counted.items())

    def count(self, field: str, value: str) -> int:
        """Return how many entities have this value; 0 for an unknown one."""
        found = self._values(Query.term_query(self._schema, "key", f"{field}={value}"), 1)
        return found[0].n if found else 0

    def shown(self, field: str, value: str) -> str:
        """Return a value as the catalog writes it; as it is asked for if it is unknown."""
        found = self._values(Query.term_query(self._schema, "key", f"{field}={value}"), 1)
        return found[0].shown if found else value

    def _found_whole(self, whole: str, limit: int) -> list[tuple[int, tuple[int, int], Value]]:
        """Return the values that are *whole* so that they can be sorted among others: less common ones, and later ones, last."""
        if not self._searcher.doc_freq("whole", whole):  # much faster than a search that finds nothing
            return []
        return [
            (-value.n, (address.segment_ord, address.doc), value)
            for address, value in self._hits(Query.term_query(self._schema, "whole", whole), limit)
        ]

    def _values(self, query: Query, limit: int) -> list[Value]:
        return [value for _, value in self._hits(query, limit)]

    def _hits(self, query: Query, limit: int) -> list[tuple[tantivy.DocAddress, Value]]:
        hits = self._searcher.search(query, limit, count=False, order_by_field="n").hits
        found = []
        for n, address in hits:
            d = self._searcher.doc(address)
            found.append((address, Value(d["field"][0], d["whole"][0], d["shown"][0], int(n))))
        return found
