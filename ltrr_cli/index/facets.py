"""How often each value of a field occurs among some rows: what a list could be narrowed to."""

from __future__ import annotations

from collections import Counter

from ltrr_cli.errors import QueryError
from ltrr_cli.index.facts import YEAR, parted
from ltrr_cli.index.names import ask
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ltrr_cli.index.generation import Generation

MOST = 20  # values of a field that are named


def facets(generation: Generation, fields: Sequence[str], rows: Iterable[int]) -> dict[str, dict[str, int]]:
    """Return field -> value as the catalog writes it -> how many of *rows* have it, the commonest first, at most MOST.

    Fields go by the names of `names.ask`. Raises QueryError for one that is not there or has no values to count.
    """
    asked = {field: ask(field, generation.meta) for field in fields}
    for field, named in asked.items():
        if named.kind not in ("words", "type") and named.path != YEAR:
            raise QueryError(f"--facet {field}: {named.kind}s are not counted", hint="use --where for a range of them")
    counts: dict[str, Counter[str]] = {field: Counter() for field in asked}
    paths = {named.path: field for field, named in asked.items() if named.kind != "type"}
    for row in rows:
        for field, named in asked.items():
            if named.kind == "type":
                counts[field][generation.columns.type(row)] += 1
        if paths:
            said = {parted(fact)[:2] for fact in generation.columns.said(row).facts}
            for path, value in said:
                if path in paths:
                    counts[paths[path]][value] += 1
    return {
        field: {
            value if named.kind == "type" else generation.values.shown(named.path, value): n
            for value, n in sorted(counts[field].items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
        }
        for field, named in asked.items()
    }
