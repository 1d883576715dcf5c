"""What is written down about one search, and reading it back."""

from __future__ import annotations

import json
import zlib

from ltrr_cli.feedback.skeleton import SKELETON
from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.records import Correction, Interpretation, Query, Slot

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.records import Page

LEVEL = 6  # of compression: a tenth smaller than 1 for a tenth of a millisecond
WINDOW = 14  # bits: 16 KiB, as much as a search is with its skeleton; clearing more takes longer than packing
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


class Row(NamedTuple):
    """One search as it goes into the table."""

    id: str
    time: float
    user: str | None
    session: str | None
    key: str
    vector: bytes | None
    body: dict[str, Any]


def new_search_id(now: float, rng_bytes: bytes) -> str:
    """Return a search id: the time in milliseconds and 40 random bits, 17 characters that sort by time.

    *rng_bytes*: five bytes, from `os.urandom(5)`, or from a seed where a run has to repeat exactly.

    >>> new_search_id(0.0, bytes(5)), new_search_id(1e9, b"\\xff" * 5)
    ('00000000000000000', '0x3aaa400zzzzzzzz')
    """
    number = (max(0, round(now * 1000)) << 40) | int.from_bytes(rng_bytes[:5], "big")
    return "".join(_DIGITS[(number >> shift) & 31] for shift in range(80, -1, -5))


def search_row(
    page: Page,
    *,
    drawn: Mapping[str, Sequence[str]],
    x: Sequence[float],
    query_class: str,
    vector: bytes | None,
    ms: Mapping[str, float] | None,
    peek: Mapping[str, Sequence[float]] | None = None,
    asked: Mapping[str, Any] | None = None,
    bearers: Mapping[str, Sequence[float]] | None = None,
    covers: Sequence[int | None] = (),
) -> Row:
    """Return *page* and how it came about as one row; the entities themselves stay in the index."""
    query, choice = page.query, page.choice
    body = {
        "search_id": page.search_id,
        "time": page.time,
        "query": query._asdict() | {"corrections": [list(c) for c in query.corrections], "key": query.key},
        "budget": page.budget,
        "generation": page.generation,
        "choice": {
            "policy": choice.policy,
            "version": choice.version,
            "seed": choice.seed,
            "chosen": choice.menu.index(choice.plan),
            "propensity": choice.propensity,
            "explored": choice.explored,
            "menu": [dict(plan.draws) for plan in choice.menu],
            "probabilities": choice.probabilities,
        },
        "class": query_class,
        "x": list(x),
        "drawn": {arm: list(ids) for arm, ids in drawn.items()},
        "ms": dict(ms or {}),
        "peek": {arm: [round(number, 4) for number in numbers] for arm, numbers in (peek or {}).items()},
        "results": [
            {
                "rank": r.rank,
                "id": r.id,
                "type": r.type,
                "title": r.title,
                "score": r.score,
                "arms": r.arms,
                "why": r.why,
                "f": r.features,
            }
            for r in page.results
        ],
        "total": page.total,
        "took_ms": page.took_ms,
        "asked": dict(asked or {}),
        "bearers": dict(bearers or {}),
        "covers": list(covers),
    }
    if page.shadow is not None:
        beside = page.shadow
        body["shadow"] = {
            "policy": beside.policy,
            "chosen": beside.menu.index(beside.plan),
            "probabilities": beside.probabilities,
            "replaced": page.replaced,
        }
    if page.interleaved is not None:
        body["interleaved"] = page.interleaved.to_dict()
    return Row(page.search_id, query.now, query.user, query.session, query.key, vector, body)


def insert_search(db: sqlite3.Connection, row: Row) -> None:
    """Add *row* to the log."""
    packer = zlib.compressobj(LEVEL, wbits=WINDOW, memLevel=6, zdict=SKELETON)
    packed = packer.compress(json.dumps(row.body, separators=(",", ":"), ensure_ascii=False).encode()) + packer.flush()
    sql = "INSERT INTO searches (id, time, user, session, key, vector, body) VALUES (?,?,?,?,?,?,?)"
    db.execute(sql, (*row[:6], packed))


