"""A store and searches in it, without an index: three arms over forty things."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ltrr_cli.feedback.log import new_search_id
from ltrr_cli.feedback.record import Receipt, record
from ltrr_cli.feedback.store import Store
from ltrr_cli.policy.shares import named
from ltrr_cli.records import Choice, Page, Query, Result
from ltrr_cli.settings import Settings
from ltrr_cli.understand.features import features, query_class

NOW = 1_769_890_500.0  # 2026-01-31T20:15:00Z
THINGS = [f"thing{i}" for i in range(40)]
MENU = (named("hybrid:6+lexical:4"), named("lexical:10"), named("fuzzy:9+lexical:1"))
COVERS = (0b1111101111, 0b1111111111, None)  # first ten things: hybrid's six and lexical's four; lexical's ten; fuzzy not asked
Search = Callable[..., Page]
Feedback = Callable[..., Receipt]


def ranks(query: Query) -> dict[str, list[str]]:
    """Lexical has the things in order, hybrid from the fifth on, fuzzy from behind."""
    return {"lexical": THINGS, "hybrid": THINGS[5:] + THINGS[:5], "fuzzy": THINGS[::-1]}


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    with Store(f"{tmp_path}/state.db") as store:
        yield store


@pytest.fixture
def search(store: Store) -> Search:
    """Log a search that showed the first ten things, and return its page."""
    count = 0

    def search(text: str = "red shoe", now: float = NOW, shown: int = 10, **who: str | None) -> Page:
        nonlocal count
        count += 1
        query = Query(text, tuple(text.split()), now=now, context=(("place", "home"),), **who)  # type: ignore[arg-type]
        choice = Choice("epsilon_greedy", MENU[0], 0.9, False, MENU, (0.9, 0.05, 0.05), count, 0)
        results = [
            Result(
                i, id, "shoe", f"Thing «{i}»", 1 / i, {"lexical": (i, 10.5 - i)}, {"lexical": 1 / i}, {"secret": "in the index"}
            )
            for i, id in enumerate(THINGS[:shown], 1)
        ]
        id = new_search_id(now, count.to_bytes(5, "big"))
        page = Page(id, query, 10, choice, tuple(results), 10, 1.5, "00000001", "2026-01-31T20:15:00Z")
        x = features(query, [3.0] * len(query.words), False, 0)
        drawn = {arm: ranks(query)[arm][:n] for arm, n in choice.plan.draws}
        covers = [bits and bits & ((1 << shown) - 1) for bits in COVERS]
        store.log_search(
            page, drawn=drawn, x=x, query_class=query_class(x), vector=bytes(range(16)), ms={"lexical": 0.5}, covers=covers
        )
        return page

    return search


@pytest.fixture
def feedback(store: Store) -> Feedback:
    """Record lines as the engine would."""

    def feedback(*lines: Any, now: float = NOW + 60, settings: Settings | None = None, **more: Any) -> Receipt:
        options: dict[str, Any] = {"exists": THINGS.__contains__, "ranks": ranks} | more
        return record(store, lines, settings=settings or Settings(), now=now, **options)

    return feedback
