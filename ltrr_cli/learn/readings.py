"""How often the words of queries were meant as values of a field, told by what satisfied.

A reading says with some likelihood that words of a query are a value of a field. When a result satisfies, the chance that it
was meant so is p / (p + (1 - p) s) if the result has the value, by Bayes' rule, and 0 if not: p the likelihood, s the chance
that whoever meant something else had come to such a result, as many as there were on the page. Over many searches these
chances add up to the likelihoods if the likelihoods are right; by how much they do not, the field was read too shyly or boldly.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ltrr_cli.feedback.reward import examined

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Counts = dict[str, tuple[float, float]]  # field -> how often it was meant, and was thought to be

SUREST = 0.99


def to_bytes(counts: Counts) -> bytes:
    """Return *counts* as a block for the state; equal counts give equal bytes."""
    return json.dumps(sorted(counts.items())).encode()


def from_bytes(block: bytes) -> Counts:
    """Return what `to_bytes` was given.

    >>> from_bytes(to_bytes({"genre": (0.5, 1.0)}))
    {'genre': (0.5, 1.0)}
    """
    return {str(field): (float(meant), float(thought)) for field, (meant, thought) in json.loads(block)}


def count(counts: Counts, gain: float, rank: int, logged: Mapping[str, Any], eta: float) -> None:
    """Add to *counts* what a reward of *gain* for the result at *rank* of the search *logged* says about its readings.

    *eta*: how fast attention falls with rank; who meant something else is taken to come to a result as they see it.

    >>> page = {"query": {"interpretations": [[0.5, [["love", "genre", "love songs", "Love Songs"]], []]]},
    ...         "results": [{"rank": 1}, {"rank": 2}, {"rank": 3}, {"rank": 4}], "bearers": {"genre": [1.0, 2]}}
    >>> counts: dict[str, tuple[float, float]] = {}
    >>> count(counts, 1.0, 2, page, eta=0.0)  # .5 / (.5 + .5 * 1/4)
    >>> counts
    {'genre': (0.8, 0.5)}
    >>> count(counts, 1.0, 1, page, eta=0.0)
    >>> counts
    {'genre': (0.8, 1.0)}
    """
    read: dict[str, float] = {}
    for likelihood, slots, _ in logged["query"]["interpretations"]:
        for field in sorted({slot[1] for slot in slots}):
            read[field] = read.get(field, 0.0) + likelihood
    seen = sum(examined(result["rank"], eta) for result in logged["results"])
    for field, (trusted, *ranks) in logged.get("bearers", {}).items():
        p = min(SUREST, read[field])
        chance = sum(examined(int(at), eta) for at in ranks) / seen
        right = p / (p + (1 - p) * chance) if rank in ranks else 0.0
        meant, thought = counts.get(field, (0.0, 0.0))
        counts[field] = (meant + gain * right, thought + gain * p / trusted)
