"""ltrr with one of its parts taken out, to see what that part is worth."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from ltrr_cli.learn.fold import Learner
from ltrr_cli.policy.base import Situation
from ltrr_cli.policy.reach import at_depth, lens, reach
from ltrr_cli.policy.state import State
from ltrr_cli.policy.worth import by_class
from ltrr_cli.records import Plan

_full = Learner._policy


def _drawn_only(self: Learner, seq: int, gain: float, rank: int | None, ranks: dict[str, int], logged: dict[str, Any]) -> float:
    """What an action teaches where only what was chosen is asked about it."""
    known = {name: place for name, place in ranks.items() if name.partition(":")[0] in logged["drawn"]}
    covers = [bits if at == logged["choice"]["chosen"] else None for at, bits in enumerate(logged["covers"])]
    return _full(self, seq, gain, rank, known, {**logged, "covers": covers})


def _independent(situation: Situation | None, menu: Sequence[Plan], state: State) -> list[float]:
    """A plan's worth from its arms', as if they found things independently (noisy-or)."""
    if situation is None or not state.arms:
        return [by_class("", plan, state) for plan in menu]
    z = lens(state, situation.x)
    missed = []
    for plan in menu:
        left = 1.0
        for arm, n in plan.draws:
            left *= 1 - at_depth(reach(state, z, arm), n)
        missed.append(left)
    return [1 - left for left in missed]


def _no_class(query_class: str, tenths: Plan, state: State) -> float:
    return by_class("", tenths, state)


PARTS: dict[str, tuple[tuple[str, Any], ...]] = {  # part -> what is put in its place
    "full ranks": (("ltrr_cli.learn.fold.Learner._policy", _drawn_only),),
    "plan values": (("ltrr_cli.policy.epsilon_greedy.worths", _independent), ("ltrr_cli.policy.menu.worths", _independent)),
    "classes": (("ltrr_cli.policy.worth.by_class", _no_class),),
    "swaps": (("ltrr_cli.policy.menu.SWAPS", 0),),
    "beliefs": (("ltrr_cli.policy.worth.belief", lambda query_class, tenths: 0.9),),
    "memory": (("ltrr_cli.memory.q2e.recall", lambda *what, **how: []),),
    "passing over": (("ltrr_cli.memory.q2e.PASSED", 0.0),),
    "gate": (("ltrr_cli.learn.gate.interval", lambda found, tries=1: (1.0, 1.0, 1.0)),),
    "position": (),
}


@contextmanager
def without(part: str) -> Iterator[None]:
    """Leave *part* out while this lasts, "" = nothing."""
    changes: list[Any] = [patch(where, instead) for where, instead in PARTS.get(part, ())]
    if part == "position":
        changes.append(patch.dict(os.environ, {"LTRR_ETA": "0"}))
    for change in changes:
        change.start()
    try:
        yield
    finally:
        for change in reversed(changes):
            change.stop()
