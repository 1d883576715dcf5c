"""What every ranker promises, for every name in the table."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.arms.base import ARMS
from ltrr_cli.rank.base import RANKERS, Ranker
from ltrr_cli.rank.features import MEMORY, QUALITY
from ltrr_cli.registry import look_up

share = st.floats(0, 1)
one = st.fixed_dictionaries({QUALITY: share}, optional={**dict.fromkeys(ARMS, share), MEMORY: st.floats(-1, 1)})
pools = st.lists(one, max_size=12)


def made(name: str) -> Ranker:
    ranker: Ranker = look_up(RANKERS, name, "ranker")({})
    return ranker


@pytest.mark.parametrize("name", RANKERS)
@given(pool=pools)
def test_each_candidate_gets_the_contributions_of_its_own_features(name: str, pool: list[dict[str, float]]) -> None:
    parts = made(name).score(pool)
    assert len(parts) == len(pool)
    for part, features in zip(parts, pool, strict=True):
        assert set(part) <= set(features)
        assert all(map(math.isfinite, part.values()))


@pytest.mark.parametrize("name", RANKERS)
@given(pool=pools)
def test_the_pools_order_does_not_matter_and_the_features_are_left_alone(name: str, pool: list[dict[str, float]]) -> None:
    before = [dict(features) for features in pool]
    assert made(name).score(pool) == made(name).score(pool[::-1])[::-1]
    assert pool == before


@pytest.mark.parametrize("name", RANKERS)
def test_what_satisfied_before_rises_and_what_was_disliked_falls(name: str) -> None:
    same = {"hybrid": 0.5, "lexical": 0.5, QUALITY: 0.5}
    liked, unknown, disliked = (sum(p.values()) for p in made(name).score([same | {MEMORY: 0.7}, same, same | {MEMORY: -0.5}]))
    assert liked > unknown > disliked


@pytest.mark.parametrize("name", RANKERS)
def test_a_ranker_bears_the_name_it_is_listed_under(name: str) -> None:
    assert made(name).name == name
