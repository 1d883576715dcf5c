"""Does ltrr learn, how soon, and does it ever do harm? Simulated users on judged catalogs, paired over seeds.

    python benchmarks/learning.py DATA_DIR [--what repeated,unseen,allocation,mixed,drift,ablation] [--seeds 10] [--rounds N]
        [--policies epsilon_greedy,squarecb,linucb,thompson] [--keep FOLDER]

DATA_DIR has a folder a set, as `judged.py` describes; indexes are made in the folder that is kept, if one is named, and used
again by the next run; `mixed` indexes three sets together and makes queries of five classes
(exact, misspelt, attribute, topic, long), a quarter of which is asked in the last quarter of the rounds only. Everybody who
clicks is simulated (`ltrr_cli.simulate.users`), with the real engine; nDCG@10 and recall are those of the truth, which the
users' clicks only hint at. Differences are over seeds, with 95 % intervals (Student's t). "untrained" is the same index
with nothing learned, "best static" the plan that was best in hindsight if always drawn, with the same knowledge otherwise.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from judged import Judged
from without import PARTS, without

import ltrr_cli
from ltrr_cli.simulate.needs import Need
from ltrr_cli.simulate.play import Job, Played, Setting, Surveyed, play, survey
from ltrr_cli.simulate.queries import invented
from ltrr_cli.simulate.rounds import Round, rounds
from ltrr_cli.simulate.stage import Kept
from ltrr_cli.simulate.summary import interval
from ltrr_cli.simulate.truth import ndcg, recall
from ltrr_cli.simulate.users import user

SETS = ("cpcd_music", "chorus_icecat")
MIXED = (*SETS, "chinook")
NOISY = ("position+noise", "cascade+noise", "dbn+noise", "perfect")
POLICIES = ["epsilon_greedy", "squarecb", "linucb", "thompson"]
SMALL = 20  # budget at which allocation is looked at
MEASURES = (ndcg, recall)
LATE = 1 << 30  # other plans are played in the last quarter alone


class Bench:
    """One index with its queries; tasks are done by one process a core, each with its own memory of what arms find."""

    def __init__(self, folder: str, needs: Sequence[Need], same: dict[str, str], types: tuple[str, ...]) -> None:
        self.setting = Setting(folder, tuple(needs), same, types)
        self.pool = ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("spawn"), _start, (folder,))
        self._surveys: dict[int | None, dict[str, Surveyed]] = {}

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.shutdown(cancel_futures=True)

    def play(self, jobs: Iterable[Job], less: str = "", **options: Any) -> list[Run]:
        """Play all *jobs*; *options* are those of a `Setting`, *less* what ltrr has to do without."""
        setting = self.setting._replace(**options)
        waiting = [(job, self.pool.submit(_play, setting, job, less)) for job in jobs]
        surveyed = partial(self.surveyed, setting.budget)
        return [Run(_asked(setting, job), future.result(), surveyed) for job, future in waiting]

    def surveyed(self, budget: int | None) -> dict[str, Surveyed]:
        """What there is for each query without learning."""
        if budget not in self._surveys:
            setting = self.setting._replace(budget=budget)
            waiting = {need.id: self.pool.submit(_survey, setting, need) for need in setting.needs}
            self._surveys[budget] = {name: future.result() for name, future in waiting.items()}
        return self._surveys[budget]


class Run(NamedTuple):
    """What was asked in one run, what came of it, and what there was without learning."""

    asked: list[Round]
    played: Played
    surveyed: Callable[[], dict[str, Surveyed]]

    def own(self, i: int) -> list[float]:
        """The measure *i* of MEASURES, a number a round."""
        return (self.played.ndcg, self.played.recall)[i]

    def untrained(self, i: int) -> list[float]:
        """The same of what never learns."""
        known: dict[tuple[str, tuple[str, ...]], float] = {}
        surveyed = self.surveyed()
        for one in self.asked:
            key = (one.need.id, tuple(one.need.relevant))
            if key not in known:
                known[key] = MEASURES[i](surveyed[one.need.id].systems["untrained"][i], one.need.relevant)
        return [known[one.need.id, tuple(one.need.relevant)] for one in self.asked]

    def gain(self, i: int) -> list[float]:
        return [mine - its for mine, its in zip(self.own(i), self.untrained(i), strict=True)]


_HERE: dict[str, Kept] = {}  # of a process that works


def _start(folder: str) -> None:
    _HERE["kept"] = Kept(folder)


def _play(setting: Setting, job: Job, less: str) -> Played:
    with without(less):
        return play(_HERE["kept"], setting, job)


def _survey(setting: Setting, need: Need) -> Surveyed:
    return survey(_HERE["kept"], setting, need)


def _asked(setting: Setting, job: Job) -> list[Round]:
    return rounds(setting.needs, setting.rounds, job.seed, unseen=setting.unseen, drifts=user(job.users).drifts)


def last(row: Sequence[float], part: int = 4) -> float:
    """The mean of the last quarter."""
    return fmean(row[len(row) - len(row) // part :])


def said(each: Sequence[float]) -> str:
    """A mean over seeds with its interval."""
    found = interval(each)
    between = f" ({found['low']:+.4f} to {found['high']:+.4f})" if found["low"] is not None else ""
    return f"{found['mean']:+.4f}{between}"


def late(run: Run, i: int, plan: str) -> float:
    """What *plan* would have earned in the last quarter, had it always been drawn there."""
    return fmean(both[i] for at, both in zip(run.played.at, run.played.static[plan], strict=True) if _is_late(run, at))


def oracle(run: Run, i: int, plan: str) -> float:
    """What the best plan of each search's menu, or *plan*, would have earned there."""
    both = zip(run.played.at, run.played.oracle, run.played.static[plan], strict=True)
    return fmean(max(best[i], plain[i]) for at, best, plain in both if _is_late(run, at))


