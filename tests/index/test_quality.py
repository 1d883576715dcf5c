"""Quality is popularity where the catalog gives it, and else how often others refer to an entity."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import pytest

from ltrr_cli.index.generation import Generation
from ltrr_cli.index.quality import MANY, beside
from ltrr_cli.records import Entity

Indexed = Callable[..., Generation]


def test_popularity_counts_by_its_logarithm_against_the_most_popular(indexed: Indexed) -> None:
    given = [99.0, 9.0, 0.0, None, -5.0]
    generation = indexed(*(Entity(str(i), "track", f"t{i}", popularity=p) for i, p in enumerate(given)))
    qualities = [generation.columns.quality(row) for row in range(5)]
    assert qualities == pytest.approx([1.0, log(10) / log(100), 0.0, 0.0, 0.0])  # log(1 + p) / log(1 + 99)
    assert generation.meta["quality"]["popularity"] == {"track": 99}


def test_without_popularity_a_maker_is_as_well_known_as_the_entities_that_name_it_are_many(indexed: Indexed) -> None:
    tracks = [Entity(f"t{i}", "track", f"song {i}", creator=("Many",)) for i in range(3)]
    generation = indexed(
        Entity("many", "artist", "MANY!"),
        Entity("one", "artist", "Óne"),
        Entity("none", "artist", "None"),
        *tracks,
        Entity("t3", "track", "single", creator=("One", "Many")),
        Entity("t4", "track", "orphan", creator=("Not in the catalog",)),
        Entity("t5", "track", "of one", creator=("one",)),
    )
    # Many is named by four, One by two; a track has the quality of its best known maker.
    two, four = log(3) / log(1 + MANY), log(5) / log(1 + MANY)
    qualities = [generation.columns.quality(row) for row in range(generation.rows)]
    assert qualities == pytest.approx([four, two, 0, four, four, four, four, 0, two])
    assert generation.meta["quality"]["references"] == 4


def test_a_catalog_without_any_evidence_calls_all_alike(indexed: Indexed) -> None:
    generation = indexed(Entity("a", "track", "A", creator=("X",)), Entity("b", "track", "B"))
    assert [generation.columns.quality(row) for row in range(2)] == [0, 0]


def test_a_type_is_held_against_its_own_most_popular(indexed: Indexed) -> None:
    some = [Entity("t1", "track", "t1", popularity=3), Entity("t2", "track", "t2", popularity=1)]
    generation = indexed(*some, Entity("p1", "playlist", "p1", popularity=3000))
    assert [generation.columns.quality(row) for row in range(3)] == pytest.approx([1.0, log(2) / log(4), 1.0])


def test_a_type_of_which_nothing_is_known_is_like_the_rest(indexed: Indexed) -> None:
    some = [Entity("t1", "track", "t1", popularity=3), Entity("t2", "track", "t2", popularity=0)]
    generation = indexed(*some, Entity("p1", "product", "p1"), Entity("p2", "product", "p2"))
    assert [generation.columns.quality(row) for row in range(4)] == pytest.approx([1.0, 0.0, 0.5, 0.5])
    evidence = generation.meta["quality"]
    assert beside(-1, 0, "product", evidence) == 0.5
    assert beside(-1, 0, "track", evidence) == 0
    assert beside(9, 0, "track", evidence) == 1


def test_quality_is_between_nought_and_one_for_any_popularity(indexed: Indexed) -> None:
    given = [1e300, 5e-324, 0.5, 1.0]
    generation = indexed(*(Entity(str(i), "track", f"t{i}", popularity=p) for i, p in enumerate(given)))
    assert all(0 <= generation.columns.quality(row) <= 1 for row in range(4))
