"""A nested answer as indented lines, for `status`."""

from __future__ import annotations

from typing import Any

from ltrr_cli.cli.render import clean, number


def outline(value: Any, indent: str = "") -> str:
    """Return *value* as `name: value` lines; what has parts is indented below its name.

    >>> print(outline({"arms": {"lexical": 0.51234, "fuzzy": 40}, "ids": ["a", "b"]}), end="")
    arms:
      lexical: 0.5123
      fuzzy: 40
    ids: a, b
    """
    items = value.items() if isinstance(value, dict) else enumerate(value, 1)
    lines = []
    for name, part in items:
        if isinstance(part, list | tuple) and not any(isinstance(p, dict | list | tuple) for p in part):
            part = ", ".join(map(_plain, part))
        if isinstance(part, dict | list | tuple) and part:
            lines.append(f"{indent}{clean(name)}:\n{outline(part, indent + '  ')}")
        else:
            lines.append(f"{indent}{clean(name)}: {_plain(part)}\n")
    return "".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    return "-" if value in (None, {}, [], ()) else clean(value)
