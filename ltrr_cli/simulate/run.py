"""All runs of a simulation, over all cores; what is done is kept, so that an interrupted one goes on."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import FIRST_COMPLETED, CancelledError, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from hashlib import blake2b
from itertools import product
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.arms.base import ARMS
from ltrr_cli.catalog.fields import reach
from ltrr_cli.errors import QueryError, SimulationError
from ltrr_cli.index.names import find
from ltrr_cli.policy.base import POLICIES
from ltrr_cli.registry import did_you_mean, look_up
from ltrr_cli.simulate.needs import given
from ltrr_cli.simulate.play import Job, Played, Setting, Surveyed, play, survey
from ltrr_cli.simulate.queries import invented
from ltrr_cli.simulate.stage import Kept
from ltrr_cli.simulate.users import user
from ltrr_cli.workspace import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ltrr_cli.simulate.needs import Need

    Progress = Callable[[str, int, int | None], None]

POLL = 0.5  # seconds between two looks at how far the others are
FORMAT = 1  # of what is kept


class Simulation(NamedTuple):
    """Everything that came of it; `summary` makes figures of it."""

    setting: Setting
    made: bool  # the queries were made from the catalog
    left_out: int  # queries that nothing in the index is relevant to
    budget: int  # candidates drawn for a search
    surveyed: dict[str, Surveyed]  # id of a need -> what there is without learning
    played: dict[Job, Played]  # in the order of users, policies, seeds

    @property
    def kinds(self) -> dict[str, str]:
        """The class of each query by its id: the one it was made for or given with, else the one ltrr puts it into."""
        return {need.id: need.kind or self.surveyed[need.id].kind for need in self.setting.needs}


def try_policies(
    folder: str = ".ltrr",
    *,
    users: Sequence[str] = ("position",),
    policies: Sequence[str] = tuple(POLICIES),
    queries: str | None = None,
    qrels: str | None = None,
    count: int = 200,
    types: Sequence[str] = (),
    unit: str | None = None,
    rounds: int = 240,
    seeds: int = 4,
    seed: int = 0,
    unseen: bool = False,
    budget: int | None = None,
    learn_every: int = 0,
    out: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Try *policies* on simulated *users* of the index in *folder*, whose log is neither read nor written.

    A policy called `arm:NAME` is the whole budget on one arm. Without *queries* and *qrels* (files) about *count* queries are
    made from the catalog. *unit*: field whose value says what counts once. *learn_every*: rounds after which the ranker is
    trained, 0 = never. *seeds* runs each, the first one with *seed*: the same arguments give the same numbers, on any number of
    *workers* (processes, by default as many as cores). *out*: folder in which what is done is kept, and found the next time.
    Raises SimulationError for users, queries or judgments that can't be used and a folder of another simulation, QueryError for
    unknown policies and types.
    """
    for name in users:
        user(name)
    for name in policies:
        if arm := Job("", name, 0).arm:
            look_up(ARMS, arm, "arm")
        else:
            look_up(POLICIES, name, "policy")
    kept = Kept(folder)
    for kind in types:
        if kind not in kept.generation.types:
            raise QueryError(f"no type is called {kind!r}", hint=did_you_mean(kind, kept.generation.types, "type"))
    needs, same, left_out = _wanted(kept, queries, qrels, count, seed, types, unit)
    setting = Setting(folder, tuple(needs), same, tuple(types), rounds, unseen, budget, learn_every)
    jobs = [Job(*job) for job in product(dict.fromkeys(users), dict.fromkeys(policies), range(seed, seed + seeds))]
    drawn = budget or kept.settings.budget
    shelf = _Shelf(out, setting, kept)
    surveyed, played = shelf.surveyed(), shelf.played(jobs)
    tasks: list[Need | Job] = [need for need in needs if need.id not in surveyed]
    tasks += [job for job in jobs if job not in played]
    cores = workers or len(os.sched_getaffinity(0))
    try:
        for task, found in _done(setting, kept, tasks, min(cores, len(tasks)), progress or (lambda what, done, total: None)):
            if isinstance(task, Job):
                played[task] = found
                shelf.keep(task, found)
            else:
                surveyed[task.id] = found
                if len(surveyed) == len(needs):
                    shelf.keep_survey(surveyed)
    except KeyboardInterrupt:
        again = f"; the same command goes on from what is in {out}" if out else "; with --out DIR it could go on later"
        raise KeyboardInterrupt(f"interrupted{again}") from None
    ordered = {need.id: surveyed[need.id] for need in needs}
    return Simulation(setting, queries is None, left_out, drawn, ordered, {job: played[job] for job in jobs})


def _wanted(
    kept: Kept, queries: str | None, qrels: str | None, count: int, seed: int, types: Sequence[str], unit: str | None
) -> tuple[list[Need], dict[str, str], int]:
    """Return the needs, given or made, what counts as one, and how many queries were left out."""
    if (queries is None) != (qrels is None):
        missing, there = ("qrels", "queries") if qrels is None else ("queries", "qrels")
        raise SimulationError(f"--{there} without --{missing}", hint="give both, or neither: then queries are made")
    same, ids = _same(kept, unit)
    if queries is not None and qrels is not None:
        needs, left_out = given(queries, qrels, lambda entity: same.get(entity, entity) if entity in ids else None)
        return needs, same, left_out
    return [need.by_unit(same) for need in invented(kept.generation, count, seed, types)], same, 0


