"""A second look at the top of the list by a cross-encoder, which reads the query and the record together.

Source: Nogueira and Cho, "Passage re-ranking with BERT", 2019, arXiv 1901.04085.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.encode.cross import Cross

TOP = 30  # candidates read
LONGEST = 1000  # characters of a record that are read
WEIGHT = 1.5  # what the best of them gets beside the worst


@lru_cache(maxsize=2)
def reader(folder: str) -> Cross:
    """Return the cross-encoder in *folder*, loaded once. Raises EncoderError if its files do not fit."""
    from ltrr_cli.encode.cross import Cross

    return Cross(folder)


def second_look(folder: str, query: str, records: Sequence[tuple[str, Any]]) -> list[float]:
    """Return what each of (title, record) gains, 0 to WEIGHT, by how well the model in *folder* finds it fits *query*."""
    if not records:
        return []
    scores = reader(folder).score(query, [passage(title, record) for title, record in records])
    low, high = min(scores), max(scores)
    return [WEIGHT * (score - low) / (high - low) if high > low else 0.0 for score in scores]


def passage(title: str, record: Any) -> str:
    """Return a record as one text, its title first.

    >>> passage("Halo", {"name": "Halo", "artist": ["Beyoncé"], "id": 7, "about": {"mood": "hopeful"}})
    'Halo . Beyoncé . hopeful'
    """
    parts = dict.fromkeys([title, *_texts(record)])
    return " . ".join(part for part in parts if part)[:LONGEST]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inside in value.values():
            yield from _texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)
