"""Which fields a filter or a facet may name, and how: by path, by its last part, by what people call it, in one or many."""

from __future__ import annotations

from ltrr_cli.errors import QueryError
from ltrr_cli.index.facts import CREATOR, DECADE, TITLE, YEAR
from ltrr_cli.light import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALWAYS = {"id": "id", "type": "type", TITLE: "words"}  # what every entity has
SOME = {CREATOR: "words", "price": "number", "popularity": "number", "date": "date"}  # roles that a catalog may lack
FIRST = {"id", "title", "type", "popularity", "date", "price"}  # roles of which a record's first field counts
KINDS = {"attributes": "words", "numbers": "number", "text": "text", "links": "link", "ignore": "not indexed"}
LATER = {
    "id": "link",
    "title": "text",
    "type": "words",
    "popularity": "number",
    "price": "number",
}  # what other fields of it become
ASKABLE = {"id", "type", "words", "number", "date", "link"}
NAMED = 12  # fields that an error names
NOT = 5  # called so


class Named(NamedTuple):
    """A field as the index has it."""

    path: str  # in the records, or a name that every catalog has
    kind: str  # id, type, words, number, date or link; text or not indexed if it can't be asked for
    label: str = ""  # what people call it


def find(name: str, meta: Mapping[str, Any], at: str = "") -> Named:
    """Return the field called *name* in the index that *meta* describes; QueryError if there is none, or several.

    Upper and lower case, a final s, and which of space, _ and - parts words make no difference. *at* says where the name was
    read, for the message.

    >>> meta = {"mapping": {"creator": ["artist"], "attributes": ["genres", "label.city"], "numbers": ["running_time"]}}
    >>> find("genre", meta).path, find("City", meta).path, find("artist", meta).path, find("running time", meta).path
    ('genres', 'label.city', 'creator', 'running_time')
    >>> find("runing_time", meta)
    Traceback (most recent call last):
    ltrr_cli.errors.QueryError: no field is called 'runing_time'
    """
    wanted = _plain(name)
    single = wanted.removesuffix("s")
    best, found = NOT, dict[Named, None]()
    for path, named in _fields(meta):
        if path == name:
            return named
        if single in _plain(path) or single in _plain(named.label):
            how = _match(wanted, path, named.label)
            if how < best:
                best, found = how, {}
            if how == best < NOT:
                found[named] = None
    if len(found) > 1:
        paths = sorted(named.path for named in found)
        raise QueryError(f"{name!r}{at} is {len(paths)} fields", hint=f"name one of: {', '.join(paths[:NAMED])}")
    if not found:
        raise QueryError(f"no field is called {name!r}{at}", hint=_nearest(wanted, meta))
    return next(iter(found))


def _match(wanted: str, path: str, label: str) -> int:
    """How a field is called so: 1 by its path, 2 its label, 3 its path's last part, 4 by one of these but for an s; NOT."""
    ways = (_plain(path), _plain(label), _plain(path.rpartition(".")[2]))
    if wanted in ways:
        return 1 + ways.index(wanted)
    return 4 if wanted.removesuffix("s") in {way.removesuffix("s") for way in ways} else NOT


def ask(name: str, meta: Mapping[str, Any], at: str = "") -> Named:
    """Return the field called *name*, which can be asked for; QueryError for text and the like."""
    named = find(name, meta, at)
    if named.kind not in ASKABLE:
        hint = "put its words into the query" if named.kind == "text" else _listed(meta)
        raise QueryError(f"{name!r}{at} can't be asked for, it is {named.kind}", hint=hint)
    return named


def _plain(name: str) -> str:
    return name.lower().replace("_", " ").replace("-", " ")


def _nearest(wanted: str, meta: Mapping[str, Any]) -> str:
    """A hint that names the field most like *wanted*, as people call it."""
    from difflib import get_close_matches

    names = {_plain(text): text for path, named in _fields(meta) for text in (path, named.label) if named.kind in ASKABLE}
    near = get_close_matches(wanted, names, n=1)
    return f"did you mean {names[near[0]]!r}?" if near else _listed(meta)


def _listed(meta: Mapping[str, Any]) -> str:
    known = askable(meta)
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return f"fields: {', '.join(known[:NAMED])}{more}"


def askable(meta: Mapping[str, Any]) -> list[str]:
    """Return the fields that can be asked for, those at the top of the records first."""
    paths = {path for path, named in _fields(meta) if named.kind in ASKABLE}
    return sorted(paths, key=lambda path: (path.count("."), path))


def _fields(meta: Mapping[str, Any]) -> Iterator[tuple[str, Named]]:
    """Yield each name a field goes by, with what it stands for."""
    mapping = meta["mapping"]
    known = ALWAYS | {role: kind for role, kind in SOME.items() if mapping.get(role)}
    if mapping.get("date") or any("year" in path for path in mapping.get("numbers", ())):
        known |= {YEAR: "number", DECADE: "words"}
    for name, kind in known.items():
        yield name, Named(name, kind, name)
    labels = mapping.get("labels", {})
    for role, paths in mapping.items():
        if role in ("labels", "split"):
            continue
        paths = paths.get("field", ()) if isinstance(paths, dict) else paths
        for rank, path in enumerate([paths] if isinstance(paths, str) else paths):
            if path in known:
                continue
            if role == CREATOR or (role in FIRST and rank == 0):
                yield path, Named(role, known[role], role)
            else:
                kind = LATER.get(role, "not indexed") if role in FIRST else KINDS[role]
                yield path, Named(path, kind, labels.get(path, path))
