"""How far each field's readings are to be trusted: what the catalog's statistics say of them, corrected by what satisfied."""

from __future__ import annotations

from math import log2

from ltrr_cli.index.facts import TITLE, parted
from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.index.columns import Columns
    from ltrr_cli.records import Query

AT_FIRST = 10.0  # readings that the likelihoods of the catalog are worth
LEAST, MOST = 0.2, 3.0  # no field is trusted less or more
STEPS = 8  # in a doubling: what a query reads as stays the same until a field is trusted noticeably more or less


def factors(counts: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return field -> what its likelihoods are multiplied with; a field that is not there has 1.

    *counts*: field -> how often it was meant and how often it was thought to be, see `learn.readings`. The factor is the mean
    of a Gamma distribution whose prior has mean 1 and is worth AT_FIRST readings (Poisson counts), in steps.

    >>> factors({"creator": (30.0, 10.0), "title": (0.0, 90.0), "genre": (5.1, 5.0)})
    {'creator': 2.0, 'title': 0.2, 'genre': 1.0}
    """
    return {field: _step((AT_FIRST + meant) / (AT_FIRST + thought)) for field, (meant, thought) in counts.items()}


def bearers(query: Query, rows: Sequence[int], columns: Columns, trust: Mapping[str, float]) -> dict[str, list[float]]:
    """Return field -> [how far it was trusted, ranks on the page of the *rows* that have the value some reading gives it]."""
    slots = {slot[1:3] for one in query.interpretations for slot in one.slots}
    found: dict[str, list[float]] = {field: [trust.get(field, 1.0)] for field, _ in sorted(slots)}
    for rank, row in enumerate(rows if slots else (), 1):
        said = columns.said(row)
        has = {parted(fact)[:2] for fact in said.facts} | {(TITLE, said.name), ("type", columns.type(row))}
        for field in {field for field, _ in slots & has}:
            found[field].append(rank)
    return found


def _step(factor: float) -> float:
    return round(min(MOST, max(LEAST, 2 ** (round(STEPS * log2(factor)) / STEPS))), 4)
