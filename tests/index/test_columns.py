"""What is known of a row is what its entity said."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.index.columns import Columns, Writer, day
from ltrr_cli.index.facts import whole
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity

Indexed = Callable[..., Generation]
ENTITIES = [
    Entity("a\tb", "track", "Tab\tand\nline", date="1999-12-31", raw={"id": "a\tb", "n": 1, "deep": {"x": [1, None, "\t"]}}),
    Entity("東京 👍", "artist", "", date="2001", raw={"big": 2**70, "small": -0.5}),
    Entity("c", "track", "Third", raw={}),
    Entity("d", "a type with spaces", "Fourth", date="not a date", raw={"é": "\u2028"}),
]


def test_a_record_comes_back_as_it_was(indexed: Indexed) -> None:
    columns = indexed(*ENTITIES).columns
    for row, entity in enumerate(ENTITIES):
        assert columns.head(row) == (entity.id, entity.type, entity.title, entity.raw)
        assert columns.id(row) == entity.id
        assert columns.type(row) == entity.type


@given(st.lists(st.text(st.sampled_from('ab"\\ ,]\t÷é京\ud800\x7f')), min_size=1, max_size=4))
def test_a_name_and_an_id_are_read_as_they_were_written(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        writer = Writer(folder, 0, [])
        for text in texts:
            writer.add(Entity(text, "track", text))
        writer.quality(array("f", [0.0] * len(texts)))
        writer.finish(bytes(len(texts)))
        columns = Columns(folder, writer.rows, writer.types)
        for row, text in enumerate(texts):
            assert columns.id(row) == text
            assert columns.said(row).name == whole(text)


def test_dates_are_days_and_what_is_none_is_zero(indexed: Indexed) -> None:
    columns = indexed(*ENTITIES).columns
    assert [columns.born(row) for row in range(4)] == [day("1999-12-31"), day("2001-01-01"), 0, 0]
    assert day("1970-01-01") == 719163
    assert columns.newest(2) == [1, 0]
    assert columns.newest(9) == [1, 0, 3, 2]


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert 0 <= day(text) < 2**32


def test_allowed_rows_live_and_are_of_a_wanted_type(tmp_path: Path) -> None:
    writer = Writer(str(tmp_path), 0, [])
    for entity in ENTITIES:
        writer.add(entity)
    writer.quality(array("f", [0.1, 0.2, 0.3, 0.4]))
    writer.finish(bytes([0, 0, 1, 0]))
    columns = Columns(str(tmp_path), writer.rows, writer.types)
    assert [columns.alive(row) for row in range(4)] == [True, True, False, True]
    assert columns.newest(9) == [1, 0, 3]

    def rows(*types: str) -> list[int]:
        return [row for row in range(4) if columns.allowed(types)(row)]

    assert rows() == [0, 1, 3]
    assert rows("track") == [0]
    assert rows("artist", "a type with spaces") == [1, 3]
    assert rows("nothing of the kind") == []
    assert [columns.quality(row) for row in range(4)] == pytest.approx([0.1, 0.2, 0.3, 0.4])


def grown(folder: Path, rows: int, more: int) -> Writer:
    """Begin to add to columns of *rows* rows, as far as *more* entities."""
    writer = Writer(str(folder), rows, ["track"])
    for i in range(rows, rows + more):
        writer.add(Entity(str(i), "track", f"Song {i}", raw={"n": i}))
    return writer


def finished(folder: Path, rows: int, more: int) -> None:
    writer = grown(folder, rows, more)
    writer.quality(array("f", [0.5] * more))
    writer.finish(bytes(rows + more))


@pytest.mark.parametrize("more", [0, 1, 3000])
def test_rows_that_are_there_stay_readable_while_others_are_added(tmp_path: Path, more: int) -> None:
    finished(tmp_path, 0, 3)
    writer = grown(tmp_path, 3, more)  # not closed: somebody is at it
    columns = Columns(str(tmp_path), 3, ["track"])
    assert [columns.id(row) for row in range(3)] == ["0", "1", "2"]
    writer.finish(bytes(3 + more))
    assert [columns.id(row) for row in range(3)] == ["0", "1", "2"]


@pytest.mark.parametrize("more", [0, 1, 3000])
def test_what_was_begun_and_never_finished_leaves_no_trace(tmp_path: Path, more: int) -> None:
    finished(tmp_path, 0, 3)
    grown(tmp_path, 3, more).close()  # given up
    columns = Columns(str(tmp_path), 3, ["track"])
    assert [columns.id(row) for row in range(3)] == ["0", "1", "2"]
    finished(tmp_path, 3, 2)
    columns = Columns(str(tmp_path), 5, ["track"])
    assert [columns.head(row)[2] for row in range(5)] == [f"Song {i}" for i in range(5)]
    assert os.path.getsize(tmp_path / "records.at") == 6 * 8
