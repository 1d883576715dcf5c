"""What one satisfying action teaches: it labels every arm at every depth, and every plan, drawn or not."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.policy.menu import hand_made
from ltrr_cli.policy.reach import dot, lens
from ltrr_cli.policy.shares import EVERY, earns, named, spread
from ltrr_cli.policy.state import DEPTHS, RIDGE, WIDTH, D
from ltrr_cli.policy.worth import by_class
from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.policy.state import State

MOST = 24  # plans remembered: those made by hand, for the arms that there were; the least supported go first


class Lesson(NamedTuple):
    """One satisfying action."""

    x: Sequence[float]  # features of its query
    query_class: str
    ranks: Mapping[str, int]  # arm -> where the item stands in it, from 1, 0 = not found; and plans, see `learn.reached`
    budget: int
    weight: float  # of the action, > 0
    menu: Sequence[str]  # names in tenths of the plans that could have been chosen
    earlier: int = 0  # searches for the same query that had satisfied before


def learn(state: State, lesson: Lesson, gamma: float) -> None:
    """Change *state* by one lesson; *gamma* in (0, 1] is what remains of older ones.

    All arms are re-run for the query of an action, so every arm at every depth and every plan gets its label whatever was
    drawn: full-rank feedback. An arm met for the first time starts as the mean of the others.
    """
    share = (1 + lesson.earlier) ** -2.0  # memory answers what comes back: of strangers it says hardly anything any more
    w, gamma = share * lesson.weight, gamma**share
    _meet(state, lesson)
    state.memo.clear()
    earned = {name: earns(spread(named(name), lesson.budget), lesson.ranks) for name in state.plans}
    value = {name: by_class(lesson.query_class, named(name), state) for name in state.plans}
    if lesson.menu and not lesson.earlier:
        _prove(state, lesson, earned, value)
    _fade(state, gamma)
    _add_to_gram(state, lesson.x, w)
    wx = [w * xi for xi in lesson.x]
    for arm, sums in state.arms.items():
        rank = lesson.ranks.get(arm, 0)
        for i, depth in enumerate(DEPTHS):
            if 0 < rank <= depth:
                for j, number in enumerate(wx, i * D):
                    sums[j] += number
    at = 2 + 2 * CLASSES.index(lesson.query_class) if lesson.query_class in CLASSES else None
    for name, sums in state.plans.items():
        for i in (0, at) if at is not None else (0,):
            sums[i] += w
            sums[i + 1] += w * earned[name]
        residual = earned[name] - value[name]
        for j, number in enumerate(wx, WIDTH):
            sums[j] += residual * number
    state.version += 1
    state.memo.clear()


def _meet(state: State, lesson: Lesson) -> None:
    """Make room for arms and plans that are new, and forget plans that are hardly supported.

    Only plans made by hand are learned about: the best of many, each a little different, would be so by luck.
    """
    arms = [arm for arm in lesson.ranks if ":" not in arm and arm != EVERY]  # the others are plans
    new = [arm for arm in arms if arm not in state.arms]
    others = list(state.arms.values())
    mean = [sum(numbers) / len(others) for numbers in zip(*others, strict=True)] if others else [0.0] * (len(DEPTHS) * D)
    for arm in new:
        state.arms[arm] = array("d", mean)
    could = sorted({arm for name in lesson.menu for arm, _ in named(name).draws})
    by_hand = dict.fromkeys(plan.name for plan in [*hand_made(arms), *(hand_made(could) if could else [])])
    for name in by_hand:
        if name not in state.plans:
            state.plans[name] = array("d", [0.0] * (WIDTH + D))
    while len(state.plans) > MOST:
        weak = min((sums[0], name) for name, sums in state.plans.items() if name not in by_hand or len(by_hand) > MOST)
        del state.plans[weak[1]]


def _prove(state: State, lesson: Lesson, earned: Mapping[str, float], value: Mapping[str, float]) -> None:
    """Would choosing with context have done better here, before anything is learned from it (progressive validation)?"""
    z = lens(state, lesson.x)
    menu = [name for name in lesson.menu if name in state.plans]
    if not menu:
        return
    plain = max(menu, key=lambda name: value[name])
    informed = max(menu, key=lambda name: value[name] + dot(z, state.plans[name][WIDTH:]))
    better = earned[informed] - earned[plain]
    for i, number in enumerate((1.0, better, better * better)):
        state.proof[i] += number


def _fade(state: State, gamma: float) -> None:
    state.proof = array("d", [gamma * number for number in state.proof])
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