def _done(
    setting: Setting, kept: Kept, tasks: list[Need | Job], workers: int, progress: Progress
) -> Iterator[tuple[Need | Job, Any]]:
    """Yield each task with what came of it, as they are done."""
    total = sum(map(lambda task: _cost(setting, task), tasks))
    if workers <= 1:
        at = 0
        for task in tasks:
            yield task, _do(kept, setting, task)
            at += _cost(setting, task)
            progress("simulating", at, total)
        return
    context = get_context("spawn")  # a fork would share open files and threads
    ticks, stop = context.Value("Q", 0), context.Value("b", 0, lock=False)
    with ProcessPoolExecutor(workers, context, _start, (setting, ticks, stop)) as pool:
        try:
            waiting = {pool.submit(_work, task): task for task in tasks}
            while waiting:
                ready, _ = wait(waiting, POLL, FIRST_COMPLETED)
                progress("simulating", min(total, ticks.value), total)
                for future in ready:
                    yield waiting.pop(future), future.result()
        except BrokenProcessPool:
            raise SimulationError("a process that simulated was ended", hint="is there enough memory?") from None
        except BaseException:
            stop.value = 1  # not killed: a process that ends while it writes leaves a pipe that is read for ever
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _cost(setting: Setting, task: Need | Job) -> int:
    """About how long a task takes, in rounds."""
    return setting.rounds if isinstance(task, Job) else 10


_HERE: dict[str, Any] = {}  # of a process that works


def _start(setting: Setting, ticks: Any, stop: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and says when to stop
    Thread(target=_end_with_parent, daemon=True).start()
    _HERE.update(setting=setting, kept=Kept(setting.folder), ticks=ticks, stop=stop)


def _end_with_parent() -> None:
    """End this process when the one that started it has: it waits for its next task for ever otherwise."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Need | Job) -> Any:
    def tick(rounds: int) -> None:
        if _HERE["stop"].value:
            raise CancelledError
        ticks = _HERE["ticks"]
        with ticks.get_lock():
            ticks.value += rounds

    found = _do(_HERE["kept"], _HERE["setting"], task, tick)
    if not isinstance(task, Job):
        tick(_cost(_HERE["setting"], task))
    return found


def _do(kept: Kept, setting: Setting, task: Need | Job, tick: Callable[[int], None] = lambda rounds: None) -> Any:
    return play(kept, setting, task, tick) if isinstance(task, Job) else survey(kept, setting, task)


def _same(kept: Kept, unit: str | None) -> tuple[dict[str, str], set[str]]:
    """Return what each entity counts as where that is not itself, by the field *unit*, and all ids."""
    columns = kept.generation.columns
    live = [row for row in range(kept.generation.rows) if columns.alive(row)]
    if unit is None:
        return {}, set(map(columns.id, live))
    path = find(unit, kept.generation.meta).path
    same, ids = {}, set()
    for row in live:
        entity, _, _, record = columns.head(row)
        ids.add(entity)
        if (value := reach(record, path)) not in (None, ""):
            same[entity] = f"{path}={value}"
    return same, ids


class _Shelf:
    """The folder in which what is done is kept; nothing is kept without one."""

    def __init__(self, out: str | None, setting: Setting, kept: Kept) -> None:
        self._out = out
        if out is None:
            return
        meta = {name: kept.generation.meta[name] for name in ("rows", "live", "encoder", "mapping")}
        parts = [FORMAT, setting._replace(folder="")._asdict(), kept.settings._asdict(), meta, sorted(POLICIES)]
        named = blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()
        try:
            os.makedirs(os.path.join(out, "runs"), exist_ok=True)
        except OSError as e:
            raise SimulationError(f"{out}: {e.strerror}", hint="name a folder you may write with --out DIR") from None
        found = self._read("simulation.json")
        if found is None and os.listdir(os.path.join(out, "runs")):
            raise SimulationError(f"{out} holds files that are no simulation's", hint="name another folder with --out DIR")
        if found is not None and found.get("setting") != named:
            hint = "name another folder with --out DIR, or give the options it was begun with"
            raise SimulationError(f"{out} holds another simulation, of other queries, rounds or another index", hint=hint)
        if found is None:
            self._write("simulation.json", {"setting": named, "needs": [need._asdict() for need in setting.needs]})

    def surveyed(self) -> dict[str, Surveyed]:
        """Return what was surveyed before."""
        found: dict[str, Any] = self._read("survey.json") or {}
        return {need: Surveyed(kind, {name: (top, all) for name, (top, all) in of.items()}) for need, (kind, of) in found.items()}

    def played(self, jobs: Sequence[Job]) -> dict[Job, Played]:
        """Return those runs of *jobs* that are done."""
        found = ((job, self._read(_name(job))) for job in jobs)
        return {job: Played(**run) for job, run in found if run is not None}

    def keep(self, job: Job, played: Played) -> None:
        self._write(_name(job), played._asdict())

    def keep_survey(self, surveyed: Mapping[str, Surveyed]) -> None:
        self._write("survey.json", dict(surveyed))

    def _read(self, name: str) -> Any:
        path = os.path.join(self._out or "", name)
        if self._out is None or not os.path.exists(path):
            return None
        try:
            with open(path, encoding="utf-8") as f:
                return json.load(f)
        except (OSError, ValueError) as e:
            raise SimulationError(f"{path}: {e}", hint="delete it: it is made again") from None

    def _write(self, name: str, value: Any) -> None:
        if self._out is not None:
            write_atomically(os.path.join(self._out, name), json.dumps(value, separators=(",", ":"), sort_keys=True))


def _name(job: Job) -> str:
    return os.path.join("runs", f"{job.users}.{job.policy}.{job.seed}.json".replace(":", "_"))
