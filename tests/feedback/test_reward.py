import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.feedback.reward import HEAVIEST, VALUES, reward, value, weight


@pytest.mark.parametrize(
    ("action", "seconds", "fraction", "worth"),
    [
        ("click", None, None, 0.2), ("click", 9.9, None, 0.05), ("click", 10, None, 0.2), ("click", 30, None, 0.5),
        ("play", None, None, 0.7), ("play", 2, None, 0.05), ("play", 12, None, 0.2), ("play", 30, None, 0.7),
        ("play", None, 0.29, 0.2), ("play", None, 0.3, 0.7), ("play", 5, 0.9, 0.7),
        ("like", None, None, 1), ("favorite", None, None, 1), ("purchase", 1, None, 1),
        ("skip", None, None, 0), ("dislike", None, None, 0),
    ],
)  # fmt: skip
def test_values(action: str, seconds: float | None, fraction: float | None, worth: float) -> None:
    assert value(action, seconds, fraction, {}) == worth


def test_settings_add_actions_and_change_built_in_ones() -> None:
    assert value("share", None, None, {"share": 0.9}) == 0.9
    assert value("click", 40, None, {"click": 0.3}) == 0.3


@pytest.mark.parametrize(
    ("done", "worth", "disliked"),
    [
        ([], 0, False),
        ([("click", 0.2)] * 5, 0.2, False),  # a kind counts once
        ([("click", 0.2), ("play", 0.7)], 1 - 0.8 * 0.3, False),
        ([("skip", 0), ("click", 0.2)], 0.2, False),
        ([("play", 0.7), ("dislike", 0)], 0, True),
        ([("dislike", 0), ("click", 0.05)], 0.05, True),  # a glance does not make up for it
        ([("dislike", 0), ("like", 1)], 1, False),
    ],
)
def test_rewards_by_hand(done: list[tuple[str, float]], worth: float, disliked: bool) -> None:
    found, negative = reward(done)
    assert found == pytest.approx(worth)
    assert negative is disliked


@given(st.lists(st.tuples(st.sampled_from([a for a in VALUES if a != "dislike"]), st.floats(0, 1))))
def test_a_reward_is_bounded_and_more_never_lowers_it(done: list[tuple[str, float]]) -> None:
    so_far = [reward(done[:n])[0] for n in range(len(done) + 1)]
    assert so_far == sorted(so_far)
    assert all(0 <= r <= 1 for r in so_far)


def test_weights_by_hand() -> None:
    assert weight(1.0, 1 / 3) == pytest.approx(3)  # looked at a third of the time
    assert weight(0.5, 0.25) == 2
    assert weight(0.2, 0.0001) == pytest.approx(0.2 * HEAVIEST)
