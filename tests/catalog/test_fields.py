"""Fields are recognised by their names, in several languages, and by what is in them."""

from __future__ import annotations

from typing import Any

import pytest

from ltrr_cli.catalog.evidence import ENOUGH
from ltrr_cli.catalog.fields import Fields, infer
from ltrr_cli.catalog.mapping import Mapping

LONG = "A long text about this thing, with many words that tell what it is good for and what it is not good for."


def roles(records: list[dict[str, Any]], given: Mapping | None = None) -> dict[str, str]:
    fields = Fields(given)
    fields.learn(records, set())
    return {path: role for role, paths in fields.mapping().fields.items() for path in paths}


@pytest.mark.parametrize(
    ("field", "value", "role"),
    [
        ("title", "Blue", "title"),
        ("Nombre", "Azul", "title"),
        ("商品名", "青", "title"),
        ("ProductName", "Lamp", "title"),
        ("type", "track", "type"),
        ("artist", "Joni", "creator"),
        ("Künstler", ["Joni", "Jaco"], "creator"),
        ("marca", "Sony", "creator"),
        ("composer", "Joni", "creator"),
        ("playCount", 12, "popularity"),
        ("ventes", "12", "popularity"),
        ("release_date", "1971-06-22", "date"),
        ("year", 1971, "date"),
        ("created_at", 1_600_000_000, "date"),
        ("Preis", "12,99 €", "price"),
        ("precio", 5, "price"),
        ("description", "short", "text"),
        ("remarks", LONG, "text"),
        ("remarks", "<p>short</p>", "text"),
        ("remarks", [LONG], "text"),
        ("duration", 12.5, "numbers"),
        ("year", "unknown", "attributes"),
        ("price", "ask us", "attributes"),
        ("popularity", "high", "attributes"),
        ("color", "red", "attributes"),
        ("colors", ["red", "blue"], "attributes"),
        ("sizes", [38, 39], "attributes"),
        ("in_stock", True, "attributes"),
        ("tags", {"pop": 0.9, "country": 0.4}, "attributes"),
        ("album_id", "a7", "links"),
        ("albumId", 7, "links"),
        ("homepage", "https://example.org/x", "ignore"),
        ("cover", "covers/x.jpg", "ignore"),
        ("image", "x", "ignore"),
        ("cluster", "3be2091a1153a774928d24da4eb8d565", "ignore"),
        ("session", "123e4567-e89b-12d3-a456-426614174000", "ignore"),
        ("vector", [0.1] * 64, "ignore"),
        ("numbers_of_it", list(range(64)), "ignore"),
    ],
)
def test_the_role_of_a_field(field: str, value: Any, role: str) -> None:
    assert roles([{"id": 1, field: value}, {"id": 2, field: value}])[field] == role


def test_a_price_that_most_records_have_is_one_though_some_say_ask_us() -> None:
    assert roles([{"id": i, "price": price} for i, price in enumerate(("5", 7, "9,90 EUR", "n/a", "ask us"))])["price"] == "price"
    assert roles([{"id": i, "price": price} for i, price in enumerate(("5", 7, "n/a", "ask us"))])["price"] == "attributes"


@pytest.mark.parametrize(
    ("record", "path", "role"),
    [
        ({"attributes": {"t_color": "red"}}, "attributes.t_color", "attributes"),
        ({"attributes": {"title": "red"}}, "attributes.title", "attributes"),
        ({"artist": {"name": "Joni", "id": "x1"}}, "artist.name", "creator"),
        ({"artist": {"name": "Joni", "id": "x1"}}, "artist.id", "links"),
        ({"artists": [{"name": "Joni"}, {"name": "Jaco"}]}, "artists.name", "creator"),
        ({"title": {"en": "Blue", "fr": "Bleu"}}, "title.fr", "title"),
        ({"offers": {"price": "$5"}}, "offers.price", "price"),
        ({"stats": {"plays": 12}}, "stats.plays", "popularity"),
        ({"tracks": [{"title": "All I Want", "seconds": 3}]}, "tracks.title", "attributes"),
        ({"tracks": [{"title": "All I Want", "seconds": 3}]}, "tracks.seconds", "ignore"),
        ({"a": {"b": {"c": {"notes": "deep"}}}}, "a.b.c.notes", "text"),
    ],
)
def test_the_role_of_a_field_inside_another(record: dict[str, Any], path: str, role: str) -> None:
    assert roles([{"id": 1, **record}, {"id": 2, **record}])[path] == role


@pytest.mark.parametrize(
    ("records", "field"),
    [
        ([{"id": 1, "sku": "a"}, {"id": 2, "sku": "b"}], "id"),
        ([{"sku": "a", "n": 1}, {"sku": "b", "n": 1}], "sku"),
        ([{"album_id": 1, "track_id": 1}, {"album_id": 1, "track_id": 2}], "track_id"),
        ([{"Artikelnummer": "x-1"}, {"Artikelnummer": "x-2"}], "Artikelnummer"),
        ([{"part_no": "x-1", "uuid": None}, {"part_no": "x-2"}], "part_no"),
    ],
)
def test_the_field_of_ids(records: list[dict[str, Any]], field: str) -> None:
    assert infer(records).fields["id"] == (field,)


def test_no_field_of_ids() -> None:
    assert "id" not in infer([{"name": "a", "group_id": 1}, {"name": "b", "group_id": 1}]).fields


