"""Taking in what people did: each event is checked, written down and learned from in one step."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.errors import FeedbackError
from ltrr_cli.feedback import log
from ltrr_cli.feedback.events import Event, parse, settle
from ltrr_cli.feedback.reward import NEGATIVE, value
from ltrr_cli.learn.fold import Learner, unit
from ltrr_cli.learn.reached import Reached, on_menu
from ltrr_cli.policy.shares import covers, made

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.records import Query
    from ltrr_cli.settings import Settings

    Ranks = Callable[[Query], Mapping[str, list[Any]]]
    Named = Callable[[str], Any]

BATCH = 200  # events prepared together; each distinct query is re-run once for them
HOLD = 0.05  # seconds for which one transaction may keep other writers waiting


class Bad(NamedTuple):
    """One line that was not taken."""

    line: int  # from 1
    reason: str
    text: str
    hint: str = ""


class Receipt(NamedTuple):
    """What became of the lines."""

    kept: int = 0  # new events, written down; of these:
    late: int = 0  # ... after the attribution window: nothing is learned from them
    repeated: int = 0  # event ids that were there already
    frozen: int = 0  # new events of which nothing was learned, as `freeze` is set
    bad: tuple[Bad, ...] = ()


class Ready(NamedTuple):
    """A checked event with all that its transaction needs."""

    event: Event
    logged: dict[str, Any]
    ranks: dict[str, int] | None  # see `learn.reached`; None for an action that does not satisfy


def record(
    store: Store,
    lines: Iterable[str | bytes | Mapping[str, Any] | Event],
    *,
    settings: Settings,
    exists: Callable[[str], bool],
    ranks: Ranks,
    named: Named = str,
    now: float,
) -> Receipt:
    """Keep every good event of *lines* and learn from it; report every bad one.

    Lines are JSON texts, objects or Events; blank ones are skipped. *exists* says whether the catalog has an id. *ranks* runs
    every arm for a query and returns what each found, best first (about 100), by what *named* makes of an entity's id; it
    is called outside of any transaction, once a query and batch. When this returns, what was kept is on the disk and other
    processes learn on top of it.
    """
    receipt = Receipt()
    batch: list[Ready] = []
    searches: dict[str, dict[str, Any] | None] = {}
    for number, line in enumerate(lines, 1):
        if isinstance(line, str | bytes) and not line.strip():
            continue
        try:
            event = parse(line)
            if event.search_id not in searches:
                searches[event.search_id] = _search(store, event.search_id)
            logged = searches[event.search_id]
            batch.append(Ready(settle(event, logged, exists, settings.actions, now), logged or {}, None))
        except FeedbackError as e:
            text = line if isinstance(line, str) else line.decode(errors="replace") if isinstance(line, bytes) else repr(line)
            receipt = receipt._replace(bad=(*receipt.bad, Bad(number, str(e), text.rstrip("\r\n"), e.hint)))
        if len(batch) == BATCH:
            receipt = _keep(store, batch, receipt, settings, (ranks, named), now)
            batch, searches = [], {}
    return _keep(store, batch, receipt, settings, (ranks, named), now)


def _search(store: Store, search_id: str) -> dict[str, Any] | None:
    found = store.rows("SELECT body FROM searches WHERE id=?", (search_id,))
    return log.body(found[0][0]) if found else None


def _keep(
    store: Store, batch: list[Ready], receipt: Receipt, settings: Settings, arms: tuple[Ranks, Named], now: float
) -> Receipt:
    ready = _ranked(batch, settings, *arms, list(store.policy_state().plans))
    frozen = settings.freeze
    at = 0
    while at < len(ready):
        kept, late, repeated = 0, 0, 0
        with store.writing() as db:
            learner = None if frozen else Learner(db, settings)
            until = time.monotonic() + HOLD
            while at < len(ready) and (kept + repeated == 0 or time.monotonic() < until):
                seq = _insert(db, ready[at], settings, now)
                if seq is None:
                    repeated += 1
                else:
                    kept += 1
                    late += learner is not None and not learner.learn(seq, ready[at].logged)
                at += 1
            if learner is not None:
                learner.save()
        receipt = receipt._replace(
            kept=receipt.kept + kept,
            late=receipt.late + late,
            repeated=receipt.repeated + repeated,
            frozen=receipt.frozen + frozen * kept,
        )
    return receipt


def _ranked(batch: list[Ready], settings: Settings, arms: Ranks, named: Named, plans: Sequence[str]) -> list[Ready]:
    """Look up where each satisfying item stands in every arm, and which plans draw it, each query once."""
    known: dict[str, Reached[Any]] = {}
    done = []
    for ready in batch:
        event = ready.event
        if event.action not in NEGATIVE and value(event.action, event.seconds, event.fraction, settings.actions) > 0:
            if event.search_id not in known:
                query = log.query_of(ready.logged)
                same = json.dumps(query._replace(session=None, now=0.0))
                if same not in known:
                    known[same] = Reached(arms(query))
                known[event.search_id] = known[same]
            reached, item = known[event.search_id], named(event.id or "")
            ranks = reached.by(item, on_menu(ready.logged, plans))
            ready = ready._replace(ranks=ranks | shown(ready, ranks))
        done.append(ready)
    return done


def shown(ready: Ready, ranks: Mapping[str, int]) -> dict[str, int]:
    """What was on the page was drawn by the plan that was chosen, even if that is not so by now: return its place there."""
    choice = ready.logged["choice"]
    place = next((result["rank"] for result in ready.logged["results"] if result["id"] == ready.event.id), 0)
    plan = made(choice["menu"][choice["chosen"]].items())
    return {plan.name: place} if place and not covers(plan, ranks) else {}


def _insert(db: sqlite3.Connection, ready: Ready, settings: Settings, now: float) -> int | None:
    """Write the event down; None if its event_id is there already."""
    event, query = ready.event, ready.logged["query"]
    when = event.time or 0.0
    after = db.execute("SELECT max(seq) FROM searches").fetchone()[0] or 0
    cursor = db.execute(
        "INSERT INTO events (event_id, search, entity, action, seconds, fraction, time, recorded, value, timely, user, unit, key,"
        " after, ranks) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (event_id) DO NOTHING",
        (
            event.event_id,
            event.search_id,
            event.id,
            event.action,
            event.seconds,
            event.fraction,
            when,
            now,
            value(event.action, event.seconds, event.fraction, settings.actions),
            when - query["now"] <= settings.window_hours * 3600,
            query["user"],
            unit(query, event.search_id),
            query["key"],
            after,
            json.dumps(ready.ranks, separators=(",", ":")) if ready.ranks is not None else None,
        ),
    )
    return cursor.lastrowid if cursor.rowcount == 1 else None
