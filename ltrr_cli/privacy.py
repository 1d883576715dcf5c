"""Forget a user or a search: nothing of it stays in the state folder, and all that was learned is learned again without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.errors import QueryError, WorkspaceError
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from ltrr_cli.feedback.store import Store
    from ltrr_cli.settings import Settings


class Forgotten(NamedTuple):
    """What was removed, and what the learned state rests on now."""

    searches: int
    events: int
    searches_left: int
    events_left: int  # learned from again
    ranker: str = ""  # what became of the ranker that was promoted; "" if there was none, or nothing was removed


def forget(folder: str = ".ltrr", *, user: str | None = None, search: str | None = None) -> Forgotten:
    """Remove one user's searches and events, or one search with its events; fold what is left; leave no byte of them behind.

    What was learned is as if they had never been: a ranker that was trained on them, too, goes, and another is trained. Freed
    pages of the state file are overwritten and the write-ahead log is emptied, for which other processes have to let go of it
    for a moment: BusyError if they don't; then call it again.
    """
    from ltrr_cli.feedback.store import Store
    from ltrr_cli.learn import fold

    if (user is None) == (search is None):
        raise QueryError("forget whom, or what?", hint="give either --user or --search")
    settings = settings_of.load(folder)
    with Store(Workspace(folder).open().state, settings.busy_timeout) as store:
        before, promoted = _counts(store), bool(store.model())
        gone = fold.forget(store, settings, user=user, search=search)
        after = _counts(store)
        try:
            store.scrub()
        except WorkspaceError as e:  # never "nothing was removed" where something was
            what = f"{gone} searches are removed, but bytes of them may be left in the file ({e})"
            raise type(e)(what, hint=f"{e.hint} Then forget again.") from None
        ranker = _trained(store, settings) if gone and promoted else ""
    return Forgotten(before[0] - after[0], before[1] - after[1], *after, ranker)


def _trained(store: Store, settings: Settings) -> str:
    """Train a ranker on what is left; say what came of it."""
    from ltrr_cli.learn.ranker import train

    report = train(store, settings)
    return "trained again" if report.promoted else f"not trained again: {report.why}"


def _counts(store: Store) -> tuple[int, int]:
    ((searches, events),) = store.rows("SELECT (SELECT count(*) FROM searches), (SELECT count(*) FROM events)")
    return searches, events
