"""What a field may be called, and what is said if it is not there."""

from __future__ import annotations

from typing import Any

import pytest

from ltrr_cli.errors import QueryError
from ltrr_cli.index.names import ask, find

META: dict[str, Any] = {
    "mapping": {
        "id": ["sku", "old_sku"],
        "title": ["name", "subtitle"],
        "type": {"field": ["kind"], "value": "product"},
        "creator": ["brand", "maker.name"],
        "text": ["description"],
        "date": ["released"],
        "price": ["cost", "list_price"],
        "numbers": ["attributes.n_weight", "attributes.n_capacity", "running_time"],
        "attributes": ["color", "genres", "attributes.t_capacity", "label.city"],
        "links": ["album_id"],
        "ignore": ["url"],
        "labels": {"attributes.n_weight": "weight", "attributes.n_capacity": "capacity", "attributes.t_capacity": "capacity"},
    }
}


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("color", "color", "words"),
        ("COLOR", "color", "words"),
        ("colors", "color", "words"),
        ("genre", "genres", "words"),
        ("city", "label.city", "words"),
        ("weight", "attributes.n_weight", "number"),
        ("attributes.n_capacity", "attributes.n_capacity", "number"),
        ("running time", "running_time", "number"),
        ("Running-Time", "running_time", "number"),
        ("brand", "creator", "words"),
        ("maker.name", "creator", "words"),
        ("creator", "creator", "words"),
        ("name", "title", "words"),
        ("title", "title", "words"),
        ("sku", "id", "id"),
        ("id", "id", "id"),
        ("kind", "type", "type"),
        ("released", "date", "date"),
        ("date", "date", "date"),
        ("year", "year", "number"),
        ("decade", "decade", "words"),
        ("cost", "price", "number"),
        ("list_price", "list_price", "number"),
        ("album_id", "album_id", "link"),
        ("old_sku", "old_sku", "link"),
    ],
)
def test_a_field_goes_by_its_path_its_label_and_its_role(name: str, path: str, kind: str) -> None:
    named = ask(name, META)
    assert (named.path, named.kind) == (path, kind)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("colr", "no field is called 'colr'", "did you mean 'color'?"),
        ("weigth", "no field is called 'weigth'", "did you mean 'weight'?"),
        ("popularity", "no field is called 'popularity'", "fields: "),
        ("capacity", "'capacity' is 2 fields", "name one of: attributes.n_capacity, attributes.t_capacity"),
        ("description", "'description' can't be asked for, it is text", "put its words into the query"),
        ("subtitle", "'subtitle' can't be asked for, it is text", "put its words into the query"),
        ("url", "'url' can't be asked for, it is not indexed", "fields: "),
        ("", "no field is called ''", "fields: "),
    ],
)
def test_what_is_no_field_gets_a_hint(name: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(name, META)
    assert str(caught.value) == message
    assert caught.value.hint.startswith(hint)


def test_a_catalog_without_dates_has_no_years_unless_a_number_is_called_so() -> None:
    assert find("year", {"mapping": {"numbers": ["year"]}}).kind == "number"
    assert find("year", {"mapping": {"attributes": ["year"]}}).kind == "words"
    for name in ("year", "decade", "date", "price"):
        with pytest.raises(QueryError, match="no field"):
            find(name, {"mapping": {}})


def test_of_thousands_of_fields_a_hint_names_a_few() -> None:
    meta = {"mapping": {"attributes": [f"field {i}" for i in range(5000)]}}
    with pytest.raises(QueryError) as caught:
        find("xyzzy", meta)
    assert caught.value.hint.endswith(" more")
    assert len(caught.value.hint) < 300
