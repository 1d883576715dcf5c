"""How each cost grows with the catalog: twenty thousand entities, a hundred thousand, a million.

    python benchmarks/scale.py WORK_DIR [CATALOG ...] [--sizes 20k,100k,1m] [--rounds 9] [--graph] [--json]

`large.py` makes the catalogs of CATALOG in WORK_DIR/cat, if they are not there; of each one, ltrr
  builds the index (an index that is there already is used as it is, with what was measured when it was built),
  searches in new processes,
  adds entities that are 1 % as many, one of which the next search must find,
  deletes 1 % by id, in one command; none of them may be found by any arm, a hundred hits deep, by its own title, nor after
  the next change was killed halfway,
  looks vectors up: the share of the ten nearest by float32 that the codes find, with --graph the graph, too.
Prints a row a size, and a last one: the power of n by which each cost grew from the first size to the last, 1 = linear. Costs are
processor times, which other work on the machine hardly moves. Changes are made to a copy. Run it by the Python of an environment
where ltrr is installed from a wheel.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from math import log
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from time import sleep
from typing import Any

import large
from race import once
from warm import recalls

import ltrr_cli
from ltrr_cli.arms.base import ARMS

LTRR = str(Path(sys.executable).with_name("ltrr"))
SHARE, MARK = 0.01, "zqxadded"  # of the entities that are added and deleted; a word in the title of one that is added
LOOKED_FOR, COMPARED = 20, 200  # deleted entities; queries
KILLED = (0.3, 0.9, 1.5)  # seconds after which a change is killed


def mib(folder: Path) -> float:
    files = {found.st_ino: found.st_size for path in folder.rglob("*") if path.is_file() for found in [path.stat()]}
    return sum(files.values()) / 2**20


class Size:
    """One catalog, its index, and what was found out about them."""

    def __init__(self, work: Path, size: str) -> None:
        self.catalog, self.folder, self.changed = work / f"cat/{size}.jsonl", work / f"index/{size}", work / "changed"
        self.built = work / f"index/{size}.json"
        self.row: dict[str, Any] = {"entities": size, "n": large.number(size)}
        self.queries = [line.split("\t", 1)[1] for line in (work / "cat/queries.tsv").read_text("utf-8").splitlines()]

    def build(self, graph: bool) -> None:
        if not self.built.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.built.parent.mkdir(parents=True, exist_ok=True)
            command = [LTRR, "index", str(self.catalog), "--index", str(self.folder)]
            run = once([*command, *([] if graph else ["--no-graph"])])
            self.built.write_text(json.dumps({"build, cpu s": run.cpu, "build, peak MiB": run.mib}))
        self.row |= json.loads(self.built.read_text())
        self.row["MiB on disk"], self.row["MiB of catalog"] = mib(self.folder), self.catalog.stat().st_size / 2**20

    def search(self, rounds: int) -> None:
        known = apart(answered, str(self.folder), self.queries, rounds)
        runs = [once([LTRR, "search", text, "--json", "--index", str(self.folder)]) for text in known]
        self.row |= {"search, cpu ms": 1e3 * median(r.cpu for r in runs), "search, peak MiB": max(r.mib for r in runs)}

    def change(self) -> None:
        """Add 1 %, delete 1 %, and look."""
        shutil.rmtree(self.changed, ignore_errors=True)
        shutil.copytree(self.folder, self.changed)
        many, rng = int(SHARE * self.row["n"]), Random(1)
        with open(self.catalog, encoding="utf-8") as lines:
            records = [json.loads(line) for line in islice(lines, 2 * many)]
        added = self.changed.with_suffix(".jsonl")
        new = [{**record, "id": f"added:{record['id']}"} for record in records[many:]]
        new[-1]["title"] = f"{new[-1]['title']} {MARK}"
        added.write_text("".join(json.dumps(record) + "\n" for record in new), "utf-8")
        there = ["--index", str(self.changed)]
        adding = once([LTRR, "add", str(added), *there])
        found = once([LTRR, "search", MARK, "--arm", "lexical", *there])  # fails where nothing is found
        gone = records[:many]
        deleting = once([LTRR, "delete", *(record["id"] for record in gone), *there])
        some = rng.sample(gone, min(LOOKED_FOR, many))
        shown = self.shown(some)
        for after in KILLED:
            running = subprocess.Popen([LTRR, "add", str(added), *there], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            sleep(after)
            running.send_signal(signal.SIGKILL)
            running.wait()
            shown += self.shown(some[:5])
        self.row |= {
            "add 1 %, cpu s": adding.cpu, "delete 1 %, cpu s": deleting.cpu, "search after, cpu ms": 1e3 * found.cpu,
            "add / build": adding.cpu / self.row["build, cpu s"], "delete / build": deleting.cpu / self.row["build, cpu s"],
            "deleted ones shown": shown,
        }  # fmt: skip

    def shown(self, gone: list[dict[str, Any]]) -> int:
        """Return how many of these entities some arm still finds."""
        count = 0
        with ltrr_cli.open(str(self.changed)) as engine:
            for record in gone:
                for arm in ARMS:
                    page = engine.search(str(record["title"]), arms=[arm], limit=100, log=False, user="somebody")
                    count += record["id"] in {result.id for result in page.results}
        return count

    def recall(self, graph: bool) -> None:
        found = apart(compared, str(self.folder), self.queries[:COMPARED], str(self.catalog), graph)
        self.row |= {"recall, codes": found["codes"], **({"recall, graph": found["graph"]} if graph else {})}


def apart(function: Callable[..., Any], *given: Any) -> Any:
    """Return what *function* makes of what is *given*, in a process of its own: this one must stay small, see race.py."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, given)


