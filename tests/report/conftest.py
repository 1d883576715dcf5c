"""A log written by hand: two plans, four arms, and what was done with each search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from ltrr_cli.feedback.log import new_search_id
from ltrr_cli.feedback.record import record
from ltrr_cli.feedback.store import Store
from ltrr_cli.policy.shares import named
from ltrr_cli.records import Choice, Page, Query, Result
from ltrr_cli.report.base import About
from ltrr_cli.report.read import Seen, read, span
from ltrr_cli.settings import Settings
from ltrr_cli.understand.features import features, query_class

NOW = 1_769_890_500.0  # 2026-01-31T20:15:00Z
HOUR = 3600.0
THINGS = [f"thing{i}" for i in range(20)]
MENU = (named("hybrid:6+lexical:4"), named("lexical:10"))
COVERS = (0b1111101111, 0b1111111111)  # lexical's first four and hybrid's first six, of ten things; all ten
RANKS = {"lexical": THINGS, "hybrid": THINGS[5:] + THINGS[:5]}

Search = Callable[..., str]


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    with Store(f"{tmp_path}/state.db") as store:
        yield store


@pytest.fixture
def search(store: Store) -> Search:
    """Log a search that drew *plan* of MENU and showed some things; do *acts* with them; return its id."""
    count = 0

    def search(
        text: str = "red shoe",
        *,
        hours: float | None = None,
        plan: int = 0,
        chances: Sequence[float] = (0.9, 0.1),
        shown: int = 10,
        took: float = 2.0,
        acts: Sequence[dict[str, Any]] = (),
        session: str | None = None,
        titles: str = "Thing",
        kind: str = "shoe",
    ) -> str:
        nonlocal count
        count += 1
        now = NOW + HOUR * (count if hours is None else hours)
        query = Query(text, tuple(text.split()), now=now, session=session)
        choice = Choice("epsilon_greedy", MENU[plan], chances[plan], chances[plan] < max(chances), MENU, tuple(chances), count, 0)
        results = [
            Result(i, id, kind, f"{titles} {i}", 1 / i, {"lexical": (i, 1.0)}, {}, {}) for i, id in enumerate(THINGS[:shown], 1)
        ]
        id = new_search_id(now, count.to_bytes(5, "big"))
        page = Page(id, query, 10, choice, tuple(results), shown, took, "00000001", "2026-01-31T20:15:00Z")
        x = features(query, [3.0] * len(query.words), False, 0)
        drawn = {arm: RANKS[arm][:n] for arm, n in choice.plan.draws}
        covers = [bits & ((1 << shown) - 1) for bits in COVERS]
        ms = {arm: took / 2 for arm in drawn}
        store.log_search(page, drawn=drawn, x=x, query_class=query_class(x), ms=ms, covers=covers)
        lines = [{"search_id": id, "time": now + 60, **act} for act in acts]
        kept = record(store, lines, settings=Settings(), exists=THINGS.__contains__, ranks=lambda _: RANKS, now=now + 60)
        assert not kept.bad
        return id

    return search


@pytest.fixture
def seen(store: Store) -> Callable[[], tuple[list[Seen], About]]:
    """Read the whole log."""

    def seen() -> tuple[list[Seen], About]:
        part = span(store)
        return list(read(store, part)), About(part, Settings(), 40, {"shoe": 30, "boot": 10})

    return seen
