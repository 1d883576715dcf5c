"""Where a whole query is values of attributes, what has them is wanted; and how much of its title a query says."""

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


NIGHT, REGGAE, SKA, BOB, TRACK = (
    slot("mood", "night"),
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
    fit = wanted(Query("", interpretations=readings, words=()), engine.generation.columns)
    if fit is None:
        return None
    return {engine.generation.columns.id(row): round(fit(row), 3) for row in range(4)}


def test_what_has_the_values_fits_by_how_sure_they_are_meant(engine: Engine) -> None:
    # (.9 - .5) / .5 = .8; the last one's .5 is in the second third, which counts .67: (.9 * .67 - .5) / .5 = .206
    # "Reggae Night" says it in its title: (.9 * .8 - .5) / .5 = .44
    assert fits(engine, Interpretation(0.9, (REGGAE,))) == {"0": 0.44, "1": 0.8, "2": 0.8, "3": 0.206}
    assert fits(engine, Interpretation(0.5, (REGGAE,))) == dict.fromkeys("0123", 0)


def test_all_values_of_a_reading_are_wanted_and_its_kind(engine: Engine) -> None:
    # several fields: (.9 - .15) / .85 = .882; (.9 * .67 - .15) / .85 = .533; (.9 * .8 - .15) / .85 = .671
    assert fits(engine, Interpretation(0.9, (REGGAE, TRACK))) == {"0": 0.671, "1": 0.882, "2": 0, "3": 0.533}
    # ska is in the first third of the second one's scale, .33 * 1: less than as likely as not
    assert fits(engine, Interpretation(1.0, (REGGAE, SKA))) == {"0": 0, "1": 0, "2": 0, "3": 0.34}


def test_a_name_is_wanted_beside_an_attribute_or_a_kind(engine: Engine) -> None:
    assert fits(engine, Interpretation(0.9, (BOB, REGGAE))) == {"0": 0, "1": 0.882, "2": 0.882, "3": 0.533}
    assert fits(engine, Interpretation(0.9, (BOB, TRACK)))["1"] == 0.882  # type: ignore[index]


def test_several_values_at_once_are_rarely_chance(engine: Engine) -> None:
    assert fits(engine, Interpretation(0.4, (REGGAE,))) is None
    assert fits(engine, Interpretation(0.4, (BOB, REGGAE)))["1"] == 0.294  # type: ignore[index]


def test_readings_add_up(engine: Engine) -> None:
    assert fits(engine, Interpretation(0.5, (REGGAE,)), Interpretation(0.4, (SKA,))) == {"0": 0, "1": 0, "2": 0.264, "3": 0.47}


def test_only_values_of_attributes_are_said_by_a_title(engine: Engine) -> None:
    assert fits(engine, Interpretation(1.0, (NIGHT,))) == {"0": 0.6, "1": 0, "2": 0, "3": 0}  # (.8 - .5) / .5
    jimmy = slot("creator", "reggae")
    assert fits(engine, Interpretation(1.0, (jimmy, TRACK))) == dict.fromkeys("0123", 0)


@pytest.mark.parametrize(
    "reading",
    [
        Interpretation(0.9, (REGGAE,), ("night",)),  # a word is left over
        Interpretation(0.9, (BOB,)),  # no more than a name
        Interpretation(0.9, (TRACK,)),  # no more than a kind
        Interpretation(0.4, (REGGAE,)),
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
