"""What was forgotten is nowhere in the folder, and nothing was learned from it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import BusyError, QueryError
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn import fold
from ltrr_cli.learn.ranker import _keep
from ltrr_cli.privacy import Forgotten, forget
from ltrr_cli.rank.features import VERSION
from ltrr_cli.settings import Settings
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


LEARNED = {  # what was learned, in the words of the log: the numbers that rows have are SQLite's own
    "memory": "SELECT key, entity, s, n, d, time FROM q2e JOIN queries ON query = id ORDER BY key, entity",
    "queries": "SELECT key, size, vector FROM queries ORDER BY key",
    "grams": "SELECT key, gram, grams.size FROM grams JOIN queries ON query = id ORDER BY 1, 2, 3",
    "common": "SELECT gram, queries FROM common ORDER BY 1",
    "exposure": "SELECT * FROM exposure ORDER BY 1",
    "arms": "SELECT * FROM arms ORDER BY 1",
    "policy": "SELECT name, version, body FROM learned WHERE name <> 'ranker' ORDER BY 1",
    "rewards": "SELECT seq, reward, gain, weight FROM events ORDER BY 1",
}


def learned(folder: str) -> dict[str, list[tuple[object, ...]]]:
    with Store(os.path.join(folder, "state.db")) as store:
        return {name: store.rows(sql) for name, sql in LEARNED.items()}


def test_what_is_learned_is_what_the_others_taught(own: str, tmp_path: Path) -> None:
    """The same log, with her lines left out by hand, teaches a folder of its own the same, to the bit."""
    hers = set(live(own, eve=True))
    with Engine(own) as engine:
        lines = [line for line in engine.export() if line["kind"] != "learned"]
    hers |= {line["search_id"] for line in lines if line["kind"] == "search" and line["query"]["user"] == SECRET[0]}
    others = [json.dumps(line) for line in lines if line["search_id"] not in hers]
    assert len(lines) - len(others) == 48
    ltrr_cli.restore(others, str(tmp_path / "without"))
    before = learned(own)
    forget(own, user=SECRET[0])
    assert learned(own) == learned(str(tmp_path / "without"))
    assert all(before[name] != rows for name, rows in learned(own).items())


def test_nothing_of_her_is_packed_away_where_bytes_do_not_show_it(own: str) -> None:
    """What is compressed or in hexadecimal comes out in an export; the rest of the file has been searched above."""
    hers = live(own, eve=True)
    forget(own, user=SECRET[0])
    with Engine(own) as engine:
        said = [json.dumps(line) for line in engine.export()]
        said += [str(bytes.fromhex(line["body"])) for line in map(json.loads, said) if line["kind"] == "learned"]
        assert len(said) > 24
        for word in (*SECRET, "zyzzyva", *hers):
            assert not [line for line in said if word in line]


def test_a_ranker_that_was_trained_on_her_goes_too(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ltrr_cli.learn.ranker.LEAST", 10)
    live(own, eve=True)
    model = {"kind": "pairwise", "features": VERSION, "weights": {"quality": 0.123456}}
    with Store(os.path.join(own, "state.db")) as store:
        _keep(store, {"ranker": model})
    assert forget(own, user="nobody").ranker == ""
    with Engine(own) as engine:
        engine.relearn()
        assert engine.store.model() == model, "what was promoted stays until it is known to be wrong"
    assert forget(own, user=SECRET[0]).ranker.startswith("not trained again: ")
    with Engine(own) as engine:
        assert engine.store.model() == {}


def test_forgetting_that_was_interrupted_is_made_good_by_the_next(own: str) -> None:
    """The rows went, and then the process: what is left in free pages goes when it is asked for again."""
    live(own, eve=True)
    with Store(os.path.join(own, "state.db")) as store:
        fold.forget(store, Settings(), user=SECRET[0])
        assert forget(own, user=SECRET[0]).searches == 0
    assert found(own) == []


def test_the_learned_state_is_the_one_of_the_log_without_her(own: str) -> None:
    live(own, eve=True)
    forget(own, user=SECRET[0])
    tables = ("q2e", "queries", "grams", "exposure", "arms", "learned")
    with Store(os.path.join(own, "state.db")) as store:
        before = [store.rows(f"SELECT * FROM {table}") for table in tables]
        fold.fold(store, Settings())
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
