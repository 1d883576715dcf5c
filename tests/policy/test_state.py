from random import Random

import pytest

from ltrr_cli.learn.arms import Lesson, learn
from ltrr_cli.learn.looks import Look, look_on
from ltrr_cli.policy.reach import at_depth, dot, lens, reach
from ltrr_cli.policy.state import DEPTHS, D, State


def taught(lessons: int, seed: int = 0) -> State:
    random, state = Random(seed), State()
    for _ in range(lessons):
        x = [1.0] + [random.uniform(-1, 1) for _ in range(D - 1)]
        ranks = {arm: random.randrange(60) for arm in ("lexical", "hybrid", "mémoire:x")}
        learn(state, Lesson(x, ranks, random.random() + 0.1, random.random()), 0.99)
        look_on(state, Look("few", random.random(), {"hybrid:7+lexical:3": (random.random(), random.random())}))
        state.looked += 2
    return state


def test_saving_and_loading_changes_nothing() -> None:
    for lessons in (0, 1, 20):
        state = taught(lessons)
        again = State.from_bytes(state.to_bytes())
        assert again == state
        assert again.to_bytes() == state.to_bytes()
        assert (again.version, again.looked, again.plans, again.arms) == (state.version, state.looked, state.plans, state.arms)
        assert again.typical == state.typical


def test_a_damaged_block_is_noticed_wherever_it_is_hit() -> None:
    block = taught(3).to_bytes()
    for at in (0, 15, 17, 40, len(block) // 2, len(block) - 1):
        damaged = bytearray(block)
        damaged[at] ^= 1
        with pytest.raises(ValueError, match="damaged"):
            State.from_bytes(bytes(damaged))
    for short in (b"", block[:10], block[:-8]):
        with pytest.raises(ValueError, match="damaged"):
            State.from_bytes(short)


def test_the_lens_solves_the_normal_equations() -> None:
    state = taught(40)
    x = [1.0] + [Random(5).uniform(-1, 1) for _ in range(D - 1)]
    z = lens(state, x)
    rows = [[0.0] * D for _ in range(D)]
    at = 0
    for i in range(D):
        for j in range(i, D):
            rows[i][j] = rows[j][i] = state.gram[at]
            at += 1
    assert [dot(row, z) for row in rows] == pytest.approx(x, abs=1e-9)


def test_an_arm_that_always_has_it_third_is_learned_to_reach_it_at_depth_five() -> None:
    state, x = State(), [1.0] + [0.0] * (D - 1)
    for _ in range(200):
        learn(state, Lesson(x, {"a": 3, "b": 30, "c": 0}, 1.0, 1.0), 1.0)
    z = lens(state, x)
    # b.x / (sum x x' + 10) = 2000/2010
    assert reach(state, z, "a") == pytest.approx((0.98,) * len(DEPTHS))  # the highest there is
    assert reach(state, z, "b") == pytest.approx((0, 0, 0, 0.98, 0.98))
    assert reach(state, z, "c") == (0,) * len(DEPTHS)
    assert reach(state, z, "never drawn") == (0,) * len(DEPTHS)
    assert [at_depth((0.1, 0.3, 0.3, 0.3, 0.5), n) for n in (0, 5, 6, 60, 80, 500)] == pytest.approx(
        [0, 0.1, 0.14, 0.4, 0.5, 0.5]
    )


def test_what_an_older_version_learned_is_learned_again_from_the_log() -> None:
    name, _, form = State().to_bytes().partition(b"\n")[0].rpartition(b" ")
    assert int(form) > 3
    for older in range(1, int(form)):
        assert State.from_bytes(b"%s %d\n" % (name, older) + bytes(40)) == State()
