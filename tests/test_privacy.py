"""What was forgotten is nowhere in the folder, and nothing was learned from it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import BusyError, QueryError
from ltrr_cli.feedback.store import Store
from ltrr_cli.privacy import Forgotten, forget
from ltrr_cli.verify import check

SECRET = ("evelyn-4711", "zyzzyva black rain", "sitting-8812")


def live(folder: str, eve: bool, others: bool = True) -> list[str]:
    """Search and act as several people, one of whom shall be forgotten; return her searches."""
    hers = []
    with Engine(folder) as engine:
        for i in range(12):
            if others:
                page = engine.search("black rain", seed=i, user="ann", session="a", now=1e9 + 10 * i)
                engine.feedback(1 + i % 3, now=1e9 + 10 * i + 1, event_id=f"ann-{i}")
            if eve:
                page = engine.search(
                    SECRET[1], seed=i, user=SECRET[0], session=SECRET[2], now=1e9 + 10 * i + 2, context=[("x", "y")]
                )
                hers.append(page.search_id)
                engine.feedback(1, action="play", seconds=90, now=1e9 + 10 * i + 3, event_id=f"{SECRET[0]}-{i}")
                page = engine.search("love", seed=i, user=SECRET[0], now=1e9 + 10 * i + 4)
                engine.feedback(2, now=1e9 + 10 * i + 5)
    return hers


def found(folder: str) -> list[str]:
    """Every file in which a word of hers stands, in any of the ways that SQLite or Python may write it."""
    words = [form for word in (*SECRET, "zyzzyva") for form in (word.encode(), word.encode("utf-16-le"))]
    paths = [Path(where, name) for where, _, names in os.walk(folder) for name in names]
    return [path.name for path in paths if any(word in path.read_bytes() for word in words)]


def test_no_byte_of_a_forgotten_user_is_left(own: str) -> None:
    live(own, eve=True)
    assert "state.db" in found(own) or "state.db-wal" in found(own)
    assert forget(own, user=SECRET[0]) == Forgotten(24, 24, 12, 12)
    assert found(own) == []
    assert check(own).findings == ()
    assert forget(own, user=SECRET[0]) == Forgotten(0, 0, 12, 12)


def test_what_is_learned_is_what_the_others_taught(shop: str, tmp_path: Path) -> None:
    folders = [shutil.copytree(shop, str(tmp_path / name)) for name in ("with", "without")]
    live(folders[0], eve=True)
    live(folders[1], eve=False)
    forget(folders[0], user=SECRET[0])
    states, memories = [], []
    for folder in folders:
        with Store(os.path.join(folder, "state.db")) as store:
            states.append(store.policy_state().to_bytes() if folder == folders[1] else None)
            memories.append(store.rows("SELECT key, entity, s, n, d FROM q2e JOIN queries ON query = id ORDER BY key, entity"))
    assert [row[0] for row in memories[0]] == [row[0] for row in memories[1]]
    assert all(row[0] != SECRET[1] for row in memories[0])


def test_the_learned_state_is_the_one_of_the_log_without_her(own: str) -> None:
    from ltrr_cli.learn.fold import fold
    from ltrr_cli.settings import Settings

    live(own, eve=True)
    forget(own, user=SECRET[0])
    tables = ("q2e", "queries", "grams", "exposure", "arms", "learned")
    with Store(os.path.join(own, "state.db")) as store:
        before = [store.rows(f"SELECT * FROM {table}") for table in tables]
        fold(store, Settings())
        assert [store.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_one_search_is_forgotten_alone(own: str) -> None:
    hers = live(own, eve=True)
    assert forget(own, search=hers[0]) == Forgotten(1, 1, 35, 35)
    with Engine(own) as engine:
        assert engine.store.logged(hers[0]) is None
        assert engine.store.logged(hers[1]) is not None
    names = [Path(where, name) for where, _, files in os.walk(own) for name in files]
    assert not [path for path in names if hers[0].encode() in path.read_bytes()]


def test_forgetting_the_only_user_leaves_nothing_learned(own: str) -> None:
    live(own, eve=True, others=False)
    forget(own, user=SECRET[0])
    assert found(own) == []
    with Engine(own) as engine:
        assert engine.store.policy_state().version == 0
        assert list(engine.export()) == []
        assert engine.search("love", seed=1).results


def test_a_reader_in_between_makes_it_wait_and_say_so(own: str) -> None:
    live(own, eve=True)
    Path(own, "ltrr.toml").write_text("busy_timeout = 0.2")
    with Store(os.path.join(own, "state.db")) as reader:
        reader._db.execute("BEGIN")
        reader._db.execute("SELECT count(*) FROM searches").fetchone()
        with pytest.raises(BusyError) as error:
            forget(own, user=SECRET[0])
        assert error.value.hint
        reader._db.execute("ROLLBACK")
    forget(own, user=SECRET[0])
    assert found(own) == []


def test_it_wants_one_of_the_two(own: str) -> None:
    for wrong in ({}, {"user": "a", "search": "b"}):
        with pytest.raises(QueryError):
            ltrr_cli.forget(own, **wrong)
