"""One slice of JSON becomes a value, or a reason why it can't."""

from __future__ import annotations

import json
from typing import Any

import orjson

LIMIT = 16 << 20  # bytes of one record
DEPTH = 100  # lists and objects inside one another; whatever writes the record again stops somewhere above


class RecordError(Exception):
    """A record that can't be read; those after it can."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def parse(text: bytes) -> Any:
    """Return the JSON value that *text* is; raise RecordError if it is none, too large or too deep.

    Python writes NaN and Infinity, which are no JSON: they are read, so that a record loses that value and not its life.

    >>> parse(b'{"id": 1}')
    {'id': 1}
    >>> parse(b'[NaN]')
    [nan]
    >>> parse(b'{"id": "caf\\xe9"}')
    Traceback (most recent call last):
    ltrr_cli.catalog.parse.RecordError: not UTF-8
    """
    if len(text) > LIMIT:
        raise too_large()
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as e:
        value = _parse_python(text, e)
    if text.count(b"[") + text.count(b"{") > DEPTH and _depth(value) > DEPTH:
        raise RecordError("too deep", f"more than {DEPTH} lists and objects inside one another")
    return value


def too_large() -> RecordError:
    return RecordError("too large", f"the record is larger than {LIMIT >> 20} MiB")


def _parse_python(text: bytes, error: orjson.JSONDecodeError) -> Any:
    if b"NaN" in text or b"Infinity" in text:
        try:
            value = json.loads(text)
            orjson.dumps(value)  # refuses half characters and numbers beyond 64 bits, as the fast parser does
        except (ValueError, TypeError, RecursionError):
            pass
        else:
            return value
    try:
        text.decode()
    except UnicodeDecodeError:
        raise RecordError("encoding", "not UTF-8") from None
    if "depth limit" in error.msg:
        raise RecordError("too deep", f"more than {DEPTH} lists and objects inside one another") from None
    raise RecordError("broken", f"broken JSON: {error.msg}") from None


def _depth(value: Any) -> int:
    """Count the levels of lists and objects, one level at a time: recursion would have its own limit."""
    depth, level = 0, [value]
    while level := [v for v in level if isinstance(v, (dict, list))]:
        depth += 1
        level = [child for v in level for child in (v.values() if isinstance(v, dict) else v)]
    return depth
