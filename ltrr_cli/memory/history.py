"""What somebody acted on lately, in all sittings and in the one at hand, fading with time."""

from __future__ import annotations

import json

from ltrr_cli.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ltrr_cli.feedback.store import Store

LATEST = 50  # events that count
USER, SESSION = 30 * 86400.0, 3600.0  # seconds in which half of an action's weight is left
DISLIKED, SKIPPED = -1.0, -0.1  # what these weigh, beside a reward in 0..1
MOST = 2.0  # what one entity may weigh, however often it was acted on


class History(NamedTuple):
    """Entity id -> weight: above 0 it satisfied, below 0 it was disliked; the latest first."""

    user: dict[str, float]
    session: dict[str, float]  # the same for the session at hand, which is also part of the user's, if there is one


def history(store: Store, user: str | None, session: str | None, now: float) -> History:
    """Return what *user* and their *session* (of nobody, if *user* is None) acted on up to *now*; nothing is `{}`.

    It is read from the log of events each time, so that what is forgotten there is forgotten here.
    """
    latest = "AND timely AND time<=? ORDER BY seq DESC LIMIT ?"
    columns = "entity, unit, action, reward, time"
    mine: Iterable[Any] = ()
    here: Iterable[Any] = ()
    if user is not None:
        mine = store.rows(f"SELECT {columns} FROM events WHERE user=? {latest}", (user, now, LATEST))
    if session is not None:
        start = sitting(user, session)
        sql = f"SELECT {columns} FROM events WHERE unit>=? AND unit<? {latest}"
        here = store.rows(sql, (start, start + "#", now, LATEST))  # "#" is what follows a quotation mark
    return History(_weighed(mine, now, USER), _weighed(here, now, SESSION))


def sitting(user: str | None, session: str) -> str:
    """Return how the unit of each event begins that came of a search in this session, see `learn.fold.unit`."""
    return json.dumps(["session", user, session])[:-1] + ", "


def _weighed(events: Iterable[Any], now: float, half_life: float) -> dict[str, float]:
    """Sum up over sittings; in each an entity's last event stands for all that was done with it."""
    weights: dict[str, float] = {}
    seen = set()
    for entity, unit, action, reward, when in events:
        if (unit, entity) not in seen:
            seen.add((unit, entity))
            worth = reward or {"dislike": DISLIKED, "skip": SKIPPED}.get(action, 0.0)
            weights[entity] = weights.get(entity, 0.0) + worth * 0.5 ** ((now - when) / half_life)
    return {entity: max(-MOST, min(MOST, weight)) for entity, weight in weights.items() if weight}
