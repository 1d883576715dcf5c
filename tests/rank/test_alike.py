"""What is like the best candidates comes before what is not."""

from __future__ import annotations

import pytest

from ltrr_cli.rank.alike import BEST, compared
from ltrr_cli.records import Interpretation, Query, Slot

OPEN = (("known_item", 0.0), ("topic", 1.0), ("browse", 0.0))


def alike(query: Query, pool: list[tuple[dict[str, float], str, str]]) -> list[float]:
    records = [(kind, frozenset(words.split())) for _, kind, words in pool]
    return [one["alike"] for one in compared(query, range(len(pool)), [one for one, _, _ in pool], records.__getitem__)]


def test_words_count_by_the_scores_of_the_best_that_have_them() -> None:
    query = Query("tablet", ("tablet",), intent=OPEN)
    pool = [({"lexical": 1.0}, "product", "tablet pc"), ({"lexical": 0.5}, "product", "tablet stand black")]
    assert alike(query, pool) == pytest.approx([2 / 3, 1 / 3])  # "tablet" itself says nothing more


def test_only_the_best_are_compared_with() -> None:
    query = Query("x", ("x",), intent=OPEN)
    pool = [({"lexical": 1.0}, "a", "good")] * BEST + [({"lexical": 0.9}, "a", "bad")] * BEST
    assert alike(query, pool) == pytest.approx([1.0] * BEST + [0.0] * BEST)


def test_a_query_for_one_known_thing_asks_for_nothing_alike() -> None:
    known = Query("x", ("x",), intent=(("known_item", 1.0), ("topic", 0.0), ("browse", 0.0)))
    assert alike(known, [({"lexical": 1.0}, "a", "good"), ({"lexical": 0.5}, "a", "good")]) == [0.0, 0.0]


def test_another_type_than_is_asked_for_gains_less() -> None:
    podcast = Interpretation(0.75, (Slot("podcast", "type", "podcast", "podcast"),), ("scores",))
    query = Query("podcast scores", ("podcast", "scores"), intent=OPEN, interpretations=(podcast,))
    pool = [({"lexical": 1.0}, "podcast", "music"), ({"lexical": 1.0}, "playlist", "music")]
    assert alike(query, pool) == pytest.approx([1.0, 0.25])


def test_a_reading_of_two_types_asks_for_either() -> None:
    both = (Slot("podcast", "type", "podcast", "podcast"), Slot("playlist", "type", "playlist", "playlist"))
    query = Query("podcast playlist", ("podcast", "playlist"), intent=OPEN, interpretations=(Interpretation(1.0, both, ()),))
    pool = [({"lexical": 1.0}, kind, "music") for kind in ("podcast", "playlist", "track")]
    assert alike(query, pool) == pytest.approx([1.0, 1.0, 0.0])


def test_what_lacks_the_values_that_are_asked_for_gains_less() -> None:
    query = Query("reggae", ("reggae",), intent=OPEN)
    has, lacks = {"lexical": 1.0, "told": 0.8, "wanted": 0.8}, {"lexical": 1.0, "told": 0.8, "wanted": 0.0}
    assert alike(query, [(has, "track", "island"), (lacks, "track", "island")]) == pytest.approx([1.0, 0.2])


def test_no_candidate_and_no_words_are_no_trouble() -> None:
    query = Query("x", ("x",), intent=OPEN)
    assert alike(query, []) == []
    assert alike(query, [({"lexical": 1.0}, "a", "")]) == [0.0]
