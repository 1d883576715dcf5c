"""What is known of a query before anything is drawn for it: how it reads, what worked before, who asks, what time it is there."""

from __future__ import annotations

from functools import cache, lru_cache

from ltrr_cli.arms.base import DEPTH, Sources
from ltrr_cli.arms.peek import describe
from ltrr_cli.index.kinds import reach
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.base import Situation
from ltrr_cli.understand.calendar import moment
from ltrr_cli.understand.context import TIMEZONE, Around, latest
from ltrr_cli.understand.features import features, query_class, settled
from ltrr_cli.understand.interpret import intent, interpret
from ltrr_cli.understand.query import idfs, understand
from ltrr_cli.understand.runs import Catalog
from ltrr_cli.understand.trust import factors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.memory.q2e import Remembered
    from ltrr_cli.records import Query
    from ltrr_cli.settings import Settings

KEPT = 1024  # queries that stay understood: people ask the same things
BY_MEANING = {"semantic", "hybrid", "memory"}  # arms that need the query's vector


class Asked:
    """Reads one query after another, and keeps what it found for the one at hand.

    *holidays* is the file in which public holidays are kept.
    """

    def __init__(self, generation: Generation, store: Store, settings: Settings, holidays: str) -> None:
        self.generation, self.store, self.settings, self.holidays = generation, store, settings, holidays
        self.sources = Sources(generation, self._rows, store.exposure, self._pasts)
        self.trust: dict[str, float] = {}  # in readings of each field
        self.looked_up: tuple[Query, tuple[str, ...]] | None = None  # the query at hand, and for which arms
        self._understood = lru_cache(KEPT)(self._understand)
        self._reach = cache(lambda field: reach(generation.meta, field))
        self._remembered: list[tuple[Remembered, int]] = []  # with rows
        self._coded: tuple[Query, bytes | None] | None = None  # the query at hand, with its vector

    def query(self, text: str, **given: Any) -> Query:
        """Return *text* as a query with its corrections, interpretations and intent; *given* are the other fields of `Query`."""
        self.keep_up()
        return self._understood(text)._replace(**given)

    def keep_up(self) -> None:
        """Look up how far each field's readings are trusted by now, and forget what was read with another trust."""
        trust = factors(self.store.readings())
        if trust != self.trust:
            self.trust = trust
            self._understood.cache_clear()

    def _understand(self, text: str) -> Query:
        generation, trust = self.generation, self.trust
        query = understand(text, generation.vocabulary, generation.text.together)
        catalog = Catalog(
            values=generation.values,
            vocabulary=generation.vocabulary,
            types=generation.types,
            entities=generation.meta["live"],
            trust=lambda field: trust.get(field, 1.0),
            priced=bool(generation.meta.get("mapping", {}).get("price")),
            together=generation.text.together,
            reach=self._reach,
        )
        query = query._replace(interpretations=interpret(query, catalog, generation.text.has_all))
        return query._replace(intent=intent(query))

    def situation(self, query: Query, arms: Sequence[str]) -> Situation:
        """Look up what memory knows of *query*, and return what the policy may look at."""
        vector = self.vector(query) if BY_MEANING.intersection(arms) else None
        settings, text, meta = self.settings, self.generation.text, self.generation.meta
        found: list[Remembered] = []
        if query.words and self.store.remembers():
            from ltrr_cli.memory.q2e import recall
            from ltrr_cli.memory.similar import neighbours

            near, days = neighbours(self.store, query, vector), settings.memory_half_life_days
            found = recall(self.store, query, DEPTH, vector, query.now, half_life_days=days, near=near)
        rows = ((r, text.row_of(r.id)) for r in found)
        self._remembered = [(r, row) for r, row in rows if row is not None]
        self.looked_up = query, tuple(arms)
        known = idfs(query, self.generation.vocabulary, meta["live"])
        exact = bool(query.words) and text.row_named(query.key) is not None
        remembered = sum(r.n for r in found if r.via == query.key and r.score > 0)
        x = features(query, known, exact, remembered, self._around(query), self._peeked(query, arms))
        return Situation(x, query_class(x), query.types, settled(x))

    def _peeked(self, query: Query, arms: Sequence[str]) -> tuple[float, ...]:
        """What the first hits tell of the arms that are asked anyway, for the ranker, and that are silent for many queries."""
        understood, known = (self.sources.draw(arm, query) if arm in arms else [] for arm in ("structured", "memory"))
        columns, now = self.generation.columns, query.now
        hits, lead, slope, *_ = describe(understood, columns, now)
        return hits, lead, slope, understood[0].score if understood else 0.0, min(1.0, len(known) / DEPTH)

    def vector(self, query: Query) -> bytes | None:
        """Return the query's vector as it is kept in the log."""
        if self._coded is None or self._coded[0] is not query:
            self._coded = query, self._code(query)
        return self._coded[1]

    def _code(self, query: Query) -> bytes | None:
        vector = self.sources.vector(query)
        if vector is None:
            return None
        from ltrr_cli.index.codes import quantise

        codes = quantise(vector)
        return None if codes is None else codes.tobytes()

    @property
    def remembered(self) -> dict[int, float]:
        """What worked for the query at hand or one like it, and what did not: row -> score, -1 to 1."""
        return {row: r.score for r, row in self._remembered}

    def _rows(self, query: Query) -> list[tuple[int, float]]:
        return [(row, r.score) for r, row in self._remembered]

    def _around(self, query: Query) -> Around:
        """What is known beside the words: the languages here, the user's clock and what satisfied them lately."""
        settings, satisfied = self.settings, []
        when = moment(query.now, dict(query.context).get(TIMEZONE, settings.timezone), settings.region, self.holidays)
        if query.user is not None or query.session is not None:
            from ltrr_cli.memory.history import history

            past = history(self.store, query.user, query.session, query.now)
            satisfied = latest(past.user or past.session, self.generation)
        return Around(self.generation.meta["languages"], when, satisfied)

    def _pasts(self, query: Query) -> list[list[tuple[int, float]]]:
        """What who asks acted on, in all and in this session; see `memory.taste`."""
        from ltrr_cli.memory.history import history

        past = history(self.store, query.user, query.session, query.now)
        row_of = self.generation.text.row_of
        return [[(row, weight) for id, weight in one.items() if (row := row_of(id)) is not None] for one in past]
