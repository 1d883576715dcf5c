"""The related arm: what the catalog's own links lead to from what matches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.arms.base import Sources
from ltrr_cli.arms.related import links
from ltrr_cli.engine import Engine
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.understand.query import understand

Indexed = Callable[..., Generation]


EVERYTHING = tuple(("tracks", i) for i in ("wall", "shark", "spades", *map(str, range(500))))


def track(i: str, title: str, artist: str = "", album: str = "", **more: object) -> Entity:
    return Entity(i, "track", title, (artist,) if artist else (), attributes={"album": {album: 1.0}} if album else {}, **more)  # type: ignore[arg-type]


@pytest.fixture
def catalog(indexed: Indexed) -> Generation:
    """Two bands; albums and lists hold tracks by id, tracks name their artist and album, one track its album's id."""
    return indexed(
        Entity("accept", "artist", "Accept"),
        Entity("motor", "artist", "Motörhead"),
        track("wall", "Balls to the Wall", "Accept", "Balls to the Wall", links=(("album_id", "walls"),)),
        track("shark", "Fast as a Shark", "Accept", "Restless and Wild"),
        track("spades", "Ace of Spades", "Motörhead", "Overkill"),
        Entity("walls", "album", "Balls to the Wall", ("Accept",)),
        Entity("restless", "album", "Restless and Wild", ("Accept",), links=(("tracks", "shark"),)),
        Entity("overkill", "album", "Overkill", ("Motörhead",)),
        Entity("other", "album", "Restless and Wild", ("Somebody Else",)),
        Entity("metal", "playlist", "Headbanging", links=(("tracks", "wall"), ("tracks", "spades"))),
        Entity("all", "playlist", "Everything", links=EVERYTHING),
    )  # fmt: skip


def neighbours(generation: Generation, entity: str) -> set[str]:
    row = generation.text.row_of(entity)
    assert row is not None
    return {generation.columns.id(other) for other, _ in links(generation, row)}


def drawn(generation: Generation, text: str, *types: str, where: str = "") -> list[str]:
    sources = Sources(generation, lambda query: [], lambda ids: {})
    query = understand(text, generation.vocabulary, generation.text.together, types=types, where=where)
    return [generation.columns.id(hit.row) for hit in sources.draw("related", query)]


@pytest.mark.parametrize(
    ("entity", "wanted"),
    [
        ("wall", {"accept", "walls", "metal", "all"}),  # by its artist's name, its album's id, lists that hold it
        ("shark", {"accept", "restless", "all"}),  # the album of that name that is by the same artist
        ("spades", {"motor", "overkill", "metal", "all"}),
        ("walls", {"accept", "wall"}),  # an id in another record, read backwards
        ("restless", {"accept", "shark"}),
        ("overkill", {"motor", "spades"}),  # only a name links them
        ("other", set()),
        ("accept", {"wall", "shark", "walls", "restless"}),
        ("metal", {"wall", "spades"}),
    ],
)
def test_links_lead_both_ways_by_id_and_by_name(entity: str, wanted: set[str], catalog: Generation) -> None:
    assert neighbours(catalog, entity) == wanted


def test_a_link_counts_by_its_kind_and_less_to_each_of_many(catalog: Generation) -> None:
    ids = catalog.columns.id
    counts: dict[str, float] = {}
    for row, part in links(catalog, catalog.text.row_of("wall") or 0):
        counts[ids(row)] = counts.get(ids(row), 0.0) + part
    assert counts["walls"] > counts["accept"] > counts["all"]
    assert counts["metal"] > 4 * counts["all"]  # one of two says more than one of five hundred


def test_a_song_leads_to_its_artist_albums_and_lists(catalog: Generation) -> None:
    assert drawn(catalog, "balls to the wall", "artist") == ["accept"]
    assert drawn(catalog, "ace of spades", "artist") == ["motor"]
    assert drawn(catalog, "ace of spades", "album") == ["overkill"]
    assert drawn(catalog, "fast as a shark", "album")[0] == "restless"
    assert drawn(catalog, "ace of spades", "playlist") == ["metal", "all"]


def test_a_filter_limits_what_is_shown_and_not_what_leads_there(catalog: Generation) -> None:
    assert drawn(catalog, "ace of spades", where="type = artist") == ["motor"]
    assert drawn(catalog, "ace of spades", where="type in (artist, album) and not title = overkill") == ["motor"]
    assert drawn(catalog, "ace of spades", "artist", where="type = album") == []


def test_an_artist_leads_to_what_they_made(catalog: Generation) -> None:
    assert set(drawn(catalog, "accept")[:4]) == {"wall", "shark", "walls", "restless"}
    assert set(drawn(catalog, "motorhead", "track")) == {"spades"}


def test_a_misspelt_name_leads_on_as_the_name_does(catalog: Generation) -> None:
    assert drawn(catalog, "ace of spaeds", "artist") == ["motor"]


def test_a_match_that_nothing_leads_to_comes_after_what_it_leads_to(catalog: Generation) -> None:
    found = drawn(catalog, "ace of spades")
    assert found.index("motor") < len(found) - 1
    assert "spades" in found
    assert drawn(catalog, "somebody else")[0] == "other"
    assert drawn(catalog, "xylophone") == []


def test_ids_that_are_nowhere_lead_nowhere(indexed: Indexed) -> None:
    generation = indexed(track("a", "Alone", links=(("album_id", "gone"), ("self", "a"))))
    assert neighbours(generation, "a") == set()
    assert drawn(generation, "alone") == ["a"]


def test_links_follow_what_is_added_and_deleted(tmp_path: Path) -> None:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    def related(text: str) -> list[str]:
        with Engine(folder) as engine:
            return drawn(engine.generation, text, "artist", "album")

    folder = str(tmp_path / "state")
    songs = "".join(f'{{"id": "t{i}", "type": "track", "name": "Song {i}", "artist": "Band {i}"}}\n' for i in range(5))
    ltrr_cli.build([write("a.jsonl", songs + '{"id": "b1", "type": "artist", "name": "Band 1"}\n')], folder, graph=False)
    assert related("song 1") == ["b1"]
    ltrr_cli.delete(["b1"], folder)
    assert related("song 1") == []
    ltrr_cli.add([write("b.jsonl", '{"id": "b2", "type": "artist", "name": "Band 1"}\n')], folder)
    assert related("song 1") == ["b2"]
