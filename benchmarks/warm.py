"""One process that stays: each arm alone, whole searches, feedback, one durable event; `speed.py` runs it and reads its JSON.

    python benchmarks/warm.py PROBES_DIR INDEX_DIR QUERIES_TSV [TANTIVY_DIR CATALOG]

Each way takes its turn with all queries, as the probes do, three rounds, the median of each query's counts. Figures are of
wall time (p10, p50, p95) and of the thread's processor time (cpu, p50). "bm25" is the probes' raw Tantivy on TANTIVY_DIR.
An arm alone begins with the understood query and uses nothing that another arm has found. A search's arms are those of its
plan, and those that tell the ranker whatever the plan draws. Writes to the log of INDEX_DIR.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import Any, TypeVar

import ltrr_cli
from ltrr_cli.arms.base import ARMS, DEPTH
from ltrr_cli.candidates.pool import draw
from ltrr_cli.engine import Engine
from ltrr_cli.feedback.store import Store
from ltrr_cli.index.codes import quantise, turned
from ltrr_cli.index.vector_exact import Exact
from ltrr_cli.memory.q2e import recall
from ltrr_cli.policy.menu import WITNESSES
from ltrr_cli.records import Page, Query

QUERIES, ROUNDS, LOGGED, EVENTS = 200, 3, 100, 60
ALONE, TOGETHER = "its arms, each alone, summed", "its arms, drawn together"
T = TypeVar("T")


def clocked(work: Callable[..., T], *about: Any, **options: Any) -> tuple[float, float, T]:
    """Return wall and processor milliseconds, and what *work* returned."""
    wall, cpu = perf_counter(), thread_time()
    made = work(*about, **options)
    return 1e3 * (perf_counter() - wall), 1e3 * (thread_time() - cpu), made


def alone(engine: Engine, query: Query, arm: str) -> None:
    """Draw from one arm as if it were the only one: a query object of its own shares nothing with earlier draws."""
    fresh = query._replace()
    if arm != "memory":
        engine.sources.draw(arm, fresh)
    else:  # its work is done before the draw, where the policy looks
        vector = engine.sources.vector(fresh)
        codes = quantise(vector) if vector is not None else None
        recall(engine.store, fresh, DEPTH, codes.tobytes() if codes is not None else None, fresh.now)


def one_round(engine: Engine, texts: list[str], bm25: Callable[[str], Any] | None) -> dict[str, list[tuple[float, float]]]:
    """Return wall and processor milliseconds of each way, a pair a query."""
    found = {"bm25": [clocked(bm25, text)[:2] for text in texts]} if bm25 else {}
    searched = [clocked(engine.search, text, log=False, seed=7) for text in texts]
    pages = [page for _, _, page in searched]
    found["search"] = [(wall, cpu) for wall, cpu, _ in searched]
    found["search, lexical arm only"] = [clocked(engine.search, text, log=False, arms=["lexical"], seed=7)[:2] for text in texts]
    for arm in ARMS:
        found[f"arm {arm}"] = [clocked(alone, engine, page.query, arm)[:2] for page in pages]
    found[ALONE] = []
    for i, page in enumerate(pages):
        drawn = [found[f"arm {arm}"][i] for arm in {*WITNESSES, *dict(page.choice.plan.draws)}]
        found[ALONE].append((sum(wall for wall, _ in drawn), sum(cpu for _, cpu in drawn)))
    found[TOGETHER] = [clocked(draw, page.choice.plan, page.query._replace(), engine.sources, WITNESSES)[:2] for page in pages]
    return found


def summary(took: Iterable[tuple[float, float]]) -> dict[str, float]:
    walls, cpus = map(sorted, zip(*took, strict=True))
    n = len(walls)
    tenths = {"p10": walls[n // 10], "p50": median(walls), "p95": walls[int(0.95 * n)], "cpu": median(cpus)}
    return {name: round(ms, 4) for name, ms in tenths.items()}


def ways(engine: Engine, texts: list[str], bm25: Callable[[str], Any] | None) -> dict[str, dict[str, float]]:
    """Return the figures of each way, over queries."""
    one_round(engine, texts[:50], bm25)
    rounds = [one_round(engine, texts, bm25) for _ in range(ROUNDS)]
    found = {}
    for way in rounds[0]:
        of_each = zip(*(r[way] for r in rounds), strict=True)
        found[way] = summary((median(t[0] for t in times), median(t[1] for t in times)) for times in of_each)
    return found


def lived(engine: Engine, texts: list[str]) -> tuple[dict[str, dict[str, float]], float]:
    """Return the figures of searches that are logged and of an action on each, kept on disk and learned from; and how many
    bytes the state file grew a search, without its events."""
    took, before = defaultdict(list), _bytes(engine)
    pages = []
    for text in texts[:LOGGED]:
        wall, cpu, page = clocked(engine.search, text, seed=7)
        took["search, logged"].append((wall, cpu))
        pages.append(page)
    grown = (_bytes(engine) - before) / len(pages)
    for i, text in enumerate(texts[:LOGGED]):
        page = engine.search(text, seed=i)
        if page.results:
            took["feedback on the last search"].append(clocked(engine.feedback, 1, search_id=page.search_id, action="play")[:2])
    for page in pages:
        if page.results:
            done = clocked(engine.feedback, len(page.results), search_id=page.search_id, action="play")
            took["feedback on an earlier search"].append(done[:2])
    return {way: summary(times) for way, times in took.items()}, grown


def _bytes(engine: Engine) -> int:
    ((pages,),), ((size,),) = engine.store.rows("PRAGMA page_count"), engine.store.rows("PRAGMA page_size")
    return int(pages * size)


def durable(state: str, page: Page, probes: Any) -> dict[str, dict[str, float]]:
    """One search written down: opening, committing and closing the state file, beside a JSON line with fdatasync."""
    arms = {arm: [r.id for r in page.results] for arm, _ in page.choice.plan.draws}
    took = defaultdict(list)

    def log(number: int) -> None:
        with Store(state) as store:
            one = page._replace(search_id=f"speed{number}")
            store.log_search(one, drawn=arms, x=[0.0] * 15, query_class="few", vector=bytes(256))

    with TemporaryDirectory(dir=Path(state).parent) as folder:
        append = probes.jsonl_open_one(Path(folder) / "e.jsonl", True)
        insert = probes.sqlite_open_one(Path(folder) / "e.db", "wal", "full")
        for number in range(EVENTS):
            took["JSONL open, append, fdatasync, close"].append(clocked(append)[:2])
            took["SQLite open, insert, close"].append(clocked(insert)[:2])
            took["ltrr: open, log a search, close"].append(clocked(log, number)[:2])
    return {name: summary(times) for name, times in took.items()}


def recalls(engine: Engine, texts: list[str], catalog: str) -> dict[str, float]:
    """Return the share of the ten nearest by float32 that codes and graph find; what is as near as the tenth counts."""
    import numpy as np

    from ltrr_cli.catalog.check import entities
    from ltrr_cli.encode.base import load
    from ltrr_cli.index.build import meaning

    encoder, generation = load("static"), engine.generation
    documents = encoder.encode([meaning(entity) for entity in entities([catalog])])
    exact = Exact(generation.folder, generation.rows, generation.meta["dim"])
    found = defaultdict(list)
    for text in texts:
        vector: array[float] = encoder.encode_query(text)
        if not any(vector) or generation.vectors is None:
            continue
        cosines = documents @ np.array(vector, np.float32)
        tenth = np.partition(cosines, -10)[-10] - 1e-5
        asked = turned(vector) if generation.meta.get("turned") else vector
        for way, index in (("codes", exact), ("graph", generation.vectors)):
            found[way].append(sum(cosines[row] >= tenth for row, _ in index.search(asked, DEPTH)[:10]) / 10)
    return {way: round(float(np.mean(shares)), 4) for way, shares in found.items()}


def main() -> None:
    probes, index, queries, *peer = sys.argv[1:]
    sys.dont_write_bytecode = True
    sys.path.insert(0, probes)
    texts = [line.split("\t", 1)[1] for line in Path(queries).read_text("utf-8").splitlines()][:QUERIES]
    bm25 = import_module("peer_tantivy").opener(peer[0], mode="bm25")() if peer else None
    with ltrr_cli.open(index, graph=True) as engine:
        made: dict[str, Any] = {"ways": ways(engine, texts, bm25)}
        of_life, made["growth"] = lived(engine, texts)
        made["ways"] |= of_life
        page = engine.search("tayler love", log=False)
        state = engine.workspace.state
        made["recall"] = recalls(engine, texts, peer[1]) if peer else {}
    made["durable"] = durable(state, page, import_module("events"))
    print(json.dumps(made))


if __name__ == "__main__":
    main()
