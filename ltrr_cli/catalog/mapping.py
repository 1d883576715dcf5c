"""Which field is what: found by looking at the catalog, told by a mapping file, or both.

A mapping file is JSON or TOML. It names fields by their path, `attributes.color` being the color inside the attributes:

    {"id": "sku", "title": "name", "type": {"value": "product"}, "text": ["description", "notes"], "ignore": ["stock"]}

A list names several; of id, title, type, popularity, date and price the first one that a record has counts. A field that
holds others stands for all of them. What a file does not mention is found by looking.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLES = (
    "id", "title", "type", "creator", "text", "popularity", "date", "price", "numbers", "attributes", "links", "ignore",
)  # fmt: skip

HINTS = {  # roles that one field was given -> what to do
    frozenset(("id", "title")): "leave the title out: what has none is called by its text or its id",
}


class Mapping(NamedTuple):
    """The role of each field.

    >>> mapping = Mapping.from_dict({"id": "sku", "type": {"value": "product"}, "attributes": ["color", "t_size"]})
    >>> mapping.fields["attributes"], mapping.type
    (('color', 't_size'), 'product')
    >>> Mapping.from_dict(mapping.to_dict()) == mapping
    True
    """

    fields: dict[str, tuple[str, ...]] = {}  # role -> paths, the better ones first
    type: str = ""  # of entities without a field that says it; "" = by the file's name
    labels: dict[str, str] = {}  # path -> what people call it, where that is not the path
    split: dict[str, str] = {}  # path -> what stands between the values of a text
    origin: str = ""  # the mapping file, if it was one

    def to_dict(self) -> dict[str, Any]:
        """Return the mapping in the form of a mapping file."""
        result: dict[str, Any] = {role: list(self.fields[role]) for role in ROLES if role in self.fields}
        if self.type:
            result["type"] = {"field": result["type"], "value": self.type} if "type" in result else {"value": self.type}
        return result | {key: dict(value) for key, value in (("labels", self.labels), ("split", self.split)) if value}

    @classmethod
    def from_dict(cls, given: Any, origin: str = "") -> Mapping:
        """Check and take over what a mapping file says; CatalogError names the file and the key."""
        where = origin or "the mapping"
        if not isinstance(given, dict):
            raise CatalogError(f"{where}: a mapping is an object", hint='for example {"id": "sku", "title": "name"}')
        fields: dict[str, tuple[str, ...]] = {}
        constant = ""
        for key, value in given.items():
            if key not in (*ROLES, "labels", "split"):
                raise CatalogError(f"{where}: unknown key {key!r}", hint=nearest(key, (*ROLES, "labels", "split")))
            if key in ("labels", "split"):
                _check_texts(value, where, key)
                continue
            if key == "type" and isinstance(value, dict):
                constant = value.get("value", "")
                if not isinstance(constant, str) or not value or set(value) - {"value", "field"}:
                    raise CatalogError(f"{where}: type: not a type", hint='{"type": "FIELD"} or {"type": {"value": "NAME"}}')
                value = value.get("field", [])
            if paths := _paths(value, where, key):
                fields[key] = paths
        role_of: dict[str, str] = {}
        for role, path in ((role, path) for role, paths in fields.items() for path in paths):
            if role_of.setdefault(path, role) != role:
                hint = HINTS.get(frozenset((role_of[path], role)), "a field has one role")
                raise CatalogError(f"{where}: {path!r} is given as {role_of[path]} and as {role}", hint=hint)
        return cls(fields, constant, given.get("labels", {}), given.get("split", {}), origin)


def _paths(value: Any, where: str, key: str) -> tuple[str, ...]:
    paths = [value] if isinstance(value, str) else value
    if not isinstance(paths, list) or not all(isinstance(path, str) and path for path in paths):
        raise CatalogError(f"{where}: {key}: give a field's path or a list of them", hint=f'{{"{key}": "FIELD"}}')
    return tuple(paths)


def _check_texts(value: Any, where: str, key: str) -> None:
    if not isinstance(value, dict) or not all(isinstance(text, str) and text for text in value.values()):
        raise CatalogError(f"{where}: {key}: give a text for each field", hint=f'{{"{key}": {{"FIELD": "TEXT"}}}}')


def load_mapping(path: str) -> Mapping:
    """Read a mapping file, JSON or (by its name) TOML; CatalogError names the file and what is wrong in it."""
    import json
    import tomllib

    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
        given = tomllib.loads(text) if path.lower().endswith(".toml") else json.loads(text)
    except OSError as e:
        raise CatalogError(f"{path}: {e.strerror}", hint="name a mapping file that can be read") from None
    except (ValueError, RecursionError) as e:
        raise CatalogError(f"{path}: {e}", hint="a mapping file is JSON, or TOML if it ends in .toml") from None
    return Mapping.from_dict(given, os.fspath(path))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint: the known word that was probably meant, or all of them.

    >>> nearest("titel", ["title", "text"]), nearest("x", ["title", "text"])
    ("did you mean 'title'?", 'known: text, title')
    """
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(word, names, 1, 0.6)
    return f"did you mean {close[0]!r}?" if close else "known: " + ", ".join(names[:12]) + (", ..." if names[12:] else "")
