"""The blend in numbers small enough for a pencil."""

from __future__ import annotations

import pytest

from ltrr_cli.rank.blend import BESIDE, FIT, RELEVANCE, Blend


def scores(*pool: dict[str, float]) -> list[float]:
    return [sum(parts.values()) for parts in Blend().score(pool)]


def test_relevance_is_the_weighted_mean_over_the_arms_that_were_drawn() -> None:
    fuzzy, lexical = RELEVANCE["fuzzy"], RELEVANCE["lexical"]
    both = fuzzy + lexical
    assert scores({"fuzzy": 1.0, "lexical": 0.5}, {"fuzzy": 0.5}) == pytest.approx(
        [(fuzzy + lexical / 2) / both, fuzzy / 2 / both]
    )


def test_quality_and_memory_come_beside_relevance() -> None:
    beside = BESIDE["quality"] * 0.5 - BESIDE["memory"] * 0.5
    assert scores({"lexical": 1.0, "quality": 0.5, "memory": -0.5}) == pytest.approx([1 + beside])


def test_having_what_is_wanted_counts_in_place_of_what_arms_say() -> None:
    # half sure that the query is values: 1 - .7 * .5 of relevance, and .7 times the likelihood to be meant
    told = {"told": 0.5}
    assert scores({"hybrid": 1.0, "wanted": 0.0} | told, {"hybrid": 0.2, "wanted": 0.5} | told) == pytest.approx(
        [1 - FIT / 2, 0.2 * (1 - FIT / 2) + FIT / 2]
    )


def test_an_arm_that_is_not_listed_has_a_say() -> None:
    low, high = scores({"brand new arm": 1.0}, {"fuzzy": 1.0})
    assert 0 < low < high
    assert low + high == pytest.approx(1)


def test_no_arm_and_no_candidate_are_no_trouble() -> None:
    assert scores({"quality": 1.0}) == pytest.approx([BESIDE["quality"]])
    assert scores() == []


def test_what_was_played_thrice_outweighs_quality() -> None:
    # Three plays are worth about .7 (memory.q2e.score).
    assert BESIDE["memory"] * 0.7 > BESIDE["quality"]
