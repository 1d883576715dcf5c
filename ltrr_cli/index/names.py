"""Which fields a filter or a facet may name, and how: by path, by its last part, by what people call it, in one or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.errors import QueryError
from ltrr_cli.index.facts import CREATOR, DECADE, TITLE, YEAR
from ltrr_cli.registry import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALWAYS = {
    "id": "id", "type": "type", TITLE: "words", CREATOR: "words", DECADE: "words", YEAR: "number", "price": "number",
    "popularity": "number", "date": "date",
}  # fmt: skip
FIRST = {"id", "title", "type", "popularity", "date", "price"}  # roles of which a record's first field counts
KINDS = {"attributes": "words", "numbers": "number", "text": "text", "links": "reference", "ignore": "not indexed"}
LATER = {"title": "text", "type": "words", "popularity": "number", "price": "number"}  # what such a role's other fields become
ASKABLE = {"id", "type", "words", "number", "date"}


class Named(NamedTuple):
    """A field as the index has it."""

    path: str  # in the records, or a name that every catalog has
    kind: str  # id, type, words, number or date; text, reference or not indexed if it can't be asked for
    label: str = ""  # what people call it


def find(name: str, meta: Mapping[str, Any], at: str = "") -> Named:
    """Return the field called *name* in the index that *meta* describes; QueryError if there is none, or several.

    Upper and lower case and a final s make no difference. *at* says where the name was read, for the message.

    >>> meta = {"mapping": {"creator": ["artist"], "attributes": ["genres", "label.city"], "numbers": ["running_time"]}}
    >>> find("genre", meta).path, find("City", meta).path, find("artist", meta).path
    ('genres', 'label.city', 'creator')
    >>> find("runing_time", meta)
    Traceback (most recent call last):
    ltrr_cli.errors.QueryError: no field is called 'runing_time'
    """
    wanted = name.lower()
    ways: tuple[dict[str, set[Named]], ...] = ({}, {}, {}, {})
    for path, named in _fields(meta):
        last = path.rpartition(".")[2]
        singles = {text.lower().removesuffix("s") for text in (path, named.label, last)}
        for way, texts in zip(ways, ({path.lower()}, {named.label.lower()}, {last.lower()}, singles), strict=True):
            for text in texts:
                way.setdefault(text, set()).add(named)
    for way, text in zip(ways, (wanted, wanted, wanted, wanted.removesuffix("s")), strict=True):
        found = way.get(text, set())
        if len(found) > 1:
            paths = sorted(named.path for named in found)
            raise QueryError(f"{name!r}{at} is {len(paths)} fields", hint=f"name one of: {', '.join(paths[:12])}")
        if found:
            return next(iter(found))
    raise QueryError(f"no field is called {name!r}{at}", hint=did_you_mean(name, _askable(meta), "field"))


def ask(name: str, meta: Mapping[str, Any], at: str = "") -> Named:
    """Return the field called *name*, which can be asked for; QueryError for text and the like."""
    named = find(name, meta, at)
    if named.kind not in ASKABLE:
        hint = "put its words into the query" if named.kind == "text" else f"fields: {', '.join(_askable(meta))}"
        raise QueryError(f"{name!r}{at} can't be asked for, it is {named.kind}", hint=hint)
    return named


def _askable(meta: Mapping[str, Any]) -> list[str]:
    return sorted({path for path, named in _fields(meta) if named.kind in ASKABLE})


def _fields(meta: Mapping[str, Any]) -> Iterator[tuple[str, Named]]:
    """Yield each name a field goes by, with what it stands for."""
    for name, kind in ALWAYS.items():
        yield name, Named(name, kind, name)
    mapping = meta["mapping"]
    labels = mapping.get("labels", {})
    for role, paths in mapping.items():
        if role in ("labels", "split"):
            continue
        paths = paths.get("field", ()) if isinstance(paths, dict) else paths
        for rank, path in enumerate([paths] if isinstance(paths, str) else paths):
            if path in ALWAYS:
                continue
            if role == CREATOR or (role in FIRST and rank == 0):
                yield path, Named(role, ALWAYS[role], role)
            else:
                kind = LATER.get(role, "not indexed") if role in FIRST else KINDS[role]
                yield path, Named(path, kind, labels.get(path, path))
