"""What each logged search earned: how well the things on its page satisfied, by what was done with them in time."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.feedback.reward import reward

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.feedback.store import Store


class Earned(NamedTuple):
    """One thing that somebody acted on."""

    reward: float  # 0..1, see `feedback.reward`
    ranks: Mapping[str, int]  # where it stood in every arm, from 1, 0 = not found; empty if that was not looked up


def earned(store: Store) -> dict[str, dict[str, Earned]]:
    """Return search id -> entity id -> what it earned there, for every search that somebody acted on.

    Each search is judged by its own events alone, those within the attribution window; entities that were acted on though
    their search had not shown them are included, as this table does not know the pages.
    """
    found: dict[str, dict[str, Earned]] = {}
    sql = "SELECT search, entity, action, value, ranks FROM events WHERE timely ORDER BY search, entity, time, seq"
    for (search, entity), rows in groupby(store.rows(sql), key=lambda row: (row[0], row[1])):
        events = list(rows)
        gained, _ = reward((action, value) for _, _, action, value, _ in events)
        ranks: dict[str, int] = next((json.loads(ranks) for *_, ranks in reversed(events) if ranks), {})
        found.setdefault(search, {})[entity] = Earned(gained, ranks)
    return found
