"""Which field is what? Its name, if it is a common one and the values agree; else the values alone.

A catalog is read in blocks of records, and a field is judged when the block that it first appears in is complete: one
that only the last thousand records have is seen then. Up to some fifty values its judgment may still change.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog import values
from ltrr_cli.catalog.evidence import Evidence, shape
from ltrr_cli.catalog.ids import IDS, best_id
from ltrr_cli.catalog.mapping import ROLES, Mapping
from ltrr_cli.catalog.names import GROUPS, label, plain
from ltrr_cli.catalog.names import ROLES as NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MOST_FIELDS = 20_000  # of one catalog; where names of fields are data, those beyond are ignored
MOST_SHAPES = 4096
LANGUAGES = "de en es fr it pt nl pl sv da fi no cs hu ro ru uk tr el ja ko zh ar he hi"
TYPES = 30  # different values that a field of types has at most
LONG = 80  # letters of a text, on average, that make it one
TITLES = frozenset(name for name, (role, _) in NAMES.items() if role == "title")


class Field:
    """One field of a catalog, or an object that holds fields."""

    __slots__ = ("evidence", "fields", "given", "label", "many", "name", "parent", "path", "rank", "role", "separator", "settled")

    def __init__(self, parent: Field | None, name: str) -> None:
        self.parent = parent
        self.name = name
        name = name or "(nameless)" if parent else ""
        self.path: str = f"{parent.path}.{name}" if parent and parent.path else name
        self.fields: dict[str, Field] = {}
        self.evidence = Evidence()
        self.role = ""  # "" for an object that only holds fields
        self.rank = 0  # among the fields of its role, 0 is the best
        self.label = self.path
        self.separator = ""
        self.given = False  # by a mapping file
        self.many: bool = parent.many if parent else False  # inside a list
        self.settled: set[str] = set()  # names of fields in it whose role is final


class Fields:
    """The tree of a catalog's fields with what is known of each. `learn` looks at one block of records.

    >>> fields = Fields()
    >>> fields.learn([{"sku": "a1", "name": "Lamp", "color": "red"}], ids=set())
    >>> fields.mapping().to_dict()
    {'id': ['sku'], 'title': ['name'], 'attributes': ['color']}
    """

    def __init__(self, given: Mapping | None = None) -> None:
        self.root = Field(None, "")
        self.given = given or Mapping()
        self.ids: list[str] = list(self.given.fields.get("id", ()))
        self.shapes: set[str] = set()  # of ids
        self.count = 0
        self._roles = {path: (role, rank) for role, paths in self.given.fields.items() for rank, path in enumerate(paths)}

    def learn(self, records: Sequence[dict[str, Any]], ids: set[str]) -> None:
        """Look at a block of records, the *ids* being those of all records before it, and judge its new fields."""
        own = dict.fromkeys(identifier for record in records if (identifier := self.id_of(record)))
        self._find_id(records, own)
        if len(self.shapes) < MOST_SHAPES:
            self.shapes.update(outline for outline in map(shape, islice(own, 256)) if "0" in outline and "a" in outline)

        def is_id(text: str) -> bool:
            return text in own or text in ids

        new: dict[Field, None] = {}
        for record in records:
            self._look(self.root, record, is_id, new)
        self.judge(new)

    def judge(self, fields: Iterable[Field]) -> None:
        """Decide the roles of *fields*; those of makers last, since they depend on whether there is a creator."""
        makers = []
        for field in fields:
            field.role, field.rank = self._judge(field)
            if field.role == "maker":
                makers.append(field)
        if title := self._inner_title(fields):
            title.role, title.rank = "title", 1000
        creators = "creator" in self.given.fields or any(field.role == "creator" for field in self)
        for field in makers:
            field.role = "attributes" if creators else "creator"
        for field in fields:
            kind = field.evidence
            prefixed = field.name[:2] in ("t_", "n_", "b_", "s_", "i_", "f_") or kind.bools > 0
            field.label = self.given.labels.get(field.path) or label(field.path, prefixed)
            field.separator = self.given.split.get(field.path, "")
            if field.parent and (kind.enough or field.given) and (not kind.dicts or field.role in ("attributes", "ignore")):
                field.parent.settled.add(field.name)
            if field.role and field.fields:  # their keys are values
                self.count -= len(field.fields)
                field.fields.clear()

    def _inner_title(self, fields: Iterable[Field]) -> Field | None:
        """Where no field is the title, one inside another may be: of those called so the one whose values differ most."""
        if "title" in self.given.fields or any(field.role == "title" for field in self):
            return None
        inner = [
            field
            for field in fields
            if field.role == "attributes" and not field.given and not field.many and plain(field.name) in TITLES
            and field.parent and field.parent.path and len(field.evidence.distinct) * 2 > field.evidence.seen
        ]  # fmt: skip
        return max(inner, key=lambda field: len(field.evidence.distinct), default=None)

    def __iter__(self) -> Iterator[Field]:
        """All fields, objects before what they hold."""
        stack = list(reversed(self.root.fields.values()))
        while stack:
            field = stack.pop()
            yield field
            stack.extend(reversed(field.fields.values()))

    def mapping(self) -> Mapping:
        """Return what is known by now."""
        found: dict[str, list[tuple[int, str]]] = {role: [] for role in ROLES}
        labels, paths = {}, set()
        for field in self:
            if field.role and field.path not in paths:  # "a.b" may be one name, or b inside a
                paths.add(field.path)
                found[field.role].append((field.rank, field.path))
                if field.label != field.path and field.role in ("numbers", "attributes", "links"):
                    labels[field.path] = field.label
        fields = {role: tuple(path for _, path in sorted(some, key=lambda pair: pair[0])) for role, some in found.items() if some}
        return Mapping(fields, self.given.type, labels, self.given.split, self.given.origin)

    def _look(self, parent: Field, record: dict[str, Any], is_id: Callable[[str], bool], new: dict[Field, None]) -> None:
        known, settled = parent.fields, parent.settled
        for key in [key for key in record if key not in settled]:
            value = record[key]
            field = known.get(key)
            if field is None:
                if self.count >= MOST_FIELDS:
                    continue
                self.count += 1
                field = known[key] = Field(parent, key)
            if not field.evidence.enough:
                field.evidence.see(value, is_id)
                new[field] = None
            if isinstance(value, dict):
                self._look(field, value, is_id, new)
            elif isinstance(value, list):
                for element in value:
                    if isinstance(element, dict):
                        field.many = True
                        self._look(field, element, is_id, new)

    def _find_id(self, records: Sequence[dict[str, Any]], own: dict[str, None]) -> None:
        """Name the field of ids, or several if kinds of records in one catalog have different ones; add the ids to *own*."""
        if "id" in self.given.fields or len(own) > IDS * len(records):
            return
        lacking = [record for record in records if not self.id_of(record)]
        while len(lacking) * 10 > len(records) and (path := best_id(lacking)):
            self.ids.append(path)
            if path in self.root.fields:
                self.judge([self.root.fields[path]])
            lacking = [record for record in lacking if not values.identifier(record.get(path))]
        own.update(dict.fromkeys(filter(None, map(self.id_of, records))))

    def id_of(self, record: dict[str, Any]) -> str:
        """Return the record's id, "" if it has none that can be one."""
        for path in self.ids:
            if found := values.identifier(reach(record, path)):
                return found
        return ""

    def _judge(self, field: Field) -> tuple[str, int]:
        above: Field | None = field
        while above and above.path:
            if above.path in self._roles:
                field.given = True
                role, rank = self._roles[above.path]
                return ("", 0) if field.evidence.dicts > field.evidence.weights and role != "ignore" else (role, rank)
            above = above.parent
        if field.path in self.ids:
            return "id", self.ids.index(field.path)
        role, rank = _by_name(field)
        seen = field.evidence
        if seen.dicts * 2 >= seen.seen:  # nothing but null, too
            return ("attributes", 0) if seen.weights * 5 > seen.dicts * 4 else ("", 0)
        if role == "maker" or (role in self.given.fields and role not in ("text", "ignore")) or not _fits(role, field):
            role = "maker" if role == "maker" and _fits("creator", field) else ""
        if role == "type" and "type" not in self.given.fields and self.given.type:
            role = ""
        return (role, rank) if role else (self._by_values(field), rank)

    def _by_values(self, field: Field) -> str:
        """Judge a field without a telling name."""
        seen, name = field.evidence, plain(field.name)
        most = seen.seen * 0.8
        above = field.parent.path if field.parent else ""
        names_another = plain(above) not in GROUPS and (
            name.endswith(("_id", "_ids", "_ref", "_refs")) or bool(above and name == "id")
        )
        if seen.bools > most:
            return "attributes"
        if seen.numbers + seen.numeric > most and seen.numbers > seen.seen * 0.2:
            if names_another or (seen.lists and seen.linked > most):
                return "links"
            if seen.long_lists or field.many:  # a vector, or numbers that belong to things inside this one
                return "ignore"
            return "attributes" if seen.lists else "numbers"
        if seen.linked > seen.strings * 0.5 or (names_another and not seen.spaced):
            return "links"
        if seen.lists and not seen.spaced and len(seen.shapes) and seen.shapes <= self.shapes:
            return "links"
        if seen.urls > most or seen.hashes > most:
            return "ignore"
        if seen.length > LONG * seen.strings or seen.tagged > seen.strings * 0.2:
            return "text"
        return "attributes"


