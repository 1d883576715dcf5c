"""What of a page counts as looked at, and what each plan earned there: see `learn.looks`."""

from collections.abc import Callable

import pytest

from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.looks import PATIENCE
from ltrr_cli.records import Page

MIXED, LEXICAL, FUZZY = "hybrid:6+lexical:4", "lexical:10", "fuzzy:9+lexical:1"
TEN = sum(1 / place for place in range(1, 11))
Search = Callable[..., Page]
Feedback = Callable[..., object]


@pytest.fixture
def known(store: Store) -> Callable[[str], list[float]]:
    """What is known of a plan: places looked at of what it draws, reward earned there."""

    def known(plan: str) -> list[float]:
        sums = store.policy_state().plans.get(plan)
        return [0.0, 0.0] if sums is None else [round(number, 3) for number in sums[:2]]

    return known


@pytest.fixture
def act(feedback: Feedback) -> Callable[..., object]:
    def act(page: Page, rank: int, action: str = "like") -> object:
        return feedback({"search_id": page.search_id, "rank": rank, "action": action})

    return act


def near(*numbers: float) -> object:
    return pytest.approx(numbers, rel=0.002, abs=0.004)  # older ones fade a little


def test_all_down_to_the_action_was_looked_at_and_each_plan_earns_what_it_draws(
    search: Search, act: Callable[..., object], known: Callable[[str], list[float]]
) -> None:
    act(search(), 5)  # which the plan of two arms does not draw
    assert known(LEXICAL) == near(1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5, 1)
    assert known(MIXED) == near(1 + 1 / 2 + 1 / 3 + 1 / 4, 0)
    assert known(FUZZY) == [0, 0]  # nobody asked its arm


def test_a_second_action_shows_that_somebody_looked_further_and_one_above_shows_nothing_new(
    search: Search, act: Callable[..., object], known: Callable[[str], list[float]]
) -> None:
    page = search()
    act(page, 2)
    act(page, 4)
    act(page, 1)
    assert known(LEXICAL) == near(1 + 1 / 2 + 1 / 3 + 1 / 4, 3)


def test_a_page_that_nobody_acted_on_was_looked_at_in_vain_once_somebody_acts_on_a_later_one(
    search: Search, act: Callable[..., object], known: Callable[[str], list[float]]
) -> None:
    search("blue boot")
    search("green boot")
    page = search("red shoe")
    search("brown boot")  # of which nobody knows anything yet
    assert known(LEXICAL) == [0, 0]
    act(page, 1)
    assert known(LEXICAL) == near(2 * TEN + 1, 1)
    act(page, 2)
    assert known(LEXICAL) == near(2 * TEN + 1 + 1 / 2, 2)


def test_who_acts_late_on_a_page_looked_at_in_vain_earns_something_and_does_not_look_twice(
    search: Search, act: Callable[..., object], known: Callable[[str], list[float]]
) -> None:
    first, second = search("blue boot"), search("red shoe")
    act(second, 1)
    act(first, 3)
    assert known(LEXICAL) == near(TEN + 1, 2)


def test_of_searches_that_nobody_answers_only_the_last_count(
    search: Search, act: Callable[..., object], known: Callable[[str], list[float]]
) -> None:
    for i in range(PATIENCE + 9):
        search(f"thing number {i}")
    act(search(), 1)
    assert known(LEXICAL)[0] == pytest.approx(PATIENCE * TEN + 1, abs=0.1)


def test_a_query_that_comes_back_counts_less(
    search: Search, act: Callable[..., object], known: Callable[[str], list[float]]
) -> None:
    act(search(), 1)
    search()  # in vain, after one that satisfied
    act(search(), 1)
    assert known(LEXICAL) == near(1 + TEN / 4 + 1 / 4, 1 + 1 / 4)


def test_a_thing_that_was_not_on_the_page_tells_nothing_of_plans(
    search: Search, feedback: Feedback, known: Callable[[str], list[float]], store: Store
) -> None:
    feedback({"search_id": search().search_id, "id": "thing30", "action": "like"})
    assert store.policy_state().version == 1
    assert known(LEXICAL) == [0, 0]