def compared(folder: str, queries: list[str], catalog: str, graph: bool) -> dict[str, float]:
    """Return the share of the ten nearest by float32 that the codes find, with *graph* the graph, too."""
    with ltrr_cli.open(folder, graph=graph) as engine:
        return recalls(engine, queries, catalog)


def answered(folder: str, queries: list[str], count: int) -> list[str]:
    """Return some of the *queries* that find something: `ltrr search` fails where nothing is found."""
    with ltrr_cli.open(folder) as engine:
        return list(islice((text for text in queries if engine.search(text, limit=1, log=False).results), count))


def powers(first: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    """Return the power of n by which each number grew.

    >>> powers({"n": 10, "a": 5.0, "b": 1.0}, {"n": 100, "a": 50.0, "b": 100.0})
    {'entities': 'power of n', 'a': 1.0, 'b': 2.0}
    """
    scale = log(last["n"] / first["n"])
    grown = {what: (first[what], last[what]) for what in first if what not in ("entities", "n")}
    return {"entities": "power of n"} | {what: round(log(b / a) / scale, 2) for what, (a, b) in grown.items() if a and b}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("catalogs", nargs="*", default=[str(large.SAMPLE)])
    parser.add_argument("--sizes", default="20k,100k,1m")
    parser.add_argument("--rounds", type=int, default=9, help="searches")
    parser.add_argument("--graph", action="store_true", help="build and measure the graph, too")
    parser.add_argument("--json", action="store_true", help="one object a line instead of a table")
    given = parser.parse_intermixed_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # or numpy's import spins on the other cores
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    work, sizes = given.work.resolve(), given.sizes.split(",")
    apart(large.write, work / "cat", given.catalogs, sizes)
    rows = []
    for size in sizes:
        one = Size(work, size)
        one.build(given.graph)
        one.search(given.rounds)
        one.change()
        one.recall(given.graph)
        rows.append(one.row)
        print(json.dumps(one.row), file=sys.stdout if given.json else sys.stderr, flush=True)
    shutil.rmtree(work / "changed", ignore_errors=True)
    if len(rows) > 1:
        rows.append(powers(rows[0], rows[-1]))
    if given.json:
        print(json.dumps(rows[-1]))
        return
    for what in dict.fromkeys(what for row in rows for what in row if what != "n"):
        cells = [row.get(what, "") for row in rows]
        print(f"{what:<24}" + "".join(f"{cell if isinstance(cell, str) else f'{cell:.4g}':>14}" for cell in cells))


if __name__ == "__main__":
    main()
