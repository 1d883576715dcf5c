"""Does what a person liked before help to find what they like next? On real likes, in the order in which they were given.

    python benchmarks/personal.py DATA_DIR [--set cpcd_music] [--encoder static]

DATA_DIR has a folder a set, as `judged.py` describes, with `signals.jsonl`: a person's searches by turn, each with what was
liked and disliked. A turn's queries are answered with the likes and dislikes of the same person's earlier turns as the past,
and nothing of anybody else's. What the person acted on before is left out of lists and judgments, as memory knows that.
Figures are nDCG@10 by person, the difference to the default plan for nobody in particular with its 95 % interval and p
(paired over persons, randomisation test, Holm's correction), and the chance that a liked item is above one that was
shown beside it and not liked ("above", .5 is luck), which no way of finding candidates takes part in.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from math import log2, nan
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from judged import Judged

import ltrr_cli
from ltrr_cli.arms.base import ARMS, Sources
from ltrr_cli.engine import Engine
from ltrr_cli.evaluate.paired import holm, paired
from ltrr_cli.evaluate.systems import ranked
from ltrr_cli.policy.menu import default
from ltrr_cli.policy.shares import made, spread
from ltrr_cli.records import Query

LIKE, DISLIKE = 1.0, -1.0
LIMIT = 150


class Asked(NamedTuple):
    """One query of one person, with what they acted on in earlier turns."""

    person: str
    text: str
    shown: list[str]
    liked: set[str]
    past: dict[str, float]


def asked(folder: Path, known: set[str]) -> Iterator[Asked]:
    """Every query with a like that has a past with one."""
    rows = [json.loads(line) for line in (folder / "signals.jsonl").read_text("utf-8").splitlines()]
    by_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_person[row["user"]].append(row)
    for person, turns in by_person.items():
        seen = set()
        for row in turns:
            past = {}
            for before in turns:
                if before["turn"] < row["turn"]:
                    past.update(dict.fromkeys(before["disliked"], DISLIKE) | dict.fromkeys(before["liked"], LIKE))
            past = {entity: weight for entity, weight in past.items() if entity in known}
            if (row["turn"], row["query"]) not in seen and row["liked"] and LIKE in past.values():
                seen.add((row["turn"], row["query"]))
                yield Asked(person, row["query"], row["shown"], set(row["liked"]), past)


class Bench:
    """One index, and the past of whoever asks."""

    def __init__(self, engine: Engine, judged: Judged) -> None:
        self.engine, self.judged = engine, judged
        self.past: dict[str, float] = {}
        self.sources = Sources(engine.generation, lambda query: [], lambda ids: dict.fromkeys(ids, 0), self._pasts)
        engine.sources = engine.asked.sources = self.sources

    def _pasts(self, query: Query) -> list[list[tuple[int, float]]]:
        rows = self.engine.generation.text.rows_of(list(self.past))
        return [[(row, self.past[entity]) for entity, row in rows.items()]]

    def query(self, one: Asked, known: bool) -> Query:
        self.past = one.past
        return self.engine.asked.query(one.text, types=self.judged.types, user=one.person if known else None)

    def plan(self, one: Asked, tenths: int, of: int = 400) -> list[str]:
        """The default plan, *tenths* of which go to the personal arm."""
        plan = spread(default(tuple(arm for arm in ARMS if arm != "personal")), of)
        if tenths:
            taken = of * tenths // 10
            plan = made([*((arm, n * (of - taken) // of) for arm, n in plan.draws), ("personal", taken)])
        return ranked(self.engine, self.query(one, bool(tenths)), plan, LIMIT)

    def alone(self, one: Asked) -> list[str]:
        return ranked(self.engine, self.query(one, True), made([("personal", 400)]), LIMIT)

    def again(self, one: Asked, weight: float) -> list[str]:
        """The default plan's first 30 in the order of their places and their affinity."""
        ids = self.plan(one, 0)
        likes = self.likes(one, ids[:30])
        return sorted(ids[:30], key=lambda i: -(1 - ids.index(i) / 30 + weight * likes[i])) + ids[30:]

    def likes(self, one: Asked, ids: list[str]) -> dict[str, float]:
        """How much each is to the person's taste."""
        taste = self.sources.taste(self.query(one, True))
        rows = self.engine.generation.text.rows_of(ids)
        return {i: taste.affinity(rows[i]) if taste and i in rows else 0.0 for i in ids}

    def score(self, one: Asked, ids: list[str]) -> float:
        """nDCG@10 of what the person had not acted on before."""
        unit = self.judged.unit
        old = set(map(unit, one.past))
        wanted = set(map(unit, one.liked)) - old
        if not wanted:
            return nan
        left = [u for u in dict.fromkeys(map(unit, ids)) if u not in old]
        gain = sum(1 / log2(i + 2) for i, u in enumerate(left[:10]) if u in wanted)
        return gain / sum(1 / log2(i + 2) for i in range(min(10, len(wanted))))

    def above(self, one: Asked, value: Callable[[str], float]) -> float:
        """The chance that a liked item is above one beside it; half for equals."""
        unit = self.judged.unit
        old = set(map(unit, one.past))
        liked = [i for i in one.liked if unit(i) not in old]
        others = [i for i in one.shown if unit(i) not in old and unit(i) not in set(map(unit, one.liked))]
        wins = [(value(a) > value(b)) + (value(a) == value(b)) / 2 for a in liked for b in others]
        return fmean(wins) if wins else nan


