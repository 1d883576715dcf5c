"""Was it right about itself? What it believed before each action, beside what the action then showed.

The last satisfying actions are learned again from nothing, by the code that learned them first. Before each one the state so
far says how much a look at what each plan draws will earn, and how likely each arm has it among its first ten; then the action
shows what they were. Plans count by what was looked at, arms with the weights that learning gives to actions. Where there are
many, the first half only warms up. What memory adds for the very query is left out.
"""

from __future__ import annotations

import json
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.feedback import log
from ltrr_cli.learn.arms import Lesson, learn
from ltrr_cli.learn.looks import counts, look_on, looks
from ltrr_cli.policy.menu import ENOUGH
from ltrr_cli.policy.reach import lens, reach
from ltrr_cli.policy.state import DEPTHS, State
from ltrr_cli.policy.worth import better, rate
from ltrr_cli.report.statistics import Z95
from ltrr_cli.understand.features import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.learn.looks import Look
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
    for number, (seq, lesson, rank, logged) in enumerate(_lessons(store, chosen)):
        found: list[Look] = []
        if rank is not None:
            found, _, state.looked = looks(store.rows, seq, logged, lesson.gain, rank, settings.eta, state.looked)
        if number >= warm:
            plans += [belief for look in found for belief in _of_plans(state, look, number)]
            if state.version >= ENOUGH:
                z = lens(state, lesson.x)
                for arm in (arm for arm in lesson.ranks if arm in state.arms):
                    believed, place = reach(state, z, arm)[DEPTH], lesson.ranks[arm]
                    arms.setdefault(arm, []).append(Belief(believed, 0 < place <= DEPTHS[DEPTH], lesson.weight, number))
        learn(state, lesson, gamma)
        for look in found:
            look_on(state, look)
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
    low, high = (None, None) if half is None else (max(0.0, came - half), came + half)
    return {"predicted": predicted, "came": came, "low": low, "high": high, "weight": weight}


def _mean(beliefs: Sequence[Belief]) -> dict[str, float | None]:
    point = _point(beliefs)
    return {"predicted": point["predicted"], "came": point["came"], "low": point["low"], "high": point["high"]}


def _chosen(store: Store, since: float | None) -> list[int]:
    sql = "SELECT seq FROM events WHERE weight>0 AND time>=? ORDER BY seq DESC LIMIT ?"
    return [seq for (seq,) in store.rows(sql, (-1e18 if since is None else since, LAST))][::-1]


def _of_plans(state: State, look: Look, number: int) -> Iterator[Belief]:
    """Yield what was believed that each plan earns where somebody looked, and what it did earn, in typical actions a look."""
    if not state.typical[1]:
        return
    in_all = rate((look.query_class,), state) or rate(("",), state)
    for name, (expected, earned) in look.plans.items():
        if expected:
            came = earned / expected * state.typical[0] / state.typical[1]
            predicted = max(0.0, in_all + better(look.query_class, name, state))
            yield Belief(predicted, came, look.share * expected, number)


def _lessons(store: Store, chosen: Sequence[int]) -> Iterator[tuple[int, Lesson, int | None, dict[str, Any]]]:
    """Yield each of the *chosen* events, what it taught of arms, its place on the page, and its search."""
    for at in range(0, len(chosen), BATCH):
        part = chosen[at : at + BATCH]
        sql = (
            "SELECT e.seq, e.entity, e.weight, e.gain, e.ranks, s.body FROM events e JOIN searches s ON s.id=e.search"
            f" WHERE e.seq IN ({','.join('?' * len(part))}) ORDER BY e.seq"
        )
        for seq, entity, weight, gain, ranks, packed in store.rows(sql, part):
            logged = log.body(packed)
            rank = next((r["rank"] for r in logged["results"] if r["id"] == entity), None)
            share = counts(store.rows, logged["query"]["key"], logged["search_id"], seq)
            yield seq, Lesson(whole(logged["x"]), json.loads(ranks), weight, gain, share), rank, logged
