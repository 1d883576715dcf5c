"""The pages in the log that satisfied somebody: what a ranker learns from, and is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.feedback.log import body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.feedback.store import Store


class Seen(NamedTuple):
    """One page that satisfied somebody."""

    key: str  # of the query
    features: list[dict[str, float]]  # one a result, in the order shown
    reward: list[float]  # 0..1, or -1 if it was disliked


def seen(store: Store) -> Iterator[Seen]:
    """Yield every page in the log that somebody was satisfied with, in the order of the log."""
    rewards: dict[str, dict[str, float]] = {}
    sql = "SELECT search, entity, reward, action FROM events WHERE timely ORDER BY seq"
    for search, entity, reward, action in store.rows(sql):
        rewards.setdefault(search, {})[entity] = reward if reward > 0 or action != "dislike" else -1.0
    last = 0
    while found := store.rows("SELECT seq, id, key, body FROM searches WHERE seq>? ORDER BY seq LIMIT 500", (last,)):
        last = found[-1][0]
        for _, search, key, packed in found:
            if max(rewards.get(search, {}).values(), default=0.0) > 0:
                results = [r for r in body(packed)["results"] if "f" in r]
                of = rewards[search]
                if any(of.get(r["id"], 0.0) > 0 for r in results):
                    yield Seen(key, [r["f"] for r in results], [of.get(r["id"], 0.0) for r in results])
