"""A long log to look at: simulated people search the sample catalog and act on what they are shown. No person took part.

    python benchmarks/searched.py FOLDER [--searches 20000] [--days 90] [--seed 1] [--catalog sample_catalog]

FOLDER becomes a state folder: the catalog is indexed and every search and event goes through the real engine, with the times of
*days* that end on 2026-06-30. What people want and how they ask changes at half time, so that there is a drift to see. Each has
one thing in mind (the more popular ones more often), asks for it by its title, a misspelt title, the name of who made it and a
word, one word of the title, or its genre and mood, and looks at place k with a chance of k^-0.7; one in fifty wants what is not
there. 20,000 searches take about half an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from math import pi, sin
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from judged import misspelt

import ltrr_cli
from ltrr_cli.records import Page

END = datetime(2026, 6, 30, tzinfo=UTC).timestamp()
DAY = 86400.0
TOGETHER = 20  # searches after which their feedback is sent
LOOK = 0.7  # place k is looked at with a chance of k^-LOOK
BEFORE = {"title": 0.45, "misspelt": 0.10, "maker": 0.13, "word": 0.22, "about": 0.08, "nothing": 0.02}  # how often
AFTER = {"title": 0.18, "misspelt": 0.24, "maker": 0.14, "word": 0.22, "about": 0.20, "nothing": 0.02}


class Need(NamedTuple):
    """What somebody wants and types."""

    text: str
    good: frozenset[str]  # ids that satisfy
    user: str
    session: str
    time: float


def needs(records: list[dict[str, Any]], searches: int, days: float, seed: int) -> Iterator[Need]:
    """Yield one need a search, in time's order."""
    rng = Random(seed)
    records = sorted(records, key=lambda record: (-record.get("popularity", 0), record["id"]))
    about: dict[str, set[str]] = {}
    for record in records:
        for value in (*record.get("genres", ()), *record.get("moods", ()), *record.get("topics", ())):
            about.setdefault(value, set()).add(record["id"])
    favourites = [records[int(len(records) * rng.random() ** 3)] for _ in range(len(records) // 2)]
    for number in range(searches):
        part = number / searches
        late = part >= 0.5
        even = END - days * DAY * (1 - part)
        time = even + 10_000 * sin(2 * pi * even / DAY)  # some hours are busier
        at = int(len(favourites) * rng.random() ** 2)
        wanted = favourites[-1 - at if late else at]  # other things are in fashion in the second half
        way = rng.choices([*BEFORE], weights=[*(AFTER if late else BEFORE).values()])[0]
        text, good = asked(wanted, way, about, rng)
        user = f"person-{rng.randrange(60):02}"
        yield Need(text, frozenset(good), user, f"{user}-{int(time // 1800)}", time)


def asked(wanted: dict[str, Any], way: str, about: dict[str, set[str]], rng: Random) -> tuple[str, set[str]]:
    """Return what is typed for *wanted* in that *way*, and what would satisfy."""
    title, values = wanted["title"], [*wanted.get("genres", ()), *wanted.get("moods", ()), *wanted.get("topics", ())]
    if way == "nothing":
        return "".join(rng.choice("bcdfghjklmnpqrstvwxz") for _ in range(rng.randint(5, 9))), set()
    if way == "misspelt":
        return misspelt(title.lower(), rng.randrange(3)), {wanted["id"]}
    if way == "maker" and wanted.get("artist"):
        return f"{wanted['artist']} {rng.choice(title.split())}".lower(), {wanted["id"]}
    long = [word for word in title.lower().split() if len(word) >= 4]
    if way == "word" and long:
        return rng.choice(long), {wanted["id"]}
    if way == "about" and values:
        two = rng.sample(values, min(2, len(values)))
        return " ".join(two), set.intersection(*(about[value] for value in two))
    return title.lower(), {wanted["id"]}


def acts(page: Page, good: frozenset[str], rng: Random) -> Iterator[dict[str, Any]]:
    """Yield what a simulated person does with *page*, as lines of feedback."""
    for result in page.results:
        if rng.random() > result.rank**-LOOK:
            continue
        event: dict[str, Any] = {"search_id": page.search_id, "rank": result.rank}
        event["time"] = datetime.fromisoformat(page.time).timestamp() + 5 * result.rank
        if result.id in good:
            yield event | {"action": "play", "seconds": rng.choice([20, 90, 180])}
            if rng.random() < 0.1:
                yield event | {"action": "like"}
            if rng.random() < 0.7:
                return
        elif rng.random() < 0.04:
            yield event | {"action": rng.choice(["click", "skip"]), "seconds": 4}


def log(folder: str, catalog: str, searches: int, days: float, seed: int) -> int:
    """Index *catalog* into *folder*, let people search it, and return how many events there were."""
    records = [
        json.loads(line) for path in sorted(Path(catalog).glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    ltrr_cli.build([catalog], folder)
    rng = Random(seed + 1)
    done, waiting = 0, list[dict[str, Any]]()
    with ltrr_cli.open(folder, graph=True) as engine:
        for number, need in enumerate(needs(records, searches, days, seed), 1):
            page = engine.search(need.text, user=need.user, session=need.session, now=need.time, seed=rng.getrandbits(48))
            waiting.extend(acts(page, need.good, rng))
            if number % TOGETHER == 0 or number == searches:
                done += engine.feedback_lines(waiting, now=need.time + 60).kept
                waiting.clear()
            if number % 1000 == 0:
                print(f"{number} searches, {done} events", file=sys.stderr, flush=True)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--searches", type=int, default=20_000)
    parser.add_argument("--days", type=float, default=90.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--catalog", default=str(Path(__file__).parent.parent / "sample_catalog"))
    args = parser.parse_args()
    events = log(args.folder, args.catalog, args.searches, args.days, args.seed)
    print(f"{args.searches} searches, {events} events in {args.folder}")


if __name__ == "__main__":
    main()
