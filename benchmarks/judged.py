"""Catalogs with judged queries, and how well a ranked list does on them: what the quality benchmarks share.

A folder holds `catalog.jsonl.gz`, `queries.tsv` (query id, text) and `qrels.txt` (TREC form). Where records carry a
`cluster`, recordings of one song count once and only tracks are searched.
"""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path
from random import Random
from typing import NamedTuple


class Scores(NamedTuple):
    """One list against the judgments of its query."""

    ndcg: float  # at 10, gain = grade, as trec_eval
    recall: float  # at 100


class Judged:
    """A catalog's judged queries. Queries without anything relevant are left out."""

    def __init__(self, folder: Path) -> None:
        self.name, self.catalog = folder.name, folder / "catalog.jsonl.gz"
        self.cluster: dict[str, str] = {}
        self.ids: set[str] = set()
        with gzip.open(self.catalog, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                self.ids.add(record["id"])
                if record.get("cluster"):
                    self.cluster[record["id"]] = record["cluster"]
        self.types = ("track",) if self.cluster else ()
        texts = dict(line.split("\t", 1) for line in (folder / "queries.tsv").read_text("utf-8").splitlines())
        self.relevant: dict[str, dict[str, int]] = {}
        for line in (folder / "qrels.txt").read_text().splitlines():
            query, _, entity, grade = line.split()
            if int(grade) > 0 and entity in self.ids:
                unit, of_query = self.unit(entity), self.relevant.setdefault(query, {})
                of_query[unit] = max(int(grade), of_query.get(unit, 0))
        self.queries = {query: texts[query] for query in self.relevant}

    def unit(self, entity: str) -> str:
        """What counts once: the song, whatever the recording."""
        return self.cluster.get(entity, entity)

    def score(self, query: str, ranked: list[str]) -> Scores:
        """Score entity ids, best first, for the query with this id."""
        relevant = self.relevant[query]
        units = list(dict.fromkeys(map(self.unit, ranked)))
        gain = sum(relevant.get(unit, 0) / math.log2(i + 2) for i, unit in enumerate(units[:10]))
        ideal = sum(g / math.log2(i + 2) for i, g in enumerate(sorted(relevant.values(), reverse=True)[:10]))
        return Scores(gain / ideal, len(relevant.keys() & units[:100]) / len(relevant))


def misspelt(text: str, seed: int) -> str:
    """Return *text* with one slip (swap, omission, doubling, wrong letter) in each word of four letters or more."""
    rng = Random(f"{seed} {text}")
    return " ".join(_slip(word, rng) if len(word) >= 4 else word for word in text.split())


def _slip(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeiourstln") + word[at + 1 :],
        ]
    )
