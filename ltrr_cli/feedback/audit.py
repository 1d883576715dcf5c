"""Look the state file through: its pages, and whether all that refers to something finds it and can be read."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from ltrr_cli.errors import WorkspaceError
from ltrr_cli.feedback import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.feedback.store import Store

FIRST, LAST = -62135596800, 253402300799  # seconds since 1970, of the years 1 to 9999
LOST = {  # what is wrong -> how many rows there are of it
    "events of searches that are not in the log": "SELECT count(*) FROM events WHERE search NOT IN (SELECT id FROM searches)",
    "remembered entities of queries that are not": "SELECT count(*) FROM q2e WHERE query NOT IN (SELECT id FROM queries)",
    "events with a value that is none": "SELECT count(*) FROM events WHERE NOT (value BETWEEN 0 AND 1)",
    "searches with a number that none was given": "SELECT count(*) FROM searches WHERE seq < 1",
    "times that no calendar has": f"SELECT count(*) FROM (SELECT time FROM searches UNION ALL SELECT time FROM events"
    f" UNION ALL SELECT recorded FROM events) WHERE time NOT BETWEEN {FIRST} AND {LAST}",
    "memories that can't be": "SELECT count(*) FROM q2e WHERE NOT (s BETWEEN 0 AND 1e300 AND n BETWEEN 0 AND 1e300"
    " AND d BETWEEN 0 AND 1e300 AND missed BETWEEN 0 AND 1e300)",
}
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError, zlib.error)


def audit(store: Store) -> Iterator[str]:
    """Yield what is wrong with the file, one line each."""
    pages = [text for (text,) in store.rows("PRAGMA integrity_check(20)") if text != "ok"]
    if pages:  # asking a damaged file further leads to errors only
        yield from pages
        return
    for what, sql in LOST.items():
        ((n,),) = store.rows(sql)
        if n:
            yield f"{n} {what}"
    yield from _kinds(store)
    yield from _bodies(store)
    for seq, ranks in store.rows("SELECT seq, ranks FROM events WHERE ranks IS NOT NULL OR weight>0"):
        try:
            max(map(int, json.loads(ranks).values()))  # there is no largest of none
        except MALFORMED as e:
            yield f"event {seq} can't be read ({type(e).__name__})"
    for look in (store.policy_state, store.model, store.readings):
        try:
            look()
        except WorkspaceError as e:
            yield str(e)


def _kinds(store: Store) -> Iterator[str]:
    """Each value must be of the kind that its column was declared as: SQLite lets any be in any."""
    for (table,) in store.rows("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name"):
        columns = store.rows("SELECT name, lower(type) FROM pragma_table_info(?)", (table,))
        wrong = " OR ".join(f"typeof({name}) NOT IN ('{kind}', 'null')" for name, kind in columns)
        ((n,),) = store.rows(f"SELECT count(*) FROM {table} WHERE {wrong}")
        if n:
            yield f"{n} rows of {table} hold a value of another kind than they should"


def _bodies(store: Store) -> Iterator[str]:
    last = 0
    while found := store.rows("SELECT seq, id, key, body FROM searches WHERE seq>? ORDER BY seq LIMIT 500", (last,)):
        last = found[-1][0]
        for _, search_id, key, packed in found:
            try:
                logged = log.body(packed)
                query, choice = log.query_of(logged), logged["choice"]
                if logged["search_id"] != search_id or query.key != key:
                    yield f"search {search_id} is written down as another one"
                elif any(bits is not None and bits < 0 for bits in logged.get("covers", ())):
                    yield f"search {search_id} has results at places that are none"
                elif not 0 < choice["propensity"] <= 1 or choice["chosen"] >= len(choice["menu"]):
                    yield f"search {search_id} has a decision that can't have been made"
            except MALFORMED as e:
                yield f"search {search_id} can't be read ({type(e).__name__})"
