"""How well the bundled encoders find things, how big and how fast they are.

    python benchmarks/encoder.py DATA_DIR            # a folder with chorus_icecat/ and cpcd_music/
    python benchmarks/encoder.py DATA_DIR --rows static --json

Exact search over whole catalogs. Quality is nDCG@10 / recall@100; `cpcd_music` counts tracks only, once a `cluster`
(recordings of one song), with likes as grade 1. Ties are broken by a seeded draw, not by the catalog's order. "typos"
has one slip in every word of four letters or more, made here by a rule that training did not use. BM25 is Tantivy's,
stemmed, all text in one field. A hybrid mixes min-max scores of the two lists, best 1,000 of each, missing = 0.

Neither judged set, its catalog or its queries was in the training texts.
Needs what ltrr itself needs; document vectors are kept in --keep FOLDER (default: a temporary one) for the next run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

import ltrr_cli.encode
from ltrr_cli.encode.base import Encoder, load

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]  # one number a document
DEEP = 1000
MODELS = Path(ltrr_cli.encode.__file__).parent / "models"


class Judged:
    """A catalog, its queries and what people said of the results."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        with gzip.open(folder / "catalog.jsonl.gz", "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        if folder.name == "cpcd_music":
            records = [record for record in records if record["type"] == "track"]
        groups = {record["id"]: record.get("cluster") or record["id"] for record in records}
        self.group = [groups[record["id"]] for record in records]
        self.short = [short(record) for record in records]
        self.long = [" ".join(strings(record)) for record in records]
        self.grades: dict[str, dict[str, int]] = defaultdict(dict)
        for line in (folder / "qrels.txt").read_text().splitlines():
            query, _, item, grade = line.split()
            if int(grade) > 0 and item in groups:
                judged = self.grades[query]
                judged[groups[item]] = max(int(grade), judged.get(groups[item], 0))
        pairs = (line.split("\t") for line in (folder / "queries.tsv").read_text().splitlines())
        self.queries = {query: text for query, text in pairs if query in self.grades}

    def measure(self, scores: Callable[[str], Scores], queries: dict[str, str]) -> tuple[float, float]:
        """Return nDCG@10 and recall@100, means over the queries that have something to find."""
        gains, recalls = [], []
        for query, text in queries.items():
            ranking = self.rank(scores(text))
            grades = self.grades[query]
            best = sorted(grades.values(), reverse=True)[:10]
            gain = sum((2 ** grades.get(item, 0) - 1) / math.log2(i + 2) for i, item in enumerate(ranking[:10]))
            gains.append(gain / sum((2**grade - 1) / math.log2(i + 2) for i, grade in enumerate(best)))
            recalls.append(len(grades.keys() & set(ranking)) / len(grades))
        return statistics.fmean(gains), statistics.fmean(recalls)

    def rank(self, scores: Scores) -> list[str]:
        """Return the 100 best groups that score at all; ties in a fixed random order."""
        shuffled = np.random.default_rng(7).permutation(len(scores))
        order = shuffled[np.argsort(-scores[shuffled], kind="stable")][: 10 * 100]
        return list(dict.fromkeys(self.group[i] for i in order if scores[i] > 0))[:100]


def short(record: dict[str, Any]) -> str:
    """Return what is encoded: names first, then what they are said to be."""
    parts = [record.get(field) for field in ("title", "brand", "artist", "album", "color", "description")]
    return ". ".join(" ".join(part) if isinstance(part, list) else part for part in parts if part)


def strings(value: Any) -> list[str]:
    """Return every text within a record, its ids left out."""
    if isinstance(value, dict):
        return [s for key, part in value.items() if key not in ("id", "type", "cluster", "canonical") for s in strings(part)]
    if isinstance(value, list):
        return [s for part in value for s in strings(part)]
    return [value] if isinstance(value, str) else []


def slip(text: str, rng: Random) -> str:
    """Return *text* with one typing error in every word of four letters or more."""
    made = []
    for word in text.split():
        i = rng.randrange(max(len(word) - 1, 1))
        if len(word) > 3:
            word = rng.choice(
                (
                    word[:i] + word[i + 1 :],
                    word[:i] + word[i + 1] + word[i] + word[i + 2 :],
                    word[:i] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[i + 1 :],
                    word[:i] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[i:],
                )
            )
        made.append(word)
    return " ".join(made)


class Lexical:
    """BM25 over all text."""

    def __init__(self, texts: list[str]) -> None:
        schema = (
            tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").add_integer_field("row", fast=True).build()
        )
        self.index = tantivy.Index(schema)
        writer = self.index.writer(128_000_000, 1)
        for row, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=text, row=row))
        writer.commit()
        self.index.reload()
        self.size = len(texts)

    def __call__(self, text: str) -> Scores:
        searcher = self.index.searcher()
        words = "".join(c if c.isalnum() else " " for c in text)
        hits = searcher.search(self.index.parse_query(words, ["text"]), DEEP).hits if words.strip() else []
        scores = np.zeros(self.size)
        if hits:
            rows = searcher.fast_field_values("row", [address for _, address in hits])
            scores[np.array(rows, np.int64)] = [score for score, _ in hits]
        return scores


def dense(documents: Vectors, query: Callable[[str], Any]) -> Callable[[str], Scores]:
    return lambda text: (documents @ np.asarray(query(text), np.float32)).astype(np.float64) + 1


def mixed(lexical: Callable[[str], Scores], semantic: Callable[[str], Scores], share: float) -> Callable[[str], Scores]:
    return lambda text: (1 - share) * spread(lexical(text)) + share * spread(semantic(text))


