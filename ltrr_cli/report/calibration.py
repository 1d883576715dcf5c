"""Was it right about itself? What it believed before each action, beside what the action then showed.

The last satisfying actions are learned again from nothing, by the code that learned them first. Before each one the state so
far says what each plan of the menu is worth, and how likely each arm has it among its first ten; then the action
shows what they were. Actions count with the weights that learning gives them, which make up for what was shown and where. Where
there are many, the first half only warms up. What memory adds for the very query is left out.
"""

from __future__ import annotations

import json
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.feedback import log
from ltrr_cli.learn.arms import Lesson, learn
from ltrr_cli.policy.base import Situation
from ltrr_cli.policy.menu import ENOUGH
from ltrr_cli.policy.reach import lens, reach
from ltrr_cli.policy.shares import earns, made, shares
from ltrr_cli.policy.state import DEPTHS, State
from ltrr_cli.policy.worth import worths
from ltrr_cli.report.statistics import Z95
from ltrr_cli.understand.features import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.settings import Settings

LAST = 2000  # actions learned again
GROUPS = 10  # points of a curve
BATCH = 200
DEPTH = DEPTHS.index(10)


class Belief(NamedTuple):
    """One thing that was believed, and what came."""

    predicted: float  # 0..1
    came: float
    weight: float
    action: int  # those of one action belong together


def calibration(store: Store, settings: Settings, since: float | None = None) -> dict[str, Any]:
    """Return curves of believed against observed shares for plans and arms, from the last LAST actions."""
    state, gamma = State(), 0.5 ** (1 / settings.half_life)
    plans: list[Belief] = []
    arms: dict[str, list[Belief]] = {}
    chosen = _chosen(store, since)
    warm = len(chosen) // 2 if len(chosen) == LAST else 0
    for number, (lesson, logged) in enumerate(_lessons(store, chosen)):
        if number >= warm:
            menu = [made(draws.items()) for draws in logged["choice"]["menu"]]
            worth = worths(Situation(lesson.x, lesson.query_class), menu, state)
            plans += [Belief(v, earns(plan, lesson.ranks), lesson.weight, number) for plan, v in zip(menu, worth, strict=True)]
            if state.version >= ENOUGH:
                z = lens(state, lesson.x)
                for arm in (arm for arm in lesson.ranks if arm in state.arms):
                    believed, rank = reach(state, z, arm)[DEPTH], lesson.ranks[arm]
                    arms.setdefault(arm, []).append(Belief(believed, 0 < rank <= DEPTHS[DEPTH], lesson.weight, number))
        learn(state, lesson, gamma)
    pooled = [belief for of_arm in arms.values() for belief in of_arm]
    return {
        "actions": len(chosen) - warm,
        "warmed_up_on": warm,
        "plans": curve(plans) | {"error": error(plans)},
        "arms": curve(pooled) | {"error": error(pooled)},
        "by_arm": {arm: _mean(beliefs) for arm, beliefs in sorted(arms.items())},
    }


def curve(beliefs: Sequence[Belief], groups: int = GROUPS) -> dict[str, list[float | None]]:
    """Return, for *groups* of equally many beliefs from the lowest to the highest, what was predicted and what came.

    Intervals take one action's beliefs as one observation (ratio of sums, linearised).

    >>> one = curve([Belief(0.2, False, 1.0, 1), Belief(0.4, True, 1.0, 2), Belief(0.9, True, 2.0, 3)], groups=1)
    >>> [round(x, 3) for x in one["predicted"] + one["came"]]  # (.2 + .4 + 2 * .9) / 4, (0 + 1 + 2) / 4
    [0.6, 0.75]
    """
    ordered = sorted(beliefs, key=lambda belief: belief.predicted)  # and by nothing else: what came must not sort ties
    points = []
    for group in range(groups):
        part = ordered[len(ordered) * group // groups : len(ordered) * (group + 1) // groups]
        if part:
            points.append(_point(part))
    return {name: [point[name] for point in points] for name in ("predicted", "came", "low", "high", "weight")}


def error(beliefs: Sequence[Belief]) -> float | None:
    """Return the mean distance between predicted and came over the curve's groups (expected calibration error), weighted."""
    points = curve(beliefs)
    total = sum(w or 0.0 for w in points["weight"])
    if not total:
        return None
    apart = zip(points["predicted"], points["came"], points["weight"], strict=True)
    return sum(abs((p or 0.0) - (c or 0.0)) * (w or 0.0) for p, c, w in apart) / total


def _point(part: Sequence[Belief]) -> dict[str, float | None]:
    weight = sum(b.weight for b in part)
    predicted = sum(b.weight * b.predicted for b in part) / weight
    came = sum(b.weight * b.came for b in part) / weight
    of: dict[int, float] = {}
    for b in part:
        of[b.action] = of.get(b.action, 0.0) + b.weight * (b.came - came)
    k = len(of)
    half = Z95 * sqrt(sum(s * s for s in of.values()) * k / (k - 1)) / weight if k > 1 else None
    low, high = (None, None) if half is None else (max(0.0, came - half), min(1.0, came + half))
    return {"predicted": predicted, "came": came, "low": low, "high": high, "weight": weight}


def _mean(beliefs: Sequence[Belief]) -> dict[str, float | None]:
    point = _point(beliefs)
    return {"predicted": point["predicted"], "came": point["came"], "low": point["low"], "high": point["high"]}


def _chosen(store: Store, since: float | None) -> list[int]:
    sql = "SELECT seq FROM events WHERE weight>0 AND time>=? ORDER BY seq DESC LIMIT ?"
    return [seq for (seq,) in store.rows(sql, (-1e18 if since is None else since, LAST))][::-1]


def _lessons(store: Store, chosen: Sequence[int]) -> Iterator[tuple[Lesson, dict[str, Any]]]:
    """Yield what each of the *chosen* events taught, and its search."""
    for at in range(0, len(chosen), BATCH):
        part = chosen[at : at + BATCH]
        sql = (
            "SELECT e.weight, e.ranks, s.body, (SELECT count(DISTINCT b.search) FROM events b"
            " WHERE b.key=e.key AND b.weight>0 AND b.search<>e.search AND b.seq<e.seq)"
            f" FROM events e JOIN searches s ON s.id=e.search WHERE e.seq IN ({','.join('?' * len(part))}) ORDER BY e.seq"
        )
        for weight, ranks, packed, earlier in store.rows(sql, part):
            logged = log.body(packed)
            names = [shares(made(draws.items())).name for draws in logged["choice"]["menu"]]
            x = whole(logged["x"])
            yield Lesson(x, logged["class"], json.loads(ranks), logged["budget"], weight, names, earlier), logged
