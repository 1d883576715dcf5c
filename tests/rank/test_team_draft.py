"""Two rankings become one page that favours neither."""

from __future__ import annotations

from collections import Counter
from random import Random

from ltrr_cli.policy.base import heads
from ltrr_cli.rank.team_draft import team_draft


def test_every_round_has_one_of_each_team() -> None:
    rng = Random(1)
    for _ in range(300):
        a, b = rng.sample(range(40), 20), rng.sample(range(40), 20)
        placed = team_draft(a, b, 10, lambda n: rng.random() < 0.5)
        teams = [team for _, team in placed]
        assert len({thing for thing, _ in placed}) == len(placed) == 10
        assert all(set(teams[i : i + 2]) == {"A", "B"} for i in range(0, 10, 2))


def test_a_team_places_its_best_that_is_not_there_yet() -> None:
    rng = Random(2)
    for _ in range(300):
        rankings = {"A": rng.sample(range(30), 15), "B": rng.sample(range(30), 15)}
        before: set[int] = set()
        for thing, team in team_draft(rankings["A"], rankings["B"], 12, lambda n: rng.random() < 0.5):
            assert thing == next(other for other in rankings[team] if other not in before)
            before.add(thing)


def test_both_have_the_same_chance_of_every_place() -> None:
    # 4,000 pages: the standard deviation of a share is .5/sqrt(4000) = .008
    rng = Random(3)
    counts = Counter[int]()
    for _ in range(4000):
        page = team_draft(rng.sample(range(50), 20), rng.sample(range(50), 20), 10, lambda n: rng.random() < 0.5)
        counts.update(place for place, (_, team) in enumerate(page) if team == "A")
    assert all(abs(counts[place] / 4000 - 0.5) < 0.032 for place in range(10))


def test_what_is_left_of_the_longer_list_is_nobodys() -> None:
    assert team_draft("ab", "acde", 9, lambda n: True) == [("a", "A"), ("c", "B"), ("b", "A"), ("d", "B"), ("e", "")]
    assert team_draft("", "ab", 9, lambda n: True) == [("a", ""), ("b", "")]
    assert team_draft("", "", 9, lambda n: True) == []
    assert team_draft("aab", "", 1, lambda n: True) == [("a", "")]


def test_the_coin_is_fair_and_belongs_to_the_seed() -> None:
    tosses = [heads(seed, n) for seed in range(400) for n in range(10)]
    assert tosses == [heads(seed, n) for seed in range(400) for n in range(10)]
    assert abs(sum(tosses) / 4000 - 0.5) < 0.032
    assert len({tuple(heads(seed, n) for n in range(10)) for seed in range(400)}) > 250  # of 1,024: they do not run in step
