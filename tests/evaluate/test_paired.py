from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ltrr_cli.evaluate.paired import holm, paired


def test_the_exact_test_is_counted_by_hand() -> None:
    found = paired([1.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    assert (found.mean, found.p) == (1.0, 2 / 8)
    assert paired([0.5], [0.5]).p == 1.0


def test_the_same_scores_do_not_differ() -> None:
    found = paired([0.1, 0.5, 0.9] * 20, [0.1, 0.5, 0.9] * 20)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)
    assert found.p == 1.0


def test_by_chance_about_one_in_twenty_is_significant() -> None:
    rng = Random(1)
    low = 0
    for _ in range(200):
        pair = [(rng.random(), rng.random()) for _ in range(30)]
        low += paired([a for a, _ in pair], [b for _, b in pair]).p < 0.05
    assert 2 <= low <= 20  # 10 expected; outside 0.1 % either way


def test_a_difference_that_is_there_is_found_and_covered() -> None:
    rng = Random(2)
    covered = 0
    for _ in range(200):
        base = [rng.random() for _ in range(50)]
        better = [b + 0.1 + rng.gauss(0, 0.1) for b in base]
        found = paired(better, base)
        covered += found.low <= 0.1 <= found.high
        assert found.p < 0.01
    assert 178 <= covered <= 199  # 95 % of 200, less a little for the percentile bootstrap


@settings(max_examples=30)
@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), min_size=1, max_size=8))
def test_correction_only_raises_and_keeps_the_order(p: dict[str, float]) -> None:
    found = holm(p)
    assert all(p[name] <= found[name] <= 1 for name in p)
    order = sorted(p, key=lambda name: p[name])
    assert [found[name] for name in order] == sorted(found.values())
