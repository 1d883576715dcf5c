"""Let many processes use one state folder at once, and count whether anything is lost, fails for a lock, or stands still.

    python tools/attack/crowd.py --processes 16 --operations 20000

Each process does its share of searches, feedback, suggestions, additions and deletions in a random order, opening the folder anew
now and then, and writes down what was acknowledged. Afterwards every search and event must be in the log once, every entity
be there or gone as it was told, and what was learned must be what the log says when it is folded anew.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from book import WORDS, alive
from command import attacked
from crash import catalog, differs

import ltrr_cli
from ltrr_cli.verify import check
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

SHARES = {"search": 45, "feedback": 40, "suggest": 13, "add": 1, "delete": 1}  # in a hundred operations
ANEW = 100  # operations after which a process opens the folder again


def work(me: int, operations: int, folder: str, scratch: str, say: Callable[..., object]) -> None:
    """Do so many operations; say what was acknowledged."""
    rng, engine, page, mine = random.Random(me), ltrr_cli.open(folder), None, list[str]()
    for n in range(operations):
        if n % ANEW == ANEW - 1:
            engine.close()
            engine = ltrr_cli.open(folder)
        kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
        started = time.monotonic()
        if kind == "feedback" and page is not None and page.results:
            rank, action = rng.randint(1, len(page.results)), rng.choice(("click", "play", "like", "skip", "dislike"))
            event = f"{me}-{n}"
            assert engine.feedback(rank, search_id=page.search_id, action=action, event_id=event).kept == 1
            say(event=event)
        elif kind == "suggest":
            engine.suggest(rng.choice(WORDS)[:3])
        elif kind == "add":
            first = 1_000_000 * (me + 1) + 2 * n
            ltrr_cli.add([catalog(scratch, first, 2)], folder)
            mine += [f"e{first}", f"e{first + 1}"]
            say(added=mine[-2:])
        elif kind == "delete" and mine:
            gone = mine.pop(rng.randrange(len(mine)))
            assert ltrr_cli.delete([gone], folder) == (1, [])
            say(deleted=gone)
        else:
            kind = "search"
            page = engine.search(f"{rng.choice(WORDS)} {rng.choice(WORDS)}", user=f"user {me}", session=f"{me}-{n // 50}")
            say(search=page.search_id)
        say(kind=kind, waited=time.monotonic() - started)
    engine.close()


def attack(scratch: str, *, processes: int, operations: int) -> int:
    """Let them work; return how many things were wrong."""
    folder = os.path.join(scratch, "state")
    _apart(lambda: ltrr_cli.build([catalog(scratch, 0, 300)], folder))
    pids, started = [], time.monotonic()
    for me in range(processes):
        share = operations // processes + (me < operations % processes)
        pids.append(_fork(partial(work, me, share, folder, scratch), os.path.join(scratch, f"said-{me}")))
    failed = sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0 for pid in pids)
    took, used = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)

    done, longest, searches, events = Counter[str](), dict.fromkeys(SHARES, 0.0), list[str](), list[str]()
    living = {f"e{n}" for n in range(300)}
    for me in range(processes):
        with open(os.path.join(scratch, f"said-{me}"), encoding="utf-8") as f:
            for line in map(json.loads, f):
                searches += [line["search"]] if "search" in line else []
                events += [line["event"]] if "event" in line else []
                living |= set(line.get("added", ()))
                living -= {line.get("deleted")}
                if "kind" in line:
                    done[line["kind"]] += 1
                    longest[line["kind"]] = max(longest[line["kind"]], line["waited"])
    workspace = Workspace(folder)
    there = alive(workspace.generation(workspace.current()))
    with ltrr_cli.open(folder) as engine:
        logged = Counter(search for (search,) in engine.store.rows("SELECT id FROM searches"))
        kept = Counter(event for (event,) in engine.store.rows("SELECT event_id FROM events"))
    wrong = {
        "processes failed": failed,
        "operations not done": operations - done.total(),
        "searches lost or twice": sum((logged - Counter(searches)).values()) + sum((Counter(searches) - logged).values()),
        "events lost or twice": sum((kept - Counter(events)).values()) + sum((Counter(events) - kept).values()),
        "entities wrong": len(set(there) ^ living) + len(there) - len(set(there)),
        "damages": sum(finding.damage for finding in check(folder).findings),
        "learned otherwise than the log says": int(differs(folder, scratch)),
    }
    print(
        f"{done.total()} operations by {processes} processes in {took:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processors"
    )
    print(f"done: {', '.join(f'{kind} {n}' for kind, n in done.most_common())}")
    print(f"the longest took: {', '.join(f'{kind} {seconds:.1f} s' for kind, seconds in longest.items())}")
    print(f"wrong: {', '.join(f'{what} {n}' for what, n in wrong.items())}")
    return sum(map(abs, wrong.values()))


def _fork(body: Callable[[Callable[..., object]], object], path: str) -> int:
    """Run *body* in a process of its own, which says things to the file *path*; return its number."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        with open(path, "w", encoding="utf-8", buffering=1) as f:
            body(lambda **what: f.write(json.dumps(what) + "\n"))
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _apart(body: Callable[[], object]) -> None:
    pid = _fork(lambda say: body(), os.devnull)
    if os.waitpid(pid, 0)[1]:
        raise SystemExit("no index was built")


if __name__ == "__main__":
    sys.exit(attacked(attack, __doc__, processes=16, operations=20_000))
