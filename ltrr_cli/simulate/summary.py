"""What a simulation says: rewards by quarter, differences with intervals, the gap closed, and who carries which class."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import accumulate, pairwise
from math import sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.arms.base import ARMS
from ltrr_cli.policy.shares import named, shares
from ltrr_cli.simulate.play import ALONE
from ltrr_cli.simulate.rounds import rounds
from ltrr_cli.simulate.truth import ndcg, recall
from ltrr_cli.simulate.users import user

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.simulate.play import Played
    from ltrr_cli.simulate.rounds import Round
    from ltrr_cli.simulate.run import Simulation

PARTS = 10  # of a run, for curves
MEASURES = ("nDCG@10", "recall")
LITTLE = 0.001  # a gap so small that no share of it means anything
T975 = (
    12.706,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
    2.120,
    2.110,
    2.101,
    2.093,
    2.086,
    2.080,
    2.074,
    2.069,
    2.064,
    2.060,
    2.056,
    2.052,
    2.048,
    2.045,
    2.042,
)  # fmt: skip - Student's t, 97.5 %, of 1 to 30 degrees of freedom


class Run(NamedTuple):
    """One run with what was asked in it."""

    asked: list[Round]
    played: Played


def report(simulation: Simulation) -> list[dict[str, Any]]:
    """Return one object for each kind of user and policy, as `ltrr simulate --json` prints them.

    `reward` is the true nDCG@10 of the pages; `against` are differences in it, paired by seed, with 95 % intervals (Student's
    t; none with a single seed). `best_static` is the plan that would have earned most in the last quarter, of all runs of
    these users and this policy, had it been chosen in the same states: nobody could know it before. `gap_closed` is how far
    the policy came from it to the best plan for each single search, of the menu and it. `untrained` and `rrf` never learn.
    """
    runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
    asked: dict[tuple[str, int], list[Round]] = {}
    setting = simulation.setting
    for job, played in simulation.played.items():
        if (job.users, job.seed) not in asked:
            drifts = user(job.users).drifts
            asked[job.users, job.seed] = rounds(setting.needs, setting.rounds, job.seed, unseen=setting.unseen, drifts=drifts)
        runs[job.users, job.policy].append(Run(asked[job.users, job.seed], played))
    return [_line(simulation, *pair, of_pair) for pair, of_pair in runs.items()]


def carried(simulation: Simulation) -> list[dict[str, Any]]:
    """Return one object for each class of queries: how much of what is relevant each arm alone would bring, nothing learned."""
    by_kind = defaultdict(list)
    for need in simulation.setting.needs:
        by_kind[_kind(simulation, need.id)].append(need)
    lines = []
    for kind, needs in by_kind.items():
        found = [(need, simulation.surveyed[need.id].systems) for need in needs]
        alone: dict[str, dict[str, float]] = {}
        for name in sorted(found[0][1]):
            both = [(ndcg(of[name][0], need.relevant), recall(of[name][1], need.relevant)) for need, of in found]
            alone[name] = {
                measure: round(fmean(values), 4) for measure, values in zip(MEASURES, zip(*both, strict=True), strict=True)
            }
        arms = {name.removeprefix("arm:"): value for name, value in alone.items() if name.startswith("arm:")}
        carries = max(ARMS, key=lambda arm: (arms[arm]["recall"], arms[arm]["nDCG@10"]))  # of equal ones the first, the simplest
        rest = {name: value for name, value in alone.items() if not name.startswith("arm:")}
        lines.append({"class": kind, "queries": len(needs), "carried_by": carries, "arms": arms, **rest})
    return lines


def _line(simulation: Simulation, users: str, policy: str, runs: list[Run]) -> dict[str, Any]:
    page, pool = (_measured(simulation, runs, i) for i in (0, 1))
    acts = [[float(n > 0) for n in run.played.acts] for run in runs]
    return {
        "users": users,
        "policy": policy,
        "rounds": simulation.setting.rounds,
        "seeds": len(runs),
        "reward": page.pop("reward"),
        "against": page.pop("against"),
        "gap_closed": page.pop("gap_closed") if not policy.startswith(ALONE) else None,  # there was nothing to choose from
        "simulated": True,
        "unseen": simulation.setting.unseen,
        "budget": simulation.budget,
        "rankers": {"trained": sum(len(run.played.trained) for run in runs), "promoted": sum(_promoted(run) for run in runs)},
        **page,
        "recall": pool,
        "acted": _quarters(acts),
        "classes": _classes(simulation, runs),
    }


def _promoted(run: Run) -> int:
    return sum(promoted for _, promoted in run.played.trained)


def _measured(simulation: Simulation, runs: list[Run], i: int) -> dict[str, Any]:
    """Everything about the measure *i* of MEASURES."""
    count = simulation.setting.rounds
    own = [(run.played.ndcg, run.played.recall)[i] for run in runs]
    name, static = _best_static(runs, i, count)
    late = [[n for n, at in enumerate(run.played.at) if 4 * at >= 3 * count] for run in runs]
    oracle = [[max(both[i], plan[n]) for n, both in enumerate(run.played.oracle)] for run, plan in zip(runs, static, strict=True)]
    above, gap = [], []
    for run, mine, plan, best, some in zip(runs, own, static, oracle, late, strict=True):
        above.append([mine[run.played.at[n]] - plan[n] for n in some])
        gap.append([best[n] - plan[n] for n in some])
    against = {"best_static": {"last_quarter": interval([fmean(a) for a in above if a])}}
    for system in ("rrf", "untrained"):
        other = [_never_learning(simulation, run, system, i) for run in runs]
        each = [fmean(_last([m - o for m, o in zip(mine, its, strict=True)])) for mine, its in zip(own, other, strict=True)]
        against[system] = {"last_quarter": interval(each)}
    gaps, gained = [g for some in gap for g in some], [a for some in above for a in some]
    open_gap = fmean(gaps) if gaps else 0.0
    return {
        "reward": _quarters(own),
        "against": against,
        "gap_closed": round(fmean(gained) / open_gap, 4) if open_gap > LITTLE else None,
        "measure": MEASURES[i],
        "best_static": name,
        "oracle_above_best_static": round(open_gap, 4),
        "curve": [round(fmean(part), 4) for part in _parts([fmean(at) for at in zip(*own, strict=True)])],
        "regret": {"best_static": _regret(runs, own, static, count), "oracle": _regret(runs, own, oracle, count)},
    }


def _best_static(runs: list[Run], i: int, count: int) -> tuple[str, list[list[float]]]:
    """Return the plan that was best in the last quarter, in tenths, with its measure where it was tried in each run."""
    values: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        late = [n for n, at in enumerate(run.played.at) if 4 * at >= 3 * count]
        for name, of_plan in run.played.static.items():
            values[name] += [of_plan[n][i] for n in late]
    best = max(sorted(values), key=lambda name: fmean(values[name]) if values[name] else 0.0)
    return best, [[both[i] for both in run.played.static[best]] for run in runs]


def _never_learning(simulation: Simulation, run: Run, system: str, i: int) -> list[float]:
    known: dict[tuple[str, tuple[str, ...]], float] = {}
    found = []
    for one in run.asked:
        key = (one.need.id, tuple(one.need.relevant))
        if key not in known:
            units = simulation.surveyed[one.need.id].systems[system][i]
            known[key] = (ndcg, recall)[i](units, one.need.relevant)
        found.append(known[key])
    return found


def _regret(runs: list[Run], own: list[list[float]], best: list[list[float]], count: int) -> list[float]:
    """Return the regret added up until the end of each tenth of a run, from the rounds in which the others were tried."""
    lost: list[list[float]] = [[] for _ in range(PARTS)]
    for run, mine, theirs in zip(runs, own, best, strict=True):
        for at, their in zip(run.played.at, theirs, strict=True):
            lost[PARTS * at // count].append(their - mine[at])
    return [round(total, 2) for total in accumulate(fmean(part) * count / PARTS if part else 0.0 for part in lost)]


def _classes(simulation: Simulation, runs: list[Run]) -> dict[str, Any]:
    """Return what was earned and drawn in the last quarter, by class of query."""
    found: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for run in runs:
        for one, *values in _last(list(zip(run.asked, run.played.ndcg, run.played.recall, run.played.plans, strict=True))):
            found[_kind(simulation, one.need.id)].append((values[0], values[1], values[2]))
    lines = {}
    for kind in sorted(found):
        drawn: Counter[str] = Counter()
        for *_, plan in found[kind]:
            drawn.update(dict(shares(named(plan)).draws))
        total = drawn.total()
        lines[kind] = {
            "reward": round(fmean(one[0] for one in found[kind]), 4),
            "recall": round(fmean(one[1] for one in found[kind]), 4),
            "draws": {arm: round(n / total, 3) for arm, n in sorted(drawn.items(), key=lambda one: (-one[1], one[0]))},
        }
    return lines


def _kind(simulation: Simulation, need: str) -> str:
    return simulation.kinds[need] or simulation.surveyed[need].kind


def interval(each: Sequence[float]) -> dict[str, float | None]:
    """Return the mean of one number a seed with its 95 % interval.

    >>> interval([0.1, 0.2, 0.3])  # .2 +- 4.303 * .1 / sqrt(3)
    {'mean': 0.2, 'low': -0.0484, 'high': 0.4484}
    """
    if not each:
        return {"mean": None, "low": None, "high": None}
    mean = fmean(each)
    if len(each) < 2:
        return {"mean": round(mean, 4), "low": None, "high": None}
    half = T975[min(len(each) - 2, len(T975) - 1)] * stdev(each) / sqrt(len(each))
    return {"mean": round(mean, 4), "low": round(mean - half, 4), "high": round(mean + half, 4)}


def _quarters(own: Sequence[Sequence[float]]) -> dict[str, float]:
    first, last = ([number for one in own for number in part(one)] for part in (_first, _last))
    return {"first_quarter": round(fmean(first), 4), "last_quarter": round(fmean(last), 4)}


def _first(row: Sequence[Any]) -> Sequence[Any]:
    return row[: max(1, len(row) // 4)]


def _last(row: Sequence[Any]) -> Sequence[Any]:
    return row[-(-3 * len(row) // 4) :]


def _parts(row: Sequence[float]) -> list[Sequence[float]]:
    cuts = [len(row) * part // PARTS for part in range(PARTS + 1)]
    return [row[a:b] for a, b in pairwise(cuts) if b > a]
