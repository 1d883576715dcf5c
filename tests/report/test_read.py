"""The log is read once, in order, a batch at a time, with what was done with each search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ltrr_cli.feedback.store import Store
from ltrr_cli.report.read import BATCH, Event, read, rewards, span

HOUR = 3600.0
Search = Callable[..., str]


def test_a_search_earns_what_its_best_result_did_and_stands_where_that_stood(search: Search, seen: Callable[[], Any]) -> None:
    search(acts=[{"rank": 2, "action": "click"}, {"rank": 3, "action": "play", "seconds": 60}, {"rank": 3, "action": "click"}])
    search(acts=[{"rank": 1, "action": "dislike"}])
    search(acts=[{"id": "thing15", "action": "like"}])
    search()
    found, _ = seen()
    # thing2 was played, .7, and clicked, .2: 1 - .3 * .8 = .76; thing15 was not on the page
    assert [round(one.reward, 9) for one in found] == [0.76, 0.0, 1.0, 0.0]
    assert [one.rank for one in found] == [3, None, None, None]
    assert [len(one.events) for one in found] == [3, 1, 1, 0]


def test_what_was_taken_back_or_came_late_does_not_count() -> None:
    events = [
        Event("a", "like", 1.0, True, 1.0),
        Event("a", "dislike", 0.0, True, 0.0),
        Event("b", "play", 0.7, False, 0.0),
    ]
    assert rewards(events) == {"a": 0.0}


def test_late_events_of_the_log_do_not_count(search: Search, seen: Callable[[], Any], store: Store) -> None:
    search(hours=0, acts=[{"rank": 1, "action": "like", "time": 1_769_890_500.0 + 25 * HOUR}])
    assert seen()[0][0].reward == 0.0


def test_every_search_is_read_once_in_order_whatever_the_batches(search: Search, store: Store) -> None:
    n = BATCH + 3
    ids = [search(f"query {i}") for i in range(n)]
    part = span(store)
    found = list(read(store, part))
    assert [one.logged["search_id"] for one in found] == ids
    assert [one.at for one in found] == list(range(n))
    assert part.bins == 14  # the root of 203 is 14.2
    sizes = [sum(one.bin == b for one in found) for b in range(part.bins)]
    assert sum(sizes) == n
    assert set(sizes) == {14, 15}


def test_what_is_logged_meanwhile_or_before_since_is_left_out(search: Search, store: Store) -> None:
    search("old", hours=1)
    new = search("new", hours=5)
    part = span(store, since=1_769_890_500.0 + 2 * HOUR)
    search("later", hours=6)
    assert [one.logged["search_id"] for one in read(store, part)] == [new]


def test_searches_of_one_session_belong_together(search: Search, seen: Callable[[], Any]) -> None:
    search(session="s")
    search(session="s")
    search()
    sittings = [one.sitting for one in seen()[0]]
    assert sittings[0] == sittings[1]
    assert len(set(sittings)) == 2


@pytest.mark.parametrize(("n", "bins"), [(1, 1), (3, 1), (4, 2), (100, 10), (1_000_000, 48)])
def test_points_of_a_curve_stand_for_as_many_searches_as_there_are_points(n: int, bins: int) -> None:
    from ltrr_cli.report.read import Span

    assert Span(n, n).bins == bins
