import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.errors import BusyError, WorkspaceError
from ltrr_cli.feedback.log import new_search_id, query_of
from ltrr_cli.feedback.schema import VERSION
from ltrr_cli.feedback.store import Store
from ltrr_cli.records import Page
from ltrr_cli.understand.features import FEATURES


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_only_the_owner_may_read_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with Store(f"{tmp_path}/state.db") as store, store.writing() as db:
            db.execute("INSERT INTO exposure VALUES ('a', 1)")
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}


def test_a_file_that_others_could_read_is_made_private_again(tmp_path: Path) -> None:
    Store(f"{tmp_path}/state.db").close()
    (tmp_path / "state.db").chmod(0o644)
    Store(f"{tmp_path}/state.db").close()
    assert stat.S_IMODE((tmp_path / "state.db").stat().st_mode) == 0o600


def test_what_was_committed_is_durable_and_logged_ahead(store: Store) -> None:
    assert store.rows("PRAGMA journal_mode") == [("wal",)]
    assert store.rows("PRAGMA synchronous") == [(2,)]  # FULL


def foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE shopping (item TEXT)")
    db.close()


def newer(path: Path) -> None:
    Store(str(path)).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.close()


def garbage(path: Path) -> None:
    path.write_bytes(b"these are not the pages you are looking for" * 100)


def torn(path: Path) -> None:
    Store(str(path)).close()
    path.write_bytes(path.read_bytes()[:5000])


def scribbled(path: Path) -> None:
    Store(str(path)).close()
    block = bytearray(path.read_bytes())
    block[4096:] = b"\xaa" * (len(block) - 4096)
    path.write_bytes(block)


