"""Building tells what became of every record, and leaves the log alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import CatalogError, EncoderError, LtrrError

Catalog = Callable[..., str]
ROWS = [{"id": str(i), "name": f"Song {i}", "artist": "Somebody"} for i in range(5)]


@pytest.fixture
def state(tmp_path: Path) -> str:
    return str(tmp_path / "state")


def test_bad_records_are_counted_named_and_left_out(state: str, tmp_path: Path) -> None:
    source = tmp_path / "songs.jsonl"
    lines = [json.dumps(row) for row in ROWS]
    source.write_text("\n".join([*lines[:2], "{broken", lines[2], json.dumps(ROWS[0]), json.dumps({"name": "no id"})]) + "\n")
    built = ltrr_cli.build([str(source)], state)
    assert (built.entities, built.bad) == (3, 3)
    assert [problem.split("songs.jsonl:")[1].split(":")[0] for problem in built.problems] == ["3", "5", "6"]
    with Engine(state) as engine:
        assert engine.status()["entities"] == 3


def test_strictly_the_first_bad_record_stops_it_and_nothing_is_indexed(state: str, tmp_path: Path) -> None:
    source = tmp_path / "songs.jsonl"
    source.write_text(json.dumps(ROWS[0]) + "\n{broken\n")
    with pytest.raises(CatalogError):
        ltrr_cli.build([str(source)], state, strict=True)
    with pytest.raises(LtrrError):
        Engine(state)


def test_a_fresh_index_keeps_the_log_and_what_was_learned(own: str, catalog: Catalog) -> None:
    with Engine(own) as engine:
        engine.search("yesterday")
        engine.feedback(1, action="like")
        before = list(engine.export())
    ltrr_cli.build([catalog(ROWS)], own)
    with Engine(own) as engine:
        assert list(engine.export()) == before
        assert engine.search("song 3", seed=1).results[0].id == "3"
        assert engine.search("yesterday", arms=["memory"]).results == (), "what it remembers is not in this catalog"


def test_progress_is_told_stage_by_stage(state: str, catalog: Catalog) -> None:
    told: list[tuple[str, int, int | None]] = []
    rows = [{"id": str(i), "name": f"Song {i}"} for i in range(2500)]
    ltrr_cli.build([catalog(rows)], state, progress=lambda *step: told.append(step))
    assert told[:2] == [("reading", 1024, None), ("reading", 2048, None)]
    assert ("indexing", 2500, 2500) in told
    assert told[-1] == ("linking", 2500, 2500)


def test_without_a_graph_the_vectors_are_compared_one_by_one(state: str, catalog: Catalog) -> None:
    ltrr_cli.build([catalog(ROWS)], state, graph=False)
    with Engine(state, graph=True) as engine:
        assert engine.status()["graph"] is False
        assert engine.search("song 3", arms=["semantic"], seed=1).results


def test_an_unknown_encoder_is_refused_before_anything_is_written(state: str, catalog: Catalog) -> None:
    with pytest.raises(EncoderError) as error:
        ltrr_cli.build([catalog(ROWS)], state, encoder="statik")
    assert error.value.hint == "did you mean 'static'?"
    assert not Path(state).exists()


def test_what_was_added_by_the_thousand_is_all_there(own: str, catalog: Catalog) -> None:
    rows = [{"id": f"x{i}", "type": "track", "name": f"Bulk {i}", "artist": "Many Hands"} for i in range(1500)]
    assert ltrr_cli.add([catalog(rows)], own).entities == 1500
    with Engine(own, graph=True) as engine:
        assert engine.generation.meta["live"] == 1557
        for i in (0, 777, 1499):
            row = engine.generation.text.row_of(f"x{i}")
            assert row is not None
            assert engine.generation.columns.head(row) == (f"x{i}", "track", f"Bulk {i}", rows[i])
            assert engine.search(f"bulk {i}", arms=["semantic"], log=False).results[0].id == f"x{i}"
    assert ltrr_cli.delete([f"x{i}" for i in range(1500)], own) == (1500, [])


def test_odd_characters_in_a_catalog_are_indexed_and_found(state: str, tmp_path: Path) -> None:
    source = tmp_path / "odd.jsonl"
    rows = [
        {"id": "a b", "name": "a\u202eb\u2028c half"},
        {"id": "AND", "name": "null \0 byte"},
        {"id": "東", "name": "👍"},
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert ltrr_cli.build([str(source)], state).entities == 3
    with Engine(state) as engine:
        assert engine.search("half", seed=1).results[0].id == "a b"
        assert engine.search("null byte", seed=1).results[0].id == "AND"
        assert engine.search("👍", seed=1).results[0].id == "東"
        for entity in ("a b", "AND", "東"):
            engine.search("zzz")
            assert engine.feedback(id=entity).kept == 1
    assert ltrr_cli.delete(["AND", "a b"], state) == (2, [])


def test_every_file_tells_the_languages_of_a_catalog(state: str, tmp_path: Path) -> None:
    english = [{"id": f"en{i}", "name": f"The story of the house {i} and the one in the river"} for i in range(2500)]
    german = [{"id": f"de{i}", "name": f"Das Haus {i} und der Hund mit den Liedern"} for i in range(100)]
    for name, rows in (("a", english), ("b", german)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    ltrr_cli.build([str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")], state, graph=False)
    with Engine(state) as engine:
        assert set(engine.generation.meta["languages"]) == {"de", "en"}


def test_a_pipe_among_files_is_read_once(state: str, tmp_path: Path) -> None:
    for name, rows in (("a", ROWS[:2]), ("b", ROWS[2:4])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    pipe = tmp_path / "c.jsonl"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=(json.dumps(ROWS[4]) + "\n",))
    writer.start()
    built = ltrr_cli.build([str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), str(pipe)], state, graph=False)
    writer.join()
    assert built.entities == 5