def spread(scores: Scores) -> Scores:
    """Bring the best 1,000 scores to 0..1 and the others to 0."""
    top = np.partition(scores, -DEEP)[-DEEP:]
    low, high = (top[top > 0].min() if (top > 0).any() else 0.0), top.max()
    made: Scores = np.clip((scores - low) / (high - low), 0, 1) if high > low else (scores > 0).astype(np.float64)
    return made


def vectors(encoder: Encoder, name: str, judged: Judged, keep: Path) -> Vectors:
    path = keep / f"{judged.name}.{name}.npy"
    if not path.exists():
        np.save(path, encoder.encode(judged.short))
    made: Vectors = np.load(path)
    return made


def quality(data: Path, keep: Path, wanted: set[str]) -> list[dict[str, Any]]:
    """Return one row a way of searching and judged set."""
    static, found = load("static"), []
    minilm = load("minilm") if "minilm" in wanted else None
    for name in ("chorus_icecat", "cpcd_music"):
        judged = Judged(data / name)
        lexical = Lexical(judged.long)
        ways: dict[str, Callable[[str], Scores]] = {"BM25": lexical}
        sides = {"static": dense(vectors(static, "static", judged, keep), static.encode_query)}
        if minilm is not None:
            documents = vectors(minilm, "minilm", judged, keep)
            sides["MiniLM documents, static queries"] = dense(documents, static.encode_query)
            sides["MiniLM"] = dense(documents, lambda text: minilm.encode([text])[0])
        for side, scores in sides.items():
            ways[side] = scores
            ways[f"BM25 + .5 {side}"] = mixed(lexical, scores, 0.5)
            ways[f"BM25 + .2 {side}"] = mixed(lexical, scores, 0.2)
        rng = Random(11)
        slips = {query: slip(text, rng) for query, text in judged.queries.items()}
        for way, scores in ways.items():
            clean, typos = judged.measure(scores, judged.queries), judged.measure(scores, slips)
            found.append({"set": name, "way": way, "queries": len(slips), "clean": clean, "typos": typos})
    return found


COLD = """
import time; start = time.perf_counter()
from ltrr_cli.encode.static import Static
encoder = Static(); loaded = time.perf_counter()
encoder.encode_query("wireless noise cancelling headphones"); first = time.perf_counter()
print((loaded - start) * 1e3, (first - loaded) * 1e3)
"""


def whole_process(code: str, times: int = 21) -> float:
    """Return the median milliseconds of a new Python process that runs *code*."""
    walls = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
        walls.append((time.perf_counter() - start) * 1e3)
    return statistics.median(walls)


def speed(data: Path, wanted: set[str]) -> list[dict[str, Any]]:
    """Return bytes, milliseconds and texts per CPU second of each encoder."""
    texts = Judged(data / "chorus_icecat")
    titles, descriptions = [text[:60] for text in texts.short], [text[:600] for text in texts.long]
    queries = list(texts.queries.values())
    colds = [
        [float(x) for x in subprocess.run([sys.executable, "-c", COLD], capture_output=True, check=True).stdout.split()]
        for _ in range(21)
    ]
    found = []
    for name, files, few in (("static", "static.*", 20000), ("minilm", "minilm*", 1000)):
        if name not in wanted:
            continue
        start = time.perf_counter()
        encoder = load(name)
        encoder.encode(["a"])
        row: dict[str, Any] = {
            "encoder": name,
            "bytes": sum(path.stat().st_size for path in MODELS.glob(files)),
            "load ms (batch)": (time.perf_counter() - start) * 1e3,
        }
        for kind, some in (("titles", titles[:few]), ("descriptions", descriptions[: max(few // 4, 300)])):
            start = time.process_time()
            load(name).encode(some)
            row[f"{kind} per CPU s"] = len(some) / (time.process_time() - start)
        if name == "static":
            row["cold load ms"], row["cold first query ms"] = (statistics.median(column) for column in zip(*colds, strict=True))
            row["whole process over `pass`, ms"] = whole_process(COLD) - whole_process("pass")
            walls = []
            for text in queries * 5:
                start = time.perf_counter()
                encoder.encode_query(text)
                walls.append((time.perf_counter() - start) * 1e3)
            row["warm query ms"] = statistics.median(walls)
        found.append(row)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", default="static,minilm", help="encoders to measure, comma between")
    parser.add_argument("--keep", type=Path, help="folder for document vectors")
    parser.add_argument("--json", action="store_true", help="one object a line instead of tables")
    options = parser.parse_args()
    wanted = set(options.rows.split(","))
    with tempfile.TemporaryDirectory() as scratch:
        keep = options.keep or Path(scratch)
        keep.mkdir(parents=True, exist_ok=True)
        rows = quality(options.data, keep, wanted)
    speeds = speed(options.data, wanted)
    if options.json:
        print("\n".join(json.dumps(row) for row in rows + speeds))
        return
    for name in dict.fromkeys(row["set"] for row in rows):
        some = [row for row in rows if row["set"] == name]
        print(f"\n{name}, {some[0]['queries']} queries        nDCG@10 / recall@100     with typos")
        for row in some:
            (a, b), (c, d) = row["clean"], row["typos"]
            print(f"  {row['way']:<44}{a:.3f} / {b:.3f}            {c:.3f} / {d:.3f}")
    for row in speeds:
        print(
            "\n" + "\n".join(f"  {key:<32}{value if isinstance(value, str) else f'{value:,.2f}'}" for key, value in row.items())
        )
    print("\nNeither judged set was in the training texts.")


if __name__ == "__main__":
    main()
