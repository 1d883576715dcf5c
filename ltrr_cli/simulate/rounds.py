"""Who asks what, and when: the same sequence of needs for every policy that is tried with a seed."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.simulate.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.simulate.needs import Need

ZIPF = 1.0  # the need in place i of popularity is asked for in proportion to i^-ZIPF (Baeza-Yates, WAW 2005, found .8 to 1.1)
START = 1767603600.0  # Monday, 2026-01-05, 9:00 UTC: simulated clocks begin there
STEP = 600.0  # seconds from one search to the next
LATER = 30.0  # seconds from a search to what is done with it
HELD_OUT = 4  # of so many needs one is kept for the last quarter, when the others are no longer asked for


class Round(NamedTuple):
    """One search to come."""

    number: int  # from 0
    need: Need
    now: float  # seconds since 1970
    learns: bool  # False: nobody acts on it, so that it stays a query never seen before


def rounds(needs: Sequence[Need], count: int, seed: int, *, unseen: bool = False, drifts: bool = False) -> list[Round]:
    """Return *count* rounds in which *needs* come up with Zipf's frequencies, in an order of popularity that the seed deals.

    *unseen*: a quarter of the needs, of each class, is asked for in the last quarter of the rounds only, in turn, and nobody
    acts on it then: what is shown was learned from other queries. *drifts*: at half time the popularity is dealt anew, and
    the other half of what is relevant to a need becomes what is wanted.
    """
    dice = Dice("rounds", seed)
    dealt = _dealt(needs, dice, "first")
    held = _held_out(dealt) if unseen else set()
    before = [need for need in dealt if need.id not in held] or dealt
    last = [need for need in dealt if need.id in held]
    after = _dealt(before, dice, "again")
    edges = list(accumulate((i + 1) ** -ZIPF for i in range(len(before))))
    found = []
    for t in range(count):
        changed = drifts and 2 * t >= count
        fresh = bool(last) and 4 * t >= 3 * count
        place = min(len(edges) - 1, bisect_right(edges, dice("need", t) * edges[-1]))
        need = last[t % len(last)] if fresh else (after if changed else before)[place]
        found.append(Round(t, need.drifted(dice, changed) if drifts else need, START + STEP * t, not fresh))
    return found


def _dealt(needs: Sequence[Need], dice: Dice, what: str) -> list[Need]:
    return sorted(needs, key=lambda need: (dice("place", what, need.id), need.id))


def _held_out(dealt: Sequence[Need]) -> set[str]:
    by_kind = sorted(dealt, key=lambda need: need.kind)  # stable: within a class the order stays dealt
    return {need.id for need in by_kind[HELD_OUT - 1 :: HELD_OUT]} if len(dealt) >= HELD_OUT else set()
