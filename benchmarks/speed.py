"""How fast ltrr indexes, searches and learns, beside raw Tantivy and two hand-written searches, and whether that is fast enough.

    python benchmarks/speed.py PROBES_DIR DATA_DIR WORK_DIR [--sizes sample,20k,100k] [--rounds 15] [--keep] [--json]

Prints tables (with --json: an object a line) of
  index     building an index, raw Tantivy text beside it: processor time, wall time, peak memory, bytes on disk
  batch     `ltrr search --queries` and `ltrr feedback --from`, many lines in one process
  cold      one search in a new process, in turn with the probes; "lean" is the least such a search can be, "usual" the
            way one would first write it; `pass` is Python starting and ending
  feedback  one event in a new process, and eight processes at once
  warm      each arm alone and whole searches in one process, see warm.py
  goals     ratios against bars. Processor times decide, which other work on the machine hardly moves; wall beside them

PROBES_DIR holds the probes (prepare.sh, peer_tantivy.py, cold/), DATA_DIR folders with a catalog.jsonl.gz each. Run it by
the Python of an environment where ltrr is installed from a wheel, bytecode and all. Searches are in folders with 2,000
logged searches and 200 actions, as a user has. What is made in WORK_DIR is removed at the end; --keep leaves the probes'
files there for the next run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from race import Run, figures, once, race, ratio

HERE = Path(__file__).resolve().parent
PYTHON, LTRR = sys.executable, str(Path(sys.executable).with_name("ltrr"))
ASK = "tayler love"
SEARCHES, ACTIONS, WRITERS, EACH = 2000, 200, 8, 10
APPEND = """import fcntl, json, os, sys
f = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
fcntl.flock(f, fcntl.LOCK_EX)
os.write(f, (json.dumps({"search": "01JD5ZK3Q8X1Y2", "id": "m-1", "action": "click"}) + "\\n").encode())
os.fdatasync(f)
os.close(f)
"""


class Bench:
    """One run: where things are, and what was found so far."""

    def __init__(self, probes: Path, data: Path, work: Path, rounds: int, as_json: bool) -> None:
        self.probes, self.data, self.work = probes.resolve(), data.resolve(), work.resolve()
        self.rounds, self.as_json = rounds, as_json
        self.goals: list[dict[str, Any]] = []

    def say(self, group: str, rows: Iterable[dict[str, Any]]) -> None:
        """Print one table."""
        found = list(rows)
        if self.as_json:
            print("\n".join(json.dumps({"group": group, **row}) for row in found), flush=True)
            return
        names = list(dict.fromkeys(name for row in found for name in row))
        cells = [names, *([_shown(row.get(name)) for name in names] for row in found)]
        wide = [max(len(row[i]) for row in cells) for i in range(len(names))]
        print(f"\n{group}")
        for row in cells:
            print(
                "  " + row[0].ljust(wide[0]) + "".join(f"  {cell:>{w}}" for cell, w in zip(row[1:], wide[1:], strict=True)),
                flush=True,
            )

    def goal(self, name: str, bar: float, cpu: float, wall: float | None = None, least: bool = False) -> None:
        """Hold one ratio against its bar."""
        met = cpu >= bar if least else cpu <= bar
        sign = ">=" if least else "<="
        self.goals.append(
            {"goal": name, "bar": f"{sign} {bar:g}", "found": cpu, "by wall": wall, "met": "met" if met else "NOT MET"}
        )

    def catalog(self, size: str) -> Path:
        return HERE.parent / "sample_catalog" if size == "sample" else self.work / f"cat/mix{size}.jsonl"

    def folder(self, name: str) -> Path:
        """The state folder of one catalog."""
        return self.work / "ltrr" / name

    @property
    def queries(self) -> Path:
        return self.work / "cat/queries.tsv"

    def prepare(self, sizes: Sequence[str]) -> None:
        """Have the probes make their catalogs and indexes."""
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        for size in sizes:
            if not (self.work / f"idx/hnsw{size}").exists():
                command = ["bash", str(self.probes / "prepare.sh"), str(self.data), str(self.work), size, PYTHON]
                subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    def index(self, sizes: Sequence[str]) -> None:
        """Build every catalog, three times; the indexes of the last time stay, with graph."""
        catalogs = {size: self.catalog(size) for size in sizes}
        catalogs |= {path.parent.name: path for path in sorted(self.data.glob("*/catalog.jsonl.gz"))}
        rows = []
        for name, catalog in catalogs.items():
            ours: list[Run] = []
            peers: list[Run] = []
            for _ in range(3):
                if name in sizes and name != "sample":
                    where = str(self.work / "idx/peer")
                    peers.append(once([PYTHON, str(self.probes / "peer_tantivy.py"), "build", str(catalog), where, "threads=1"]))
                shutil.rmtree(self.folder(name), ignore_errors=True)
                ours.append(once(self._index(name, catalog, "--no-graph")))
            plain = _mib(self.folder(name) / "generations")
            shutil.rmtree(self.folder(name))
            graph = once(self._index(name, catalog))
            rows.append({"catalog": name, **_built(ours), "MiB on disk": plain})
            if peers:
                rows.append(
                    {"catalog": f"{name}, raw Tantivy text", **_built(peers), "MiB on disk": _mib(self.work / "idx/peer")}
                )
                times = [_middle(ours, of) / _middle(peers, of) for of in ("cpu", "wall", "mib")]
                rows.append({"catalog": f"{name}, ratio", "cpu s": times[0], "wall s": times[1], "peak MiB": times[2]})
                self.goal(f"building {name} without graph / raw Tantivy text, processor time", 4, times[0], times[1])
                self.goal(f"building {name} without graph / raw Tantivy text, peak memory", 3, times[2])
            rows.append(
                {"catalog": f"{name}, with graph", **_built([graph]), "MiB on disk": _mib(self.folder(name) / "generations")}
            )
        self.say("index", rows)

    def _index(self, name: str, catalog: Path, *options: str) -> list[str]:
        return [LTRR, "index", str(catalog), "--index", str(self.folder(name)), *options]

    def batch(self, sizes: Sequence[str]) -> None:
        """Answer many queries in one process, then take many actions on the answers."""
        rows = []
        asked, answers, actions = self.work / "asked.tsv", self.work / "answers.jsonl", self.work / "actions.jsonl"
        texts = [line.split("\t", 1)[1] for line in self.queries.read_text("utf-8").splitlines()]
        asked.write_text("".join(f"q{i}\t{text}\n" for i, text in enumerate(islice(cycle(texts), SEARCHES))), "utf-8")
        for size in sizes:
            there = ["--index", str(self.folder(size))]
            command = [LTRR, "search", "--queries", str(asked), "--json", *there]
            silent = once([*command, "--no-log"])
            lexical = once([*command, "--arm", "lexical"])
            self.goal(f"lexical searches a second in a batch, logged, {size}", 1500, SEARCHES / lexical.wall, least=True)
            logged = once(command, stdout=answers)
            with open(answers, encoding="utf-8") as pages:
                found = list(islice((page for page in map(json.loads, pages) if page["results"]), ACTIONS))
            lines = [{"search_id": p["search_id"], "id": p["results"][0]["id"], "action": "click"} for p in found]
            actions.write_text("".join(json.dumps(line) + "\n" for line in lines))
            taken = once([LTRR, "feedback", "--from", str(actions), *there])
            for what, n, run in (
                ("searches", SEARCHES, silent),
                ("lexical searches, logged", SEARCHES, lexical),
                ("searches, logged", SEARCHES, logged),
                ("actions", len(lines), taken),
            ):
                row = {"batch": f"{size}, {n} {what}", "a second": n / run.wall, "a cpu second": n / run.cpu, "peak MiB": run.mib}
                rows.append(row)
        self.say("batch", rows)

    def cold(self, sizes: Sequence[str]) -> None:
        """Race whole processes, one search each."""
        commands = {"python -c pass": [PYTHON, "-c", "pass"]}
        for size in sizes:
            ltrr = [LTRR, "search", ASK, "--json", "--index", str(self.folder(size))]
            if size != "sample":
                script, work = str(self.probes / "cold") + "/", str(self.work)
                commands[f"{size} lex"] = [PYTHON, script + "lex.py", f"{work}/idx/tantivy{size}", ASK, str(self.catalog(size))]
                commands[f"{size} usual"] = [PYTHON, script + "whole_usual.py", work, size, ASK]
                commands[f"{size} lean"] = [PYTHON, script + "whole_lean.py", work, size, ASK]
            commands |= {f"{size} ltrr --arm lexical": [*ltrr, "--arm", "lexical"], f"{size} ltrr": ltrr}
        runs = race(commands, self.rounds)

        def against(name: str, base: str) -> tuple[float, float]:
            return ratio(runs, name, base, "cpu"), ratio(runs, name, base)

        rows = []
        for name in commands:
            cpu, wall = against(name, "python -c pass")
            rows.append({"process": name, **figures(runs[name]), "x pass": wall, "cpu x pass": cpu})
        self.say("cold", rows)
        for size in sizes:
            if size != "sample":
                self.goal(f"cold lexical, {size} / lex.py", 2.5, *against(f"{size} ltrr --arm lexical", f"{size} lex"))
                self.goal(
                    f"cold lexical, {size} / lex.py, with a fast start",
                    1.6,
                    *against(f"{size} ltrr --arm lexical", f"{size} lex"),
                )
                self.goal(f"cold default, {size} / whole_usual.py", 0.4, *against(f"{size} ltrr", f"{size} usual"))
                self.goal(f"cold default, {size} / whole_lean.py", 2.5, *against(f"{size} ltrr", f"{size} lean"))
        if {"20k", "1m"} <= set(sizes):
            self.goal("cold default, 1m / 20k", 5, *against("1m ltrr", "20k ltrr"))

    def feedback(self, sizes: Sequence[str]) -> None:
        """Race single events, then let several processes write at once."""
        commands = {"JSONL append + fdatasync": [PYTHON, "-c", APPEND, str(self.work / "append.jsonl")]}
        for size in sizes:
            commands[f"ltrr feedback, {size}"] = [LTRR, "feedback", "1", "--index", str(self.folder(size))]
            once([LTRR, "search", ASK, "--index", str(self.folder(size))])
        runs = race(commands, self.rounds)
        base = next(iter(commands))
        rows = [{"process": name, **figures(runs[name]), "x append": ratio(runs, name, base)} for name in commands]
        folder = self.folder(sizes[0])
        before, started = _events(folder), perf_counter()
        with ThreadPoolExecutor(WRITERS) as pool:
            for done in [pool.submit(once, commands[f"ltrr feedback, {sizes[0]}"]) for _ in range(WRITERS * EACH)]:
                done.result()
        kept, wall = _events(folder) - before, perf_counter() - started
        rows.append({"process": f"{WRITERS} at once, {kept} of {WRITERS * EACH} kept", "ms": 1e3 * wall / (WRITERS * EACH)})
        self.say("feedback", rows)
        self.goal(f"{WRITERS} writers: share of events kept", 1, kept / (WRITERS * EACH), least=True)

    def warm(self, sizes: Sequence[str]) -> None:
        """Measure within one process."""
        for size in sizes:
            peer = [str(self.work / f"idx/tantivy{size}"), str(self.catalog(size))] if size != "sample" else []
            script = [PYTHON, str(HERE / "warm.py"), str(self.probes), str(self.folder(size)), str(self.queries), *peer]
            made = json.loads(subprocess.run(script, check=True, capture_output=True, text=True).stdout)
            rows = made["ways"] | made["durable"]
            self.say(f"warm {size}, ms", [{"way": way, **row} for way, row in rows.items()])

            def against(name: str, base: str, rows: Any = rows) -> tuple[float, float]:
                return rows[name]["cpu"] / rows[base]["cpu"], rows[name]["p50"] / rows[base]["p50"]

            if peer:
                self.goal(f"warm lexical arm, {size} / raw Tantivy BM25", 2, *against("arm lexical", "bm25"))
                self.goal(f"semantic recall@10, {size}, codes / float32", 0.98, made["recall"]["codes"], least=True)
                self.goal(f"semantic recall@10, {size}, graph / float32", 0.95, made["recall"]["graph"], least=True)
            self.goal(f"warm search, {size} / its arms, each alone", 1.5, *against("search", "its arms, each alone, summed"))
            self.goal(f"warm search, {size} / its arms drawn together", 1.5, *against("search", "its arms, drawn together"))
            heard = rows["feedback on the last search"]
            self.goal(f"feedback, durable and learned from, {size}, ms", 5, heard["cpu"], heard["p50"])
            self.goal(f"bytes the state file grows a search, {size}", 3000, made["growth"])
            event, line = rows["ltrr: open, log a search, close"]["p10"], rows["JSONL open, append, fdatasync, close"]["p10"]
            self.goal(f"one durable event, {size} / JSONL append + fdatasync, by wall, p10", 8, event / line)


def _built(runs: Sequence[Run]) -> dict[str, float]:
    return {"cpu s": _middle(runs, "cpu"), "wall s": _middle(runs, "wall"), "peak MiB": _middle(runs, "mib")}


def _middle(runs: Sequence[Run], of: str) -> float:
    return float(median(getattr(run, of) for run in runs))


def _mib(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def _events(folder: Path) -> int:
    db = sqlite3.connect(folder / "state.db")
    count = int(db.execute("SELECT count(*) FROM events").fetchone()[0])
    db.close()
    return count


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return "" if value is None else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("probes", "data", "work"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--sizes", default="sample,20k,100k", help="of sample, 20k, 100k, 1m; comma between")
    parser.add_argument("--rounds", type=int, default=15, help="of each race")
    parser.add_argument("--keep", action="store_true", help="leave the probes' files in WORK_DIR")
    parser.add_argument("--json", action="store_true", help="one object a line instead of tables")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # or numpy's import spins on the other cores
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sizes = options.sizes.split(",")
    there = set(options.work.iterdir()) if options.work.exists() else set()
    bench = Bench(options.probes, options.data, options.work, options.rounds, options.json)
    try:
        bench.prepare([size for size in sizes if size != "sample"] or ["20k"])
        for part in (bench.index, bench.batch, bench.cold, bench.feedback, bench.warm):
            part(sizes)
        bench.say("goals", bench.goals)
    finally:
        kept = {options.work / name for name in ("cat", "idx", "vec", "pieces.json", "pieces.marshal", "table.npy")}
        for path in set(options.work.iterdir()) - there - (kept if options.keep else set()):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(options.work / "idx/peer", ignore_errors=True)


if __name__ == "__main__":
    main()
