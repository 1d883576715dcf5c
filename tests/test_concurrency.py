"""Many processes at once lose nothing, wait for each other and never see half of anything."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import BusyError
from ltrr_cli.learn.fold import fold
from ltrr_cli.workspace import Workspace

Process = Callable[..., Any]
SENDERS, SEARCHERS = 8, 2
EACH = 60  # events a sender sends; 500 for a long run

SEND = """
import sys
from ltrr_cli.engine import Engine
folder, name, each = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
for i in range(each):
    if i % 20 == 0:
        engine = Engine(folder)
        page = engine.search(("love", "rain", "black", "coffee")[i // 20 % 4], seed=i, session=name)
    action = ("click", "play", "like", "dislike")[i % 4]
    receipt = engine.feedback(1 + i % len(page.results), search_id=page.search_id, action=action, event_id=f"{name}-{i}")
    assert receipt.kept == 1, receipt
    print(f"{name}-{i}", flush=True)
    if i % 20 == 19:
        engine.close()
"""
SEARCH = """
import sys
from ltrr_cli.engine import Engine
sys.stdin.readline()
with Engine(sys.argv[1]) as engine:
    for i in range(int(sys.argv[2])):
        page = engine.search("love" if i % 2 else "winter rain", seed=i)
        assert page.results
        print(page.search_id, flush=True)
"""
CHANGE = """
import json, sys
import ltrr_cli
folder, catalog, name, rounds = *sys.argv[1:4], int(sys.argv[4])
sys.stdin.readline()
for i in range(rounds):
    path = f"{catalog}-{name}-{i}.jsonl"
    with open(path, "w") as f:
        f.write(json.dumps({"id": f"{name}-{i}", "type": "track", "name": f"Brand new love {name} {i}", "artist": "Nobody"}))
    assert ltrr_cli.add([path], folder).entities == 1
    if i % 2:
        assert ltrr_cli.delete([f"{name}-{i - 1}"], folder) == (1, [])
    print(i, flush=True)
"""
READ = """
import sys
from ltrr_cli.engine import Engine
from ltrr_cli.errors import WorkspaceError

def read(i):
    with Engine(sys.argv[1]) as engine:
        page = engine.search("soundgarden yesterday love", seed=i, log=False)
        assert {"artist-0", "track-4-3"} & {result.id for result in page.results}, page
        rows = engine.generation.rows
        assert engine.generation.columns.id(0) == "artist-0"
        assert engine.generation.columns.id(56) == "product-9"
        engine.generation.columns.head(rows - 1)
        assert engine.generation.vectors is not None and engine.generation.vectors.rows == rows

sys.stdin.readline()
for i in range(int(sys.argv[2])):
    try:
        read(i)
    except WorkspaceError as error:  # two changes while it was opened
        assert "search again" in error.hint, error
        read(i)
    print(i, flush=True)
"""


def together(processes: list[Any]) -> list[list[str]]:
    """Let all of them go at once; return what each has acknowledged."""
    said: list[tuple[str, str]] = [("", "")] * len(processes)

    def wait(i: int) -> None:
        said[i] = processes[i].communicate("go\n", timeout=120)

    threads = [threading.Thread(target=wait, args=(i,)) for i in range(len(processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process, (_, err) in zip(processes, said, strict=True):
        assert process.returncode == 0, err
    return [out.split() for out, _ in said]


def test_every_acknowledged_event_is_counted_once_while_others_search_and_change(
    own: str, tmp_path: Any, process: Process
) -> None:
    senders = [process(SEND, own, f"p{i}", str(EACH)) for i in range(SENDERS)]
    searchers = [process(SEARCH, own, "40") for _ in range(SEARCHERS)]
    changer = process(CHANGE, own, str(tmp_path / "new"), "n", "6")
    said = together([*senders, *searchers, changer])
    acknowledged = [event for events in said[:SENDERS] for event in events]
    searched = [search for searches in said[SENDERS:-1] for search in searches]
    assert len(acknowledged) == SENDERS * EACH
    with Engine(own) as engine:
        lines = list(engine.export())
        events = Counter(line["event_id"] for line in lines if line["kind"] == "event")
        assert events == Counter(acknowledged)
        logged = {line["search_id"] for line in lines if line["kind"] == "search"}
        assert logged >= set(searched)
        assert len(logged) == len(searched) + SENDERS * -(-EACH // 20)
        assert engine.store.check() == []
        kept = engine.store.policy_state()
        assert kept.version > 0
        assert kept.to_bytes() == fold(engine.store, engine.settings).to_bytes(), "what was learned is what the log says"
        assert engine.generation.meta["live"] == 57 + 3


def test_two_writers_of_the_index_wait_for_each_other(own: str, tmp_path: Any, process: Process) -> None:
    together([process(CHANGE, own, str(tmp_path / "new"), name, "4") for name in ("a", "b")])
    with Engine(own) as engine:
        assert engine.generation.meta["live"] == 57 + 4
        assert engine.generation.name == f"{1 + 2 * 6:08d}"
        for name in ("a", "b"):
            for i in range(4):
                assert (engine.generation.text.row_of(f"{name}-{i}") is not None) == bool(i % 2)


def test_who_reads_during_changes_sees_one_whole_index(own: str, tmp_path: Any, process: Process) -> None:
    reader, changer = process(READ, own, "40"), process(CHANGE, own, str(tmp_path / "new"), "n", "6")
    read, changed = together([reader, changer])
    assert (len(read), len(changed)) == (40, 6)


def test_a_writer_gives_up_waiting_in_its_own_time(own: str) -> None:
    with Workspace(own).writing():
        Path(own, "ltrr.toml").write_text("busy_timeout = 0.05\n")
        with pytest.raises(BusyError) as error:
            ltrr_cli.delete(["track-3-0"], own)
    assert error.value.hint
    assert ltrr_cli.delete(["track-3-0"], own) == (1, [])
