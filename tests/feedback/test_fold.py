import json
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from ltrr_cli.feedback import log
from ltrr_cli.feedback.record import Receipt
from ltrr_cli.feedback.schema import DERIVED
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.fold import fold, forget
from ltrr_cli.policy import state as policy_state
from ltrr_cli.policy.state import State
from ltrr_cli.records import Page
from ltrr_cli.settings import Settings

NOW = 1_769_890_500.0
ACTIONS = ["click", "click", "play", "like", "skip", "dislike"]


def everything(store: Store) -> dict[str, Any]:
    tables = {table: store.rows(f"SELECT * FROM {table}") for table in DERIVED}
    return tables | {"worth": store.rows("SELECT seq, reward, gain, weight FROM events")}


def live(search: Callable[..., Page], feedback: Callable[..., Receipt], seed: int, users: tuple[str | None, ...]) -> None:
    """Some weeks of searching: repeated queries, sessions, actions at once, late, too late and out of order."""
    random, pages = Random(seed), []
    for i in range(120):
        now = NOW + i * 7 * 3600
        user = random.choice(users)
        session = random.choice([None, f"{user}{i // 10}"])
        pages.append(search(f"query {random.randrange(9)}", now=now, user=user, session=session))
        lines = []
        for _ in range(random.randrange(4)):
            page = random.choice(pages[-5:])
            when = page.query.now + random.choice([5, 60, 7200, 100_000])
            lines.append(
                {"search_id": page.search_id, "rank": random.randint(1, 10), "action": random.choice(ACTIONS), "time": when}
            )
        feedback(*lines, now=now + 60)


@pytest.mark.parametrize("seed", range(3))
def test_folding_the_log_gives_what_was_learned_bit_for_bit(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Receipt], seed: int
) -> None:
    live(search, feedback, seed, (None, "ann", "bob"))
    before = everything(store)
    assert len(before["q2e"]) > 20
    state = fold(store, Settings())
    assert everything(store) == before
    assert state == store.policy_state()
    assert state.version > 30


def test_a_spoilt_state_is_made_anew(store: Store, search: Callable[..., Page], feedback: Callable[..., Receipt]) -> None:
    live(search, feedback, 1, (None,))
    before = everything(store)
    with store.writing() as db:
        db.execute("UPDATE learned SET body=x'00'")
        db.execute("UPDATE q2e SET s=99")
        db.execute("DELETE FROM arms")
    fold(store, Settings())
    assert everything(store) == before


def test_other_settings_are_another_past(store: Store, search: Callable[..., Page], feedback: Callable[..., Receipt]) -> None:
    live(search, feedback, 1, (None,))
    before = everything(store)
    fold(store, Settings(half_life=20, memory_half_life_days=5))
    after = everything(store)
    assert after["learned"] != before["learned"]
    assert sum(row[2] for row in after["q2e"]) < sum(row[2] for row in before["q2e"])


def test_a_forgotten_user_leaves_no_trace(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Receipt], tmp_path: Any
) -> None:
    secret = search("zanzibar rendezvous", user="eve", session="night")
    feedback({"search_id": secret.search_id, "rank": 7, "action": "like", "event_id": "eve-1"})
    live(search, feedback, 2, (None, "eve", "ann"))
    count = store.rows("SELECT count(*) FROM searches WHERE user='eve'")[0][0]
    assert forget(store, Settings(), user="eve") == count
    assert forget(store, Settings(), user="eve") == 0
    assert store.logged(secret.search_id) is None
    assert store.rows("SELECT count(*) FROM queries WHERE key LIKE '%zanzibar%'") == [(0,)]
    assert not [thing for thing in store.export() if "eve" in str(thing.get("query")) or thing.get("event_id") == "eve-1"]
    after = everything(store)
    fold(store, Settings())
    assert everything(store) == after
    store.close()
    for file in tmp_path.iterdir():
        assert b"zanzibar" not in file.read_bytes()


def test_forgetting_is_as_if_it_had_never_been(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Receipt]
) -> None:
    first = search("red shoe", user="ann")
    feedback({"search_id": first.search_id, "rank": 2, "action": "play"})
    before = everything(store)
    other = search("red shoe", user="eve", now=NOW + 100)
    feedback({"search_id": other.search_id, "rank": 5, "action": "like"}, now=NOW + 200)
    assert everything(store) != before
    assert forget(store, Settings(), search=other.search_id) == 1
    assert everything(store) == before


def test_a_log_and_a_state_of_fewer_features_are_learned_from_as_ever(
    store: Store, search: Callable[..., Page], feedback: Callable[..., Receipt], monkeypatch: pytest.MonkeyPatch
) -> None:
    live(search, feedback, 1, (None,))
    version = store.policy_state().version
    rows = store.rows("SELECT seq, body FROM searches")
    with store.writing() as db:
        for seq, packed in rows:
            old = log.body(packed)
            old["x"] = [*old["x"][:15], *[0.5] * (7 * (seq % 2) * len(old["x"]))]  # some older, some of a version to come
            db.execute("UPDATE searches SET body=? WHERE seq=?", (zlib.compress(json.dumps(old).encode()), seq))
        monkeypatch.setattr(policy_state, "D", 15)
        block = State.to_bytes(State())
        monkeypatch.undo()
        db.execute("UPDATE learned SET body=?", (block,))  # what that older version had learned
    assert store.policy_state().version == 0
    page = search("red shoe")
    feedback({"search_id": page.search_id, "rank": 2, "action": "like"})
    assert store.policy_state().version == version + 1
    before = everything(store)
    fold(store, Settings())
    assert everything(store) == before