def by_person(asked: list[Asked], scores: list[float]) -> list[float]:
    """The mean of each person's scores, those of nothing left out."""
    found: dict[str, list[float]] = defaultdict(list)
    for one, score in zip(asked, scores, strict=True):
        if score == score:
            found[one.person].append(score)
    return [fmean(some) for _, some in sorted(found.items())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", default="cpcd_music")
    parser.add_argument("--encoder", default="static")
    given = parser.parse_args()
    judged = Judged(given.data / given.set)
    queries = list(asked(given.data / given.set, judged.ids))
    with tempfile.TemporaryDirectory() as folder:
        ltrr_cli.build([str(judged.catalog)], folder, graph=False, encoder=given.encoder)
        with Engine(folder) as engine:
            bench = Bench(engine, judged)
            systems: dict[str, Callable[[Asked], list[str]]] = {
                "default, nobody": lambda one: bench.plan(one, 0),
                "personal arm alone": bench.alone,
                "default + 1/10 personal": lambda one: bench.plan(one, 1),
                "default + 3/10 personal": lambda one: bench.plan(one, 3),
                "default, affinity .3": lambda one: bench.again(one, 0.3),
                "default, affinity 1": lambda one: bench.again(one, 1.0),
            }
            found = {name: by_person(queries, [bench.score(o, run(o)) for o in queries]) for name, run in systems.items()}
            base = found["default, nobody"]
            gaps = {name: paired(scores, base) for name, scores in found.items() if scores is not base}
            p = holm({name: gap.p for name, gap in gaps.items()})
            print(f"{judged.name}: {len(queries)} queries with a past, {len(base)} persons")
            for name, scores in found.items():
                more = "" if name not in gaps else "  {0.mean:+.4f} [{0.low:+.4f}, {0.high:+.4f}]".format(gaps[name])
                print(f"  {name:24} {fmean(scores):.4f}{more}{f'  p {p[name]:.4f}' if name in p else ''}", flush=True)
            quality = engine.generation.columns.quality
            row = engine.generation.text.row_of
            known = {i: quality(at) for one in queries for i in (*one.shown, *one.liked) if (at := row(i)) is not None}
            chance, by_quality = [], []
            for one in queries:
                likes = bench.likes(one, [*one.shown, *one.liked])
                chance.append(bench.above(one, lambda i, likes=likes: likes[i]))  # type: ignore[misc]
                by_quality.append(bench.above(one, lambda i: known.get(i, 0.0)))
            print(f"  above: by affinity {fmean(by_person(queries, chance)):.3f}, ", end="")
            print(f"by quality {fmean(by_person(queries, by_quality)):.3f}")


if __name__ == "__main__":
    main()
