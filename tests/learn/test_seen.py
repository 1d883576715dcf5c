from collections.abc import Callable
from typing import Any

import pytest

from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.seen import goes_on
from ltrr_cli.records import Page
from ltrr_cli.settings import Settings
from tests.feedback.conftest import feedback, search, store

__all__ = ["feedback", "search", "store"]  # fixtures
NOW = 1_000_000.0
LOOKED = {f"thing{i}": 1 / (1 + i) for i in range(10)}


def known(store: Store, key: str = "red shoe") -> dict[str, tuple[float, float]]:
    rows = store.rows("SELECT entity, s, n FROM q2e JOIN queries ON id=query WHERE key=?", (key,))
    return {entity: (s, n) for entity, s, n in rows}


def impressions(store: Store, key: str = "red shoe") -> dict[str, float]:
    return {entity: n for entity, (_, n) in known(store, key).items()}


def test_a_page_that_was_acted_on_was_seen(store: Store, search: Callable[..., Page], feedback: Callable[..., Any]) -> None:
    for times in (1, 2):
        page = search()
        feedback({"search_id": page.search_id, "rank": 2, "action": "play"})
        assert impressions(store) == pytest.approx({entity: times * n for entity, n in LOOKED.items()}, rel=0.05)
    assert {entity for entity, (s, _) in known(store).items() if s} == {"thing1"}
    before = impressions(store)
    search()
    assert impressions(store) == before, "who knows?"


def test_it_was_seen_in_vain_if_somebody_acts_soon_after(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Any]
) -> None:
    search(shown=3)
    vain = search(shown=3)
    assert impressions(store) == {}
    feedback({"search_id": search("blue lamp").search_id, "rank": 1, "action": "play"})
    twice = {f"thing{i}": 2 / (1 + i) for i in range(3)}
    assert impressions(store) == pytest.approx(twice, abs=1e-3)
    feedback({"search_id": vain.search_id, "rank": 2, "action": "play"})  # late: it has been counted
    assert impressions(store) == pytest.approx(twice, abs=1e-3)
    assert known(store)["thing1"][0] == pytest.approx(0.7)


def test_each_place_counts_once_whatever_is_done_there(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Any]
) -> None:
    page = search()
    for rank, action in ((3, "dislike"), (1, "click"), (1, "play"), (5, "play"), (3, "dislike"), (2, "play")):
        feedback({"search_id": page.search_id, "rank": rank, "action": action})
    before = impressions(store)
    assert before == pytest.approx(LOOKED, rel=0.12), "as nearly as it was known whether people go on"
    skipped = search()
    feedback({"search_id": skipped.search_id, "rank": 4, "action": "skip"})
    assert impressions(store) == pytest.approx(before | {"thing3": before["thing3"] + 1}, abs=1e-3), "surely seen"


def test_who_never_goes_on_says_nothing_of_what_stands_below(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Any]
) -> None:
    feedback({"search_id": search("red shoe").search_id, "rank": 2, "action": "like"})
    for _ in range(60):  # the second satisfies, too, but nobody gets there
        feedback({"search_id": search("red shoe").search_id, "rank": 1, "action": "like"})
    expected, came = store.policy_state().onward
    assert expected > 4 and came == 0 and goes_on(expected, came) < 0.2
    before = impressions(store)
    feedback({"search_id": search("red shoe").search_id, "rank": 1, "action": "like"})
    after = impressions(store)
    assert after["thing0"] == pytest.approx(before["thing0"] + 1, abs=0.01)
    assert 0 < after["thing1"] - before["thing1"] < 0.2 * 0.5


def test_that_people_go_on_is_presumed_no_longer_than_nothing_comes_of_it(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Any]
) -> None:
    for number in range(60):  # what stands below the first never satisfied anybody: was it looked at?
        feedback({"search_id": search(f"query {number}").search_id, "rank": 1, "action": "click"})
    assert impressions(store, "query 0") == pytest.approx(LOOKED, abs=1e-3)
    assert goes_on(*store.policy_state().onward) < 0.2
    assert impressions(store, "query 59")["thing1"] < 0.2 * LOOKED["thing1"]


def test_who_goes_on_is_known_to(store: Store, search: Callable[..., Page], feedback: Callable[..., Any]) -> None:
    for _ in range(30):
        page = search()
        feedback({"search_id": page.search_id, "rank": 1, "action": "like"})
        feedback({"search_id": page.search_id, "rank": 2, "action": "like"})
    expected, came = store.policy_state().onward
    assert expected > 5 and came > expected
    assert goes_on(expected, came) == 1


def test_folding_counts_the_same(store: Store, search: Callable[..., Page], feedback: Callable[..., Any]) -> None:
    from ltrr_cli.learn.fold import fold

    for number, rank in enumerate((1, 0, 0, 3, 2, 0, 1)):
        page = search(f"query {number % 2}")
        if rank:
            feedback({"search_id": page.search_id, "rank": rank, "action": "play"})
    before = store.rows("SELECT * FROM q2e"), store.rows("SELECT * FROM queries")
    state = store.policy_state().to_bytes()
    assert fold(store, Settings()).to_bytes() == state
    assert (store.rows("SELECT * FROM q2e"), store.rows("SELECT * FROM queries")) == before
