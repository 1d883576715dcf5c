"""Records become entities; what is wrong with one is counted, with its file, line and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.catalog import Catalog, Mapping, Report, entities
from ltrr_cli.catalog.check import AHEAD
from ltrr_cli.errors import CatalogError
from ltrr_cli.records import Entity


def catalog(tmp_path: Path, records: list[Any], name: str = "a.jsonl", **options: Any) -> Catalog:
    path = tmp_path / name
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return entities([str(path)], **options)


def test_every_role(tmp_path: Path) -> None:
    record = {
        "id": "t1", "type": "track", "title": " Rock &amp;  Roll ", "artist": ["A", "B", "A"], "about": "<b>Loud</b> &lt;3" * 9,
        "genre": "Rock", "tags": {"pop": 0.9, "loud": 1}, "moods": ["dark", "slow", "dark"], "b_live_take": True, "b_demo": False,
        "duration_s": 300, "plays": 12, "released": "1971-06", "price": "12,99 €", "album_id": "a1", "cover": "x/y.png",
        "specs": {"t_disc_size": "12", "n_tracks": 9.0}, "parts": [{"title": "One"}, {"title": "Two"}], "none": None, "empty": "",
    }  # fmt: skip
    (entity,) = catalog(tmp_path, [record])
    assert entity == Entity(
        id="t1",
        type="track",
        title="Rock & Roll",
        creator=("A", "B"),
        text=" ".join(["Loud <3"] * 9).replace("3 L", "3 L"),
        attributes={
            "genre": {"Rock": 1.0},
            "tags": {"pop": 0.9, "loud": 1.0},
            "moods": {"dark": 1.0, "slow": 1.0},
            "b_live_take": {"live take": 1.0},
            "specs.t_disc_size": {"12": 1.0},
            "parts.title": {"One": 1.0, "Two": 1.0},
        },
        numbers={"duration_s": 300.0, "specs.n_tracks": 9.0},
        links=(("album_id", "a1"),),
        popularity=12.0,
        date="1971-06-01",
        price=12.99,
        raw=record,
    )


@pytest.mark.parametrize(
    ("record", "lost", "field"),
    [
        ({"title": "x"}, "no id", ""),
        ({"id": None}, "no id", ""),
        ({"id": ""}, "no id", ""),
        ({"id": "a\nb"}, "bad id", "id"),
        ({"id": True}, "bad id", "id"),
        ({"id": 0.5}, "bad id", "id"),
        ({"id": {"x": "y"}}, "bad id", "id"),
        ({"id": []}, "bad id", "id"),
        ({"id": float("nan")}, "bad id", "id"),
        ({"id": 10**30}, "bad id", "id"),
        ({"id": 1, "title": "again"}, "duplicate id", "id"),
        ({"id": "1"}, "duplicate id", "id"),
        (["id"], "not an object", ""),
    ],
)
def test_a_record_without_a_good_id_is_lost(tmp_path: Path, record: Any, lost: str, field: str) -> None:
    found = catalog(tmp_path, [{"id": 1, "title": "one"}, record, *({"id": i, "title": "more"} for i in range(2, 9))])
    assert [entity.id for entity in found] == list("12345678")
    assert found.report.lost == {lost: 1}
    (problem,) = (problem for problem in found.report.problems if problem.kind == lost)
    assert (problem.source, problem.line, problem.field) == (str(tmp_path / "a.jsonl"), 2, field)
    assert (found.report.read, found.report.entities) == (9, 8)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("plays", 5, "lots"),
        ("plays", 5, True),
        ("plays", 5, float("nan")),
        ("price", 5, "ask us"),
        ("released", "1999-01-01", "soon"),
        ("released", 1999, -5),
        ("size", 5, float("inf")),
        ("size", 5, {"x": "y"}),
        ("color", "red", [["x"]]),
        ("album_id", "a1", True),
    ],
)
def test_a_value_of_the_wrong_kind_is_left_out(tmp_path: Path, field: str, good: Any, bad: Any) -> None:
    records = [{"id": i, "title": "x", field: good} for i in range(20)] + [{"id": 20, "title": "x", field: bad}]
    found = catalog(tmp_path, records)
    last = list(found)[-1]
    assert last == Entity("20", "item", "x", raw=last.raw)
    assert found.report.doubted == {"value": 1}
    assert found.report.problems[0][:4] == (str(tmp_path / "a.jsonl"), 21, field, "value")


def test_a_word_among_numbers_is_an_attribute(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [{"id": i, "size": i} for i in range(20)]
    last = list(catalog(tmp_path, [*records, {"id": 20, "size": "large"}]))[-1]
    assert last.attributes == {"size": {"large": 1.0}}


def test_a_record_without_title_is_called_by_its_text_or_its_id(tmp_path: Path) -> None:
    text = "First words of a text. " * 10
    records = [{"id": 1, "title": "x", "notes": "y"}, {"id": 2, "notes": text}, {"id": 3}]
    found = catalog(tmp_path, records)
    assert [entity.title for entity in found] == ["x", text[:80].rpartition(" ")[0], "3"]
    assert found.report.doubted == {"no title": 2}
    untitled = catalog(tmp_path, records[1:])
    assert len(list(untitled)) == 2
    assert not untitled.report.problems


def test_what_is_left_of_a_role_counts_as_something_else(tmp_path: Path) -> None:
    record = {"id": 1, "name": "n", "title": "t", "plays": 5, "likes": 7, "sale_price": 3, "price": 4, "year": 1999}
    (entity,) = catalog(tmp_path, [record])
    assert (entity.title, entity.text, entity.popularity, entity.price) == ("t", "n", 5.0, 4.0)
    assert entity.numbers == {"likes": 7.0, "sale_price": 3.0, "year": 1999.0}


@pytest.mark.parametrize(
    "records",
    [
        [{"id": 1, "title": "x"}, {"title": "x"}],
        [{"id": 1}, {"id": 1}],
        [{"id": 1, "price": 5}] * 1 + [{"id": i, "price": 5} for i in range(2, 9)] + [{"id": 10, "price": "ask"}],
        [{"id": 1}, 7],
    ],
)
def test_strict_stops_at_the_first_problem(tmp_path: Path, records: list[Any]) -> None:
    with pytest.raises(CatalogError) as caught:
        list(catalog(tmp_path, records, strict=True))
    assert str(caught.value).startswith(f"{tmp_path / 'a.jsonl'}:{len(records)}: ")


def test_a_catalog_without_ids_is_no_catalog(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="none of its fields can be the id") as caught:
        list(catalog(tmp_path, [{"word": "a"}, {"word": "a"}]))
    assert caught.value.hint.endswith("--mapping m.json; fields: word")
    found = catalog(tmp_path, [{"word": "a"}, {"word": "b"}], mapping=Mapping.from_dict({"id": "word"}))
    assert [entity.id for entity in found] == ["a", "b"]


def test_a_catalog_without_one_good_record_is_no_catalog(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n")
    with pytest.raises(CatalogError, match=r"a\.jsonl:1: broken JSON"):
        list(entities([str(tmp_path / "a.jsonl")]))


def test_the_type_comes_from_the_record_the_mapping_the_key_or_the_file(tmp_path: Path) -> None:
    def types(name: str, content: Any, **options: Any) -> list[str]:
        (tmp_path / name).write_text(json.dumps(content))
        return [entity.type for entity in entities([str(tmp_path / name)], **options)]

    assert types("songs.json", [{"id": 1}, {"id": 2, "type": "live"}]) == ["song", "live"]
    assert types("export.json", [{"id": 1}]) == ["item"]
    assert types("export.json", {"albums": [{"id": 1}], "artists": [{"id": 2}]}) == ["album", "artist"]
    given = Mapping.from_dict({"type": {"value": "work"}})
    assert types("songs.json", [{"id": 1, "type": "live"}], mapping=given) == ["work"]


def test_texts_are_split_where_the_mapping_says(tmp_path: Path) -> None:
    given = Mapping.from_dict({"split": {"genres": "|", "artist": ";"}, "links": ["next"], "labels": {"genres": "Genre"}})
    (entity,) = catalog(tmp_path, [{"id": 1, "genres": "pop| rock", "artist": "A; B", "next": ["2", 3, 1]}], mapping=given)
    assert entity.attributes == {"genres": {"pop": 1.0, "rock": 1.0}}
    assert entity.creator == ("A", "B")
    assert entity.links == (("next", "2"), ("next", "3"))


def test_kinds_one_after_another(tmp_path: Path) -> None:
    """A field that only the last records have is as well known as the first one."""
    tracks = [{"id": f"t{i}", "title": "x", "seconds": i} for i in range(AHEAD + 10)]
    artists = [{"id": f"a{i}", "name": f"N{i}", "members": [f"t{i}"], "bio": "long " * 30} for i in range(5)]
    found = catalog(tmp_path, [*tracks, *artists])
    last = list(found)[-1]
    assert last[:6] == ("a4", "item", "N4", (), ("long " * 30).strip(), {})
    assert last.links == (("members", "t4"),)
    assert found.mapping.to_dict() == {
        "id": ["id"], "title": ["title", "name"], "text": ["bio"], "numbers": ["seconds"], "links": ["members"],
    }  # fmt: skip


def test_large_records_are_looked_at_fewer_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ltrr_cli.catalog.check.AHEAD_BYTES", 1 << 20)
    found = catalog(tmp_path, [{"id": i, "notes": "x" * 100_000} for i in range(60)])
    first = next(iter(found))
    assert first.id == "0"
    assert found.report.bytes < 4 << 20


def test_ids_have_one_form(tmp_path: Path) -> None:
    found = catalog(tmp_path, [{"id": "e\u0301"}, {"id": "\u00e9"}, {"id": 7.0}, {"id": " x "}])
    assert [entity.id for entity in found] == ["\u00e9", "7", "x"]


def test_the_first_problems_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    found = catalog(tmp_path, [{"id": 1}, *([5] * 1500)])
    assert len(list(found)) == 1
    assert (len(found.report.problems), found.report.lost) == (1000, {"not an object": 1500})


def test_a_report_can_be_given(tmp_path: Path) -> None:
    report = Report()
    list(catalog(tmp_path, [{"id": 1}], report=report))
    assert (report.read, report.entities) == (1, 1)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from(
    [
        "id",
        "title",
        "type",
        "artist",
        "composer",
        "plays",
        "year",
        "price",
        "description",
        "tags",
        "album_id",
        "specs",
        "url",
        "x.y",
        "",
    ]
)


@given(st.lists(st.dictionaries(NAMES, ANY, max_size=6) | ANY, max_size=12))
def test_anything_becomes_entities_or_counted_problems(tmp_path_factory: pytest.TempPathFactory, some: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("any")
    found = catalog(folder, [{"id": "first"}, *some])
    result = list(found)
    report = found.report
    assert len(result) == report.entities == report.read - report.lost.total()
    assert report.read == 1 + len(some)
    assert len({entity.id for entity in result}) == len(result)
    assert all(entity.id and entity.title and entity.type for entity in result)
    assert all(0 < w <= 1 for entity in result for values in entity.attributes.values() for w in values.values())
    assert Mapping.from_dict(found.mapping.to_dict()).to_dict() == found.mapping.to_dict()


def test_a_file_of_a_folder_that_is_about_something_else_is_no_catalog(tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text("q1\tspeaker\nq2\tlamp\nq3\tdesk\n")
    (tmp_path / "a-first.csv").write_text("query,clicks\nlamp,3\n")
    goods = [{"sku": f"s{i}", "name": f"Lamp {i}"} for i in range(5)]
    found = catalog(tmp_path, goods, "goods.jsonl")
    whole = entities([str(tmp_path)])
    assert [entity.id for entity in whole] == [entity.id for entity in found]
    assert sorted(whole.report.skipped) == [str(tmp_path / "a-first.csv"), str(tmp_path / "queries.tsv")]
    assert (whole.report.read, whole.report.lost.total()) == (5, 0)
    assert whole.mapping.to_dict() == {"id": ["sku"], "title": ["name"]}
    named = entities([str(tmp_path / "goods.jsonl"), str(tmp_path / "queries.tsv")])  # named, so meant: what is wrong is said
    assert len(list(named)) == 5
    assert named.report.lost == {"no id": 2}


def test_a_folder_of_nothing_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text("q1\tspeaker\nq2\tlamp\n")
    with pytest.raises(CatalogError, match="none of its fields can be the id"):
        list(entities([str(tmp_path)]))


def test_one_repeated_id_in_a_short_catalog_is_one_bad_record(tmp_path: Path) -> None:
    rows = [{"sku": sku, "name": "Lamp"} for sku in ("a", "b", "b", "c", "d")]
    found = catalog(tmp_path, rows)
    assert [entity.id for entity in found] == ["a", "b", "c", "d"]
    (problem,) = found.report.problems
    assert (problem.line, problem.kind) == (3, "duplicate id")
