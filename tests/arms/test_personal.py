"""The personal arm: the same words find first what somebody likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

import ltrr_cli
from ltrr_cli.arms.base import Sources
from ltrr_cli.engine import Engine
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.understand.query import understand

Indexed = Callable[..., Generation]
NOW = 1_770_000_000.0
GENRES = ("pop", "jazz", "metal")


@pytest.fixture
def songs(indexed: Indexed) -> Generation:
    """Ninety love songs, thirty of each genre: pop is best known, metal least."""
    return indexed(
        *(
            Entity(f"{genre}{i}", "track", f"Love {i}", (f"{genre} {i}",), "", {"genres": {genre: 1.0}}, popularity=90 - 30 * g)
            for g, genre in enumerate(GENRES)
            for i in range(30)
        )
    )  # fmt: skip


def drawn(
    generation: Generation, past: Sequence[tuple[int, float]], text: str = "love", user: str | None = "ann", k: int = 100
) -> list[str]:
    sources = Sources(generation, lambda query: [], lambda ids: {}, lambda query: [past])
    query = understand(text, generation.vocabulary, generation.text.together, user=user, now=NOW)
    return [generation.columns.id(hit.row) for hit in sources.draw("personal", query, k)]


def test_likes_pull_what_shares_their_genre(songs: Generation) -> None:
    metal = [(60, 1.0), (61, 1.0), (62, 1.0)]
    assert {name[:5] for name in drawn(songs, metal)[:20]} == {"metal"}
    assert {name[:4] for name in drawn(songs, [(30, 1.0), (31, 1.0)])[:20]} == {"jazz"}


def test_what_was_disliked_is_left_out_and_its_like_sinks(songs: Generation) -> None:
    past = [(30, 1.0), (31, 1.0), (32, 1.0), (60, 1.0), (61, -1.0), (62, -1.0)]
    found = drawn(songs, past)
    assert not {"metal1", "metal2"} & set(found)
    assert {name[:4] for name in found[:10]} == {"jazz"}


def test_nothing_is_drawn_for_nobody_or_who_did_nothing(songs: Generation) -> None:
    assert drawn(songs, [(60, 1.0)], user=None) == []
    assert drawn(songs, []) == []
    assert drawn(songs, [(60, -1.0)]) == []


def test_what_fits_comes_even_where_the_taste_says_nothing(songs: Generation) -> None:
    assert drawn(songs, [(60, 1.0)], "love 7")[0][-1] == "7"
    assert len(drawn(songs, [(60, 1.0)])) == 90


def test_a_favourite_far_down_is_found(indexed: Indexed) -> None:
    crowd = [Entity(f"crowd{i}", "track", "Love", popularity=100) for i in range(300)]
    rare = Entity("rare", "track", "Love", ("Nobody",), popularity=1)
    liked = Entity("liked", "track", "Something else", ("Nobody",), popularity=1)
    generation = indexed(*crowd, rare, liked)
    assert "rare" not in drawn(generation, [(0, 1.0)])
    assert drawn(generation, [(301, 1.0)])[0] == "rare"


def test_a_user_and_a_session_that_act_get_their_own_lists(own: str) -> None:
    with Engine(own) as engine:

        def first(**who: str) -> list[str]:
            page = engine.search("love", arms=["personal"], now=NOW + 60, log=False, **who)  # type: ignore[arg-type]
            return [r.entity.get("artist", "") for r in page.results][:1]

        for user, band in (("swift", "Taylor Swift"), ("beatle", "The Beatles")):
            for text in ("style", "lover", "help", "yesterday"):
                page = engine.search(text, user=user, session="s", now=NOW)
                mine = [r.id for r in page.results if r.entity.get("artist") == band]
                if mine:
                    engine.feedback(id=mine[0], action="like", search_id=page.search_id, now=NOW)
        assert first(user="swift") == ["Taylor Swift"]
        assert first(user="beatle") == ["The Beatles"]
        assert first(user="stranger") == first(session="s") == first() == []
        page = engine.search("help", session="visit", now=NOW)
        engine.feedback(id=page.results[0].id, action="like", search_id=page.search_id, now=NOW)
        assert first(session="visit")[0] == page.results[0].entity["artist"]


def test_a_past_of_things_that_are_gone_is_no_past(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("halo", user="ann", now=NOW)
        gone = page.results[0].id
        engine.feedback(id=gone, action="like", search_id=page.search_id, now=NOW)
        assert engine.search("love", arms=["personal"], user="ann", now=NOW + 1, log=False).results
    ltrr_cli.delete([gone], own)
    with Engine(own) as engine:
        assert engine.search("love", arms=["personal"], user="ann", now=NOW + 1, log=False).results == ()
