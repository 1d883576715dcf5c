"""The pool holds what was drawn, once, with all that every arm knows of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.candidates.pool import pool
from ltrr_cli.records import Hit, Plan

ARMS = ("fuzzy", "lexical", "memory")
draws = st.lists(st.integers(0, 30), unique=True, max_size=20).map(lambda rows: [Hit(r, 50.0 - i) for i, r in enumerate(rows)])


@given(st.fixed_dictionaries(dict.fromkeys(ARMS, draws)), st.lists(st.integers(1, 12), min_size=3, max_size=3))
def test_a_pool_is_the_union_of_what_was_wanted(found: dict[str, list[Hit]], wanted: list[int]) -> None:
    plan = Plan(tuple(zip(ARMS, wanted, strict=True)))
    candidates = pool(plan, found)
    rows = [c.row for c in candidates]
    assert len(set(rows)) == len(rows) <= plan.size
    assert set(rows) == {hit.row for arm, n in plan.draws for hit in found[arm][:n]}
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


def test_an_arm_that_was_not_drawn_from_says_nothing() -> None:
    found = {"lexical": [Hit(1, 8.0)], "memory": [Hit(1, 0.7)]}
    (candidate,) = pool(Plan((("lexical", 4),)), found)
    assert set(candidate.arms) == {"lexical"}


def test_nothing_found_is_an_empty_pool() -> None:
    assert pool(Plan((("lexical", 4),)), {"lexical": []}) == []
