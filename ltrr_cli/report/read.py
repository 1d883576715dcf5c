"""The log as the report reads it: one search after the other, with what was done with it, a batch in memory at a time."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.feedback import log
from ltrr_cli.feedback.reward import reward

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from ltrr_cli.feedback.store import Store

BATCH = 200  # searches read together
BINS = 48  # at most: points of a curve


class Event(NamedTuple):
    """One thing done, as the log has it."""

    entity: str
    action: str
    value: float
    timely: bool
    gain: float  # how much it added to the reward of its item


class Seen(NamedTuple):
    """One logged search and what came of it."""

    at: int  # its number in the report, from 0
    bin: int  # the point of a curve that it belongs to
    time: float  # seconds since 1970, UTC
    sitting: str  # searches of one session belong together
    logged: Mapping[str, Any]  # see `feedback.log.search_row`
    events: Sequence[Event]
    reward: float  # 0..1: of the item that satisfied most, by this search's own events in time; 0 if nothing was done
    rank: int | None  # place of that item on the page, None if it was not there or nothing satisfied


class Span(NamedTuple):
    """What part of the log is read."""

    searches: int
    last: int  # the log's number of the newest one; what is logged later is not read
    since: float | None = None  # nothing older, seconds since 1970

    @property
    def bins(self) -> int:
        """How many points a curve has: each stands for about as many searches as there are points.

        >>> [Span(n, n).bins for n in (1, 30, 20000)]
        [1, 5, 48]
        """
        return min(BINS, max(1, isqrt(self.searches)))


def span(store: Store, since: float | None = None) -> Span:
    """Return how much there is to read now."""
    ((count, last),) = store.rows("SELECT count(*), max(seq) FROM searches WHERE time>=?", (_from(since),))
    return Span(count, last or 0, since)


def read(store: Store, part: Span) -> Iterator[Seen]:
    """Yield the searches of *part* in the order they were logged."""
    sql = "SELECT seq, id, time, session, user, body FROM searches WHERE seq>? AND seq<=? AND time>=? ORDER BY seq LIMIT ?"
    at, before = 0, 0
    while found := store.rows(sql, (before, part.last, _from(part.since), BATCH)):
        done = _events(store, [row[1] for row in found])
        for seq, id, time, session, user, packed in found:
            before = seq
            logged, events = log.body(packed), done.get(id, [])
            best, entity = max(rewards(events).items(), key=lambda one: one[1], default=("", 0.0))[::-1]
            rank = next((r["rank"] for r in logged["results"] if r["id"] == entity), None) if best > 0 else None
            sitting = id if session is None else f"{user}\0{session}"
            yield Seen(at, min(at * part.bins // part.searches, part.bins - 1), time, sitting, logged, events, best, rank)
            at += 1


def rewards(events: Sequence[Event]) -> dict[str, float]:
    """Return what each entity earned by *events*, which are in time's order; late ones don't count.

    >>> rewards([Event("a", "click", 0.2, True, 0.2), Event("b", "play", 0.7, True, 0.7), Event("a", "like", 1.0, False, 0)])
    {'a': 0.2, 'b': 0.7}
    """
    of_each: dict[str, list[tuple[str, float]]] = {}
    for event in events:
        if event.timely:
            of_each.setdefault(event.entity, []).append((event.action, event.value))
    return {entity: round(reward(done)[0], 9) for entity, done in of_each.items()}


def _events(store: Store, ids: Sequence[str]) -> dict[str, list[Event]]:
    sql = f"SELECT search, entity, action, value, timely, gain FROM events WHERE search IN ({','.join('?' * len(ids))})"
    found: dict[str, list[Event]] = {}
    for search, entity, action, value, timely, gain in store.rows(sql + " ORDER BY time, seq", ids):
        found.setdefault(search, []).append(Event(entity, action, value, bool(timely), gain))
    return found


def _from(since: float | None) -> float:
    return -1e18 if since is None else since