def _is_late(run: Run, at: int) -> bool:
    return 4 * at >= 3 * len(run.asked)


def best_static(runs: Sequence[Run], i: int) -> str:
    """The plan that earned most in the last quarter over all of these runs."""
    return max(sorted(runs[0].played.static), key=lambda plan: fmean(late(run, i, plan) for run in runs))


def repeated(bench: Bench, seeds: int, count: int) -> None:
    """Zipf rounds: what is learned for queries that come back."""
    for users in NOISY:
        runs = bench.play([Job(users, "epsilon_greedy", s) for s in range(seeds)], rounds=count, every=0, learn_every=500)
        gained = [last(run.gain(0)) for run in runs]
        soon = [fmean(run.gain(0)[250:350]) for run in runs]
        windows = [_window(runs, at) for at in range(0, count - 99, 100)]
        parts = [f"last quarter {said(gained)} over untrained {fmean(last(run.untrained(0)) for run in runs):.4f}"]
        parts.append(f"after 300 rounds {fmean(soon) / fmean(gained):.0%} of it, worst 100 rounds {min(windows):+.1%}")
        print(f"  {users:16} {'; '.join(parts)}", flush=True)


def _window(runs: Sequence[Run], at: int) -> float:
    own, plain = (fmean(fmean(row(run)[at : at + 100]) for run in runs) for row in (_own, _plain))
    return own / plain - 1


def _own(run: Run) -> list[float]:
    return run.own(0)


def _plain(run: Run) -> list[float]:
    return run.untrained(0)


def unseen(bench: Bench, seeds: int, count: int) -> None:
    """Queries asked for the first time after all that was learned from others, rankers trained on the way."""
    for users in (*NOISY, "trust", "position:0.5"):
        jobs = [Job(users, "epsilon_greedy", s) for s in range(seeds)]
        runs = bench.play(jobs, rounds=count, unseen=True, every=0, learn_every=500)
        promoted = sum(done for run in runs for _, done in run.played.trained)
        print(f"  {users:16} {said([last(run.gain(0)) for run in runs])} over untrained; rankers promoted {promoted}", flush=True)


def allocation(bench: Bench, seeds: int, count: int) -> None:
    """A small budget from a cold start: how near to the best static plan, and how soon."""
    for policy in POLICIES:
        jobs = [Job("position", policy, s) for s in range(seeds)]
        runs = bench.play(jobs, rounds=count, budget=SMALL, every=LATE)
        short = bench.play(jobs, rounds=667, budget=SMALL, every=LATE)  # its last quarter begins after 500
        even = bench.play([job._replace(policy="equal_split") for job in jobs], rounds=667, budget=SMALL, every=0)
        plan = best_static(runs, 1)
        gap = [last(run.own(1)) - late(run, 1, plan) for run in runs]
        soon = best_static(short, 1)
        way = fmean(last(run.own(1)) for run in short) - fmean(last(run.own(1)) for run in even)
        whole = fmean(late(run, 1, soon) for run in short) - fmean(last(run.own(1)) for run in even)
        print(f"  {policy:15} recall@{SMALL} {fmean(last(run.own(1)) for run in runs):.4f}, {said(gap)} against {plan}")
        print(f"  {'':15} after 500 rounds {way:+.4f} of the {whole:+.4f} from the equal split to {soon}", flush=True)