def misspelt(path: Path) -> None:
    Store(str(path)).close()
    path.write_bytes(
        path.read_bytes()
        .replace(b"tableeventsevents", b"table\xe3ventsevents")
        .replace(b"CREATE TABLE events", b"CREATE TABEL events")
    )


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (foreign, "not ltrr's"), (newer, "newer ltrr"), (garbage, "not a database"),
        (torn, "malformed"), (scribbled, "malformed"), (misspelt, "malformed"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_sound_log_is_refused_with_a_hint(tmp_path: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(tmp_path / "state.db")
    before = (tmp_path / "state.db").read_bytes()
    with pytest.raises(WorkspaceError, match=says) as caught, Store(f"{tmp_path}/state.db") as store:
        store.last_search()
    assert caught.value.hint
    assert (tmp_path / "state.db").read_bytes() == before


def test_a_file_of_the_version_before_is_brought_up_to_date_with_all_that_it_holds(tmp_path: Path) -> None:
    path = f"{tmp_path}/state.db"
    Store(path).close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("ALTER TABLE q2e DROP COLUMN missed")
    db.execute("INSERT INTO q2e VALUES (1, 'a', 0.7, 1, 0, 5)")
    db.execute("PRAGMA user_version=1")
    db.close()
    for _ in range(2):
        with Store(path) as store:
            assert store.rows("SELECT * FROM q2e") == [(1, "a", 0.7, 1.0, 0.0, 5.0, 0.0)]
            assert store.rows("PRAGMA user_version") == [(VERSION,)]


def test_a_missing_folder_is_refused_and_an_empty_file_is_a_new_log(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="No such file"):
        Store(f"{tmp_path}/nowhere/state.db")
    (tmp_path / "state.db").touch()
    with Store(f"{tmp_path}/state.db") as store:
        assert store.last_search() is None


def test_a_damaged_policy_is_noticed_and_named(store: Store) -> None:
    with store.writing() as db:
        db.execute("INSERT INTO learned VALUES ('policy', 1, x'00')")
    with pytest.raises(WorkspaceError, match="policy's state is damaged"):
        store.policy_state()
    assert "damaged" in store.check()[0]


def test_a_sound_file_has_nothing_to_report(store: Store, search: Callable[..., Page]) -> None:
    search()
    assert store.check() == []


def test_a_lock_that_is_never_given_back_ends_in_a_busy_error(tmp_path: Path) -> None:
    with Store(f"{tmp_path}/state.db") as one, Store(f"{tmp_path}/state.db", busy_timeout=0.05) as other, one.writing():
        with pytest.raises(BusyError, match="busy"), other.writing():
            pass
        assert other.rows("SELECT count(*) FROM events") == [(0,)]  # reading goes on


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as db:
        db.execute("INSERT INTO exposure VALUES ('a', 1)")
        raise KeyError
    assert store.exposure(["a"]) == {"a": 0}


def test_a_search_comes_back_as_it_was_decided(store: Store, search: Callable[..., Page]) -> None:
    page = search("red shoe", user="ann", session="monday")
    logged = store.logged(page.search_id)
    assert logged is not None
    assert query_of(logged) == page.query
    choice = logged["choice"]
    assert [tuple(sorted(draws.items())) for draws in choice["menu"]] == [plan.draws for plan in page.choice.menu]
    assert choice["menu"][choice["chosen"]] == dict(page.choice.plan.draws)
    assert tuple(choice["probabilities"]) == page.choice.probabilities
    assert (choice["propensity"], choice["explored"], choice["seed"], choice["version"]) == (0.9, False, 1, 0)
    assert (logged["generation"], logged["budget"], logged["class"], len(logged["x"])) == ("00000001", 10, "few", len(FEATURES))
    assert logged["drawn"] == {"hybrid": [f"thing{i}" for i in range(5, 11)], "lexical": [f"thing{i}" for i in range(4)]}
    third = logged["results"][2]
    assert (third["rank"], third["id"], third["title"], third["arms"]) == (3, "thing2", "Thing «3»", {"lexical": [3, 7.5]})
    assert "entity" not in third  # the records themselves stay in the index
    assert logged["events"] == []
    assert store.logged("nonsense") is None
    last = store.last_search()
    assert last == logged


def test_ids_sort_by_time_and_differ_within_a_millisecond() -> None:
    ids = [new_search_id(t, bytes([b] * 5)) for t in (0, 1.0, 1.001, 1e9, 2e9, 4e9) for b in (0, 7, 255)]
    assert ids == sorted(set(ids))
    assert {len(id) for id in ids} == {17}
    assert len({new_search_id(1.0, os.urandom(5)) for _ in range(10_000)}) == 10_000


def test_the_same_search_is_not_logged_twice(store: Store, search: Callable[..., Page]) -> None:
    page = search()
    with pytest.raises(WorkspaceError, match="in the log already"):
        store.log_search(page, drawn={}, x=[], query_class="few", vector=None)
    assert store.exposure(["thing0"]) == {"thing0": 1}


def test_showing_is_counted(store: Store, search: Callable[..., Page]) -> None:
    search(shown=3)
    search(shown=2)
    assert store.exposure(["thing0", "thing2", "thing9"]) == {"thing0": 2, "thing2": 1, "thing9": 0}
    assert store.exposure([]) == {}
    assert len(store.exposure(f"x{i}" for i in range(2000))) == 2000


def test_export_has_everything_in_order(store: Store, search: Callable[..., Page], feedback: Callable[..., Any]) -> None:
    pages = [search(f"query {i}", user="ann") for i in range(3)]
    feedback(*({"search_id": page.search_id, "rank": 1, "event_id": page.search_id} for page in pages))
    kinds = [thing["kind"] for thing in store.export()]
    assert kinds == ["search"] * 3 + ["event"] * 3 + ["learned"] * 2
    first = next(store.export())
    assert (first["search_id"], first["vector"]) == (pages[0].search_id, bytes(range(16)).hex())
    events = [thing for thing in store.export() if thing["kind"] == "event"]
    assert [(event["search_id"], event["id"], event["after"]) for event in events] == [(p.search_id, "thing0", 3) for p in pages]


def test_many_searches_see_one_moment_and_are_written_down_together(store: Store, search: Callable[..., Page]) -> None:
    first = search().search_id
    with Store(store.path) as other:
        with store.gathering():
            with store.snapshot() as seen:
                assert seen == (1, 0)
            later = [search().search_id, search().search_id]
            with other.writing() as db:
                db.execute("INSERT INTO queries (key, size) VALUES ('shoe', 1)")
            with store.snapshot() as seen:
                assert seen == (1, 0)
            assert not store.remembers() and other.remembers()
            assert other.rows("SELECT id FROM searches ORDER BY seq") == [(first,)]
        assert [name for (name,) in other.rows("SELECT id FROM searches ORDER BY seq")] == [first, *later]
    assert store.remembers()
    with store.snapshot() as seen:
        assert seen == (3, 0)


def test_one_that_is_there_already_keeps_all_of_them_out(store: Store, search: Callable[..., Page]) -> None:
    page = search()
    with pytest.raises(WorkspaceError, match=f"search {page.search_id} is in the log already"), store.gathering():
        search()
        store.log_search(page, drawn={}, x=[], query_class="word")
    assert store.rows("SELECT id FROM searches") == [(page.search_id,)]
