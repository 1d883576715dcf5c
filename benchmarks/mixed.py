"""One catalog of several kinds of thing: does each kind of query find as much as on a catalog of its own?

    python benchmarks/mixed.py DATA_DIR [--sets cpcd_music,chorus_icecat,chinook] [--made 300]

DATA_DIR has a folder a set with `catalog.jsonl.gz`, and perhaps judged queries as `judged.py` describes. Each set is indexed
alone, then all of them together, with no mapping file. Queries are the judged ones, and made ones of five classes (exact,
misspelt, attribute, topic, long; see `ltrr_cli.simulate.queries`). On the mixed catalog, other sets' entities that have all
that a made query names are relevant, too; a judged query has judgments of its own set alone. nDCG@10 of each arm, of their
fusion by rank and of the untrained default plan: on the own catalog -> on the mixed one, with what the default plan loses
and its 95 % interval.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import fmean

from judged import Judged

import ltrr_cli
from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.evaluate.paired import paired
from ltrr_cli.evaluate.rrf import rrf
from ltrr_cli.evaluate.systems import ranked
from ltrr_cli.policy.menu import default
from ltrr_cli.policy.shares import made, spread
from ltrr_cli.simulate.needs import Need
from ltrr_cli.simulate.queries import entities, holders, invented
from ltrr_cli.simulate.truth import Units, ndcg

ASKED = [arm for arm in ARMS if arm != "personal"]  # nobody in particular asks
DEEP = 40


class Asked:
    """One query of one set."""

    def __init__(self, need: Need, kind: str, types: tuple[str, ...], units: Units) -> None:
        self.need, self.kind, self.types, self.units = need, kind, types, units


def questions(data: Path, name: str, engine: Engine, count: int) -> list[Asked]:
    """The judged queries of a set, if there are any, and made ones."""
    found: list[Asked] = []
    if (data / name / "queries.tsv").exists():
        judged = Judged(data / name)
        units = Units(judged.cluster)
        for qid, text in judged.queries.items():
            highest = max(judged.relevant[qid].values())
            relevant = {unit: grade / highest for unit, grade in judged.relevant[qid].items()}
            found.append(Asked(Need(qid, text, relevant), f"{name}, judged", judged.types, units))
    found += [Asked(need, f"{name}, {need.kind}", (), Units()) for need in invented(engine.generation, count, seed=1)]
    return found


def answers(engine: Engine, asked: Asked) -> dict[str, float]:
    """nDCG@10 of every system on one query."""
    query = engine.asked.query(asked.need.text, types=asked.types)
    engine.asked.situation(query, tuple(ARMS))
    plans = {arm: made([(arm, DEEP)]) for arm in ASKED} | {"default": spread(default(tuple(ARMS)), DEEP)}
    lists = {name: ranked(engine, query, plan, DEEP) for name, plan in plans.items()}
    id_of = engine.generation.columns.id
    lists["rrf"] = [id_of(row) for row in rrf([hit.row for hit in engine.sources.draw(arm, query)] for arm in ASKED)]
    return {name: ndcg(asked.units.each(ids), asked.need.relevant) for name, ids in lists.items()}


def also_there(engine: Engine, asked: list[Asked]) -> list[Asked]:
    """The same, with what is relevant to a made query in the whole index."""
    everything = entities(engine.generation, range(engine.generation.rows))
    found = holders(everything, {frozenset(one.need.terms) for one in asked if one.need.terms})
    for one in asked:
        if one.need.terms:
            one.need = one.need._replace(relevant=one.need.relevant | dict.fromkeys(found[frozenset(one.need.terms)], 1.0))
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="cpcd_music,chorus_icecat,chinook")
    parser.add_argument("--made", type=int, default=300, help="queries to make of each set")
    given = parser.parse_args()
    sets = given.sets.split(",")
    catalogs = {name: str(given.data / name / "catalog.jsonl.gz") for name in sets}
    asked: list[Asked] = []
    alone: list[dict[str, float]] = []
    for name in sets:
        with tempfile.TemporaryDirectory() as folder:
            ltrr_cli.build([catalogs[name]], folder, graph=False)
            with Engine(folder) as engine:
                some = questions(given.data, name, engine, given.made)
                alone += [answers(engine, one) for one in some]
                asked += some
    with tempfile.TemporaryDirectory() as folder:
        ltrr_cli.build(list(catalogs.values()), folder, graph=False)
        with Engine(folder) as engine:
            asked = also_there(engine, asked)
            mixed = [answers(engine, one) for one in asked]
    print(f"untrained, {len(asked)} queries; nDCG@10 on the own catalog -> on the mixed one")
    for kind in dict.fromkeys(one.kind for one in asked):
        at = [i for i, one in enumerate(asked) if one.kind == kind]
        gap = paired([mixed[i]["default"] for i in at], [alone[i]["default"] for i in at])
        own = fmean(alone[i]["default"] for i in at)
        print(f"\n{kind}, {len(at)} queries: default {gap.mean / own:+.1%} ({gap.low / own:+.1%} to {gap.high / own:+.1%})")
        for name in ("default", "rrf", *ASKED):
            print(f"  {name:<12} {fmean(alone[i][name] for i in at):.4f} -> {fmean(mixed[i][name] for i in at):.4f}")


if __name__ == "__main__":
    main()
