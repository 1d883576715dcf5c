"""Where the processor time goes when an index is built, entities are added, and many searches and actions are done in a process.

    python benchmarks/spent.py INDEX_DIR CATALOG QUERIES_TSV [--what build,add,lexical,all,feedback] [--most 14]

INDEX_DIR is an index of CATALOG (JSON lines, plain), which is not changed; QUERIES_TSV has lines of an id and a query.
  build     CATALOG, without the graph
  add       1 % of CATALOG, under other ids, to a copy of the index
  lexical   searches with one arm, nothing logged: what `ltrr search --queries` does for each
  all       the same with all arms that the policy draws from
  feedback  an action on each of these searches, logged this time; the searches are not counted
Each is done in a process of its own, once as it is, for its processor time, and once watched (`cProfile`), for the shares: what
Python functions of a file take themselves, with what they call of C, such as Tantivy. Watching makes short functions seem longer.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from cProfile import Profile
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import ltrr_cli

if TYPE_CHECKING:
    from collections.abc import Iterator

LTRR = str(Path(ltrr_cli.__file__).parent)
SHARE = 0.01  # of a catalog that is added
SEARCHES, ACTIONS, TOGETHER = 600, 150, 64


class Given(NamedTuple):
    """What there is to work on."""

    folder: Path
    catalog: Path
    queries: list[str]


class Clock:
    """Sums up the processor time of what it is put around, watched or not."""

    def __init__(self, watch: Profile | None) -> None:
        self.watch, self.seconds, self.times = watch, 0.0, 0

    @contextmanager
    def __call__(self, times: int = 1) -> Iterator[None]:
        started = process_time()
        if self.watch:
            self.watch.enable()
        yield
        if self.watch:
            self.watch.disable()
        self.seconds += process_time() - started
        self.times += times


def build(given: Given, scratch: Path, clock: Clock) -> None:
    with clock(sum(1 for _ in given.catalog.open("rb"))):
        ltrr_cli.build([str(given.catalog)], str(scratch / "built"), graph=False)


def add(given: Given, scratch: Path, clock: Clock) -> None:
    shutil.copytree(given.folder, scratch / "copy")
    with given.catalog.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    new = [{**record, "id": f"added:{record['id']}"} for record in records[:: round(1 / SHARE)]]
    (scratch / "new.jsonl").write_text("".join(json.dumps(record) + "\n" for record in new), "utf-8")
    with clock(len(new)):
        ltrr_cli.add([str(scratch / "new.jsonl")], str(scratch / "copy"))


def lexical(given: Given, scratch: Path, clock: Clock) -> None:
    _search(given, clock, arms=("lexical",))


def all_arms(given: Given, scratch: Path, clock: Clock) -> None:
    _search(given, clock)


def _search(given: Given, clock: Clock, **options: Any) -> None:
    queries = iter(given.queries[:SEARCHES])
    with ltrr_cli.open(str(given.folder)) as engine:
        engine.search_all(given.queries[:TOGETHER], log=False, **options)
        while some := list(islice(queries, TOGETHER)):
            with clock(len(some)):
                engine.search_all(some, log=False, **options)


def feedback(given: Given, scratch: Path, clock: Clock) -> None:
    shutil.copytree(given.folder, scratch / "copy")
    with ltrr_cli.open(str(scratch / "copy")) as engine:
        for number, query in enumerate(given.queries[:ACTIONS]):
            results = engine.search(query, seed=number).results
            if results:
                with clock():
                    engine.feedback(min(2, len(results)))


WHAT: dict[str, Callable[[Given, Path, Clock], None]] = {
    "build": build, "add": add, "lexical": lexical, "all": all_arms, "feedback": feedback,
}  # fmt: skip


def spent(what: str, given: Given, watch: bool) -> tuple[float, int, dict[str, float]]:
    """Do it in this process; return its processor seconds, how many entities, searches or actions, and file -> seconds."""
    profile = Profile() if watch else None
    clock = Clock(profile)
    with tempfile.TemporaryDirectory() as scratch:
        WHAT[what](given, Path(scratch), clock)
    return clock.seconds, clock.times, by_file(profile) if profile else {}


def by_file(profile: Profile) -> dict[str, float]:
    """Return the seconds of each file of ltrr, and of all others together."""
    found: dict[str, float] = {}
    profile.create_stats()
    for (path, _, _), (_, _, own, _, callers) in profile.stats.items():
        parts = [(path, own)] if path != "~" else [(caller[0], times[2]) for caller, times in callers.items()]
        for name, seconds in parts:
            found[_whose(name)] = found.get(_whose(name), 0.0) + seconds
    return found


def _whose(path: str) -> str:
    """Return what a line of the table is called.

    >>> _whose(LTRR + "/rank/blend.py"), _whose("/usr/lib/python3.12/json/decoder.py")
    ('rank/blend.py', "Python's own and libraries")
    """
    return path.removeprefix(LTRR + "/") if path.startswith(LTRR) else "Python's own and libraries"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("index", "catalog", "queries"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--what", default=",".join(WHAT))
    parser.add_argument("--most", type=int, default=14, help="lines for each")
    options = parser.parse_args()
    texts = [line.rstrip("\n").split("\t", 1)[1] for line in options.queries.open(encoding="utf-8")]
    given = Given(options.index, options.catalog, texts)
    for what in options.what.split(","):
        with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            seconds, times, _ = pool.apply(spent, (what, given, False))
            _, _, files = pool.apply(spent, (what, given, True))
        print(f"{what}: {seconds:.2f} s for {times}, {1e6 * seconds / times:.0f} us each, of which are about")
        rows = sorted(files.items(), key=lambda row: -row[1])
        for name, own in rows[: options.most]:
            print(f"  {own / sum(files.values()):6.1%}  {1e6 * seconds / times * own / sum(files.values()):8.0f} us  {name}")
        rest = sum(own for _, own in rows[options.most :]) / sum(files.values())
        print(f"  {rest:6.1%}  {1e6 * seconds / times * rest:8.0f} us  {max(0, len(rows) - options.most)} more files", flush=True)


if __name__ == "__main__":
    main()
