"""Make a catalog of any size that reads like the ones it is made of: their own records first, then new ones woven from them.

    python benchmarks/large.py OUT_DIR [CATALOG ...] [--sizes 20k,100k,1m] [--seed 7]

CATALOG are files or folders that `ltrr index` can read, by default the sample catalog. OUT_DIR gets `20k.jsonl`, `100k.jsonl`,
`1m.jsonl`, each the beginning of the next, and `queries.tsv`: 10,000 queries for the smallest, half of them misspelt.

A woven record has one real record's fields. Each of its texts, lists and numbers comes from that record or from another one of
the same kind; titles are often spliced of two. Now and then a word is coined from the head of one and the tail of another, or a
model number gets new digits, so that the vocabulary goes on growing as it does from record to record of the real ones (Heaps'
law) and stays as uneven (Zipf's law): how many entities and different words there are is printed.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from judged import misspelt

from ltrr_cli.catalog.read import records
from ltrr_cli.catalog.report import Report

SAMPLE = Path(__file__).resolve().parent.parent / "sample_catalog"
QUERIES = 10_000
OWN, SPLICED, COINED = 0.4, 0.6, 0.0023  # shares: fields kept, titles spliced; words coined, for each letter of a text
WORD = re.compile(r"\w+")
Record = dict[str, Any]


class Weaver:
    """Makes new records of *real* ones."""

    def __init__(self, real: Sequence[Record], rng: Random) -> None:
        self.real, self.rng = real, rng
        self.having: dict[tuple[str, str], list[Any]] = {}  # kind, field -> values that it has
        for record in real:
            for field, value in record.items():
                self.having.setdefault((kind(record), field), []).append(value)

    def make(self, number: int) -> Record:
        """Return one record more; *number* makes its id its own."""
        base, rng = self.rng.choice(self.real), self.rng
        made: Record = {}
        for field, value in base.items():
            values = self.having[kind(base), field]
            other = rng.choice(values)
            if field == "title" and rng.random() < SPLICED:
                value = spliced(str(value), str(other))
            elif field not in ("type", "title") and rng.random() > OWN:
                value = other
            made[field] = self.salted(value, str(rng.choice(values))) if isinstance(value, str) and field != "type" else value
        made["id"] = f"{base['id']}:{number}"
        return made

    def salted(self, text: str, other: str) -> str:
        """Return *text*, now and then with a coined word in it."""
        if self.rng.random() > COINED * len(text):
            return text
        words, others = WORD.findall(text), [word for word in WORD.findall(other) if len(word) > 3]
        if not words or not others:
            return text
        old = self.rng.choice(words)
        return text.replace(old, self.coined(old, self.rng.choice(others)), 1)

    def coined(self, head: str, tail: str) -> str:
        if any(c.isdigit() for c in head):
            return "".join(str(self.rng.randrange(10)) if c.isdigit() else c for c in head)
        return head[: max(2, len(head) // 2)] + tail[len(tail) // 2 :].lower()


def kind(record: Record) -> str:
    return str(record.get("type", ""))


def spliced(left: str, right: str) -> str:
    """Return the first half of one title's words and the last of another's.

    >>> spliced("Love Me Do", "Smells Like Teen Spirit")
    'Love Me Teen Spirit'
    """
    a, b = left.split(), right.split()
    return " ".join(a[: (len(a) + 1) // 2] + b[len(b) // 2 :])


def catalog(sources: Sequence[str], size: int, seed: int) -> Iterator[Record]:
    """Yield *size* records, the real ones of *sources* first, in an order of no meaning."""
    rng = Random(seed)
    real = [raw.record for raw in records(sources, Report()) if "id" in raw.record and "title" in raw.record]
    rng.shuffle(real)
    yield from real[:size]
    weaver = Weaver(real, rng)
    for number in range(len(real), size):
        yield weaver.make(number)


def queries(some: Sequence[Record], seed: int, count: int = QUERIES) -> list[str]:
    """Return queries for the records *some*: titles, parts of them, makers with a word of a title; every other one misspelt."""
    rng, found = Random(seed), list[str]()
    while len(found) < count:
        record = rng.choice(some)
        words = WORD.findall(str(record["title"]).lower())[: rng.randint(1, 4)]
        maker = record.get("artist") or record.get("brand") or record.get("creator")
        if isinstance(maker, str) and rng.random() < 0.5:
            words = WORD.findall(maker.lower())[:2] + words[:2]
        if words:
            text = " ".join(words)
            found.append(misspelt(text, len(found)) if len(found) % 2 else text)
    return found


def number(size: str) -> int:
    """Read a size.

    >>> number("20k"), number("1m"), number("500")
    (20000, 1000000, 500)
    """
    return int(size.rstrip("km")) * {"k": 1000, "m": 1_000_000}.get(size[-1], 1)


def write(folder: Path, sources: Sequence[str], sizes: Sequence[str], seed: int = 7) -> None:
    """Write the catalogs and the queries that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if all((folder / f"{size}.jsonl").exists() for size in sizes):
        return
    ends = {number(size): open(folder / f"{size}.jsonl", "w", encoding="utf-8") for size in sizes}
    first, words, some = min(ends), set[str](), list[Record]()
    for n, record in enumerate(catalog(sources, max(ends), seed), 1):
        line = json.dumps(record, ensure_ascii=False) + "\n"
        words.update(WORD.findall(line.lower()))
        if n <= first:
            some.append(record)
        for end, file in ends.items():
            if n <= end:
                file.write(line)
        if n in ends:
            print(f"{n:,} entities, {len(words):,} different words", flush=True)
    for file in ends.values():
        file.close()
    lines = (f"q{n}\t{text}\n" for n, text in enumerate(queries(some, seed)))
    (folder / "queries.tsv").write_text("".join(lines), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("catalogs", nargs="*", default=[str(SAMPLE)])
    parser.add_argument("--sizes", default="20k,100k,1m")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_intermixed_args()
    write(given.out, given.catalogs, given.sizes.split(","), given.seed)


if __name__ == "__main__":
    main()
