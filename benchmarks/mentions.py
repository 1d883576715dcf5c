"""How well names are found in what people type: artists and works in real requests for music, marked by hand.

    python benchmarks/mentions.py DATA_DIR [--catalog cpcd_music] [--threshold 0.5]

DATA_DIR has the catalog's folder, as `judged.py` describes, and `music_reco_ner/queries.jsonl`: a request a line with the
mentions in it and their kind. A mention counts where the catalog holds an artist or a work of just that name (as normalised).
A system's answer is right if the name and its kind are; precision, recall and F1 are over all names of all requests, the
difference in F1 to the plain dictionary with its 95 % interval by resampling requests. Compared are

- dictionary: the longest names of the catalog that stand in the request, from the left; nothing else is known;
- 2+ words: the same without names of one word;
- rare words: the same, with names of one word where English has that word less often than once in 100,000;
- keywords: our reading as if every request were a few keywords;
- ours: the names that all our interpretations together make as likely as the threshold, and with other thresholds beside it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.index.facts import CREATOR, TITLE, whole
from ltrr_cli.understand import everyday
from ltrr_cli.understand.everyday import chance
from ltrr_cli.understand.normalise import words

ARTIST, WORK = "Artist", "WoA"
KINDS = {ARTIST: {ARTIST}, WORK: {WORK}, "Artist_or_WoA": {ARTIST, WORK}}
FIELDS = {CREATOR: ARTIST, TITLE: WORK, "album": WORK}
RARE = 1e-5
RESAMPLES = 1000
Names = set[tuple[str, str]]  # (name, kind)


def names_of(engine: Engine) -> dict[str, set[str]]:
    """Every name of the catalog, normalised, with whether it is an artist's or a work's."""
    names: dict[str, set[str]] = {}
    columns = engine.generation.columns
    for row in range(engine.generation.rows):
        said = columns.said(row)
        names.setdefault(said.name, set()).add(ARTIST if columns.type(row) == "artist" else WORK)
        for fact in said.facts:
            field, _, value = fact.partition("=")
            if field == CREATOR:
                names.setdefault(value, set()).add(ARTIST)
    names.pop("", None)
    return names


def dictionary(names: dict[str, set[str]], known: Callable[[str], bool]) -> Callable[[str], Names]:
    longest = max(name.count(" ") + 1 for name in names)

    def find(text: str) -> Names:
        typed, found, at = words(text), set(), 0
        while at < len(typed):
            for n in range(min(longest, len(typed) - at), 0, -1):
                name = " ".join(typed[at : at + n])
                if name in names and known(name):
                    found.add((name, ARTIST if ARTIST in names[name] else WORK))
                    at += n
                    break
            else:
                at += 1
        return found

    return find


def read(engine: Engine, text: str) -> dict[tuple[str, str], float]:
    """How likely our interpretations make each name."""
    likely: dict[tuple[str, str], float] = {}
    for one in engine.asked.query(text).interpretations:
        for name in {(slot.value, FIELDS[slot.field]) for slot in one.slots if slot.field in FIELDS}:
            likely[name] = likely.get(name, 0.0) + one.likelihood
    return likely


def counts(found: Names, marked: Sequence[tuple[str, set[str]]]) -> tuple[int, int, int]:
    """Return how many were found and right, found, and marked."""
    right = {(name, kind) for name, kind in found if any(name == one and kind in kinds for one, kinds in marked)}
    missed = sum(not any(name == one and kind in kinds for one, kind in found) for name, kinds in marked)
    return len(right), len(found), len(right) + missed


def scores(counted: Sequence[tuple[int, int, int]]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right, found, marked = (sum(column) for column in zip(*counted, strict=True))
    return right / max(1, found), right / max(1, marked), 2 * right / max(1, found + marked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--catalog", default="cpcd_music")
    parser.add_argument("--threshold", type=float, default=0.5)
    given = parser.parse_args()
    requests = [json.loads(line) for line in (given.data / "music_reco_ner/queries.jsonl").read_text("utf-8").splitlines()]
    texts = [request["query"] for request in requests]
    with tempfile.TemporaryDirectory() as folder:
        ltrr_cli.build([str(given.data / given.catalog / "catalog.jsonl.gz")], folder, graph=False)
        with Engine(folder) as engine:
            names = names_of(engine)
            marked = []
            for request in requests:
                held: dict[str, set[str]] = {}
                for mention in request["entities"]:
                    name = whole(mention["mention"])
                    if kinds := KINDS.get(mention["type"], set()) & names.get(name, set()):
                        held[name] = held.get(name, set()) | kinds
                marked.append(list(held.items()))
            total = sum(len(request["entities"]) for request in requests)
            print(f"{len(texts)} requests, {total} mentions, {sum(map(len, marked))} of them names in the catalog")

            found = {
                "dictionary": list(map(dictionary(names, lambda name: True), texts)),
                "2+ words": list(map(dictionary(names, lambda name: " " in name), texts)),
                "rare words": list(map(dictionary(names, lambda name: " " in name or chance(name) < RARE), texts)),
            }
            sentence = everyday.KEYWORDS, everyday.SENTENCE
            everyday.KEYWORDS, everyday.SENTENCE = 1000, 1001
            found["keywords"] = [{name for name, p in read(engine, text).items() if p >= given.threshold} for text in texts]
            everyday.KEYWORDS, everyday.SENTENCE = sentence
            started = perf_counter()
            likely = [read(engine, text) for text in texts]
            each = 1000 * (perf_counter() - started) / len(texts)
            for threshold in sorted({given.threshold, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}):
                label = "ours" if threshold == given.threshold else f"ours, {threshold:.1f}"
                found[label] = [{name for name, p in some.items() if p >= threshold} for some in likely]

    counted = {name: [counts(*pair) for pair in zip(some, marked, strict=True)] for name, some in found.items()}
    rng = Random(0)
    samples = [rng.choices(range(len(texts)), k=len(texts)) for _ in range(RESAMPLES)]
    plain = counted["dictionary"]
    print(f"{'system':<12} {'precision':>9} {'recall':>7} {'F1':>6} {'to dictionary':>13} {'95 % interval':>17}")
    for name, some in counted.items():
        precision, recall, f1 = scores(some)
        gaps = sorted(scores([some[i] for i in s])[2] - scores([plain[i] for i in s])[2] for s in samples)
        low, high = gaps[int(0.025 * RESAMPLES)], gaps[int(0.975 * RESAMPLES)]
        print(f"{name:<12} {precision:9.3f} {recall:7.3f} {f1:6.3f} {f1 - scores(plain)[2]:+13.3f} {low:+8.3f} {high:+8.3f}")
    print(f"understanding one request took {each:.2f} ms on average")


if __name__ == "__main__":
    main()
