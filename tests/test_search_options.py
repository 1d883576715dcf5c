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


def test_a_query_without_words_lists_what_passes_the_best_known_first(shop: str) -> None:
    with Engine(shop) as engine:
        page = engine.search("", where="year >= 1990 and type = track", limit=5, seed=1, log=False)
        listed = [(r.type, r.entity["popularity"]) for r in page.results]
        years = [r.entity["year"] for r in page.results]
        assert [kind for kind, _ in listed] == ["track"] * 5
        assert [known for _, known in listed] == sorted((known for _, known in listed), reverse=True)
        assert all(year >= 1990 for year in years)
        records = [engine.generation.columns.head(row)[3] for row in range(engine.generation.rows)]
        passing = [r for r in records if r["type"] == "track" and r["year"] >= 1990]
        assert listed[0][1] == max(r["popularity"] for r in passing)
        assert len(engine.search(" ", where="year >= 1990 and type = track", limit=200, log=False).results) == len(passing)


def test_a_query_without_words_lists_a_type(shop: str) -> None:
    with Engine(shop) as engine:
        page = engine.search("", types=["artist"], limit=3, log=False)
        assert [r.title for r in page.results] == ["Soundgarden", "Sigur Rós", "東京事変"]
        assert dict(page.choice.plan.draws) == {"lexical": 40}
        assert page.choice.propensity == 1
        assert engine.search("", types=["artist"], where="artist = x", log=False).results == ()


def test_a_query_without_words_filter_or_type_finds_nothing(shop: str) -> None:
    with Engine(shop) as engine:
        for where in ("", "  ", "\n"):
            assert engine.search("", where=where, log=False).results == ()
            assert engine.search("love", where=where, seed=1, log=False).results


def test_what_was_listed_can_be_told_right_and_explained(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("", types=["artist"])
        assert engine.feedback(2, action="play").kept == 1
        assert engine.explain(page.search_id)["query"]["types"] == ["artist"]
        again = engine.search("", types=["artist"])
        assert {r.id for r in again.results} == {r.id for r in page.results}
