"""A mapping file says which field is what; a mistake in it is named together with the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.catalog import Mapping, entities, infer, load_mapping
from ltrr_cli.errors import CatalogError


def written(tmp_path: Path, mapping: Any) -> str:
    path = tmp_path / "mapping.json"
    path.write_text(mapping if isinstance(mapping, str) else json.dumps(mapping))
    return str(path)


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    toml = tmp_path / "mapping.toml"
    toml.write_text('id = "sku"\ntext = ["a", "b.c"]\n[type]\nvalue = "product"\n[split]\ngenres = "|"\n')
    json_path = written(tmp_path, {"id": "sku", "text": ["a", "b.c"], "type": {"value": "product"}, "split": {"genres": "|"}})
    assert load_mapping(str(toml))._replace(origin="") == load_mapping(json_path)._replace(origin="")


@pytest.mark.parametrize(
    ("mapping", "message", "hint"),
    [
        ({"titel": "a"}, "unknown key 'titel'", "did you mean 'title'"),
        ({"title": 5}, "title: give a field's path", '"title": "FIELD"'),
        ({"text": ["a", ""]}, "text: give a field's path", ""),
        ({"type": {"name": "x"}}, "type: not a type", "value"),
        ({"type": {}}, "type: not a type", "value"),
        ({"type": {"value": 3}}, "type: not a type", "value"),
        ({"split": ["a"]}, "split: give a text", ""),
        ({"labels": {"a": 1}}, "labels: give a text", ""),
        ({"title": "a", "text": ["a"]}, "'a' is given as title and as text", "one role"),
        ({"id": "a", "title": "a"}, "'a' is given as id and as title", "leave the title out"),
        ([], "a mapping is an object", ""),
        ("{", "", "JSON"),
        ("[" * 100_000, "", "JSON"),
        ("\udcff".encode(errors="surrogateescape").decode("latin-1"), "", "JSON"),
    ],
)
def test_mistakes(tmp_path: Path, mapping: Any, message: str, hint: str) -> None:
    path = written(tmp_path, mapping)
    with pytest.raises(CatalogError) as caught:
        load_mapping(path)
    assert str(caught.value).startswith(path) and message in str(caught.value)
    assert hint in caught.value.hint


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="No such file"):
        load_mapping(str(tmp_path / "no.json"))


@pytest.mark.parametrize("mapping", [{"title": "nmae"}, {"ignore": ["specs.colour"]}, {"id": ["id", "nmae"]}])
def test_a_field_that_no_record_has(tmp_path: Path, mapping: dict[str, Any]) -> None:
    catalog = tmp_path / "a.jsonl"
    catalog.write_text('{"id": 1, "name": "Lamp", "specs": {"color": "red"}}')
    path = written(tmp_path, mapping)
    with pytest.raises(CatalogError, match="no record has a field") as caught:
        list(entities([str(catalog)], mapping=load_mapping(path)))
    assert path in str(caught.value)
    assert "did you mean" in caught.value.hint


def test_a_found_mapping_can_be_given_again() -> None:
    records = [{"id": "a", "title": "x", "name": "y", "kind": "z", "specs": {"n_width": 3, "t_size": "big"}, "tags": {"b": 0.5}}]
    found = infer(records * 3)
    assert found.labels == {"specs.n_width": "width", "specs.t_size": "size"}
    again = Mapping.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again == found
