"""Do the likes of half of the people help the other half, who ask for other things? On real likes, with the whole engine.

    python benchmarks/likes.py DATA_DIR [--set cpcd_music] [--seeds 10] [--page 10]

DATA_DIR has a folder a set, as `judged.py` describes, with `signals.jsonl`: a person's searches by turn, each with what was
liked and disliked. A seed is a random half of the people: their searches are made and logged, their likes and dislikes are
fed back on what was found, and the ranker is trained as `ltrr learn` does. Then the queries of the other half whose words
nobody of the first half typed are scored by what that half liked: nDCG@10, over queries, then over halves, with 95 %
intervals (Student's t over halves, which share people: they say how much depends on the half, not on these people).

Once more "without" the prior: the ranker starts with no weight for how well known an entity is, and may learn one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any, NamedTuple
from unittest.mock import patch

from judged import Judged

import ltrr_cli
from ltrr_cli.feedback.events import Event
from ltrr_cli.rank import blend
from ltrr_cli.rank.features import QUALITY
from ltrr_cli.simulate.stage import Kept, Stage, stage
from ltrr_cli.simulate.summary import interval
from ltrr_cli.simulate.truth import Units, ndcg

START = 1_750_000_000.0
APART = 60.0  # seconds between searches
LISTED = ("ltrr_cli.rank.blend.LEFT_OUT", "ltrr_cli.rank.pairwise.LEFT_OUT", "ltrr_cli.learn.pairwise.LEFT_OUT")


class Scored(NamedTuple):
    """What came of one half."""

    untrained: list[float]  # nDCG@10, one a query of the other half
    learned: list[float]
    kind: str  # of the ranker that was promoted, "" = none
    satisfied: int  # searches of the first half


@contextmanager
def without_prior() -> Iterator[None]:
    """Start from a ranking that does not look at how well known an entity is; learning may."""
    beside = {name: value for name, value in blend.BESIDE.items() if name != QUALITY}
    with ExitStack() as stack:
        stack.enter_context(patch.object(blend, "BESIDE", beside))
        for name in LISTED:
            stack.enter_context(patch(name, (*blend.LEFT_OUT, QUALITY)))
        yield


def halves(signals: Sequence[dict[str, Any]], seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The searches of two random halves of the people, in the order they were made."""
    people = sorted({row["user"] for row in signals})
    Random(seed).shuffle(people)
    first = set(people[: len(people) // 2])
    return [row for row in signals if row["user"] in first], [row for row in signals if row["user"] not in first]


def asked(rows: Sequence[dict[str, Any]], units: Units, ids: set[str]) -> dict[str, dict[str, float]]:
    """Query -> unit -> 1.0 for what somebody liked there."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        found[row["query"]].update({units.of(entity): 1.0 for entity in row["liked"] if entity in ids})
    return {text: relevant for text, relevant in found.items() if relevant}


def live(engine: Stage, rows: Sequence[dict[str, Any]], judged: Judged, page_size: int) -> int:
    """Let these people search and say what they like; return how many searches satisfied."""
    satisfied = 0
    for i, row in enumerate(rows):
        now = START + i * APART
        page = engine.search(
            row["query"], types=judged.types, user=row["user"], session=f"{row['turn']}", limit=page_size, seed=i, now=now
        )
        done = [("dislike", entity) for entity in row["disliked"]] + [("like", entity) for entity in row["liked"]]
        events = [Event(page.search_id, entity, None, action, None, None, now) for action, entity in done if entity in judged.ids]
        receipt = engine.feedback_lines(events, now=now)
        assert not receipt.bad, receipt.bad
        satisfied += bool(row["liked"])
    return satisfied


def scores(engine: Stage, wanted: dict[str, dict[str, float]], judged: Judged, units: Units) -> list[float]:
    """nDCG@10 of each query, not logged, nothing explored."""
    found = []
    for text, relevant in wanted.items():
        page = engine.search(text, types=judged.types, log=False, explore=False, seed=0, now=START + 1e6)
        found.append(ndcg(units.each(result.id for result in page.results), relevant))
    return found


def run(kept: Kept, judged: Judged, signals: Sequence[dict[str, Any]], seed: int, page_size: int) -> Scored:
    """Teach one half, and ask as the other."""
    units = Units(judged.cluster)
    teachers, others = halves(signals, seed)
    with stage(kept) as engine:
        known = {engine.asked.query(row["query"], now=START).key for row in teachers}
        wanted = {
            text: likes
            for text, likes in asked(others, units, judged.ids).items()
            if engine.asked.query(text, now=START).key not in known
        }
        untrained = scores(engine, wanted, judged, units)
        satisfied = live(engine, teachers, judged, page_size)
        report = engine.learn(now=START + 1e6)
        return Scored(untrained, scores(engine, wanted, judged, units), engine.ranker.name if report.promoted else "", satisfied)


def said(each: Sequence[float]) -> str:
    found = interval(each)
    return f"{found['mean']:+.4f} ({found['low']:+.4f} to {found['high']:+.4f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", default="cpcd_music")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--page", type=int, default=10, help="results that people see")
    given = parser.parse_args()
    judged = Judged(given.data / given.set)
    signals = [json.loads(line) for line in (given.data / given.set / "signals.jsonl").read_text("utf-8").splitlines()]
    found: dict[str, list[Scored]] = {}
    with tempfile.TemporaryDirectory() as folder:
        ltrr_cli.build([str(judged.catalog)], folder, graph=False)
        for name in ("without", "with"):
            with ExitStack() as stack:
                if name == "without":
                    stack.enter_context(without_prior())
                kept = Kept(folder)
                found[name] = [run(kept, judged, signals, seed, given.page) for seed in range(given.seeds)]
            runs = found[name]
            queries, satisfied = fmean(len(one.learned) for one in runs), fmean(one.satisfied for one in runs)
            plain, learned = (fmean(fmean(getattr(one, which)) for one in runs) for which in ("untrained", "learned"))
            gain = said([fmean(one.learned) - fmean(one.untrained) for one in runs])
            promoted = sum(bool(one.kind) for one in runs)
            print(f"{judged.name}, {name} the prior: {satisfied:.0f} searches liked, {queries:.0f} other queries of others")
            print(
                f"  untrained {plain:.4f}, learned {learned:.4f}: {gain}; promoted in {promoted} of {len(runs)} halves",
                flush=True,
            )
    both = zip(found["with"], found["without"], strict=True)
    print(f"  learned with the prior over untrained without: {said([fmean(a.learned) - fmean(b.untrained) for a, b in both])}")


if __name__ == "__main__":
    main()
