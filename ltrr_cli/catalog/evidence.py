"""What has been seen of one field's values: counts, so that a field costs the same however long the catalog is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog import values

if TYPE_CHECKING:
    from collections.abc import Callable

ENOUGH = 50  # values of a field that are looked at
MOST = 8  # values of one list that are looked at

_URL = re.compile(r"(?:https?:|ftp:|data:|//)\S+|\S+\.(?:jpe?g|png|gif|webp|svg|avif)", re.IGNORECASE)
_HASH = re.compile(r"(?=[^\d]*\d)(?:[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[\w+/-]{32,}={0,2})")
_TAG = re.compile(r"</?[a-z][^<>]*>|&[a-z]+;", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")


class Evidence:
    """The counts. Of a list its elements count; `lists` and `dicts` count the fields' values themselves.

    >>> seen = Evidence()
    >>> for value in ["red", ["blue", "green"]]: seen.see(value, lambda text: False)
    >>> seen.values, seen.seen, seen.lists, seen.strings, sorted(seen.distinct)
    (2, 3, 1, 3, ['blue', 'green', 'red'])
    """

    __slots__ = (
        "bools", "dates", "dicts", "distinct", "hashes", "length", "linked", "lists", "long_lists", "numbers", "numeric",
        "prices", "seen", "shapes", "spaced", "strings", "tagged", "urls", "values", "weights", "words",
    )  # fmt: skip

    def __init__(self) -> None:
        self.values = self.seen = self.lists = self.long_lists = self.dicts = self.weights = 0
        self.bools = self.numbers = self.numeric = self.strings = self.dates = self.prices = 0
        self.urls = self.hashes = self.tagged = self.linked = self.spaced = self.words = self.length = 0
        self.distinct: set[str] = set()
        self.shapes: set[str] = set()

    @property
    def enough(self) -> bool:
        return self.values >= ENOUGH

    def see(self, value: Any, is_id: Callable[[str], bool]) -> None:
        """Count one value; None and "" are none."""
        if value is None or value == "":
            return
        self.values += 1
        if isinstance(value, list):
            self.lists += 1
            self.long_lists += len(value) > 4 * MOST
            for element in value[:MOST]:
                self._see(element, is_id)
        else:
            self._see(value, is_id)

    def _see(self, value: Any, is_id: Callable[[str], bool]) -> None:
        self.seen += 1
        if isinstance(value, str):
            self._see_text(value, is_id)
        elif isinstance(value, dict):
            self.dicts += 1
            self.weights += are_weights(value)
        elif isinstance(value, bool):
            self.bools += 1
        elif isinstance(value, (int, float)):
            self.numbers += 1
            self.prices += 1
            self.dates += values.date(value) is not None
            self.linked += is_id(values.identifier(value))

    def _see_text(self, text: str, is_id: Callable[[str], bool]) -> None:
        self.strings += 1
        self.length += len(text)
        self.words += text.count(" ") + 1
        self.spaced += " " in text
        if len(self.distinct) < ENOUGH:
            self.distinct.add(text[:200])
        if len(text) > 200:
            self.tagged += bool(_TAG.search(text, 0, 2000))
            return
        if "<" in text or "&" in text:
            self.tagged += bool(_TAG.search(text))
        if len(text) <= 40 and _DIGITS.search(text):
            self.numeric += values.number(text) is not None
            self.dates += values.date(text) is not None
            self.prices += values.price(text) is not None
        if " " not in text:
            self.urls += bool(_URL.fullmatch(text))
            self.hashes += bool(_HASH.fullmatch(text))
            self.linked += len(text) > 3 and is_id(text)
            self.shapes.add(shape(text))


def are_weights(value: dict[str, Any]) -> bool:
    """Tell weighted values from fields: all of them numbers above 0 and up to 1, all of the keys words.

    >>> are_weights({"pop": 0.9, "country": 0.4}), are_weights({"pop": 1.5}), are_weights({"n_width": 0.5, "n_depth": 1})
    (True, False, False)
    """
    return bool(value) and all(
        isinstance(v, (int, float)) and not isinstance(v, bool) and 0 < v <= 1 and k and "_" not in k and "." not in k
        for k, v in value.items()
    )


def shape(text: str) -> str:
    """Return the outline of an id: ids of one kind share it.

    >>> shape("track:12"), shape("B00X4"), shape("Love Song")
    ('a:0', 'a0a0', 'a a')
    """
    return _DIGITS.sub("0", _LETTERS.sub("a", text))
