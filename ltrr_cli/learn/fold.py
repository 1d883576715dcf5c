"""From what happened to what is known: one event at a time as it comes, or the whole log anew.

Both ways run the same code in the same order, so they end in the same bits.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ltrr_cli.feedback import log
from ltrr_cli.feedback.credit import leave_one_out, shapley
from ltrr_cli.feedback.reward import examined, reward, weight
from ltrr_cli.feedback.schema import DERIVED
from ltrr_cli.learn import guard, readings
from ltrr_cli.learn.arms import Lesson, learn
from ltrr_cli.learn.looks import counts, look_on, looks
from ltrr_cli.learn.reached import looked_at
from ltrr_cli.learn.seen import goes_on, in_vain, seen
from ltrr_cli.memory.history import sitting
from ltrr_cli.memory.q2e import look, remember
from ltrr_cli.policy.state import State
from ltrr_cli.understand.features import whole

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.settings import Settings


def unit(query: Mapping[str, Any], search_id: str) -> str:
    """Return what shares one reward an item: the user's session and query, or the search if there is no session."""
    session = query["session"]
    return search_id if session is None else f"{sitting(query['user'], session)}{json.dumps(query['key'])}]"


class Learner:
    """The learned state within one open transaction: `learn` for each event, then `save`."""

    def __init__(self, db: sqlite3.Connection, settings: Settings) -> None:
        self.db = db
        self.settings = settings
        self.gamma = 0.5 ** (1 / settings.half_life)
        found = db.execute("SELECT version, body FROM learned WHERE name='policy'").fetchone()
        self.state = State.from_bytes(found[1]) if found else State()
        if found and self.state.version != found[0]:  # it was learned with other features
            self.state = refold(db, settings)
        read = db.execute("SELECT body FROM learned WHERE name='readings'").fetchone()
        self.readings = readings.from_bytes(read[0]) if read else {}
        watch = db.execute("SELECT body FROM learned WHERE name='guard'").fetchone()
        self.guard = guard.from_bytes(watch[0]) if watch else {}

    def save(self) -> None:
        """Write the policy's state back, how far readings of queries were right, and how policies did."""
        block = (self.state.version, self.state.to_bytes())
        self.db.execute("INSERT OR REPLACE INTO learned (name, version, body) VALUES ('policy', ?, ?)", block)
        if self.readings:
            counts = (readings.to_bytes(self.readings),)
            self.db.execute("INSERT OR REPLACE INTO learned (name, version, body) VALUES ('readings', 1, ?)", counts)
        if self.guard:
            sums = (guard.to_bytes(self.guard),)
            self.db.execute("INSERT OR REPLACE INTO learned (name, version, body) VALUES ('guard', 1, ?)", sums)

    def learn(self, seq: int, logged: Mapping[str, Any]) -> bool:
        """Learn from event *seq* of the search *logged*; False if it came after the attribution window."""
        found = self.db.execute(
            "SELECT unit, entity, action, time, timely, ranks, key FROM events WHERE seq=?", (seq,)
        ).fetchone()
        sitting, entity, action, when, timely, ranks, key = found
        if not timely:
            return False
        sql = "SELECT seq, action, value, reward FROM events WHERE unit=? AND entity=? AND timely AND seq<=? ORDER BY time, seq"
        done = self.db.execute(sql, (sitting, entity, seq)).fetchall()
        earlier = [row for row in done if row[0] < seq]
        before = max(earlier)[3] if earlier else 0.0
        peak = max((row[3] for row in earlier), default=0.0)
        now, disliked = reward((act, worth) for _, act, worth, _ in done)
        _, was_disliked = reward((act, worth) for _, act, worth, _ in earlier)
        gain = max(0.0, now - peak)  # the reward is the most so far: the same thing is not learned twice
        rank = next((r["rank"] for r in logged["results"] if r["id"] == entity), None)
        number, vector = self.db.execute("SELECT seq, vector FROM searches WHERE id=?", (logged["search_id"],)).fetchone()
        if rank is not None:  # before the policy learns that this search was looked at
            self._see(seq, gain, rank, number <= self.state.looked, logged, when)
        heavy = 0.0
        if gain > 0 and ranks is not None:
            heavy = self._policy(seq, gain, rank, json.loads(ranks), logged)
        self.db.execute("UPDATE events SET reward=?, gain=?, weight=? WHERE seq=?", (now, gain, heavy, seq))
        if gain > 0 and rank is not None:
            readings.count(self.readings, gain, rank, logged, self.settings.eta)
        if gain > 0:
            self._thank(gain, peak == 0.0, entity, logged["drawn"])
        looked = examined(rank, self.settings.eta) if rank is not None else 0.0
        remember(
            self.db, key, vector, entity,
            s=now - before,
            d=float(disliked) - float(was_disliked),
            looked=looked,
            surely=1.0 - looked if action == "skip" and all(act != "skip" for _, act, *_ in earlier) else 0.0,
            when=when,
            half_life_days=self.settings.memory_half_life_days,
        )  # fmt: skip
        return True

    def _policy(self, seq: int, gain: float, rank: int | None, ranks: dict[str, int], logged: Mapping[str, Any]) -> float:
        heavy = gain if rank is None else weight(gain, looked_at(logged, ranks, rank, self.settings.eta))
        guard.count(self.guard, logged, ranks, heavy)
        share = counts(self._rows, logged["query"]["key"], logged["search_id"], seq)
        learn(self.state, Lesson(whole(logged["x"]), ranks, heavy, gain, share), self.gamma)
        if rank is not None:
            eta, days = self.settings.eta, self.settings.memory_half_life_days
            found, vain, self.state.looked = looks(self._rows, seq, logged, gain, rank, eta, self.state.looked)
            for one in found:
                look_on(self.state, one)
            for page in vain:
                shown = in_vain(self._rows, seq, page, eta)
                look(self.db, page["query"]["key"], shown, page["query"]["now"], days, typical=self._typical())
        return heavy

    def _see(self, seq: int, gain: float, rank: int, known: bool, logged: Mapping[str, Any], when: float) -> None:
        """Count for memory what event *seq* shows to have been seen; `remember` counts what it is about."""
        shown = seen(self._rows, seq, logged, rank, gain, known, self.settings.eta, goes_on(*self.state.onward))
        acted = logged["results"][rank - 1]["id"]
        look(self.db, logged["query"]["key"], shown.looked, when, self.settings.memory_half_life_days, acted, self._typical())
        self.state.onward[0] += shown.expected
        self.state.onward[1] += shown.came

    def _typical(self) -> float:
        actions, earned = self.state.typical
        return earned / actions if earned else 1.0

    def _rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self.db.execute(sql, values).fetchall()

    def _thank(self, gain: float, first: bool, entity: str, drawn: Mapping[str, list[str]]) -> None:
        alone = leave_one_out(drawn, entity)
        for arm, part in shapley(drawn, entity).items():
            self.db.execute(
                "UPDATE arms SET chances=chances+?, hits=hits+?, credit=credit+?, alone=alone+? WHERE arm=?",
                (int(first), int(first and part > 0), gain * part, gain * alone[arm], arm),
            )


