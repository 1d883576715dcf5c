"""How much an entity is to somebody's taste, by its likeness to what they acted on and by what these things have in common."""

from __future__ import annotations

from array import array
from math import sqrt
from operator import mul

from ltrr_cli.index.facts import SHARES, YEAR, parted, term
from ltrr_cli.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ltrr_cli.index.generation import Generation

    Past = Sequence[tuple[int, float]]  # (row, weight), see `memory.history`

BELIEF = 1.0  # satisfying actions that it takes to believe half of what they say
COMMON = 24  # facts of a past that are looked at, those that most of it shares
ALIKE = 0.5  # cosine from which an entity counts as near: two at random often have .4


class Leaning(NamedTuple):
    """What one past says: where in the vectors' space it lies, and which facts it has more often than the catalog."""

    belief: float  # 0..1, grows with what was acted on
    near: Callable[[int], float] | None  # row -> cosine with the weighted mean of the past; None without vectors
    facts: dict[tuple[str, str], float]  # (field, value) -> how much more often than in the catalog, 0..1


class Taste:
    """What somebody likes, by one or more *pasts*: all they did, and what they did in this session, which so counts twice."""

    def __init__(self, generation: Generation, pasts: Sequence[Past]) -> None:
        self._generation = generation
        self._disliked = {row for past in pasts for row, weight in past if weight <= -0.5}
        self._leanings = [leaning(generation, past) for past in pasts if any(weight > 0 for _, weight in past)]
        self._known: dict[int, float] = {}

    def __bool__(self) -> bool:
        return bool(self._leanings)

    def affinity(self, row: int) -> float:
        """Return how much an entity is to this taste, 0..1: nothing if it was disliked or says nothing to it."""
        found = self._known.get(row)
        if found is None:
            found = self._known[row] = 0.0 if self.rejects(row) else self._affinity(row)
        return found

    def rejects(self, row: int) -> bool:
        """Return True for an entity that was disliked, and not so long ago."""
        return row in self._disliked

    def _affinity(self, row: int) -> float:
        left = 1.0
        said = [parted(fact) for fact in self._generation.columns.said(row).facts] if self._leanings else []
        for belief, near, facts in self._leanings:
            shared = max((facts.get((field, value), 0.0) * share for field, value, share in said), default=0.0)
            alike = 0.0 if near is None else belief * max(0.0, near(row) - ALIKE) / (1 - ALIKE)
            left *= 1 - (shared if near is None else (shared + alike) / 2)
        return 1 - left

    def favourites(self, k: int) -> list[str]:
        """Return the terms of the *k* facts that are liked most, each third of their scale."""
        liked: dict[tuple[str, str], float] = {}
        for one in self._leanings:
            for fact, lift in one.facts.items():
                liked[fact] = max(lift, liked.get(fact, 0.0))
        best = sorted(liked, key=lambda fact: (-liked[fact], fact))[:k]
        return [term(field, value, third) for field, value in best for third, _ in SHARES]


def leaning(generation: Generation, past: Past) -> Leaning:
    """Return what *past* says of a taste.

    A fact's part is its weighted share of the past, shrunk by BELIEF, less its share of the catalog: a genre that everything
    has says nothing. Rocchio's mean (1971) of the directions has disliked ones count against.
    """
    liked = sum(weight for _, weight in past if weight > 0)
    shares: dict[tuple[str, str], float] = {}
    for row, weight in past:
        for field, value, share in map(parted, generation.columns.said(row).facts):
            shares[field, value] = shares.get((field, value), 0.0) + weight * share / (BELIEF + liked)
    facts = {}
    for field, value in sorted(shares, key=lambda fact: (-shares[fact], fact))[:COMMON]:
        lift = shares[field, value] - generation.values.count(field, value) / max(1, generation.meta["live"])
        if lift > 0 and field != YEAR:
            facts[field, value] = min(1.0, lift)
    return Leaning(liked / (BELIEF + liked), centre(generation, past), facts)


def centre(generation: Generation, past: Past) -> Callable[[int], float] | None:
    """Return the likeness to the weighted mean of the directions of entities; None if there are no vectors."""
    if generation.vectors is None:
        return None
    total = [0.0] * generation.meta["dim"]
    for row, weight in past:
        code = generation.vectors.code(row)
        length = sqrt(sum(map(mul, code, code)))
        if length:
            part = weight / length
            total = [t + part * c for t, c in zip(total, code, strict=True)]
    return generation.vectors.likeness(array("f", total))
