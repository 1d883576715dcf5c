"""Take in what `ltrr export` gave: the log, the events and what was learned, in one step."""

from __future__ import annotations

import json
import sqlite3
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.errors import FeedbackError, WorkspaceError
from ltrr_cli.feedback import log
from ltrr_cli.learn import guard, readings
from ltrr_cli.learn.fold import refold, unit
from ltrr_cli.policy.state import State
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError)  # of a line, or in it
LONGEST = 1 << 26  # characters of a line
NUMBER, MAYBE = (int, float), (int, float, type(None))
KINDS: dict[str, tuple[type, ...]] = {  # of an event's fields
    "event_id": (str, type(None)), "search_id": (str,), "id": (str,), "action": (str,), "seconds": MAYBE, "fraction": MAYBE,
    "time": NUMBER, "recorded": NUMBER, "value": NUMBER, "timely": (int,),
}  # fmt: skip


class Restored(NamedTuple):
    """What was taken in."""

    searches: int
    events: int
    learned: int  # blocks of learned state


def restore(lines: Iterable[str], folder: str = ".ltrr") -> Restored:
    """Take the lines of an export into *folder*, which may hold an index but no log; all of them, or none.

    Everything derived is folded from the log; then learned blocks are put in as they were exported. An export of the result
    is the same lines. Raises FeedbackError for a line that is none of an export, WorkspaceError if there is a log already.
    """
    from ltrr_cli.feedback.store import Store

    settings = settings_of.load(folder)
    workspace = Workspace(folder).create()
    counts = dict.fromkeys(TAKE, 0)
    learned: list[tuple[str, int, bytes]] = []
    with Store(workspace.state, settings.busy_timeout) as store, store.writing() as db:
        if db.execute("SELECT 1 FROM searches LIMIT 1").fetchone():
            hint = f"move {workspace.state} away, or name another folder with --index DIR"
            raise WorkspaceError(f"{folder} has a log already", hint=hint)
        number = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                if len(line) > LONGEST:
                    raise ValueError("too long")
                thing = json.loads(line)
                kind = thing.pop("kind")
                TAKE[kind](db, thing, learned)
            except MALFORMED as e:
                raise FeedbackError(f"line {number}: {_short(e)}", hint="lines come as `ltrr export` prints them") from None
            except sqlite3.IntegrityError as e:
                raise FeedbackError(f"line {number}: it is there twice ({_short(e)})", hint="import one export only") from None
            counts[kind] += 1
        try:
            refold(db, settings)
        except MALFORMED as e:
            raise FeedbackError(f"the log can't be learned from ({_short(e)})", hint="was the export changed, or cut?") from None
        db.executemany("INSERT OR REPLACE INTO learned (name, version, body) VALUES (?, ?, ?)", learned)
    return Restored(counts["search"], counts["event"], counts["learned"])


def _search(db: sqlite3.Connection, thing: dict[str, Any], learned: list[tuple[str, int, bytes]]) -> None:
    seq, vector = _whole(thing.pop("seq")), thing.pop("vector")
    query, choice = log.query_of(thing), thing["choice"]
    if query.key != thing["query"]["key"] or not 0 < choice["propensity"] <= 1 or not choice["menu"][choice["chosen"]]:
        raise ValueError("the search does not fit together")
    for part, kind in (("results", list), ("drawn", dict), ("x", list), ("ms", dict)):
        if not isinstance(thing[part], kind):
            raise TypeError(part)
    names = (thing["search_id"], query.key, *(name for name in (query.user, query.session) if name is not None))
    if not all(isinstance(name, str) for name in names):
        raise TypeError("search_id, user, session are texts")
    row = log.Row(
        thing["search_id"], float(query.now), query.user, query.session, query.key,
        None if vector is None else bytes.fromhex(vector), thing,
    )  # fmt: skip
    log.insert_search(db, row)
    db.execute("UPDATE searches SET seq=? WHERE id=?", (seq, row.id))


def _event(db: sqlite3.Connection, thing: dict[str, Any], learned: list[tuple[str, int, bytes]]) -> None:
    found = db.execute("SELECT body FROM searches WHERE id=?", (thing["search_id"],)).fetchone()
    if found is None:
        raise ValueError("an event of a search that is not there")
    query, ranks = log.body(found[0])["query"], thing["ranks"]
    if ranks is not None and not (ranks and all(isinstance(rank, int) for rank in ranks.values())):
        raise TypeError("ranks are numbers, one an arm")
    for name, kinds in KINDS.items():
        if not isinstance(thing[name], kinds) or (isinstance(thing[name], float) and not isfinite(thing[name])):
            raise TypeError(f"{name} is {thing[name]!r}")
    if not 0 <= thing["value"] <= 1:
        raise ValueError("value is a number from 0 to 1")
    values: list[Any] = [_whole(thing["seq"]), *(thing[name] for name in KINDS)]
    values += [query["user"], unit(query, thing["search_id"]), query["key"], _whole(thing["after"])]
    values.append(None if ranks is None else json.dumps(ranks, separators=(",", ":")))
    db.execute(
        "INSERT INTO events (seq, event_id, search, entity, action, seconds, fraction, time, recorded, value, timely, user, unit,"
        f" key, after, ranks) VALUES ({','.join('?' * len(values))})",
        values,
    )


def _learned(db: sqlite3.Connection, thing: Mapping[str, Any], learned: list[tuple[str, int, bytes]]) -> None:
    name, block = thing["name"], bytes.fromhex(thing["body"])
    if not isinstance(name, str):
        raise TypeError("name is a text")
    if name == "policy":
        State.from_bytes(block)
    if name == "readings":
        readings.from_bytes(block)
    if name == "guard":
        guard.from_bytes(block)
    learned.append((name, _whole(thing["version"]), block))


TAKE: dict[str, Callable[[sqlite3.Connection, dict[str, Any], list[tuple[str, int, bytes]]], None]] = {
    "search": _search,
    "event": _event,
    "learned": _learned,
}


def _whole(number: object) -> int:
    if type(number) is not int or not 0 <= number < 1 << 62:
        raise ValueError("a number is not whole")
    return number


def _short(error: Exception) -> str:
    text = f"{error} is missing" if isinstance(error, KeyError) else f"{error}"
    return text if len(text) <= 100 else text[:97] + "..."