def mixed(bench: Bench, seeds: int, count: int) -> None:
    """Queries of five classes over three kinds of catalog, those of the last quarter never seen before."""
    for policy in POLICIES:
        jobs = [Job("position", policy, s) for s in range(seeds)]
        runs = bench.play(jobs, rounds=count, budget=SMALL, unseen=True, every=LATE)
        for i, name in enumerate(("nDCG@10", f"recall@{SMALL}")):
            plan = best_static(runs, i)
            above = [last(run.own(i)) - late(run, i, plan) for run in runs]
            gap = fmean(oracle(run, i, plan) - late(run, i, plan) for run in runs)
            print(
                f"  {policy:15} {name} {said(above)} above {plan}, {fmean(above) / gap:.0%} of {gap:.4f} to the oracle",
                flush=True,
            )


def drift(bench: Bench, seeds: int, count: int) -> None:
    """At half time other things are wanted and other queries asked."""
    runs = bench.play([Job("position+drift", "epsilon_greedy", s) for s in range(seeds)], rounds=count, every=0)
    half = count // 2
    before = fmean(fmean(run.own(0)[half - 200 : half]) for run in runs)
    for start in (0, 100, 200, 300, 400):
        after = fmean(fmean(run.own(0)[half + start : half + start + 100]) for run in runs)
        print(f"  rounds {start:3} to {start + 100} after the change {after:.4f}, {after / before:.0%} of {before:.4f} before")


def ablation(bench: Bench, seeds: int, count: int) -> None:
    """What each part is worth: nDCG@10 for repeated and for unseen queries, recall at a small budget."""
    found: dict[str, list[list[float]]] = {}
    for part in ("", "ranker", *PARTS):
        jobs = [Job("position+noise", "epsilon_greedy", s) for s in range(seeds)]
        again = bench.play(jobs, part, rounds=count, every=0, budget=SMALL, learn_every=0 if part == "ranker" else 500)
        fresh = bench.play(
            jobs, part, rounds=count, every=0, unseen=True, budget=SMALL, learn_every=0 if part == "ranker" else 500
        )
        found[part] = [[last(r.own(0)) for r in again], [last(r.own(0)) for r in fresh], [last(r.own(1)) for r in fresh]]
        names = ("repeated nDCG@10", "unseen nDCG@10", f"unseen recall@{SMALL}")
        for name, ours, whole in zip(names, found[part], found[""], strict=True):
            worth = said([a - b for a, b in zip(whole, ours, strict=True)]) if part else f"{fmean(ours):.4f} with everything"
            print(f"  {part or 'nothing':18} left out: {name:18} {'is worth ' if part else ''}{worth}", flush=True)


WHAT: dict[str, tuple[Callable[[Bench, int, int], None], int]] = {  # with its rounds
    "repeated": (repeated, 3000), "unseen": (unseen, 2000), "allocation": (allocation, 2000), "mixed": (mixed, 5000),
    "drift": (drift, 3000), "ablation": (ablation, 1500),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--what", default="repeated,unseen,allocation,mixed,drift,ablation")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--rounds", type=int, help="in place of each comparison's own number")
    parser.add_argument("--made", type=int, default=1500, help="queries made of the mixed catalog")
    parser.add_argument("--policies", default=",".join(POLICIES), help="that are compared where the budget is allocated")
    parser.add_argument("--keep", type=Path, help="folder for the indexes")
    given = parser.parse_args()
    POLICIES[:] = given.policies.split(",")
    wanted = given.what.split(",")
    judged = [name for name in given.sets.split(",") if set(wanted) - {"mixed"}]
    for names in (*((name,) for name in judged), *([MIXED] if "mixed" in wanted else [])):
        with tempfile.TemporaryDirectory() as temporary:
            folder = str(given.keep / "+".join(names)) if given.keep else temporary
            if not Path(folder, "generations").exists():
                ltrr_cli.build([str(given.data / name / "catalog.jsonl.gz") for name in names], folder, graph=False)
            with _bench(folder, given.data, names, given.made) as bench:
                for what in (what for what in wanted if (what == "mixed") == (len(names) > 1)):
                    run, count = WHAT[what]
                    print(f"{'+'.join(names)}, {what}, {given.seeds} seeds, {given.rounds or count} rounds, simulated users")
                    run(bench, given.seeds, given.rounds or count)


def _bench(folder: str, data: Path, names: Sequence[str], made: int) -> Bench:
    if len(names) > 1:
        return Bench(folder, invented(Kept(folder).generation, made, seed=1), {}, ())
    judged = Judged(data / names[0])
    needs = []
    for qid, text in judged.queries.items():
        highest = max(judged.relevant[qid].values())
        needs.append(Need(qid, text, {unit: grade / highest for unit, grade in judged.relevant[qid].items()}))
    return Bench(folder, needs, judged.cluster, judged.types)


if __name__ == "__main__":
    main()
