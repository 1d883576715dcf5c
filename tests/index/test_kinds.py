"""Which kind of entity has which fields, through changes of the index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.index.kinds import bears, reach

SHOES = [{"id": f"shoe{i}", "type": "shoe", "title": f"Boot {i}", "brand": "Norr"} for i in range(6)]
SONGS = [{"id": f"song{i}", "type": "song", "title": f"Tune {i}", "genre": "Rock" if i else None} for i in range(2)]


def written(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text(json.dumps(rows))
    return str(path)


def test_adding_and_deleting_are_counted(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    ltrr_cli.build([written(tmp_path / "shoes.json", SHOES)], state, graph=False)
    ltrr_cli.add([written(tmp_path / "songs.json", SONGS)], state)  # type: ignore[arg-type]
    with Engine(state) as engine:
        meta = engine.generation.meta
        assert meta["counts"] == {"shoe": 6, "song": 2}
        brand, genre = engine.asked.query("norr").interpretations, engine.asked.query("rock").interpretations
        (brands,), (genres,) = ({slot.field for one in read for slot in one.slots} for read in (brand, genre))
        assert (bears(meta, brands, "shoe"), bears(meta, genres, "shoe"), bears(meta, genres, "song")) == (True, False, True)
        assert reach(meta, genres) == pytest.approx(2 / 8)  # one of two songs: as common as it ever is among two entities
    ltrr_cli.delete(["song1", *(f"shoe{i}" for i in range(4))], state)
    with Engine(state) as engine:
        assert engine.generation.meta["counts"] == {"shoe": 2, "song": 1}
        assert not bears(engine.generation.meta, genres, "song")
        assert reach(engine.generation.meta, brands) == pytest.approx(2 / 3)


def test_what_is_said_of_one_kind_is_no_use_of_a_value_of_another(tmp_path: Path) -> None:
    songs = [{"id": f"s{i}", "type": "song", "title": f"Tune {i}", "genre": "blues"} for i in range(10)]
    shoes = [{"id": f"b{i}", "type": "shoe", "title": f"Blues Boot {i}", "brand": "Norr"} for i in range(90)]
    ltrr_cli.build([written(tmp_path / "all.json", songs + shoes)], str(tmp_path / "state"), graph=False)
    with Engine(str(tmp_path / "state")) as engine:
        (read,) = engine.asked.query("blues").interpretations
        # ten songs have it and 90 shoes are called so, of which a tenth counts by half: 10 / (10 + .5 * 90 * .1)
        assert read.slots[0].value == "blues"
        assert read.likelihood == pytest.approx(10 / 14.5, abs=1e-4)


def test_of_an_index_that_does_not_tell_nothing_is_ruled_out() -> None:
    assert bears({"counts": {"shoe": 1}}, "genre", "shoe")
    assert reach({"counts": {"shoe": 1}}, "genre") == 1
