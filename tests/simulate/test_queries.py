"""Queries: read from files, and made from a catalog with everything that is relevant to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.errors import LtrrError, SimulationError
from ltrr_cli.index.generation import Generation
from ltrr_cli.simulate.needs import Need, given
from ltrr_cli.simulate.queries import KINDS, entities, invented
from ltrr_cli.simulate.slips import slip
from ltrr_cli.understand.normalise import words
from ltrr_cli.workspace import Workspace


@pytest.fixture(scope="module")
def made(shop: str) -> list[Need]:
    return invented(opened(shop), 30, seed=1)


def opened(folder: str) -> Generation:
    workspace = Workspace(folder).open()
    return Generation(workspace.generation(workspace.current()))


def test_each_class_has_its_share_and_each_query_something_relevant(made: list[Need]) -> None:
    counts = Counter(need.kind for need in made)
    assert set(counts) >= {"exact", "misspelt", "attribute", "long"}
    assert max(counts.values()) <= 6  # 30 over five classes
    assert len({need.text for need in made}) == len({need.id for need in made}) == len(made)
    assert all(need.relevant and set(need.relevant.values()) == {1.0} for need in made)


def test_an_exact_query_is_a_title_perhaps_with_its_maker(made: list[Need], shop: str) -> None:
    known = {entity.id: entity for entity in entities(opened(shop), range(opened(shop).rows))}
    for need in made:
        if need.kind in ("exact", "long"):
            for entity in map(known.__getitem__, need.relevant):
                said = {*words(entity.title), *(word for maker in entity.creator for word in words(maker))}
                assert said & set(words(need.text))


def test_a_misspelt_query_has_a_word_that_its_entity_has_not(made: list[Need], shop: str) -> None:
    known = {entity.id: entity for entity in entities(opened(shop), range(opened(shop).rows))}
    for need in made:
        if need.kind == "misspelt":
            entity = known[next(iter(need.relevant))]
            assert not set(words(need.text)) <= {*words(entity.title), *words(" ".join(entity.creator))}


def test_a_seed_makes_the_same_queries_again(made: list[Need], shop: str) -> None:
    assert invented(opened(shop), 30, seed=1) == made != invented(opened(shop), 30, seed=2)


def test_only_entities_of_the_types_asked_for_are_relevant(shop: str) -> None:
    generation = opened(shop)
    kinds = {generation.columns.id(row): generation.columns.type(row) for row in range(generation.rows)}
    made = invented(generation, 20, seed=1, types=("product",))
    assert {kinds[entity] for need in made for entity in need.relevant} == {"product"}


def built(rows: list[dict[str, Any]], catalog: Callable[..., str], folder: Path) -> Generation:
    ltrr_cli.build([catalog(rows)], str(folder / "state"))
    return opened(str(folder / "state"))


def test_relevant_is_all_that_has_what_is_named_and_what_is_it(catalog: Callable[..., str], tmp_path: Path) -> None:
    ours = {"type": "song", "artist": "Ada", "album": "Blue Days", "mood": "calm"}
    songs = [{"id": f"s{i}", "title": f"song {'abcd'[i]}", **ours} for i in range(4)]
    others = [{"id": f"o{i}", "type": "song", "title": f"other {i}", "artist": f"Bo{i}", "mood": "loud"} for i in range(30)]
    album = {"id": "al", "type": "album", "title": "Blue Days", "artist": "Ada"}
    generation = built([*songs, *others, album], catalog, tmp_path)
    made = {need.text: set(need.relevant) for need in invented(generation, 200, seed=3)}
    named = [text for text in made if set(text.split()) == {"ada", "blue", "days"}]
    assert named
    # the four songs by Ada on that album, and the album itself
    assert all(made[text] == {"s0", "s1", "s2", "s3", "al"} for text in named)


def test_a_catalog_of_nothing_that_can_be_asked_for_says_so(catalog: Callable[..., str], tmp_path: Path) -> None:
    longer = "one two three four five six seven eight nine ten eleven twelve thirteen"
    with pytest.raises(SimulationError):
        invented(built([{"id": "1", "title": longer}, {"id": "2", "title": f"{longer} more"}], catalog, tmp_path), 10, seed=1)


def test_entities_come_back_from_the_index_as_they_were(shop: str) -> None:
    generation = opened(shop)
    found = {entity.id: entity for entity in entities(generation, range(generation.rows))}
    shoe = found["product-0"]
    assert (shoe.title, shoe.creator, shoe.price) == ("Trail running shoe", ("Solstice",), 89.0)
    assert "stony trails" in shoe.text


def test_a_slip_changes_no_first_letter_and_no_short_word() -> None:
    for seed in range(300):
        changed = slip("the blank space of it", Random(seed)).split()
        assert [word[0] for word in changed] == list("tbsoi")
        assert (changed[0], changed[3], changed[4]) == ("the", "of", "it")
        assert sum(a != b for a, b in zip(changed, ["the", "blank", "space", "of", "it"], strict=True)) <= 1
    assert {slip("aaaa", Random(seed)) for seed in range(50)} <= {"aaa", "aaaaa", "asaa", "aasa"}
    assert slip("to be or not", Random(1)) == "to be or not"


def test_given_queries_have_the_relevance_of_their_grades(tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("q1\tred shoe\nq2\tblue hat\tattribute\nq3\tnothing\n", "utf-8")
    (tmp_path / "r.txt").write_text("q1 0 a 3\nq1 0 b 1\nq1 0 c 0\nq2 0 a1 2\nq2 0 gone 3\nq3 0 gone 3\n", "utf-8")
    units = {"a": "a", "a1": "a", "b": "b", "c": "c"}
    needs, left_out = given(str(tmp_path / "q.tsv"), str(tmp_path / "r.txt"), units.get)
    assert needs == [
        Need("q1", "red shoe", {"a": 1.0, "b": 1 / 3}),
        Need("q2", "blue hat", {"a": 2 / 3}, "attribute"),
    ]
    assert left_out == 1


BROKEN = {
    "no tab": ("q1 red", ""),
    "twice": ("q1\ta\nq1\tb", "q1 0 a 1"),
    "grade": ("q1\ta", "q1 0 a high"),
    "none": ("q1\ta", "q1 0 x 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_that_are_none_are_named_with_their_line(name: str, tmp_path: Path) -> None:
    for file, text in zip(("q.tsv", "r.txt"), BROKEN[name], strict=True):
        (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(LtrrError, match=r"q\.tsv|r\.txt") as e:
        given(str(tmp_path / "q.tsv"), str(tmp_path / "r.txt"), {"a": "a"}.get)
    assert e.value.hint


def test_every_class_has_a_way_of_making_it_that_says_what_it_is() -> None:
    assert list(KINDS) == ["exact", "misspelt", "attribute", "topic", "long"]
    assert all(make.__doc__ for make in KINDS.values())
