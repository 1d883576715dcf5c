"""Graph embeddings: who shares links and values stands near, whatever the words say."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path

import ltrr_cli
from ltrr_cli.arms.base import Sources
from ltrr_cli.engine import Engine
from ltrr_cli.index.generation import Generation
from ltrr_cli.index.ties import DIM, FILE
from ltrr_cli.records import Entity
from ltrr_cli.understand.query import understand

Indexed = Callable[..., Generation]
ROCK, SOUL = [f"rock{i}" for i in range(4)], [f"soul{i}" for i in range(4)]


def scene() -> list[Entity]:
    """Two circles of four songs each, held together by lists alone: titles, makers and names of lists share no words."""
    songs = [Entity(name, "track", name, (f"by {name}",)) for name in (*ROCK, *SOUL)]
    lists = [
        Entity(f"{circle[0]} list {n}", "playlist", f"Number {n}", links=tuple(("tracks", name) for name in circle))
        for circle in (ROCK, SOUL)
        for n in range(2)
    ]
    return [*songs, *lists, Entity("alone", "track", "Untied")]


def nearest(generation: Generation, entity: str, *types: str) -> list[str]:
    row, ties = generation.text.row_of(entity), generation.ties
    assert row is not None and ties is not None
    found = ties.search(array("f", ties.code(row)), 5, generation.columns.allowed(types))
    return [generation.columns.id(other) for other, _ in found if other != row]


def test_those_on_the_same_lists_stand_near_though_nothing_links_them(indexed: Indexed) -> None:
    generation = indexed(*scene())
    assert set(nearest(generation, "rock1", "track")[:3]) == {"rock0", "rock2", "rock3"}
    assert set(nearest(generation, "soul3", "track")[:3]) == {"soul0", "soul1", "soul2"}


def test_who_is_tied_to_nothing_stands_nowhere(indexed: Indexed) -> None:
    generation = indexed(*scene())
    row, ties = generation.text.row_of("alone"), generation.ties
    assert row is not None and ties is not None
    assert not any(ties.code(row))
    assert nearest(generation, "alone") == []


def test_a_value_that_few_share_ties_closer_than_one_that_all_have(indexed: Indexed) -> None:
    def piece(i: int, label: str) -> Entity:
        return Entity(str(i), "record", f"Piece {i}", attributes={"label": {label: 1.0}, "format": {"vinyl": 1.0}})

    generation = indexed(*(piece(i, "ECM" if i < 3 else f"label {i % 5}") for i in range(40)))
    assert set(nearest(generation, "0")[:2]) == {"1", "2"}


def test_the_related_arm_goes_on_to_what_stands_around_a_match_after_the_matches(indexed: Indexed) -> None:
    generation = indexed(*scene())
    sources = Sources(generation, lambda query: [], lambda ids: {})
    query = understand("rock1", generation.vocabulary, generation.text.together, types=("track",))
    found = [generation.columns.id(hit.row) for hit in sources.draw("related", query)]
    assert found[0] == "rock1"
    assert set(found[1:4]) == {"rock0", "rock2", "rock3"}


def test_what_is_added_takes_its_place_and_leaves_the_others_theirs(tmp_path: Path) -> None:
    def write(name: str, lines: str) -> str:
        (tmp_path / name).write_text(lines)
        return str(tmp_path / name)

    def song(i: int, artist: str, genre: str) -> str:
        return f'{{"id": "t{i}", "type": "track", "name": "Song {i}", "artist": "{artist}", "genre": "{genre}"}}\n'

    folder = str(tmp_path / "state")
    old = "".join(song(i, f"Band {i // 4}", "metal" if i < 12 else "samba") for i in range(24))
    ltrr_cli.build([write("a.jsonl", old)], folder, graph=False)
    with Engine(folder) as engine:
        before = (Path(engine.generation.folder) / FILE).read_bytes()
    ltrr_cli.add([write("b.jsonl", song(99, "Band 2", "metal"))], folder)
    with Engine(folder) as engine:
        after = (Path(engine.generation.folder) / FILE).read_bytes()
        assert set(nearest(engine.generation, "t99")) <= {"t8", "t9", "t10", "t11"}
    assert after[:-DIM] == before
    assert not ltrr_cli.check(folder).damaged
