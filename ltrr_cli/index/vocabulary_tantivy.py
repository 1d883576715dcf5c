"""The catalog's words with how many entities hold each, in a small Tantivy index of their own: for spelling and completing.

A Levenshtein automaton over its term dictionary finds every word within two edits in about a millisecond, whatever the size.
"""

from __future__ import annotations

from functools import lru_cache

import tantivy
from tantivy import Query

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.understand.spelling import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping


KEPT = 16_384  # counts remembered: the words of most queries are the same few


def write(folder: str, changes: Mapping[str, int], *, new: bool) -> None:
    """Write the words of *changes* (word -> entities that hold it); a word that was there before is replaced, 0 removes it."""
    if new:
        b = tantivy.SchemaBuilder()
        b.add_text_field("word", stored=True, tokenizer_name="raw", index_option="basic")
        b.add_unsigned_field("n", fast=True)
        index = tantivy.Index(b.build(), path=folder)
    else:
        index = tantivy.Index.open(folder)
    writer = index.writer(32 << 20, 1)
    for word, n in changes.items():
        if len(word) > LONGEST:
            continue
        if not new:
            writer.delete_documents_by_term("word", word)
        if n > 0:
            document = tantivy.Document()
            document.add_text("word", word)
            document.add_unsigned("n", n)
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class Vocabulary:
    """Reads one vocabulary folder. It holds no word longer than LONGEST, and nothing is near to one or begins with it."""

    def __init__(self, folder: str) -> None:
        index = tantivy.Index.open(folder)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._count = lru_cache(KEPT)(self._counted)
        self._near = lru_cache(KEPT // 16)(self._found_near)  # some hundred bytes each

    def __len__(self) -> int:
        return self._searcher.num_docs

    def count(self, word: str) -> int:
        """Return how many entities hold *word*; 0 for an unknown one."""
        return self._count(word)

    def _counted(self, word: str) -> int:
        if not self._searcher.doc_freq("word", word):  # also where it was deleted, but much faster
            return 0
        one = Query.term_query(self._schema, "word", word)
        hits = self._searcher.search(one, 1, count=False, order_by_field="n").hits
        return int(hits[0][0]) if hits else 0

    def near(self, word: str, edits: int, limit: int = 40) -> list[tuple[str, int]]:
        """Return words within *edits* (0 to 2; a swap of neighbours is one) and their counts, commonest first."""
        return self._near(word, edits, limit)

    def _found_near(self, word: str, edits: int, limit: int) -> list[tuple[str, int]]:
        if len(word) > LONGEST + edits:  # its automaton would take seconds to build
            return []
        return self._words(Query.fuzzy_term_query(self._schema, "word", word, distance=edits), limit)

    def beginning(self, prefix: str, limit: int = 20) -> list[tuple[str, int]]:
        """Return words that begin with *prefix* and their counts, commonest first."""
        if len(prefix) > LONGEST:
            return []
        return self._words(Query.fuzzy_term_query(self._schema, "word", prefix, distance=0, prefix=True), limit)

    def _words(self, query: Query, limit: int) -> list[tuple[str, int]]:
        hits = self._searcher.search(query, limit, count=False, order_by_field="n").hits
        return [(self._searcher.doc(address)["word"][0], int(n)) for n, address in hits]