def count_search(db: sqlite3.Connection, row: Row) -> None:
    """Bring the derived counts up to date: what was shown, what the arms were asked for."""
    shown = [(r["id"],) for r in row.body["results"]]
    db.executemany("INSERT INTO exposure VALUES (?, 1) ON CONFLICT DO UPDATE SET shown = shown + 1", shown)
    choice, ms = row.body["choice"], row.body["ms"]
    db.executemany(
        "INSERT INTO arms (arm, searches, wanted, found, ms, timed) VALUES (?, 1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " searches = searches + 1, wanted = wanted + excluded.wanted, found = found + excluded.found,"
        " ms = ms + excluded.ms, timed = timed + excluded.timed",
        [
            (arm, n, len(row.body["drawn"].get(arm, ())), float(ms.get(arm, 0.0)), int(arm in ms))
            for arm, n in choice["menu"][choice["chosen"]].items()
        ],
    )


def body(packed: bytes) -> dict[str, Any]:
    """Return a search's body as `search_row` made it."""
    unpacked: dict[str, Any] = json.loads(zlib.decompressobj(zdict=SKELETON).decompress(packed))
    return unpacked


def query_of(logged: Mapping[str, Any]) -> Query:
    """Return the query of a logged search as it was asked."""
    q = logged["query"]
    return Query(
        q["text"],
        tuple(q["words"]),
        tuple(q["types"]),
        q["user"],
        q["session"],
        tuple((name, value) for name, value in q["context"]),
        q["now"],
        q["language"],
        tuple(Correction(*c) for c in q["corrections"]),
        tuple(
            Interpretation(likelihood, tuple(Slot(*s) for s in slots), tuple(rest))
            for likelihood, slots, rest in q["interpretations"]
        ),
        tuple((intent, chance) for intent, chance in q["intent"]),
        q["where"],
    )


EVENT = ("event_id", "search_id", "id", "action", "seconds", "fraction", "time", "recorded", "value", "timely")
_EVENT_SQL = "event_id, search, entity, action, seconds, fraction, time, recorded, value, timely"


def events(store: Store, search_id: str) -> list[dict[str, Any]]:
    """Return the events of one search in the order they were recorded, with what each was worth."""
    sql = f"SELECT {_EVENT_SQL}, reward, gain, weight, ranks FROM events WHERE search=? ORDER BY seq"
    names = (*EVENT, "reward", "gain", "weight", "ranks")
    found = (dict(zip(names, row, strict=True)) for row in store.rows(sql, (search_id,)))
    return [event | {"ranks": json.loads(event["ranks"] or "{}")} for event in found]


def export(store: Store) -> Iterator[dict[str, Any]]:
    """Yield searches and events in the order they happened, then what was learned."""
    last = 0
    while found := store.rows("SELECT seq, vector, body FROM searches WHERE seq>? ORDER BY seq LIMIT 200", (last,)):
        for seq, vector, packed in found:
            last = seq
            yield {"kind": "search", "seq": seq, "vector": vector.hex() if vector else None, **body(packed)}
    last = 0
    sql = f"SELECT seq, after, ranks, {_EVENT_SQL} FROM events WHERE seq>? ORDER BY seq LIMIT 500"
    while found := store.rows(sql, (last,)):
        for seq, after, ranks, *row in found:
            last = seq
            event = dict(zip(EVENT, row, strict=True))
            yield {"kind": "event", "seq": seq, "after": after, "ranks": json.loads(ranks) if ranks else None, **event}
    for name, version, block in store.rows("SELECT name, version, body FROM learned ORDER BY name"):
        yield {"kind": "learned", "name": name, "version": version, "body": block.hex()}
