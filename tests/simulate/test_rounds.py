"""The sequence of needs: Zipf's frequencies, held-out needs, change at half time, the same for every policy."""

from __future__ import annotations

from collections import Counter
from math import sqrt

import pytest

from ltrr_cli.simulate.dice import Dice
from ltrr_cli.simulate.needs import Need
from ltrr_cli.simulate.rounds import START, STEP, rounds
from ltrr_cli.simulate.truth import Units, ndcg, recall

NEEDS = [Need(f"q{i}", f"query {i}", {f"a{i}": 1.0, f"b{i}": 1.0}, "even" if i % 2 == 0 else "odd") for i in range(20)]


def test_needs_come_up_with_zipfs_frequencies() -> None:
    n = 50_000
    counts = Counter(r.need.id for r in rounds(NEEDS, n, seed=1)).most_common()
    total = sum(1 / i for i in range(1, 21))
    for place, (_, count) in enumerate(counts, 1):
        p = 1 / place / total
        assert abs(count - n * p) < 4 * sqrt(n * p * (1 - p))


def test_a_seed_deals_its_own_order_and_always_the_same() -> None:
    ids = [[r.need.id for r in rounds(NEEDS, 200, seed)] for seed in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]


def test_the_order_in_which_needs_were_given_does_not_matter() -> None:
    assert rounds(NEEDS, 50, 3) == rounds(NEEDS[::-1], 50, 3)


def test_the_clock_goes_on() -> None:
    assert [r.now for r in rounds(NEEDS, 3, 1)] == [START, START + STEP, START + 2 * STEP]


def test_unseen_needs_are_asked_for_in_the_last_quarter_only_and_nobody_acts_on_them() -> None:
    played = rounds(NEEDS, 1000, 1, unseen=True)
    early, late = ({r.need.id for r in part} for part in (played[:750], played[750:]))
    assert len(early) == 15
    assert len(late) == 5
    assert not early & late
    assert [r.learns for r in played] == [True] * 750 + [False] * 250
    kinds = Counter(need.kind for need in NEEDS if need.id in late)
    assert set(kinds.values()) == {2, 3}  # of each class a quarter of ten


def test_drift_changes_at_half_time_what_is_asked_for_and_what_is_wanted() -> None:
    played = rounds(NEEDS, 2000, 1, drifts=True)
    first, second = played[:1000], played[1000:]
    wanted = [{r.need.id: tuple(r.need.relevant) for r in part} for part in (first, second)]
    for need in NEEDS:
        assert sorted(wanted[0][need.id] + wanted[1][need.id]) == sorted(need.relevant)
    favourites = [Counter(r.need.id for r in part).most_common(1)[0][0] for part in (first, second)]
    assert favourites[0] != favourites[1]


def test_a_single_relevant_thing_does_not_drift() -> None:
    need = Need("q", "one", {"a": 1.0})
    assert need.drifted(Dice(1), after=True) == need


def test_what_counts_once_counts_once() -> None:
    units = Units({"a1": "a", "a2": "a"})
    page = units.each(["a1", "x", "a2", "b"])
    assert page == ["a", "x", "b"]
    # (1 + .5/log2(4)) / (1 + .5/log2(3)) = 1.25 / 1.31546
    assert ndcg(page, {"a": 1.0, "b": 0.5}) == pytest.approx(1.25 / 1.3154648767857288)
    assert recall(page, {"a": 1.0, "c": 1.0}) == 0.5
    assert ndcg(page, {}) == recall(page, {}) == 0.0


def test_only_ten_places_count() -> None:
    assert ndcg([f"x{i}" for i in range(10)] + ["a"], {"a": 1.0}) == 0.0
    assert ndcg(["a"], {"a": 1.0} | {f"y{i}": 1.0 for i in range(30)}) == pytest.approx(0.22009, abs=1e-5)  # 1/4.54356
