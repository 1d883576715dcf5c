"""How much a candidate has in common with those that rank best without that: who answers a query well is like others who do.

So of all that have "tablet" in their text, what is described as most of the best ones are comes before what is not, and a word
that means another thing in another part of the catalog leads there less.

Source: Lavrenko and Croft, "Relevance-based language models", SIGIR 2001, with the candidates' own scores as the weights.
"""

from __future__ import annotations

from math import fsum

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.rank.blend import Blend
from ltrr_cli.rank.features import ALIKE, TOLD, TYPE, WANTED
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Set

    from ltrr_cli.records import Query

BEST = 10  # candidates that the others are compared with


def compared(
    query: Query,
    rows: Sequence[int],
    features: Sequence[dict[str, float]],
    described: Callable[[int], tuple[str, Set[str]]],
) -> list[dict[str, float]]:
    """Return the *features* of one pool's *rows* with `alike` among them, 0 to 1; *described*: row -> its type, its words.

    It is the share of the BEST that have a word, each by its score in the blend, as the mean over the candidate's words but
    those of the query, which arms have counted already. It counts as far as the query is not for one known thing, nor for
    another type, nor for values that the candidate lacks.

    >>> from ltrr_cli.records import Query
    >>> query = Query("tablet", ("tablet",), intent=(("known_item", 0.5), ("topic", 0.5)))
    >>> records = [("product", {"tablet", *more}) for more in (["pc"], ["pc", "hp"], ["stand"])]
    >>> [round(one["alike"], 2) for one in compared(query, range(3), [{"lexical": 1.0}] * 3, records.__getitem__)]
    [0.33, 0.25, 0.17]
    """
    asked, open_to = set(likeliest(query)[0].split()), 1 - dict(query.intent).get("known_item", 0.5)
    records = [*map(described, rows)]
    shares = _shares([fsum(parts.values()) for parts in Blend().score(features)], [words for _, words in records])
    for word in asked:
        shares.pop(word, None)
    kinds = [({slot.value for slot in one.slots if slot.field == TYPE}, one.likelihood) for one in query.interpretations]
    found = []
    for one, (kind, words) in zip(features, records, strict=True):
        other = fsum([likelihood for asked_for, likelihood in kinds if asked_for and kind not in asked_for])
        fits = (1 - one.get(TOLD, 0.0) + one.get(WANTED, 0.0)) * (1 - other)
        more = len(words) - len(asked & words)
        alike = fsum([shares[word] for word in words & shares.keys()]) / (more or 1)  # exact, as a set has no order
        found.append({**one, ALIKE: open_to * fits * alike})
    return found


def _shares(scores: Sequence[float], words: Sequence[Set[str]]) -> dict[str, float]:
    """Return for each of the *words* of the best the share of these that have it, each by its score."""
    best = sorted(range(len(scores)), key=lambda i: -scores[i])[:BEST]
    weights = {i: max(0.0, scores[i]) for i in best}
    total = fsum(weights.values()) or 1.0
    shares: dict[str, float] = {}
    for i, weight in weights.items():
        for word in words[i]:
            shares[word] = shares.get(word, 0.0) + weight / total
    return shares
