"""The state file: the log, the events and everything learned, changed by one process at a time and lost by none."""

from __future__ import annotations

import json
import sqlite3
import time
from os import getpid

from ltrr_cli.errors import BusyError, WorkspaceError
from ltrr_cli.feedback import log
from ltrr_cli.feedback.moments import Gathering, Moment, Snapshot, Writing
from ltrr_cli.feedback.schema import busy, connect, failures
from ltrr_cli.light import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

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
        self._read: dict[str, tuple[bytes | None, Any]] = {}  # what was learned, as it was read last
        self._nothing: list[State] = []  # what the policy knows before anything is learned, once it was asked for
        self._moment: Moment | None = None  # of the file that is looked at
        self._pending: list[log.Row] | None = None  # searches that are written down together later

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

    def gathering(self) -> Gathering:
        """Return the context of many searches that see one moment of the file and are written down in one transaction."""
        return Gathering(self)

    def remembers(self) -> bool:
        """Tell whether memory keeps any query at all."""
        moment = self._moment
        if moment is None or moment.remembers is None:
            found = bool(self.rows("SELECT EXISTS(SELECT 1 FROM queries)")[0][0])
            if moment is None:
                return found
            moment.remembers = found
        return moment.remembers

    def policy_state(self) -> State:
        """Return what the policy has learned so far, for looking at only: it is the same object until something is learned."""
        from ltrr_cli.policy.state import State

        if not self._nothing:
            self._nothing.append(State())
        return self._learned("policy", State.from_bytes) or self._nothing[0]

    def _learned(self, name: str, read: Callable[[bytes], T]) -> T | None:
        """Return what was learned under *name*, None if nothing was; the same object until something else is.

        Raises WorkspaceError if it can't be read.
        """
        if self._moment is None or name not in self._moment.looked:
            found = self.rows("SELECT body FROM learned WHERE name=?", (name,))
            block = found[0][0] if found else None
            if name not in self._read or self._read[name][0] != block:
                self._read[name] = block, self._made(name, read, block)
            if self._moment is not None:
                self._moment.looked.add(name)
        known: T | None = self._read[name][1]
        return known

    def _made(self, name: str, read: Callable[[bytes], T], block: bytes | None) -> T | None:
        try:
            return None if block is None else read(block)
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            hint = "ltrr learn --from-log makes it anew from the log"
            raise WorkspaceError(f"{self.path}: what was learned as {name}: {e}", hint=hint) from None

    def log_search(
        self,
        page: Page,
        *,
        drawn: Mapping[str, Sequence[str]],
        x: Sequence[float],
        query_class: str,
        vector: bytes | None = None,
        ms: Mapping[str, float] | None = None,
        peek: Mapping[str, Sequence[float]] | None = None,
        asked: Mapping[str, Any] | None = None,
        bearers: Mapping[str, Sequence[float]] | None = None,
        covers: Sequence[int | None] = (),
    ) -> None:
        """Write down one search with its whole decision, in one transaction; see `gathering`.

        *drawn*: the ids each drawn arm gave, best first; *x*: the features; *vector*: the query's int8 embedding;
        *ms*: how long each arm took; *peek*: how its hits look (see `arms.peek`); *asked*: what
        else it takes to make the page again; *bearers*: which results have what was read (see `understand.trust`);
        *covers*: which results each plan of the menu draws (see `candidates.pool`). Raises WorkspaceError if the search id is in
        the log already.
        """
        row = log.search_row(
            page, drawn=drawn, x=x, query_class=query_class, vector=vector, ms=ms, peek=peek, asked=asked, bearers=bearers,
            covers=covers,
        )  # fmt: skip
        if self._pending is not None:
            self._pending.append(row)
        else:
            self._write([row])

    def _write(self, rows: Iterable[log.Row]) -> None:
        with self.writing() as db:
            for row in rows:
                try:
                    log.insert_search(db, row)
                except sqlite3.IntegrityError:
                    raise WorkspaceError(f"search {row.id} is in the log already", hint="search ids are unique") from None
                log.count_search(db, row)

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
