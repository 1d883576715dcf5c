"""The transactions of the state file: looking at one moment of it, many searches at one moment, writing."""

from __future__ import annotations

from ltrr_cli.feedback.schema import failures
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from ltrr_cli.feedback.store import Store


class Moment:
    """What is known of the one moment of the file that is looked at."""

    def __init__(self, search: int, event: int) -> None:
        self.newest = search, event
        self.looked: set[str] = set()  # names of what was learned by then, as far as it was asked for
        self.remembers: bool | None = None


class Snapshot:
    """One BEGIN ... COMMIT that only reads; it gives the numbers of the newest search and event that can be seen, 0 = none.

    Within another one it is a part of that.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.inner = store._moment is not None

    def __enter__(self) -> tuple[int, int]:
        store = self.store
        if store._moment is None:
            with failures(store.path):
                store.patiently(lambda: store._db.execute("BEGIN"))
            try:
                newest = store.rows("SELECT (SELECT max(seq) FROM searches), (SELECT max(seq) FROM events)")[0]
            except BaseException:
                self.__exit__()
                raise
            store._moment = Moment(newest[0] or 0, newest[1] or 0)
        return store._moment.newest

    def __exit__(self, *error: object) -> None:
        if not self.inner:
            self.store._moment = None
            self.store._db.execute("COMMIT")  # nothing was written: it only lets go


class Gathering:
    """Looks at one moment of the file, and at its end writes the searches of the meantime down; none if it ends by an error."""

    def __init__(self, store: Store) -> None:
        self.store, self.snapshot = store, store.snapshot()

    def __enter__(self) -> None:
        self.snapshot.__enter__()
        self.store._pending = []

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        rows, self.store._pending = self.store._pending, None
        self.snapshot.__exit__()
        if rows and error is None:
            self.store._write(rows)


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