def fold(store: Store, settings: Settings) -> State:
    """Make everything learned anew from the log, in one transaction, and return the policy's state.

    With the settings that it was learned with, nothing changes by a bit.
    """
    with store.writing() as db:
        return refold(db, settings)


def forget(store: Store, settings: Settings, *, user: str | None = None, search: str | None = None) -> int:
    """Remove the searches and events of one user or one search, and what was learned from them; return how many searches."""
    where, value = ("user", user) if user is not None else ("id", search)
    with store.writing() as db:
        db.execute("PRAGMA secure_delete=ON")
        db.execute(f"DELETE FROM events WHERE search IN (SELECT id FROM searches WHERE {where}=?)", (value,))
        gone = db.execute(f"DELETE FROM searches WHERE {where}=?", (value,)).rowcount
        if gone:
            db.execute("DELETE FROM learned WHERE name IN ('ranker', 'rankers')")  # it was trained on what is gone
            refold(db, settings)
    return gone


def refold(db: sqlite3.Connection, settings: Settings) -> State:
    """Do the same within a transaction that is open; what was only logged while `freeze` was set is learned as well.

    The ranker stays: it is trained, and proved, by `learn.ranker`.
    """
    settings = settings._replace(freeze=False)
    for table in DERIVED:
        db.execute(f"DELETE FROM {table}" + (" WHERE name NOT IN ('ranker', 'rankers')" if table == "learned" else ""))
    db.execute("UPDATE events SET reward=0, gain=0, weight=0")
    learner = Learner(db, settings)
    searches = db.execute("SELECT seq, id, time, user, session, key, vector, body FROM searches ORDER BY seq")
    waiting = searches.fetchone()
    for seq, after, search_id in db.execute("SELECT seq, after, search FROM events ORDER BY seq").fetchall():
        while waiting is not None and waiting[0] <= after:
            _count(db, waiting)
            waiting = searches.fetchone()
        packed = db.execute("SELECT body FROM searches WHERE id=?", (search_id,)).fetchone()
        learner.learn(seq, log.body(packed[0]))
    while waiting is not None:
        _count(db, waiting)
        waiting = searches.fetchone()
    if learner.state.version or learner.readings or learner.guard:
        learner.save()
    return learner.state


def _count(db: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    _, id, time, user, session, key, vector, packed = row
    log.count_search(db, log.Row(id, time, user, session, key, vector, log.body(packed)))
