"""All of the report's numbers, from one pass over the log and a second look at the last actions."""

from __future__ import annotations

import time
from math import inf
from typing import TYPE_CHECKING, Any

from ltrr_cli import settings as settings_of
from ltrr_cli.errors import QueryError
from ltrr_cli.feedback.store import Store
from ltrr_cli.index.generation import read_meta
from ltrr_cli.registry import look_up
from ltrr_cli.report.base import PARTS, About
from ltrr_cli.report.calibration import calibration
from ltrr_cli.report.read import read, span
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str, int, int | None], None]


def review(
    folder: str = ".ltrr", *, since: float | None = None, now: float | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Return how the searches logged in *folder* went, those from *since* on (seconds since 1970): plain JSON.

    Nothing is changed, and others may search meanwhile. Raises WorkspaceError if there is no index, QueryError if there is
    no search to report on.
    """
    workspace = Workspace(folder).open()
    settings = settings_of.load(folder)
    meta = read_meta(workspace.generation(workspace.current()))
    with Store(workspace.state, settings.busy_timeout) as store:
        part = span(store, since)
        if not part.searches:
            if since is None:
                raise QueryError("no search is logged yet", hint='ltrr search "..." first')
            raise QueryError("no search is logged since then", hint="leave --since out, or name an earlier time")
        about = About(part, settings, meta["live"], meta["counts"])
        parts = {name: look_up(PARTS, name, "part")(about) for name in PARTS}
        first, last = inf, -inf  # by the clock: the log need not be in its order
        for seen in read(store, part):
            first, last = min(first, seen.time), max(last, seen.time)
            for one in parts.values():
                one.add(seen)
            if progress is not None and (seen.at + 1) % 500 == 0:
                progress("reading the log", seen.at + 1, part.searches)
        found = {name: one.found() for name, one in parts.items()}
        found["calibration"] = calibration(store, settings, since)
    now = time.time() if now is None else now
    return {
        "folder": folder,
        "made": now,
        "since": since,
        "first": first,
        "last": last,
        "searches": part.searches,
        "bins": part.bins,
        "entities": meta["live"],
        "settings": {"policy": settings.policy, "budget": settings.budget, "window_hours": settings.window_hours},
        **found,
    }