def test_kinds_of_records_may_have_different_ids() -> None:
    tracks = [{"track_id": f"t{i}", "artist_id": "a1"} for i in range(30)]
    artists = [{"artist_id": f"a{i}", "name": f"N{i}"} for i in range(10)]
    assert infer(tracks + artists).fields["id"] == ("track_id", "artist_id")


def test_a_type_has_few_values() -> None:
    assert roles([{"id": i, "type": f"kind {i}"} for i in range(60)])["type"] == "attributes"
    assert roles([{"id": i, "type": f"kind {i % 3}"} for i in range(60)])["type"] == "type"


def test_a_composer_is_the_creator_only_where_nobody_else_is() -> None:
    assert roles([{"id": 1, "composer": "Bach"}])["composer"] == "creator"
    assert roles([{"id": 1, "composer": "Bach", "artist": "Gould"}])["composer"] == "attributes"


def test_links_are_known_by_the_ids_they_hold() -> None:
    records = [{"id": f"x{i}", "similar": [f"x{i + 1}"], "canonical": "x00"} for i in range(9)] + [{"id": "x00"}]
    assert roles(records)["similar"] == "links"
    fields = Fields()
    fields.learn([{"id": "abcd", "name": "one"}], set())
    fields.learn([{"id": "efgh", "name": "two", "part": "abcd"}], {"abcd"})
    assert fields.mapping().fields["links"] == ("part",)


def test_links_to_what_comes_later_look_like_ids() -> None:
    assert roles([{"id": f"album:{i}", "holds": [f"track:{i}", f"track:{i + 7}"]} for i in range(5)])["holds"] == "links"


def test_a_field_that_comes_late_is_judged_when_it_comes() -> None:
    fields = Fields()
    fields.learn([{"id": i, "title": "x"} for i in range(ENOUGH)], set())
    fields.learn([{"id": i, "name": "y", "plays": 5, "about": LONG} for i in range(100, 105)], set())
    assert fields.mapping().to_dict() == {
        "id": ["id"], "title": ["title", "name"], "text": ["about"], "popularity": ["plays"],
    }  # fmt: skip


def test_a_judgment_changes_while_little_is_known() -> None:
    fields = Fields()
    fields.learn([{"id": 1, "remarks": "ok"}], set())
    assert fields.mapping().fields["attributes"] == ("remarks",)
    fields.learn([{"id": i, "remarks": LONG} for i in range(9)], set())
    assert fields.mapping().fields["text"] == ("remarks",)


def test_a_field_of_nulls_is_judged_by_its_first_value() -> None:
    fields = Fields()
    fields.learn([{"id": 1, "size": None, "tags": []}] * 2, set())
    assert fields.mapping().to_dict() == {"id": ["id"]}
    fields.learn([{"id": 1, "size": 5, "tags": ["a"]}] * 2, set())
    assert fields.mapping().to_dict() == {"id": ["id"], "numbers": ["size"], "attributes": ["tags"]}


def test_keys_that_are_data_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ltrr_cli.catalog.fields.MOST_FIELDS", 100)
    fields = Fields()
    for start in range(0, 1000, 100):
        fields.learn([{"id": i, "plays_of": {f"user{i}": 5}} for i in range(start, start + 100)], set())
    assert len(list(fields)) == 100


def test_odd_names() -> None:
    found = infer([{"id": 1, "": "x", "a.b": 5, "a": {"b": "word", "": "y"}}] * 2)
    assert found.to_dict() == {
        "id": ["id"],
        "numbers": ["a.b"],
        "attributes": ["(nameless)", "a.(nameless)"],
        "labels": {"a.b": "a b", "a.(nameless)": "a (nameless)"},
    }
    assert Mapping.from_dict(found.to_dict()) == found


def test_weights_of_many_names_are_one_field() -> None:
    fields = Fields()
    for start in range(0, 1000, 100):
        fields.learn([{"id": i, "tags": {f"tag{i}": 0.5}} for i in range(start, start + 100)], set())
    assert [field.path for field in fields] == ["id", "tags"]


def test_what_a_mapping_file_says_stands() -> None:
    record = {"id": 1, "sku": "a", "title": "t", "name": "n", "artist": "x", "label": "y", "specs": {"a": {"b": 1}, "c": "z"}}
    given = Mapping.from_dict({"id": "sku", "title": "name", "creator": "label", "ignore": ["specs.a"], "text": ["specs"]})
    found = roles([record, record], given)
    assert found["sku"] == "id"
    assert found["name"] == "title"
    assert found["label"] == "creator"
    assert found["specs.c"] == "text"
    assert found["specs.a"] == "ignore"
    assert found["title"] == "attributes"
    assert found["artist"] == "attributes"
    assert found["id"] == "numbers"


def test_a_title_inside_another_object_is_found_where_there_is_none_outside() -> None:
    names = ("Soup", "Curry", "Ramen")
    rows = [
        {"id": i, "kind": {"name": "dish"}, "recipe": {"name": name, "parts": [{"name": f"part {i}"}]}}
        for i, name in enumerate(names)
    ]
    found = roles(rows)
    assert found["recipe.name"] == "title"
    assert found["kind.name"] == "attributes"
    assert found["recipe.parts.name"] == "attributes"
    long = [
        row | {"recipe": {"name": f"{names[i]}, as it is made where nobody has ever heard of it"}} for i, row in enumerate(rows)
    ]
    assert roles(long)["recipe.name"] == "title"
    assert roles([row | {"title": f"No {i}"} for i, row in enumerate(rows)])["recipe.name"] == "attributes"
