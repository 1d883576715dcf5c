"""Where a whole query is values, what has them is wanted; and how much of its title a query says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.rank.features import named, wanted
from ltrr_cli.records import Correction, Interpretation, Query, Slot

ROWS = [
    {"id": "0", "type": "track", "title": "Reggae Night", "artist": "Jimmy", "genre": "Pop"},
    {"id": "1", "type": "track", "title": "Small Axe", "artist": "Bob", "genre": "Reggae"},
    {"id": "2", "type": "album", "title": "Burnin'", "artist": "Bob", "genre": {"Reggae": 1.0, "Ska": 0.3}},
    {"id": "3", "type": "track", "title": "Exodus", "artist": "Bob", "genre": {"Reggae": 0.5, "Ska": 1.0}},
]


def slot(field: str, value: str) -> Slot:
    return Slot(value, field, value, value)


REGGAE, SKA, BOB, TRACK = (
    slot("genre", "reggae"),
    slot("genre", "ska"),
    slot("creator", "bob"),
    slot("type", "track"),
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "songs.json").write_text(json.dumps(ROWS))
    ltrr_cli.build([str(tmp_path / "songs.json")], str(tmp_path / "state"), graph=False)
    return Engine(str(tmp_path / "state"))


def fits(engine: Engine, *readings: Interpretation) -> dict[str, float] | None:
    """How likely each entity is meant; the share of all readings that this is a part of stands under "told"."""
    generation = engine.generation
    found = wanted(Query("", interpretations=readings, words=()), generation.columns, generation.meta)
    if found is None:
        return None
    told, fit = found
    return {"told": round(told, 3)} | {generation.columns.id(row): round(fit(row), 3) for row in range(generation.rows)}


def test_what_has_the_values_fits_by_how_likely_they_are_meant(engine: Engine) -> None:
    # the last one's weight of .5 is in the second third, which counts .67; "Reggae Night" says it in its title: .9 * .8
    assert fits(engine, Interpretation(0.9, (REGGAE,))) == {"told": 0.9, "0": 0.72, "1": 0.9, "2": 0.9, "3": 0.603}


def test_all_values_of_a_reading_are_wanted_and_its_kind(engine: Engine) -> None:
    assert fits(engine, Interpretation(0.9, (REGGAE, TRACK))) == {"told": 0.9, "0": 0.72, "1": 0.9, "2": 0, "3": 0.603}
    # ska is in the first third of the second one's scale, .33
    assert fits(engine, Interpretation(1.0, (REGGAE, SKA))) == {"told": 1, "0": 0, "1": 0, "2": 0.33, "3": 0.67}


def test_names_are_wanted_like_other_values(engine: Engine) -> None:
    assert fits(engine, Interpretation(0.9, (BOB,))) == {"told": 0.9, "0": 0, "1": 0.9, "2": 0.9, "3": 0.9}
    assert fits(engine, Interpretation(0.9, (slot("title", "exodus"), BOB))) == {"told": 0.9, "0": 0, "1": 0, "2": 0, "3": 0.9}


def test_readings_add_up(engine: Engine) -> None:
    found = fits(engine, Interpretation(0.5, (REGGAE,)), Interpretation(0.4, (SKA,)))
    # .5 * .8; .5; .5 + .4 * .33; .5 * .67 + .4
    assert found == {"told": 0.9, "0": 0.4, "1": 0.5, "2": 0.632, "3": 0.735}


def test_only_values_of_attributes_are_said_by_a_title(engine: Engine) -> None:
    reggae = slot("creator", "reggae")
    assert fits(engine, Interpretation(1.0, (reggae, TRACK))) == {"told": 1, "0": 0, "1": 0, "2": 0, "3": 0}


def test_who_is_called_so_is_meant_as_well(tmp_path: Path) -> None:
    rows = [
        {"id": "0", "type": "artist", "title": "Bob"},
        {"id": "1", "type": "track", "title": "Bob", "artist": "Ann", "album": "Blue"},
        {"id": "2", "type": "album", "title": "Blue", "artist": "Ann"},
        {"id": "3", "type": "track", "title": "Blue", "artist": "Bob", "album": "Red"},
    ]
    (tmp_path / "songs.json").write_text(json.dumps(rows))
    ltrr_cli.build([str(tmp_path / "songs.json")], str(tmp_path / "state"), graph=False)
    with Engine(str(tmp_path / "state")) as engine:
        assert fits(engine, Interpretation(1.0, (BOB,))) == {"told": 1, "0": 1, "1": 0, "2": 0, "3": 1}
        assert fits(engine, Interpretation(1.0, (slot("album", "blue"),))) == {"told": 1, "0": 0, "1": 1, "2": 1, "3": 0.8}


def test_a_title_says_nothing_of_fields_that_its_kind_has_not(tmp_path: Path) -> None:
    toys = [{"id": f"t{i}", "type": "toy", "title": f"Blocks {i}", "age": "child"} for i in range(5)]
    songs = [{"id": f"s{i}", "type": "song", "title": title, "singer": "Ann"} for i, title in enumerate(["Child", "Wild Child"])]
    toys.append({"id": "t5", "type": "toy", "title": "Child Seat", "age": "baby"})
    (tmp_path / "mixed.json").write_text(json.dumps(toys + songs))
    ltrr_cli.build([str(tmp_path / "mixed.json")], str(tmp_path / "state"), graph=False)
    with Engine(str(tmp_path / "state")) as engine:
        found = fits(engine, Interpretation(0.5, (slot("age", "child"),)))
    assert found == {"told": 0.5, **{f"t{i}": 0.5 for i in range(5)}, "t5": 0.4, "s0": 0, "s1": 0}


@pytest.mark.parametrize(
    "reading",
    [
        Interpretation(0.9, (REGGAE,), ("night",)),  # a word is left over
        Interpretation(0.9, (TRACK,)),  # no more than a kind
    ],
)
def test_other_queries_say_nothing(engine: Engine, reading: Interpretation) -> None:
    assert fits(engine, reading) is None
    assert fits(engine) is None


def said(engine: Engine, query: Query) -> list[float]:
    share = named(query, engine.generation.columns)
    return [round(share(row), 3) for row in range(4)]


def test_a_title_is_named_by_the_share_of_its_letters(engine: Engine) -> None:
    assert said(engine, Query("axe", ("axe",))) == [0, 0.375, 0, 0]  # 3 of the 8 letters of "small axe"
    assert said(engine, Query("small axe", ("small", "axe"))) == [0, 1, 0, 0]
    assert said(engine, Query("nights of bob", ("nights", "of", "bob"))) == [0.455, 0, 0, 0]  # "night", 5 of 11


def test_a_title_is_named_by_what_is_meant(engine: Engine) -> None:
    slip = Correction("axxe", "axe", 0.9)
    assert said(engine, Query("axxe", ("axxe",), corrections=(slip,)))[1] == 0.375
    assert said(engine, Query("axxe", ("axxe",), corrections=(slip._replace(likelihood=0.3),)))[1] == 0
    assert said(engine, Query("", ())) == [0, 0, 0, 0]