def infer(sample: Sequence[dict[str, Any]]) -> Mapping:
    """Return the mapping that a sample of records suggests.

    >>> infer([{"id": 1, "titre": "Blue", "tags": {"folk": 0.9}, "annee": 1971, "img": "a.png"}]).to_dict()
    {'id': ['id'], 'title': ['titre'], 'date': ['annee'], 'attributes': ['tags'], 'ignore': ['img']}
    """
    fields = Fields()
    fields.learn(sample, set())
    return fields.mapping()


def reach(record: dict[str, Any], path: str) -> Any:
    """Return the value at a path, None if there is none.

    >>> reach({"a": {"b": 1}}, "a.b"), reach({"a.b": 2}, "a.b"), reach({}, "a.b")
    (1, 2, None)
    """
    if path in record or "." not in path:
        return record.get(path)
    first, _, rest = path.partition(".")
    inner = record.get(first)
    return reach(inner, rest) if isinstance(inner, dict) else None


def _by_name(field: Field) -> tuple[str, int]:
    """Return what the field's name suggests, and that name's rank."""
    name, parent = plain(field.name), field.parent
    if parent is None or not parent.path:
        return NAMES.get(name, ("", 0))
    above = plain(parent.name)
    if name in LANGUAGES.split():
        return _by_name(parent)
    role, rank = NAMES.get(name, ("", 0))
    over = NAMES.get(above, ("", 0))[0]
    if over in ("creator", "maker"):
        return (over, rank) if name in TITLES else ("", 0)
    if above in GROUPS or role in ("id", "title", "type"):
        return ("ignore", 0) if role == "ignore" else ("", 0)
    return role, rank + 1000


def _fits(role: str, field: Field) -> bool:
    """Tell whether the values can be what the name says."""
    seen = field.evidence
    most = seen.seen * 0.8
    if role == "title":
        return seen.strings + seen.numbers > most and seen.urls < most
    if role == "type":
        short = seen.strings > most and seen.length <= 30 * seen.strings
        return short and not seen.lists and len(seen.distinct) <= min(TYPES, 3 + seen.strings // 2)
    if role in ("creator", "text"):
        return seen.strings > most and (role == "text" or seen.length <= LONG * seen.strings) and seen.urls < most
    if role == "popularity":
        return seen.numbers + seen.numeric > most and not seen.lists
    if role == "date":
        return seen.dates > most and not seen.lists
    if role == "price":
        return seen.prices > seen.seen * 0.5 and not seen.lists  # the others say "on request", in many words
    return role == "ignore" and seen.bools < most
