"""Weighted terms of each row in Tantivy; a row's score is the dot product of the query's weights and its own, exactly.

A row's weight is kept as a whole number of STEPs, written as bits: each bit that is set is a term of its own ("2 shoe" for
the bit that is worth four steps of *shoe*), and a query adds up the bits it finds.
"""

from __future__ import annotations

import os
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy
from tantivy import Occur, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STEP, BITS = 0.25, 4  # weights up to 3.75; those of SPLADE models seldom exceed 3
HEAP = 64 << 20


class Row(NamedTuple):
    """One row with what its terms weigh."""

    row: int
    type: str
    terms: Mapping[str, float]


def write(folder: str, rows: Iterable[Row], dead: Iterable[int] = ()) -> None:
    """Add *rows* to the index in *folder*, which is made if it is not there, and take the *dead* ones out of it."""
    if os.path.isdir(folder):
        index = tantivy.Index.open(folder)
    else:
        os.mkdir(folder, mode=0o700)
        b = tantivy.SchemaBuilder()
        b.add_unsigned_field("row", indexed=True, fast=True)
        for name in ("type", "term"):
            b.add_text_field(name, tokenizer_name="raw", index_option="basic")
        index = tantivy.Index(b.build(), path=folder)
    writer = index.writer(HEAP, 1)
    for number in dead:
        writer.delete_documents_by_term("row", number)
    for row in rows:
        document = tantivy.Document()
        document.add_unsigned("row", row.row)
        document.add_text("type", row.type)
        for term, weight in row.terms.items():
            for bit in bits(weight):
                document.add_text("term", f"{bit} {term}")
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def bits(weight: float) -> list[int]:
    """Return the bits of *weight* in STEPs, the lowest is 0; the highest weight there is for one beyond it.

    >>> bits(1.25), bits(0.1), bits(99)
    ([0, 2], [], [0, 1, 2, 3])
    """
    steps = min(round(weight / STEP), 2**BITS - 1)
    return [bit for bit in range(BITS) if steps >> bit & 1]


class Impacts:
    """Reads one folder."""

    def __init__(self, folder: str) -> None:
        index = tantivy.Index.open(folder)
        self._schema = index.schema
        self._searcher = index.searcher()

    def search(self, terms: Mapping[str, float], k: int, types: Sequence[str] = ()) -> list[tuple[int, float]]:
        """Return at most *k* (row, dot product) pairs of the rows that share a term with *terms*, best first."""
        parts = [
            (Occur.Should, Query.const_score_query(self._term(f"{bit} {term}"), weight * STEP * 2**bit))
            for term, weight in terms.items()
            for bit in range(BITS)
            if weight > 0
        ]
        if not parts or k < 1:
            return []
        query = Query.boolean_query(parts)
        if types:
            wanted = Query.const_score_query(Query.term_set_query(self._schema, "type", list(types)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, wanted)])
        hits = self._searcher.search(query, k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row), score) for row, (score, _) in zip(rows, hits, strict=True) if row is not None]

    def idf(self, term: str) -> float:
        """Return how rare *term* is, as BM25 has it: what it weighs in a query unless something better is known."""
        query = Query.boolean_query([(Occur.Should, self._term(f"{bit} {term}")) for bit in range(BITS)])
        found: Any = self._searcher.search(query, 1, count=True)
        return log(1 + (self._searcher.num_docs - found.count + 0.5) / (found.count + 0.5))

    def _term(self, term: str) -> Query:
        return Query.term_query(self._schema, "term", term)
