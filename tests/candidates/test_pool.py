"""The pool holds what was drawn, once, with all that every arm knows of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.candidates.pool import pool
from ltrr_cli.rank.reserve import SPARE, put_last
from ltrr_cli.records import Candidate, Hit, Plan

ARMS = ("fuzzy", "lexical", "memory")
draws = st.lists(st.integers(0, 30), unique=True, max_size=20).map(lambda rows: [Hit(r, 50.0 - i) for i, r in enumerate(rows)])


@given(st.fixed_dictionaries(dict.fromkeys(ARMS, draws)), st.lists(st.integers(1, 12), min_size=3, max_size=3))
def test_a_pool_has_what_was_wanted_and_is_as_large_as_can_be(found: dict[str, list[Hit]], wanted: list[int]) -> None:
    plan = Plan(tuple(zip(ARMS, wanted, strict=True)))
    candidates = pool(plan, found)
    rows = [c.row for c in candidates]
    everything = {hit.row for arm in ARMS for hit in found[arm]}
    assert len(set(rows)) == len(rows) == min(plan.size, len(everything))  # what repeats or is missing is made up for
    assert {hit.row for arm, n in plan.draws for hit in found[arm][:n]} <= set(rows) <= everything
    for candidate in candidates:
        assert set(candidate.arms) == {arm for arm in ARMS if any(hit.row == candidate.row for hit in found[arm])}
        for arm, (rank, score, share) in candidate.arms.items():
            assert found[arm][rank - 1] == (candidate.row, score)
            assert 0 <= share <= 1


def test_scores_are_normalised_over_all_that_an_arm_found() -> None:
    found = {"lexical": [Hit(1, 8.0), Hit(2, 5.0), Hit(3, 4.0)]}
    (candidate,) = pool(Plan((("lexical", 1),)), found)
    assert candidate.arms == {"lexical": (1, 8.0, 1.0)}
    (_, second) = pool(Plan((("lexical", 2),)), found)
    assert second.arms == {"lexical": (2, 5.0, 0.25)}  # (5 - 4) / (8 - 4)


def test_an_arm_that_was_not_drawn_from_brings_nothing_and_tells_what_it_knows() -> None:
    found = {"lexical": [Hit(1, 8.0)], "memory": [Hit(1, 0.7), Hit(2, 0.6)]}
    (candidate,) = pool(Plan((("lexical", 4),)), found)
    assert candidate.row == 1
    assert set(candidate.arms) == {"lexical", "memory"}


def test_nothing_found_is_an_empty_pool() -> None:
    assert pool(Plan((("lexical", 4),)), {"lexical": []}) == []


def test_the_baseline_fills_up_what_silent_arms_leave_and_says_that_it_did() -> None:
    found = {"lexical": [Hit(1, 8.0), Hit(2, 5.0), Hit(3, 4.0)], "structured": [Hit(2, 0.9)]}
    candidates = pool(Plan((("structured", 2),)), found)
    assert [(c.row, c.spare) for c in candidates] == [(2, False), (1, True)]
    assert [c.row for c in pool(Plan((("structured", 2),)), {"structured": [Hit(2, 0.9)]})] == [2]  # it may not be drawn


def test_what_fills_up_stands_last_whatever_it_scores() -> None:
    candidates = [Candidate(1, {}, spare=True), Candidate(2, {}), Candidate(3, {}, spare=True)]
    parts: list[dict[str, float]] = [{}, {}, {}]
    scores = [0.9, 0.2, 0.5]
    put_last(candidates, parts, scores)
    assert scores[0] < scores[1]
    assert scores[0] - scores[2] == pytest.approx(0.4)  # among themselves they keep their order
    assert parts == [{SPARE: pytest.approx(scores[0] - 0.9)}, {}, {SPARE: pytest.approx(scores[0] - 0.9)}]
