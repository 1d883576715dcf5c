"""What was known at an earlier moment: the log, folded anew into a second file up to any of its decisions."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.feedback import log
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.fold import Learner
from ltrr_cli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.records import Page

EVENTS = "seq, event_id, search, entity, action, seconds, fraction, time, recorded, value, timely, user, unit, key, after, ranks"


class Known(NamedTuple):
    """How much of the log a decision could see. Any two of one log are ordered, as each was one moment of the file."""

    searches: int  # number of the newest search, 0 = none
    events: int  # number of the newest event


class Past(Store):
    """A state file that holds what *store* held at a moment, which may be moved forward.

    It is made by the code that learned it in the first place, in the same order, so it is the same to the bit, provided that
    nothing was forgotten since. What is logged into it is kept aside as `row`. Which ranker had been promoted is not in the
    log: `ranker` says it. Use it as a context.
    """

    row: log.Row | None = None
    ranker: dict[str, Any] = {}  # the model of the one that had been promoted

    def __init__(self, store: Store) -> None:
        self._of = store
        self._folder = TemporaryDirectory(prefix="ltrr-past-")
        super().__init__(os.path.join(self._folder.name, "state.db"))
        self.rows("PRAGMA synchronous=OFF")  # nobody needs it after a crash
        self.known = Known(0, 0)
        self._learner: Learner | None = None

    def close(self) -> None:
        """Close the file and remove it."""
        super().close()
        self._folder.cleanup()

    def __enter__(self) -> Past:
        return self

    def move(self, known: Known) -> None:
        """Learn what came between the moment at hand and that of *known*, which is not earlier."""
        searches = self._of.rows(
            "SELECT seq, id, time, user, session, key, vector, body FROM searches WHERE seq>? AND seq<=? ORDER BY seq",
            (self.known.searches, known.searches),
        )
        events = self._of.rows(
            f"SELECT {EVENTS} FROM events WHERE seq>? AND seq<=? ORDER BY seq", (self.known.events, known.events)
        )
        waiting = iter(searches)
        row = next(waiting, None)
        with self.writing() as db:
            for event in events:
                while row is not None and row[0] <= event[EVENT_AFTER]:
                    self._search(db, row)
                    row = next(waiting, None)
                self._event(db, event)
            while row is not None:
                self._search(db, row)
                row = next(waiting, None)
            if events and self._learner is not None:
                self._learner.save()
        self.known = known

    def model(self) -> dict[str, Any]:
        """Return the ranker's model of then."""
        return self.ranker

    def log_search(self, page: Page, **details: Any) -> None:
        """Keep the row that would be logged, in `row`."""
        self.row = log.search_row(page, **details)

    def _search(self, db: Any, row: tuple[Any, ...]) -> None:
        db.execute("INSERT INTO searches (seq, id, time, user, session, key, vector, body) VALUES (?,?,?,?,?,?,?,?)", row)
        _, id, time, user, session, key, vector, packed = row
        log.count_search(db, log.Row(id, time, user, session, key, vector, log.body(packed)))

    def _event(self, db: Any, event: tuple[Any, ...]) -> None:
        db.execute(f"INSERT INTO events ({EVENTS}) VALUES ({','.join('?' * len(event))})", event)
        packed = db.execute("SELECT body FROM searches WHERE id=?", (event[EVENT_SEARCH],)).fetchone()
        logged = log.body(packed[0])
        settings = settings_of(logged)
        if self._learner is None or self._learner.settings != settings:
            if self._learner is not None:
                self._learner.save()
            self._learner = Learner(db, settings)
        if not settings.freeze:
            self._learner.learn(event[0], logged)


EVENT_SEARCH, EVENT_AFTER = (EVENTS.split(", ").index(name) for name in ("search", "after"))


def settings_of(body: dict[str, Any]) -> Settings:
    """Return the settings that a logged search was made with, as far as this version has them."""
    unusual = body.get("asked", {}).get("settings", {})
    return Settings(**{name: value for name, value in unusual.items() if name in Settings._fields})


def known_by(body: dict[str, Any], seq: int, store: Store) -> Known:
    """Return how much of the log the search number *seq* could see."""
    asked = body.get("asked", {}).get("known")
    if asked is not None:
        return Known(*asked)
    before = store.rows("SELECT max(seq) FROM events WHERE after<?", (seq,))  # right where one process did all
    return Known(seq - 1, before[0][0] or 0)


def decisions(store: Store) -> Iterator[tuple[Known, int, bytes | None, dict[str, Any]]]:
    """Yield (what it knew, number, vector of the query, body) for each logged search, in the order of what they knew."""
    found = []
    for seq, packed in store.rows("SELECT seq, body FROM searches ORDER BY seq"):
        found.append((known_by(log.body(packed), seq, store), seq))
    for known, seq in sorted(found):
        vector, packed = store.rows("SELECT vector, body FROM searches WHERE seq=?", (seq,))[0]
        yield known, seq, vector, log.body(packed)
