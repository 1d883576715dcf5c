"""Tables from a name to the class that bears it; the class is imported when it is first asked for."""

from __future__ import annotations

import sys

from ltrr_cli.errors import LtrrError, QueryError
from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType


def look_up(table: Mapping[str, str], name: str, kind: str, error: type[LtrrError] = QueryError) -> Any:
    """Return what *table* calls *name*: its value "module:attribute", imported.

    Raises *error* for a name that is not in the table, with the nearest names as a hint.

    >>> look_up({"path": "os.path:join"}, "path", "function").__name__
    'join'
    >>> look_up({"lexical": "x:y"}, "lexcal", "arm")
    Traceback (most recent call last):
    ltrr_cli.errors.QueryError: no arm is called 'lexcal'
    """
    where = table.get(name)
    if where is None:
        raise error(f"no {kind} is called {name!r}", hint=did_you_mean(name, table, kind))
    module, _, attribute = where.partition(":")
    return getattr(load(module), attribute)


def load(module: str) -> ModuleType:
    """Import *module* by its full name; what `importlib` does takes half a millisecond to load."""
    __import__(module)
    return sys.modules[module]


def did_you_mean(name: str, known: Iterable[str], kind: str) -> str:
    """Return a hint naming the nearest of *known*, or all of them.

    >>> did_you_mean("lexcal", ["lexical", "fuzzy"], "arm")
    "did you mean 'lexical'?"
    >>> did_you_mean("zz", ["lexical", "fuzzy"], "arm")
    'known arms: fuzzy, lexical'
    """
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    kinds = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return f"did you mean {near[0]!r}?" if near else f"known {kinds}: {', '.join(names)}"
