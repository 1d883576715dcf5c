"""What was known at any earlier moment can be had again, to the bit."""

from __future__ import annotations

import os

import pytest

from ltrr_cli.engine import Engine
from ltrr_cli.feedback.schema import DERIVED
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.past import Known, Past, decisions, known_by

NOW = 1_770_000_000.0


def learned(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = {table: sorted(store.rows(f"SELECT * FROM {table}"), key=repr) for table in DERIVED}
    return tables | {name: store.rows(f"SELECT * FROM {name} ORDER BY seq") for name in ("searches", "events")}


def test_every_moment_is_as_it_was(own: str) -> None:
    moments = {}
    with Engine(own) as engine, Past(engine.store) as past:
        for i in range(12):
            with engine.store.snapshot() as known:
                moments[Known(*known)] = learned(engine.store)
            page = engine.search(["love", "halo", "rain"][i % 3], user="ann", seed=i, now=NOW + 100 * i)
            if i % 2:
                engine.feedback(1, action="play", event_id=f"e{i // 3}", now=NOW + 100 * i + 5)  # some of them repeated
            assert page.results
        assert len(moments) == 12
        for known, then in moments.items():
            past.move(known)
            assert learned(past) == then


def test_a_search_knew_what_came_before_it(own: str) -> None:
    with Engine(own) as engine:
        engine.search("love", now=NOW)
        engine.feedback(1, now=NOW)
        engine.feedback(2, now=NOW)
        engine.search("halo", now=NOW + 1)
        found = list(decisions(engine.store))
        assert [(known, seq) for known, seq, _, _ in found] == [((0, 0), 1), ((1, 2), 2)]
        for known, seq, _, body in found:  # a log that does not say it tells as much
            assert known_by({**body, "asked": {}}, seq, engine.store) == known


def test_the_settings_of_then_hold(own: str) -> None:
    with Engine(own, memory_half_life_days=1.0, half_life=5.0) as engine:
        for i in range(6):
            engine.search("love", seed=i, now=NOW + 86400 * i)
            engine.feedback(2, action="like", now=NOW + 86400 * i)
    with Engine(own) as engine, Past(engine.store) as past, engine.store.snapshot() as known:
        past.move(Known(*known))
        assert learned(past) == learned(engine.store)


def test_the_file_is_removed_in_the_end(own: str) -> None:
    with Engine(own) as engine:
        with Past(engine.store) as past:
            assert os.path.exists(past.path)
        assert not os.path.exists(past.path)
        with pytest.raises(ZeroDivisionError), Past(engine.store) as past:
            raise ZeroDivisionError
        assert not os.path.exists(past.path)


def test_a_snapshot_sees_one_moment_whatever_others_write(own: str) -> None:
    with Engine(own) as one, Engine(own) as other:
        other.search("love", now=NOW)
        with one.store.snapshot() as known:
            assert known == (1, 0)
            other.search("halo", now=NOW)
            other.feedback(1, now=NOW)
            assert one.store.rows("SELECT max(seq) FROM searches") == [(1,)]
            assert one.store.policy_state().version == 0
        assert one.store.rows("SELECT max(seq) FROM searches") == [(2,)]
        with one.store.snapshot() as known:
            assert known == (2, 1)
