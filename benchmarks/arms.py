"""What each arm is worth alone, fused by rank, and in the default plan; and what it finds that no other does.

    python benchmarks/arms.py DATA_DIR [--sets cpcd_music,chorus_icecat] [--encoder static] [--slips 3]

DATA_DIR has a folder a set, as `judged.py` describes. Nothing is learned. Every system may draw the same number of candidates;
nDCG@10 and recall@100, the difference in nDCG@10 to the default plan with its 95 % interval and p (paired over queries,
randomisation test, Holm's correction). "misspelt" has a slip in each word of four letters or more, averaged over the slips.
"only here" is the share of the relevant items among the arm's first 40 that no other arm has among its own. "plain BM25" is
Tantivy's over all text, no stemming; "bm25s", where that package is installed (`pip install -e ".[dev]"`), the same by another
library, whose tokens and formula differ a little.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from judged import Judged, misspelt
from quality import bm25s, plain_bm25

import ltrr_cli
from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.evaluate.paired import holm, paired
from ltrr_cli.evaluate.rrf import rrf
from ltrr_cli.evaluate.systems import ranked
from ltrr_cli.policy.menu import default
from ltrr_cli.policy.shares import made, spread

DEEP = 40  # an arm's first hits, of which some are found only there
LIMIT = 100
BASELINES = ("plain BM25", "bm25s")
System = Callable[[str], list[str]]


def systems(engine: Engine, judged: Judged, budget: int) -> dict[str, System]:
    """Every way of searching that is compared."""
    arms = [arm for arm in ARMS if arm != "personal"]  # nobody in particular asks

    def by_plan(name: str) -> System:
        plan = spread(default(tuple(ARMS)), budget) if name == "default" else made([(name, budget)])

        def search(text: str) -> list[str]:
            query = engine.asked.query(text, types=judged.types)
            engine.asked.situation(query, tuple(ARMS))
            return ranked(engine, query, plan, LIMIT + 50 * bool(judged.cluster))

        return search

    def fused(text: str) -> list[str]:
        query = engine.asked.query(text, types=judged.types)
        engine.asked.situation(query, tuple(ARMS))
        id_of = engine.generation.columns.id
        return [id_of(row) for row in rrf([hit.row for hit in engine.sources.draw(arm, query)] for arm in arms)]

    found: dict[str, System] = {"plain BM25": plain_bm25(judged)}
    if other := bm25s(judged):
        found["bm25s"] = other
    found.update((arm, by_plan(arm)) for arm in arms)
    return found | {"RRF of all": fused, "default": by_plan("default")}


def only_here(engine: Engine, judged: Judged) -> dict[str, float]:
    """The share of all relevant items that one arm alone finds."""
    alone = dict.fromkeys(ARMS, 0)
    total = 0
    for qid, text in judged.queries.items():
        query = engine.asked.query(text, types=judged.types)
        engine.asked.situation(query, tuple(ARMS))
        wanted = {unit for unit, grade in judged.relevant[qid].items() if grade > 0}
        total += len(wanted)
        id_of = engine.generation.columns.id
        held = {arm: {judged.unit(id_of(h.row)) for h in engine.sources.draw(arm, query)[:DEEP]} & wanted for arm in ARMS}
        for arm in ARMS:
            alone[arm] += len(held[arm].difference(*(held[other] for other in ARMS if other != arm)))
    return {arm: n / total for arm, n in alone.items()}


def measure(judged: Judged, search: System, slips: int) -> tuple[list[float], list[float]]:
    """nDCG@10 and recall@100 of each query; with *slips* of misspelt ones, each the mean of so many."""
    texts = [[text] if not slips else [misspelt(text, seed) for seed in range(slips)] for text in judged.queries.values()]
    scores = [[judged.score(qid, search(text)) for text in ways] for qid, ways in zip(judged.queries, texts, strict=True)]
    return [fmean(s.ndcg for s in some) for some in scores], [fmean(s.recall for s in some) for some in scores]


def table(judged: Judged, engine: Engine, slips: int) -> None:
    budget = engine.settings.budget * LIMIT // 10
    for kind, n in (("clean", 0), ("misspelt", slips)):
        found = {name: measure(judged, search, n) for name, search in systems(engine, judged, budget).items()}
        ndcg = {name: scores for name, (scores, _) in found.items()}
        gaps = {name: paired(scores, ndcg["default"]) for name, scores in ndcg.items() if name != "default"}
        p = holm({name: gap.p for name, gap in gaps.items()})
        alone = only_here(engine, judged) if not n else {}
        print(f"\n{judged.name}, {kind}, {len(judged.queries)} queries")
        print(f"{'system':<12} {'nDCG@10':>8} {'R@100':>6} {'to default':>10} {'95 % interval':>17} {'p':>7} {'only here':>9}")
        for name, (scores, recall) in found.items():
            gap = gaps.get(name)
            more = f"{gap.mean:+10.4f} {gap.low:+8.4f} {gap.high:+8.4f} {p[name]:7.4f}" if gap else " " * 35
            print(
                f"{name:<12} {fmean(scores):8.4f} {fmean(recall):6.3f} {more} {f'{alone[name]:.2%}' if name in alone else '':>9}"
            )
        mean, best = fmean(ndcg["default"]), max(fmean(ndcg[arm]) for arm in ARMS if arm in ndcg)
        for plain in [name for name in BASELINES if name in ndcg]:
            print(f"default / {plain} {mean / fmean(ndcg[plain]):.3f}; ", end="")
        print(f"default - best single arm {mean - best:+.4f}; ", end="")
        print(f"default - RRF {mean - fmean(ndcg['RRF of all']):+.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="cpcd_music,chorus_icecat")
    parser.add_argument("--encoder", default="static")
    parser.add_argument("--slips", type=int, default=3)
    given = parser.parse_args()
    for name in given.sets.split(","):
        judged = Judged(given.data / name)
        with tempfile.TemporaryDirectory() as folder:
            ltrr_cli.build([str(judged.catalog)], folder, graph=False, encoder=given.encoder)
            with Engine(folder) as engine:
                table(judged, engine, given.slips)


if __name__ == "__main__":
    main()
