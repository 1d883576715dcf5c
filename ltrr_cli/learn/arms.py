"""What one satisfying action teaches: it labels every arm at every depth, drawn or not."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.policy.state import DEPTHS, RIDGE, D

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.policy.state import State


class Lesson(NamedTuple):
    """One satisfying action."""

    x: Sequence[float]  # features of its query
    ranks: Mapping[str, int]  # arm -> where the item stands in it, from 1, 0 = not found; and plans, see `learn.reached`
    weight: float  # of the action, > 0
    gain: float  # its reward, 0..1
    share: float = 1.0  # how much it counts: what comes back says ever less


def learn(state: State, lesson: Lesson, gamma: float) -> None:
    """Change *state* by one action; *gamma* in (0, 1] is what remains of older ones.

    All arms are re-run for the query of an action, so every arm at every depth gets its label whatever was drawn: full-rank
    feedback. An arm met for the first time starts as the mean of the others.
    """
    w, gamma = lesson.share * lesson.weight, gamma**lesson.share
    _meet(state, lesson)
    _fade(state, gamma)
    _add_to_gram(state, lesson.x, w)
    wx = [w * xi for xi in lesson.x]
    for arm, sums in state.arms.items():
        rank = lesson.ranks.get(arm, 0)
        for i, depth in enumerate(DEPTHS):
            if 0 < rank <= depth:
                for j, number in enumerate(wx, i * D):
                    sums[j] += number
    state.typical[0] += lesson.share
    state.typical[1] += lesson.share * lesson.gain
    state.version += 1
    state.memo.clear()


def _meet(state: State, lesson: Lesson) -> None:
    """Make room for arms that are new."""
    new = [arm for arm in lesson.ranks if ":" not in arm and arm not in state.arms]  # the others are plans
    others = list(state.arms.values())
    mean = [sum(numbers) / len(others) for numbers in zip(*others, strict=True)] if others else [0.0] * (len(DEPTHS) * D)
    for arm in new:
        state.arms[arm] = array("d", mean)


def _fade(state: State, gamma: float) -> None:
    state.typical = array("d", [gamma * number for number in state.typical])
    state.onward = array("d", [gamma * number for number in state.onward])
    for sums in (state.arms, state.plans):
        for name, numbers in sums.items():
            sums[name] = array("d", [gamma * number for number in numbers])
    state.gram = array("d", [gamma * number for number in state.gram])
    at = 0
    for i in range(D):  # the ridge does not fade
        state.gram[at] += (1 - gamma) * RIDGE
        at += D - i


def _add_to_gram(state: State, x: Sequence[float], w: float) -> None:
    at = 0
    for i in range(D):
        wxi = w * x[i]
        if wxi:
            for j in range(i, D):
                state.gram[at + j - i] += wxi * x[j]
        at += D - i
