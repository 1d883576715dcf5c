"""A record becomes an entity: each value goes where its field's role says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog import values
from ltrr_cli.catalog.evidence import are_weights
from ltrr_cli.records import Entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ltrr_cli.catalog.fields import Field

KEPT = 50_000  # texts of attributes that are remembered
TITLE = 80  # letters of a title that is made of a text
_FIRST = ("id", "title", "type", "popularity", "date", "price")


class Maker:
    """Makes entities, one at a time; after each, `doubts` says which (field, kind, message) had to be left out."""

    def __init__(self, root: Field) -> None:
        self._root = root
        self.doubts: list[tuple[str, str, str]] = []
        self._plain: dict[str, dict[str, float]] = {}  # text -> as the only value of an attribute; entities share it

    def make(self, record: dict[str, Any], kind: str, titled: bool = True) -> Entity:
        """Return the record as an entity, of type *kind* if it does not say; its id is "" if it has no usable one.

        A record without title is called by its text or its id, which is a doubt if the others have one (*titled*).
        """
        self.doubts.clear()
        self._best: dict[str, tuple[Field, Any]] = {}
        self._text: list[str] = []
        self._creators: dict[str, None] = {}
        self._attributes: dict[str, dict[str, float]] = {}
        self._numbers: dict[str, float] = {}
        self._links: list[tuple[str, str]] = []
        self._walk(self._root, record)
        best = self._best
        if "date" in best:
            self._year(*best["date"])
        identifier = values.identifier(best["id"][1]) if "id" in best else ""
        title = values.words(best["title"][1]) if "title" in best else ""
        text = "\n".join(self._text)
        if not title:
            title = text if len(text) <= TITLE else text[:TITLE].rpartition(" ")[0] or text[:TITLE]
            title = title.partition("\n")[0] or identifier
            if titled:
                self.doubts.append(("", "no title", f"no title, {title!r} is taken"))
        return Entity(
            identifier,
            (values.words(best["type"][1]) if "type" in best else "") or kind,
            title,
            tuple(self._creators),
            text,
            self._attributes,
            self._numbers,
            tuple(link for link in self._links if link[1] != identifier),
            self._value("popularity", values.number, "a number"),
            self._value("date", values.date, "a date"),
            self._value("price", values.price, "a price"),
            record,
        )

    def _value(self, role: str, convert: Callable[[Any], Any], what: str) -> Any:
        if role not in self._best:
            return None
        field, value = self._best[role]
        result = convert(value)
        if result is None:
            self.doubt(field, value, what)
        return result

    def doubt(self, field: Field, value: Any, what: str) -> None:
        shown = repr(value)
        self.doubts.append((field.path, "value", f"{shown if len(shown) <= 60 else shown[:57] + '...'} is not {what}"))

    def _walk(self, parent: Field, record: dict[str, Any]) -> None:
        fields = parent.fields
        for key, value in record.items():
            if value is not None and value != "" and (field := fields.get(key)):
                READERS[field.role](self, field, value)

    def inside(self, field: Field, value: Any) -> None:
        """Read an object that holds fields, or a list of them."""
        if isinstance(value, dict):
            self._walk(field, value)
        elif isinstance(value, list):
            for element in value:
                if isinstance(element, dict):
                    self._walk(field, element)
        else:
            self.attribute(field, value)

    def first(self, field: Field, value: Any) -> None:
        """Keep the value of the best field of a role; what another one says still counts for something."""
        if isinstance(value, (list, dict)):
            if not isinstance(value, list) or not all(isinstance(element, (str, int, float)) for element in value):
                self.doubt(field, value, f"a single value, as {field.role} needs")
                return
            for element in value[1:]:
                self._other(field, element)
            if not value:
                return
            value = value[0]
        role = field.role
        held = self._best.get(role)
        if held is None or field.rank < held[0].rank:
            self._best[role] = field, value
            if held:
                self._other(*held)
        else:
            self._other(field, value)

    def _other(self, field: Field, value: Any) -> None:
        role = field.role
        if role == "title":
            self.text(field, value)
        elif role == "id":
            self.link(field, value)
        elif role == "type":
            self.attribute(field, value)
        elif role == "date":
            self._year(field, value)
        else:
            self.number(field, values.price(value) if role == "price" else value)

    def _year(self, field: Field, value: Any) -> None:
        """A year is a number as well."""
        if isinstance(value, int) and 1000 <= value <= 3000:
            self._numbers[field.path] = float(value)

    def text(self, field: Field, value: Any) -> None:
        for part in value if isinstance(value, list) else (value,):
            found = values.text(part) if isinstance(part, str) else values.words(part)
            if found:
                self._text.append(found)

    def creator(self, field: Field, value: Any) -> None:
        if field.separator and isinstance(value, str):
            value = value.split(field.separator)
        for part in value if isinstance(value, list) else (value,):
            if name := values.words(part):
                self._creators[name] = None

    def number(self, field: Field, value: Any) -> None:
        found = values.number(value)
        if found is not None:
            self._numbers[field.path] = found
        elif field.given or not isinstance(value, (str, bool)):
            self.doubt(field, value, "a number")
        else:
            self.attribute(field, value)

    def attribute(self, field: Field, value: Any) -> None:
        if type(value) is str and not field.separator:
            found = self._plain.get(value)
            if found is None:
                found = self._only(value)
        else:
            found = {}
            for element in value if type(value) is list else (value,):
                self._weigh(found, field, element)
        if found:
            before = self._attributes.get(field.path)
            self._attributes[field.path] = found if before is None else before | found

    def _only(self, value: str) -> dict[str, float]:
        if len(self._plain) >= KEPT:
            self._plain.clear()
        word = values.words(value)
        found = self._plain[value] = {word: 1.0} if word else {}
        return found

    def _weigh(self, weights: dict[str, float], field: Field, value: Any) -> None:
        if type(value) is str:
            for part in value.split(field.separator) if field.separator else (value,):
                if word := values.words(part):
                    weights[word] = 1.0
        elif value is True:
            weights[field.label] = 1.0
        elif isinstance(value, dict) and are_weights(value):
            weights.update((values.words(word), float(weight)) for word, weight in value.items())
        elif isinstance(value, (dict, list)):
            self.doubt(field, value, "a value")
        elif word := values.words(value):
            weights[word] = 1.0

    def link(self, field: Field, value: Any) -> None:
        if field.separator and isinstance(value, str):
            value = value.split(field.separator)
        for element in value if isinstance(value, list) else (value,):
            if found := values.identifier(element):
                self._links.append((field.path, found))
            elif element is not None:
                self.doubt(field, element, "an id")

    def ignore(self, field: Field, value: Any) -> None:
        """Leave the value to the raw record."""


READERS: dict[str, Callable[[Maker, Field, Any], None]] = {
    "": Maker.inside,
    **dict.fromkeys(_FIRST, Maker.first),
    "creator": Maker.creator,
    "text": Maker.text,
    "numbers": Maker.number,
    "attributes": Maker.attribute,
    "links": Maker.link,
    "ignore": Maker.ignore,
}
