"""Adding and deleting: visible to every arm when the call returns, in one step, and only for who looks anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.errors import CatalogError, WorkspaceError

Catalog = Callable[..., str]
NEW = {"id": "new", "type": "track", "name": "Zeppelin over Kraków", "artist": "Soundgarden", "year": 2024, "popularity": 50}
# memory knows an entity once it was acted on; the structured arm claims nothing where no word is a value
WORDED = [arm for arm in ARMS if arm not in ("memory", "structured", "related", "personal")]


def ids(folder: str, text: str, **options: Any) -> list[str]:
    with Engine(folder) as engine:
        return [result.id for result in engine.search(text, log=False, seed=1, **options).results]


def test_what_was_added_is_found_by_every_arm(own: str, catalog: Catalog) -> None:
    built = ltrr_cli.add([catalog([NEW])], own)
    assert (built.entities, built.bad) == (1, 0)
    with Engine(own) as engine:
        assert engine.generation.name == built.generation
        engine.search("zeppelin krakow", seed=1)
        engine.feedback(id="new", action="like")
        for arm in [*WORDED, "memory"]:
            assert engine.search("zeppelin krakow", arms=[arm], log=False).results[0].id == "new", arm
        for arm in WORDED:
            assert engine.search("krakow", arms=[arm], log=False).results[0].id == "new", arm
        assert engine.generation.meta["live"] == 58
        head = engine.generation.columns.head(57)
    assert head == ("new", "track", NEW["name"], NEW)


def test_an_entity_that_is_there_is_replaced_wholly(own: str, catalog: Catalog) -> None:
    changed = {"id": "track-3-0", "type": "track", "name": "Quite Another Title", "artist": "Nobody", "popularity": 1}
    ltrr_cli.add([catalog([changed])], own)
    assert ids(own, "quite another title")[0] == "track-3-0"
    assert "track-3-0" not in ids(own, "love story", arms=["lexical"])
    assert ids(own, "love story").count("track-3-0") <= 1
    with Engine(own) as engine:
        assert engine.generation.meta["live"] == 57
        assert engine.generation.meta["counts"] == {"artist": 10, "track": 37, "product": 10}
        row = engine.generation.text.row_of("track-3-0")
        assert row == 57
        assert engine.generation.columns.head(row)[3] == changed


def test_what_was_deleted_is_found_by_no_arm_and_can_come_back(own: str, catalog: Catalog) -> None:
    with Engine(own) as engine:
        for _ in range(3):
            engine.search("halo", seed=1)
            engine.feedback(id="track-7-0", action="like")
    assert ltrr_cli.delete(["track-7-0", "nobody", "track-7-0", ""], own) == (1, ["nobody", ""])
    for arm in ARMS:
        assert "track-7-0" not in ids(own, "halo", arms=[arm], limit=50), arm
    assert ltrr_cli.delete(["track-7-0"], own) == (0, ["track-7-0"])
    ltrr_cli.add([catalog([{"id": "track-7-0", "type": "track", "name": "Halo", "artist": "Beyoncé"}])], own)
    for arm in [*WORDED, "memory", "structured"]:
        assert ids(own, "halo", arms=[arm])[0] == "track-7-0", arm


def test_a_word_counts_the_entities_that_hold_it_now(own: str, catalog: Catalog) -> None:
    changed = {"id": "track-4-3", "type": "track", "name": "Yesterday", "artist": "The Beatles"}
    ltrr_cli.add([catalog([changed])], own)
    with Engine(own) as engine:
        assert engine.generation.vocabulary.count("yesterday") == 1
    ltrr_cli.delete(["track-4-3"], own)
    with Engine(own) as engine:
        assert engine.generation.vocabulary.count("yesterday") == 0


def test_deleting_nothing_makes_no_generation(own: str) -> None:
    before = sorted(os.listdir(os.path.join(own, "generations")))
    assert ltrr_cli.delete(["nobody"], own) == (0, ["nobody"])
    assert ltrr_cli.delete([], own) == (0, [])
    assert sorted(os.listdir(os.path.join(own, "generations"))) == before


def test_everything_can_be_deleted_and_something_added(own: str, catalog: Catalog) -> None:
    with Engine(own) as engine:
        everything = [engine.generation.columns.id(row) for row in range(engine.generation.rows)]
    assert ltrr_cli.delete(everything, own) == (57, [])
    for arm in ARMS:
        assert ids(own, "love", arms=[arm]) == []
    ltrr_cli.add([catalog([NEW])], own)
    assert ids(own, "zeppelin") == ["new"]


def test_a_new_type_and_a_new_language_are_found(own: str, catalog: Catalog) -> None:
    rows = [
        {"id": "b1", "type": "book", "name": "Der Zauberberg", "artist": "Thomas Mann", "popularity": 9},
        {"id": "b2", "type": "book", "name": "Преступление и наказание", "artist": "Достоевский", "popularity": 8},
    ]
    ltrr_cli.add([catalog(rows)], own)
    assert ids(own, "zauberberg", types=["book"]) == ["b1"]
    assert ids(own, "достоевский", types=["book"])[0] == "b2"
    assert "b1" not in ids(own, "zauberberg", types=["track"])
    with Engine(own) as engine:
        assert engine.generation.types == ["artist", "track", "product", "book"]
        assert engine.generation.meta["counts"]["book"] == 2


def test_words_that_were_added_are_known_to_spelling_and_suggesting(own: str, catalog: Catalog) -> None:
    ltrr_cli.add([catalog([NEW])], own)
    assert ids(own, "zeppelni")[0] == "new"
    with Engine(own) as engine:
        assert [s.text for s in engine.suggest("zepp")] == ["zeppelin over krakow", "zeppelin"]
        assert engine.generation.vocabulary.count("soundgarden") == 6


def test_who_had_the_index_open_sees_it_as_it_was(own: str, catalog: Catalog) -> None:
    with Engine(own) as asked, Engine(own) as never_asked:
        page = asked.search("soundgarden", log=False, seed=1)
        ltrr_cli.add([catalog([NEW, {"id": "track-0-0", "type": "track", "name": "Gone"}])], own)
        for engine in (asked, never_asked):
            again = engine.search("soundgarden", log=False, seed=1)
            assert [r.id for r in again.results] == [r.id for r in page.results]
            assert engine.search("black hole sun", log=False, seed=1).results[0].id == "track-0-0"
            assert engine.generation.columns.id(56) == "product-9"
            assert engine.generation.text.row_of("new") is None


def test_who_had_the_index_open_and_first_asks_two_changes_later_gets_an_answer(own: str) -> None:
    with Engine(own) as engine:
        for i in range(2):
            ltrr_cli.delete([f"product-{i}"], own)
        assert engine.search("yesterday", log=False, seed=1).results[0].title == "Yesterday"


def test_an_index_that_was_searched_stays_searchable_however_often_it_changes(own: str, catalog: Catalog) -> None:
    with Engine(own) as engine:
        pages = [engine.search("black rain", arms=[arm], log=False, seed=1).results for arm in ARMS]
        for i in range(4):
            ltrr_cli.delete([f"product-{i}"], own)
        assert [engine.search("black rain", arms=[arm], log=False, seed=1).results for arm in ARMS] == pages


def test_a_change_that_fails_changes_nothing(own: str, catalog: Catalog, tmp_path: Path) -> None:
    before = sorted(os.listdir(os.path.join(own, "generations")))
    cut = tmp_path / "cut.jsonl"
    for content in ("", json.dumps(NEW) + "\nnot JSON\n", '{"title": "no id"}\n'):
        cut.write_text(content)
        with pytest.raises(CatalogError):
            ltrr_cli.add([str(cut)], own, strict=True)
        assert sorted(os.listdir(os.path.join(own, "generations"))) == before
        with Engine(own) as engine:
            assert [engine.generation.columns.id(row) for row in (0, 56)] == ["artist-0", "product-9"]
            assert engine.generation.text.row_of("new") is None
            assert engine.search("desk lamp", log=False, seed=1).results[0].id == "product-9"


def test_there_is_nothing_to_change_where_there_is_no_index(tmp_path: Path, catalog: Catalog) -> None:
    nowhere = str(tmp_path / "none")
    attempts: list[Callable[[], object]] = [
        lambda: ltrr_cli.add([catalog([NEW])], nowhere),
        lambda: ltrr_cli.delete(["a"], nowhere),
    ]
    for change in attempts:
        with pytest.raises(WorkspaceError) as error:
            change()
        assert "ltrr index" in error.value.hint
    assert not os.path.exists(nowhere)
