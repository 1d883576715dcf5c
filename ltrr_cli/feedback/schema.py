"""The file behind the log: its tables, and opening it safely.

What is written down as it happened (`searches`, `events`) is the truth; every other table is derived from it and can be
made anew by folding the log.
"""

from __future__ import annotations

import os
import sqlite3

from ltrr_cli.errors import BusyError, WorkspaceError
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

APPLICATION = 0x4C545252  # "LTRR", in the file's header
VERSION = 2
PAGE = 8192  # bytes: a search takes about 2,200, of which a page of 4,096 would hold one only
TABLES = """
CREATE TABLE searches (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, time REAL NOT NULL,
    user TEXT, session TEXT, key TEXT NOT NULL, vector BLOB, body BLOB NOT NULL);
CREATE INDEX searches_user ON searches (user) WHERE user IS NOT NULL;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT UNIQUE, search TEXT NOT NULL, entity TEXT NOT NULL,
    action TEXT NOT NULL, seconds REAL, fraction REAL, time REAL NOT NULL, recorded REAL NOT NULL,
    value REAL NOT NULL, timely INTEGER NOT NULL,
    user TEXT, unit TEXT NOT NULL, key TEXT NOT NULL, after INTEGER NOT NULL, ranks TEXT,
    reward REAL NOT NULL DEFAULT 0, gain REAL NOT NULL DEFAULT 0, weight REAL NOT NULL DEFAULT 0);
CREATE INDEX events_unit ON events (unit, entity);
CREATE INDEX events_key ON events (key) WHERE weight > 0;
CREATE INDEX events_search ON events (search);
CREATE INDEX events_user ON events (user) WHERE user IS NOT NULL;
CREATE TABLE queries (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, vector BLOB, signs BLOB);
CREATE INDEX queries_signs ON queries (id, signs) WHERE signs IS NOT NULL;
CREATE TABLE grams (gram INTEGER, size INTEGER, query INTEGER, PRIMARY KEY (gram, size, query)) WITHOUT ROWID;
CREATE TABLE common (gram INTEGER PRIMARY KEY, queries INTEGER NOT NULL);
CREATE TABLE q2e (
    query INTEGER, entity TEXT, s REAL NOT NULL, n REAL NOT NULL, d REAL NOT NULL, time REAL NOT NULL,
    missed REAL NOT NULL DEFAULT 0, PRIMARY KEY (query, entity)) WITHOUT ROWID;
CREATE TABLE exposure (entity TEXT PRIMARY KEY, shown INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE arms (
    arm TEXT PRIMARY KEY, searches INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 0,
    found INTEGER NOT NULL DEFAULT 0, ms REAL NOT NULL DEFAULT 0, timed INTEGER NOT NULL DEFAULT 0,
    chances INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0,
    credit REAL NOT NULL DEFAULT 0, alone REAL NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE learned (name TEXT PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
"""
LATER = {  # version -> what makes a file of the one before it one of this
    2: "ALTER TABLE q2e ADD COLUMN missed REAL NOT NULL DEFAULT 0",
}
DERIVED = ("queries", "grams", "common", "q2e", "exposure", "arms", "learned")


def connect(path: str, patiently: Callable[[Callable[[], Any]], Any]) -> sqlite3.Connection:
    """Open or make the file at *path*, private to its owner whatever the umask; *patiently* repeats what was busy.

    Raises WorkspaceError for a file that is damaged, of a newer ltrr or not ltrr's.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(fd).st_mode & 0o777 != 0o600:
                os.fchmod(fd, 0o600)  # SQLite gives -wal and -shm the same mode
        finally:
            os.close(fd)
    except OSError as e:
        raise WorkspaceError(f"{path}: {e.strerror}", hint="is the state folder there, and yours to write?") from None
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        with failures(path):
            try:
                _prepare(path, db, patiently)
            except UnicodeDecodeError:  # SQLite quotes of the tables what it can't understand, and Python can't read that
                raise sqlite3.DatabaseError("database disk image is malformed") from None
    except BaseException:
        db.close()
        raise
    return db


def _prepare(path: str, db: sqlite3.Connection, patiently: Callable[[Callable[[], Any]], Any]) -> None:
    def number(pragma: str) -> int:
        return int(patiently(lambda: db.execute(f"PRAGMA {pragma}").fetchone()[0]))

    if not (number("application_id") or number("user_version")):
        if patiently(lambda: db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]) and not number("application_id"):
            raise WorkspaceError(f"{path} is a database, but not ltrr's", hint="name another folder with --index DIR")
        db.execute(f"PRAGMA page_size={PAGE}")
        patiently(lambda: db.execute("PRAGMA journal_mode=WAL"))
        _change(db, patiently, _create)
    application, version = number("application_id"), number("user_version")
    if application != APPLICATION:
        raise WorkspaceError(f"{path} is a database, but not ltrr's", hint="name another folder with --index DIR")
    if version > VERSION:
        raise WorkspaceError(f"{path} was written by a newer ltrr (format {version})", hint="update ltrr")
    if 0 < version < VERSION:
        _change(db, patiently, _grow)
    db.execute("PRAGMA synchronous=FULL")


def _grow(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]  # another process may have been faster
    for later in range(version + 1, VERSION + 1):
        db.execute(LATER[later])
        db.execute(f"PRAGMA user_version={later}")  # here: another process may be of a newer ltrr


def _create(db: sqlite3.Connection) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:  # another process may have been faster
        for statement in TABLES.split(";")[:-1]:
            db.execute(statement)
        db.execute(f"PRAGMA application_id={APPLICATION}")
        db.execute(f"PRAGMA user_version={VERSION}")


def _change(
    db: sqlite3.Connection, patiently: Callable[[Callable[[], Any]], Any], change: Callable[[sqlite3.Connection], None]
) -> None:
    """Make one *change* to the tables, whole or not at all."""
    patiently(lambda: db.execute("BEGIN IMMEDIATE"))
    try:
        change(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


class failures:  # noqa: N801 - reads as a phrase: with failures(path)
    """Turns SQLite's errors into a WorkspaceError that says what to do; a plain class, as contextlib is slower to import."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            return
        if busy(error):
            raise BusyError(f"{self.path}: other processes kept it busy", hint="try again, or raise busy_timeout") from None
        hint = "is the disk full, or the folder not yours to write?"
        if type(error) is sqlite3.DatabaseError:
            hint = "move the file away to start with an empty log, or restore a copy"
        raise WorkspaceError(f"{self.path}: {error}", hint=hint) from None


def busy(error: BaseException) -> bool:
    """Return True for an SQLite error that says: later, perhaps."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
