"""How a text may go on, or what it was meant to be."""

from __future__ import annotations

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine


def suggested(folder: str, prefix: str, limit: int = 10) -> list[tuple[str, str]]:
    with Engine(folder) as engine:
        return [(s.text, s.kind) for s in engine.suggest(prefix, limit)]


def test_names_that_begin_so_come_the_most_borne_first(shop: str) -> None:
    # Soundgarden bears its name and made four tracks, Sigur Rós three, Solstice made two shoes, the others are one title each.
    found = suggested(shop, "s")
    assert found[:3] == [("soundgarden", "name"), ("sigur ros", "name"), ("solstice", "name")]
    names = [text for text, kind in found[3:] if kind == "name"]
    assert set(names) == {"style", "spoonman", "saeglopur", "shake it off", "shape of you", "sweet child o mine"}


def test_the_shorter_of_two_equally_borne_names_comes_first(shop: str) -> None:
    assert suggested(shop, "love") == [("lover", "name"), ("love me do", "name"), ("love story", "name")]


def test_a_name_that_is_typed_to_its_end_is_not_suggested(shop: str) -> None:
    assert ("taylor swift", "name") in suggested(shop, "Taylor Swif")
    assert suggested(shop, "Taylor Swift") == []


def test_slips_are_corrected_word_by_word(shop: str) -> None:
    assert ("wireless headphones", "correction") in suggested(shop, "wireles headphnes")
    assert ("taylor", "correction") in suggested(shop, "tayler")
    assert not [kind for _, kind in suggested(shop, "wireless headphones") if kind == "correction"]


def test_the_last_word_is_completed_unless_a_space_ends_it(shop: str) -> None:
    assert ("warm headphones", "word") in suggested(shop, "warm head")
    assert suggested(shop, "warm head ") == []


@pytest.mark.parametrize("prefix", ["", "  ", "zzzz", "÷", "\0", "\ud800", "(AND *", "a" * 100_000, "\u202e"], ids=range(9))
def test_where_nothing_is_near_nothing_is_suggested(shop: str, prefix: str) -> None:
    assert suggested(shop, prefix) == []


def test_there_are_no_more_than_asked_for_and_none_twice(shop: str) -> None:
    for prefix in ("s", "lo", "tay", "co", "r"):
        found = suggested(shop, prefix, 50)
        assert len({text for text, _ in found}) == len(found)
        for limit in (0, 1, 3):
            assert suggested(shop, prefix, limit) == found[:limit] or len(suggested(shop, prefix, limit)) == limit


def test_likelihoods_are_shares_of_their_kind(shop: str) -> None:
    with Engine(shop) as engine:
        found = engine.suggest("s", 100)
    assert sum(s.likelihood for s in found if s.kind == "name") == pytest.approx(1, abs=0.01)
    assert all(0 < s.likelihood <= 1 for s in found)


def test_a_name_without_spaces_is_suggested_as_it_is_written(shop: str) -> None:
    assert ("東京事変", "name") in suggested(shop, "東京")


def test_the_name_of_what_was_deleted_is_not_suggested(own: str) -> None:
    assert ("spoonman", "name") in suggested(own, "spoon")
    ltrr_cli.delete(["track-0-1"], own)
    assert ("spoonman", "name") not in suggested(own, "spoon")
