"""A taste is what a past has in common: facts that it has more often than the catalog, and a direction among the vectors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltrr_cli.index.generation import Generation
from ltrr_cli.memory.taste import BELIEF, Taste, leaning
from ltrr_cli.records import Entity

Indexed = Callable[..., Generation]
METAL, JAZZ, POP = range(3)


def track(i: int, genre: str, weight: float = 1.0, **more: object) -> Entity:
    return Entity(f"{genre}{i}", "track", f"Song {i}", (f"{genre} band {i}",), attributes={"genres": {genre: weight}}, **more)  # type: ignore[arg-type]


@pytest.fixture
def generation(indexed: Indexed) -> Generation:
    """Rows 0-9 are metal, 10-19 jazz, 20-29 pop."""
    return indexed(*(track(i, genre) for genre in ("metal", "jazz", "pop") for i in range(10)))


def test_what_shares_a_liked_value_is_to_the_taste(generation: Generation) -> None:
    taste = Taste(generation, [[(0, 1.0), (1, 1.0)]])
    # metal: 2 of 2 likes, and a like to believe in them, less the third of the catalog that is metal
    assert taste.affinity(5) == pytest.approx(2 / (BELIEF + 2) - 1 / 3)
    assert taste.affinity(15) == taste.affinity(25) == 0


def test_more_likes_are_believed_more(generation: Generation) -> None:
    found = [Taste(generation, [[(row, 1.0) for row in range(n)]]).affinity(9) for n in (1, 2, 4, 8)]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < 2 / 3


def test_what_everything_has_says_nothing(indexed: Indexed) -> None:
    same = indexed(*(track(i, "pop") for i in range(10)))
    assert Taste(same, [[(0, 1.0), (1, 1.0), (2, 1.0)]]).affinity(9) == 0


def test_dislikes_push_down_what_is_like_them(generation: Generation) -> None:
    liked = Taste(generation, [[(0, 1.0), (10, 1.0), (11, 1.0)]])
    mixed = Taste(generation, [[(0, 1.0), (10, 1.0), (11, 1.0), (12, -1.0), (13, -1.0)]])
    assert liked.affinity(19) > 0
    assert mixed.affinity(19) < liked.affinity(19)
    assert mixed.affinity(9) == liked.affinity(9)
    assert mixed.rejects(12) and not mixed.rejects(19)
    assert mixed.affinity(12) == 0


def test_a_faded_dislike_rejects_no_more_and_a_faded_like_says_little(generation: Generation) -> None:
    assert not Taste(generation, [[(0, 1.0), (12, -0.4)]]).rejects(12)
    assert Taste(generation, [[(0, 0.1)]]).affinity(9) == 0
    fresh, faded = (Taste(generation, [[(row, weight) for row in range(5)]]).affinity(9) for weight in (1.0, 0.5))
    assert fresh > faded > 0


def test_who_liked_nothing_has_no_taste(generation: Generation) -> None:
    assert not Taste(generation, [])
    assert not Taste(generation, [[], []])
    disliked = Taste(generation, [[(3, -1.0)]])
    assert not disliked
    assert disliked.rejects(3)
    assert disliked.affinity(5) == 0


def test_a_session_counts_beside_all_that_was_before(generation: Generation) -> None:
    past, here = [(0, 1.0), (1, 1.0)], [(10, 1.0), (11, 1.0)]
    both = Taste(generation, [[*past, *here], here])
    assert both.affinity(19) > both.affinity(9) > 0


def test_weighted_values_count_by_their_weight(indexed: Indexed) -> None:
    metal = [track(i, "metal", 1.0 if i < 5 else 0.2) for i in range(10)]
    taste = Taste(indexed(*metal, *(track(i, "pop") for i in range(20))), [[(0, 1.0), (1, 1.0)]])
    assert taste.affinity(4) > taste.affinity(9) > 0


def test_favourites_are_terms_that_full_text_can_look_for(generation: Generation) -> None:
    taste = Taste(generation, [[(0, 1.0), (1, 1.0), (2, 1.0)]])
    terms = taste.favourites(1)
    assert terms == ["genres=metal", "genres=metal#2", "genres=metal#1"]
    found = generation.text.search([[("song", 1.0)]], 99, facts=terms)
    assert {row for row, _ in found} == set(range(10))


def test_by_vectors_what_means_the_like_is_to_the_taste(indexed: Indexed) -> None:
    titles = ["Running shoes", "Trail sneakers", "Hiking boots", "Frying pan", "Saucepan", "Cooking pot"]
    generation = indexed(*(Entity(title, "product", title) for title in titles), vectors=True)
    taste = Taste(generation, [[(0, 1.0), (2, 1.0)]])
    assert taste.affinity(1) > max(taste.affinity(row) for row in (3, 4, 5))
    near = leaning(generation, [(0, 1.0), (2, 1.0)]).near
    assert near is not None
    assert near(1) > near(3)
    away = leaning(generation, [(0, 1.0), (3, -1.0)]).near
    assert away is not None
    assert away(4) < near(4)
