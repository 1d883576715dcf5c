"""The state file: the log, the events and everything learned, changed by one process at a time and lost by none."""

from __future__ import annotations

import json
import sqlite3
import time
from os import getpid

from ltrr_cli.errors import BusyError, WorkspaceError
from ltrr_cli.feedback import log
from ltrr_cli.feedback.schema import busy, connect, failures
from ltrr_cli.light import TYPE_CHECKING, TypeVar
from ltrr_cli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ltrr_cli.policy.base import Evidence
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Page

T = TypeVar("T")
PAUSE = 0.001  # seconds, about: between two looks at a busy lock


class Store:
    """One open state file (SQLite, write-ahead log, synchronous FULL: what was acknowledged survives a power cut).

    *busy_timeout* is how many seconds to wait for other processes before BusyError. Raises WorkspaceError for a file that
    is damaged, foreign or newer.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Store(folder + "/state.db") as store:
    ...     store.last_search() is None, store.policy_state().version
    (True, 0)
    """

    def __init__(self, path: str, busy_timeout: float = 60.0) -> None:
        self.path = path
        self.busy_timeout = busy_timeout
        self._db = connect(path, self.patiently)
        self._read: dict[str, tuple[bytes, Any]] = {}  # what was learned, as it was read last

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last process to do so tidies it."""
        self._db.close()

    def patiently(self, work: Callable[[], T]) -> T:
        """Do *work* again and again until SQLite is not busy or busy_timeout has passed.

        SQLite's own waiting is not used: it sleeps ever longer, so that one of many writers starves, and it does not wait
        at all while a write-ahead log is being recovered or removed.
        """
        end = time.monotonic() + self.busy_timeout
        turn = getpid()
        while True:
            try:
                return work()
            except sqlite3.OperationalError as e:
                if not busy(e) or time.monotonic() >= end:
                    raise
                turn = (turn * 1103515245 + 12345) & 0x7FFFFFFF  # processes must not wait in step
                time.sleep(PAUSE * (0.5 + turn / 0x7FFFFFFF))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of one reading statement."""
        with failures(self.path):
            return self.patiently(lambda: self._db.execute(sql, values).fetchall())

    def writing(self) -> Writing:
        """Return the context of one transaction: all of it is kept, or nothing."""
        return Writing(self)

    def model(self) -> dict[str, Any]:
        """Return the ranker's model that was promoted last, {} if none was; see `learn.ranker`."""
        model: dict[str, Any] = self._learned("ranker", lambda body: dict(json.loads(body))) or {}
        return model

    def models(self) -> list[dict[str, Any]]:
        """Return the models that ranked before it, the newest first; {} is none."""
        return self._learned("rankers", lambda body: [dict(one) for one in json.loads(body)]) or []

    def readings(self) -> dict[str, tuple[float, float]]:
        """Return how often each field was meant and was thought to be, for fields that anything is known of."""
        return self._learned("readings", lambda body: {str(f): (float(m), float(t)) for f, (m, t) in json.loads(body)}) or {}

    def guard(self) -> dict[str, tuple[float, float, float]]:
        """Return how policies have done lately; see `learn.guard`."""
        return (
            self._learned("guard", lambda body: {str(p): (float(n), float(t), float(q)) for p, (n, t, q) in json.loads(body)})
            or {}
        )

    def snapshot(self) -> Snapshot:
        """Return the context of looking at one moment of the file, whatever other processes write meanwhile."""
        return Snapshot(self)

    def policy_state(self) -> State:
        """Return what the policy has learned so far, for looking at only: it is the same object until something is learned."""
        from ltrr_cli.policy.state import State

        return self._learned("policy", State.from_bytes) or State()

    def _learned(self, name: str, read: Callable[[bytes], T]) -> T | None:
        """Return what was learned under *name*, None if nothing was; the same object until something else is.

        Raises WorkspaceError if it can't be read.
        """
        found = self.rows("SELECT body FROM learned WHERE name=?", (name,))
        if not found:
            return None
        block = found[0][0]
        if name not in self._read or self._read[name][0] != block:
            try:
                self._read[name] = block, read(block)
            except (ValueError, KeyError, TypeError, AttributeError) as e:
                hint = "ltrr learn --from-log makes it anew from the log"
                raise WorkspaceError(f"{self.path}: what was learned as {name}: {e}", hint=hint) from None
        known: T = self._read[name][1]
        return known

    def log_search(
        self,
        page: Page,
        *,
        drawn: Mapping[str, Sequence[str]],
        x: Sequence[float],
        query_class: str,
        vector: bytes | None = None,
        ms: Mapping[str, float] | None = None,
        settings: Settings | None = None,
        peek: Mapping[str, Sequence[float]] | None = None,
        asked: Mapping[str, Any] | None = None,
        bearers: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        """Write down one search with its whole decision, in one transaction.

        *drawn*: the ids each drawn arm gave, best first; *x*: the features; *vector*: the query's int8 embedding;
        *ms*: how long each arm took; *peek*: how its hits look (see `arms.peek`); *settings*: how memory fades; *asked*: what
        else it takes to make the page again; *bearers*: which results have what was read (see `understand.trust`). Raises
        WorkspaceError if the search id is in the log already.
        """
        row = log.search_row(
            page, drawn=drawn, x=x, query_class=query_class, vector=vector, ms=ms, peek=peek, asked=asked, bearers=bearers
        )
        with self.writing() as db:
            try:
                log.insert_search(db, row)
            except sqlite3.IntegrityError:
                raise WorkspaceError(f"search {page.search_id} is in the log already", hint="search ids are unique") from None
            log.count_search(db, row, settings or Settings())

    def logged(self, search_id: str) -> dict[str, Any] | None:
        """Return one search as it was logged, with its events; None if there is none."""
        found = self.rows("SELECT body FROM searches WHERE id=?", (search_id,))
        return {**log.body(found[0][0]), "events": log.events(self, search_id)} if found else None

    def last_search(self) -> dict[str, Any] | None:
        """Return the newest search in the log, like `logged`."""
        found = self.rows("SELECT id FROM searches ORDER BY seq DESC LIMIT 1")
        return self.logged(found[0][0]) if found else None

    def exposure(self, ids: Iterable[str]) -> dict[str, int]:
        """Return how many logged searches showed each of *ids*."""
        counts = dict.fromkeys(ids, 0)
        wanted = list(counts)
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            sql = f"SELECT entity, shown FROM exposure WHERE entity IN ({','.join('?' * len(part))})"
            counts.update((entity, shown) for entity, shown in self.rows(sql, part))
        return counts

    def evidence(self, likes: Sequence[tuple[str, float]], most: int = 8) -> list[Evidence]:
        """Return where the items that satisfied stood, for queries (key, likeness 0..1): the newest *most* of each."""
        return log.evidence(self, likes, most)

    def export(self) -> Iterator[dict[str, Any]]:
        """Yield the log, the events and the learned state as JSON objects, each with a "kind"."""
        return log.export(self)

    def scrub(self) -> None:
        """Write the file anew without what was deleted, and empty the write-ahead log; waits until nobody else reads."""

        def emptied() -> None:
            if self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise BusyError(f"{self.path}: other processes kept it busy", hint="end them and do it again")

        with failures(self.path):
            self._db.execute("PRAGMA secure_delete=ON")
            self.patiently(lambda: self._db.execute("VACUUM"))
            end = time.monotonic() + self.busy_timeout
            while True:
                try:
                    return self.patiently(emptied)
                except BusyError:
                    if time.monotonic() >= end:
                        raise
                    time.sleep(PAUSE)

    def check(self) -> list[str]:
        """Return what is wrong with the file, one line each; nothing = []."""
        from ltrr_cli.feedback.audit import audit

        return list(audit(self))


class Snapshot:
    """One BEGIN ... COMMIT that only reads; it gives the numbers of the newest search and event that can be seen, 0 = none."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> tuple[int, int]:
        with failures(self.store.path):
            self.store.patiently(lambda: self.store._db.execute("BEGIN"))
        try:
            newest = self.store.rows("SELECT (SELECT max(seq) FROM searches), (SELECT max(seq) FROM events)")[0]
        except BaseException:
            self.__exit__()
            raise
        return newest[0] or 0, newest[1] or 0

    def __exit__(self, *error: object) -> None:
        self.store._db.execute("COMMIT")  # nothing was written: it only lets go


class Writing:
    """One BEGIN IMMEDIATE ... COMMIT: reading first and upgrading later is how SQLite writers get stuck."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> sqlite3.Connection:
        db = self.store._db
        with failures(self.store.path):
            self.store.patiently(lambda: db.execute("BEGIN IMMEDIATE"))
        return db

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        db = self.store._db
        if error is None:
            try:
                with failures(self.store.path):
                    self.store.patiently(lambda: db.execute("COMMIT"))
                return
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
        if db.in_transaction:
            db.execute("ROLLBACK")
        with failures(self.store.path):
            raise error
