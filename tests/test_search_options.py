"""What a search may be told beside its words: filters, facets, mixed types."""

import pytest

from ltrr_cli.engine import Engine
from ltrr_cli.errors import QueryError


def test_facets_count_what_holds_every_word(shop: str) -> None:
    with Engine(shop) as engine:
        page = engine.search("love", facets=["type", "artist"], log=False)
        matching = engine.generation.text.matching([[("love", 1.0)]], 1000)
        assert page.facets["type"] == {"track": len(matching)} or sum(page.facets["type"].values()) == len(matching)
        assert page.to_dict()["facets"] == page.facets
        assert all(n > 0 for counts in page.facets.values() for n in counts.values())


def test_a_facet_counts_only_what_passes_the_filter(shop: str) -> None:
    with Engine(shop) as engine:
        every = engine.search("love", facets=["type"], log=False).facets["type"]
        artists = engine.search("love", facets=["type"], where="type != track", log=False).facets["type"]
    assert "track" in every
    assert "track" not in artists


def test_a_field_that_is_not_there_or_has_no_values_is_refused(shop: str) -> None:
    with Engine(shop) as engine:
        with pytest.raises(QueryError, match="no field is called 'colour'"):
            engine.search("love", facets=["colour"], log=False)
        with pytest.raises(QueryError, match="numbers are not counted"):
            engine.search("love", facets=["popularity"], log=False)


def test_without_facets_the_answer_has_none(shop: str) -> None:
    with Engine(shop) as engine:
        assert "facets" not in engine.search("love", log=False).to_dict()


def test_a_diverse_page_has_the_same_first_result_and_more_types(shop: str) -> None:
    with Engine(shop) as engine:
        plain = engine.search("taylor swift", seed=1, log=False, explore=False)
        mixed = engine.search("taylor swift", seed=1, log=False, explore=False, diverse=True)
    assert mixed.results[0].id == plain.results[0].id
    assert len({r.type for r in mixed.results}) >= len({r.type for r in plain.results})
