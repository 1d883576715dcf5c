"""What an index backend promises, and the tables of those there are."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

    from ltrr_cli.records import Entity

    Allowed = Callable[[int], bool]  # row -> may it be shown?


class Clause(Protocol):
    """One word of a query as full text sees it: several spellings, each with a weight; the best one counts."""

    readings: tuple[tuple[str, float], ...]


class TextIndex(Protocol):
    """Finds rows by words."""

    def search(
        self,
        clauses: Sequence[Sequence[tuple[str, float]]],
        k: int,
        types: Sequence[str] = (),
        language: str = "",
        where: str = "",
    ) -> list[tuple[int, float]]:
        """Return at most *k* (row, score) pairs, best first, each row once.

        A clause is one word of the query: its spellings with weights in (0, 1], of which the best counts. Rows have one
        of *types*, if any are given, and pass the filter *where*, see `where`; neither changes a score. Rows that
        match more of the clauses score higher. No clause or nothing found is `[]`.
        """

    def row_of(self, entity_id: str) -> int | None:
        """Return the row of an entity's id, None if it is not there."""


class TextWriter(Protocol):
    """Adds entities to a text index; what was added is searchable once `commit` returns."""

    def add(self, row: int, entity: Entity) -> None: ...

    def delete(self, entity_id: str) -> None: ...

    def commit(self) -> None: ...


class VectorIndex(Protocol):
    """Finds rows by direction."""

    def search(self, vector: array[float], k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """Return at most *k* (row, cosine) pairs, best first; a vector of zeros finds nothing."""

    def code(self, row: int) -> memoryview:
        """Return a row's vector as signed bytes."""

    def likeness(self, vector: array[float]) -> Callable[[int], float]:
        """Return a function that tells a row's cosine with *vector*; 0 where one of them is all zeros."""


TEXT_BACKENDS = {"tantivy": "ltrr_cli.index.text_tantivy:Text"}
VECTOR_BACKENDS = {"exact": "ltrr_cli.index.vector_exact:Exact", "hnsw": "ltrr_cli.index.vector_hnsw:Hnsw"}
