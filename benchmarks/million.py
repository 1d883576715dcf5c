"""What understanding a query costs where the catalog has a million distinct names.

    python benchmarks/million.py [--names 1000000] [--folder FOLDER] [--queries 300]

Artists with generated names, all different, of words as unevenly common as in real text, are indexed (into FOLDER, which is
kept, or one that is thrown away). A new process opens the index and understands queries of several kinds: milliseconds a query
as median and 95th percentile once each kind has been asked a few times, by the clock and of processor time, to which other
processes add nothing; the first query's; and the memory that opening the index and understanding all of them adds: private to
the process, and with the pages of the index's files that it touched.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from judged import misspelt

SYLLABLES = [a + b for a in "bdfghjklmnprstvwyz" for b in "aeio"]
ENDS = ("", "n", "r", "s", "l", "t", "nd", "x")
WORDS = 60_000  # words that names are made of
GENRES = ("rock", "pop", "jazz", "folk", "metal", "blues", "soul", "house", "techno", "ambient", "punk", "reggae")
AMID = "i am looking for some songs like {} or {} to listen to on a long drive at night with friends please"
WARM = 5  # queries of each kind that are not counted
HOSTILE = (
    "",
    " ",
    "\x00\x1b[31m" * 50,
    'AND OR NOT "( * field:x^9 [a TO b] ~2',
    "🎸" * 500,
    "مرحبا بالعالم",
    "東京事変" * 100,
    "a " * 10_000,
)


def vocabulary(rng: Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2, 3)))) + rng.choice(ENDS)] = None
    return list(found)


def names(n: int, seed: int = 0) -> Iterator[str]:
    """Yield *n* different names of one to four words, common words first chosen as in Zipf's law."""
    rng = Random(seed)
    words = vocabulary(rng)
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    seen: set[str] = set()
    while len(seen) < n:
        name = " ".join(rng.choices(words, cum_weights=weights, k=rng.choice((1, 2, 2, 2, 3, 3, 4))))
        if name not in seen:
            seen.add(name)
            yield name


def queries(n: int, amount: int) -> dict[str, list[str]]:
    """Some queries of each kind, as people might ask a catalog with these *n* names."""
    rng = Random(1)
    some = [name for i, name in enumerate(names(n)) if i % max(1, n // (6 * amount)) == 0]
    rng.shuffle(some)
    genre = [rng.choice(GENRES) for _ in range(amount)]
    long = [AMID.format(*some[2 * i : 2 * i + 2]) for i in range(amount)]
    return {
        "a name": some[:amount],
        "misspelt": [misspelt(name, seed) for seed, name in enumerate(some[:amount])],
        "genre and name": [f"{g} songs by {name}" for g, name in zip(genre, some, strict=False)],
        "sentence": long,
        "misspelt sentence": [misspelt(text, seed) for seed, text in enumerate(long)],
        "common words": [name.split()[0] + " love" for name in some[:amount]],
        "10,000 words": [" ".join((" ".join(rng.choices(some, k=10_000))).split()[:10_000]) for _ in range(20)],
        "hostile": [HOSTILE[i % len(HOSTILE)] for i in range(amount)],
    }


def memory() -> tuple[int, int]:
    """MB that are this process's own, and those with the pages of files."""
    own = files = 0
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            own = int(line.split()[1])
        if line.startswith("RssFile:"):
            files = int(line.split()[1])
    return own // 1024, (own + files) // 1024


def measure(folder: str, asked: Path) -> None:
    """Print what this process, which should be a new one, takes for the queries in a file."""
    from ltrr_cli.engine import Engine

    kinds: dict[str, list[str]] = json.loads(asked.read_text())
    before = memory()
    started = perf_counter()
    with Engine(folder) as engine:
        opened = perf_counter()
        engine.asked.query(kinds["a name"][0])
        print(f"opening {1000 * (opened - started):.1f} ms, the first query {1000 * (perf_counter() - opened):.1f} ms")
        print(f"{'query':<18} {'median ms':>9} {'95 % ms':>8} {'CPU':>8} {'95 % CPU':>8} {'readings':>8}")
        for kind, texts in kinds.items():
            took, busy, read = [], [], 0
            for i, text in enumerate([*texts[:WARM], *texts]):
                started, before_it = perf_counter(), process_time()
                query = engine.asked.query(text)
                if i >= WARM:
                    took.append(1000 * (perf_counter() - started))
                    busy.append(1000 * (process_time() - before_it))
                    read += bool(query.interpretations)
            at = [(sorted(some)[len(some) // 2], sorted(some)[int(0.95 * len(some))]) for some in (took, busy)]
            (middle, most), (cpu, most_cpu) = at
            print(f"{kind:<18} {middle:9.2f} {most:8.2f} {cpu:8.2f} {most_cpu:8.2f} {read / len(took):8.0%}")
        after = memory()
    print(f"memory: {after[0] - before[0]} MB more of its own, {after[1] - before[1]} MB with the pages of files")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--asked", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.asked:
        measure(str(given.folder), given.asked)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "index"
        if not folder.exists():
            catalog = Path(temporary) / "names.jsonl"
            with catalog.open("w") as file:
                for i, name in enumerate(names(given.names)):
                    record = {
                        "id": str(i),
                        "type": "artist",
                        "title": name,
                        "genre": GENRES[i % len(GENRES)],
                        "year": 1950 + i % 70,
                    }
                    file.write(json.dumps(record) + "\n")
            command = [sys.executable, "-m", "ltrr_cli", "index", str(catalog), "--index", str(folder), "--no-graph"]
            started = perf_counter()
            subprocess.run([*command, "--sparse", "none"], check=True)
            print(f"indexed in {perf_counter() - started:.0f} s", flush=True)
        asked = Path(temporary) / "asked.json"
        asked.write_text(json.dumps(queries(given.names, given.queries)))
        subprocess.run([sys.executable, __file__, "--folder", str(folder), "--asked", str(asked)], check=True)


if __name__ == "__main__":
    main()
