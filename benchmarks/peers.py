"""ltrr beside other search engines, on the same catalogs and queries, in one run: bm25s, SQLite FTS5, LanceDB, txtai.

    python benchmarks/peers.py WORK_DIR FOLDER_OR_CATALOG ... [--queries TSV] [--only fts5,bm25s] [--prepare] [--json]

Each peer has an environment of its own below WORK_DIR/env, which --prepare makes with pip; those that have none are left out and
named. FOLDER has a catalog.jsonl.gz with judged queries, see `judged.py`; for a plain CATALOG, --queries gives some (id, text).
Printed are, each peer in new processes:
  build     processor seconds, peak memory, MiB on disk
  cold      a process that opens the index, answers one query and ends: median processor milliseconds, peak memory
  warm      all queries in one process, but the first: median and 95th percentile of processor milliseconds a query
  quality   nDCG@10 where there are judgments; "misspelt" with a slip in each word of four letters or more
Run it by the Python of an environment where ltrr is installed from a wheel.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean, median
from typing import Any

from judged import Judged, misspelt
from race import once

PEER = str(Path(__file__).resolve().parent / "peer.py")
PACKAGES = {"bm25s": "bm25s", "lancedb": "lancedb", "txtai": "txtai"}
NAMES = ("ltrr", "ltrr, lexical", "fts5", "bm25s", "lancedb", "txtai")
COLD = 7


def python(work: Path, name: str) -> str | None:
    """Return the interpreter that has the peer called *name*."""
    if name not in PACKAGES:
        return sys.executable
    path = work / "env" / name / "bin/python"
    return str(path) if path.exists() else None


def prepare(work: Path, names: list[str]) -> None:
    """Make the environments that are not there."""
    for name in names:
        if name in PACKAGES and python(work, name) is None:
            where = work / "env" / name
            subprocess.run([sys.executable, "-m", "venv", str(where)], check=True)
            done = subprocess.run([str(where / "bin/pip"), "install", "-q", PACKAGES[name]], capture_output=True, text=True)
            if done.returncode:
                shutil.rmtree(where)
                print(f"{name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)


def asked(path: Path, queries: Mapping[str, str]) -> Path:
    path.write_text("".join(f"{id}\t{text}\n" for id, text in queries.items()), "utf-8")
    return path


def measured(command: list[str], name: str, catalog: Path, where: Path, queries: Path) -> tuple[dict[str, Any], Any]:
    """Return the costs of one peer, and what it found for each query."""
    shutil.rmtree(where, ignore_errors=True)
    built = once([*command, "build", str(catalog), str(where)])
    first = queries.with_suffix(".first")
    first.write_text(queries.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    cold = [once([*command, "search", str(where), str(first)]) for _ in range(COLD)]
    if name.startswith("ltrr"):
        text, arm = first.read_text("utf-8").rstrip("\n").split("\t", 1)[1], ["--arm", "lexical"] if name != "ltrr" else []
        ltrr = [str(Path(sys.executable).with_name("ltrr")), "search", text, "--json", "--index", str(where), *arm]
        cold = [once(ltrr) for _ in range(COLD)]
    found = json.loads(subprocess.run([*command, "search", str(where), str(queries)], check=True, capture_output=True).stdout)
    warm = sorted(cpu for _, cpu in found["ms"][1:]) or [0.0]
    disk = sum(path.stat().st_size for path in where.rglob("*") if path.is_file()) / 2**20
    return {
        "build cpu s": built.cpu, "build MiB": built.mib, "disk MiB": disk, "cold cpu ms": 1e3 * median(r.cpu for r in cold),
        "cold MiB": median(r.mib for r in cold), "warm p50 cpu ms": median(warm), "warm p95": warm[int(0.95 * len(warm))],
    }, found["hits"]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("catalogs", nargs="+", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--only", default=",".join(name for name in NAMES if "," not in name))
    parser.add_argument("--most", type=int, default=500, help="queries of a plain catalog")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--json", action="store_true", help="an object a line instead of tables")
    given = parser.parse_intermixed_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # or numpy's import spins on the other cores
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    work, only = given.work.resolve(), given.only.split(",")
    work.mkdir(parents=True, exist_ok=True)
    names = [name for name in NAMES if name.partition(",")[0] in only]
    if given.prepare:
        prepare(work, names)
    for source in given.catalogs:
        judged = Judged(source) if source.is_dir() else None
        if judged:
            queries = judged.queries | {f"{id}~": misspelt(text, 0) for id, text in judged.queries.items()}
        else:
            queries = dict(line.split("\t", 1) for line in given.queries.read_text("utf-8").splitlines()[: given.most])
        file = asked(work / "queries.tsv", queries)
        if not given.json:
            print(f"\n{source.name}: {len(queries)} queries")
        for name in names:
            interpreter = python(work, name)
            if interpreter is None:
                print(f"{name}: no environment, see --prepare", file=sys.stderr)
                continue
            catalog = judged.catalog if judged else source
            row, hits = measured([interpreter, PEER, name], name, catalog, work / "index", file)
            if judged:
                row["nDCG@10"] = fmean(judged.score(id, hits[id]).ndcg for id in judged.queries)
                row["misspelt"] = fmean(judged.score(id, hits[f"{id}~"]).ndcg for id in judged.queries)
            if given.json:
                print(json.dumps({"catalog": source.name, "peer": name, **row}), flush=True)
            else:
                print(f"{name:<14}" + "".join(f"  {what} {value:.4g}" for what, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
