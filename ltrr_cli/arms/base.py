"""What an arm promises, the table of arms, and what they all draw from."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from time import perf_counter

from ltrr_cli.light import TYPE_CHECKING, Protocol
from ltrr_cli.records import Hit
from ltrr_cli.registry import look_up
from ltrr_cli.understand.normalise import words as normalised
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Sequence

    from ltrr_cli.encode.base import Encoder
    from ltrr_cli.encode.splade import Splade
    from ltrr_cli.index.base import Allowed
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.memory.taste import Past, Taste
    from ltrr_cli.records import Query

    Clauses = list[list[tuple[str, float]]]

ARMS = {  # name -> where; imported when it is first drawn from
    "lexical": "ltrr_cli.arms.lexical:draw",
    "fuzzy": "ltrr_cli.arms.fuzzy:draw",
    "structured": "ltrr_cli.arms.structured:draw",
    "popular": "ltrr_cli.arms.popular:draw",
    "semantic": "ltrr_cli.arms.semantic:draw",
    "hybrid": "ltrr_cli.arms.hybrid:draw",
    "memory": "ltrr_cli.arms.memory:draw",
    "sparse": "ltrr_cli.arms.sparse:draw",
    "related": "ltrr_cli.arms.related:draw",
    "personal": "ltrr_cli.arms.personal:draw",
    "fresh": "ltrr_cli.arms.fresh:draw",
}
KEPT = 1024  # words whose kin is remembered: it takes a look at all words
DEEP = 0.0001  # what each place below DEPTH costs
DEPTH = 100  # hits an arm is asked for whatever is drawn of them: scores are normalised over these


class Arm(Protocol):
    """One way to find candidates."""

    def __call__(self, query: Query, k: int, sources: Sources) -> list[Hit]:
        """Return at most *k* hits, best first, each row once, only of the types that the query wants and that pass its filter.

        Scores compare within one draw only. Nothing found is `[]`, never an error.
        """


class Sources:
    """What arms draw from: one index generation, the encoder, what memory knows; each part is made when first needed.

    *recall(query)* returns (row, score) pairs of what worked for this query or one like it, scores -1..1, best first;
    *exposure(ids)* how often each entity was shown so far; *pasts(query)* what who asks acted on, see `memory.taste`.
    """

    def __init__(
        self,
        generation: Generation,
        recall: Callable[[Query], Sequence[tuple[int, float]]],
        exposure: Callable[[Sequence[str]], dict[str, int]],
        pasts: Callable[[Query], Sequence[Past]] = lambda query: (),
    ) -> None:
        self.generation, self.recall, self.exposure, self._pasts = generation, recall, exposure, pasts
        self.ms: dict[str, float] = {}  # arm -> how long it took for this query, other arms that it uses included
        self._drawn: dict[tuple[str, int], list[Hit]] = {}
        self._query: Query | None = None
        self._vector: array[float] | None = None
        self._encoders: dict[str, Encoder] = {}
        self._splade: Splade | None = None
        self._taste: Taste | None = None
        self.kin_of = lru_cache(KEPT)(self._found_kin)  # a word, k -> at most k words of like meaning, with their cosines

    def draw(self, arm: str, query: Query, k: int = DEPTH) -> list[Hit]:
        """Return what *arm* finds, at least DEPTH hits deep where there are so many; drawn once a query."""
        self._turn_to(query)
        depth = max(k, DEPTH)
        hits = self._drawn.get((arm, depth))
        if hits is None:
            one: Arm = look_up(ARMS, arm, "arm")
            started = perf_counter()
            found, allowed = one(query, depth, self), self.allowed(query)
            hits = self._drawn[arm, depth] = [hit for hit in found if allowed(hit.row)] if query.where else found
            self.ms[arm] = 1000 * (perf_counter() - started)
        return hits

    def allowed(self, query: Query) -> Allowed:
        """Return a test for rows that are alive, of the types that *query* wants, and pass its filter."""
        allowed = self.generation.columns.allowed(query.types)
        if not query.where:
            return allowed
        passing = self.generation.text.filters.passing(query.where)
        return lambda row: passing(row) and allowed(row)

    def taste(self, query: Query) -> Taste | None:
        """Return what who asks likes, made once a query; None where it is not known who asks."""
        self._turn_to(query)
        if self._taste is None and (query.user is not None or query.session is not None):
            from ltrr_cli.memory.taste import Taste

            self._taste = Taste(self.generation, self._pasts(query))
        return self._taste

    def vector(self, query: Query) -> array[float] | None:
        """Return the vector of what the query most likely means, made once a query; None if the index has no vectors."""
        self._turn_to(query)
        if self._vector is None and self.generation.vectors is not None:
            text, likelihood = likeliest(query)
            encoder = self.encoder(query_encoder(self.generation.meta["encoder"]))
            self._vector = encoder.encode_query(text if likelihood < 1 else query.text)
        return self._vector

    def encoder(self, name: str) -> Encoder:
        """Return the encoder of that name or folder; it is loaded once."""
        if name not in self._encoders:
            from ltrr_cli.encode.base import load

            self._encoders[name] = load(name)
        return self._encoders[name]

    def _found_kin(self, word: str, k: int) -> list[tuple[str, float]]:
        kin = self.generation.kin
        return kin.near(self.encoder("static").encode_query(word), k) if kin else []

    def splade(self) -> Splade:
        """Return the index's sparse model; it is loaded once, without its graph."""
        if self._splade is None:
            from ltrr_cli.encode.splade import Splade

            self._splade = Splade(self.generation.meta["sparse"])
        return self._splade

    def _turn_to(self, query: Query) -> None:
        if query is not self._query:
            self._query, self._vector, self._taste = query, None, None
            self._drawn.clear()
            self.ms = {}


def query_encoder(name: str) -> str:
    """Return the encoder that queries use on documents encoded by *name*: MiniLM's share their space with the static table."""
    return "static" if name == "minilm" else name


def normal(hits: Sequence[Hit]) -> dict[int, float]:
    """Return row -> score moved to 0..1 by the lowest and highest of the first DEPTH hits (min-max); 1 where all are equal.

    So a score does not depend on how many hits were asked for. Those further down come out just below 0, in their order.

    >>> normal([Hit(7, 30.0), Hit(3, 20.0), Hit(5, 10.0)])
    {7: 1.0, 3: 0.5, 5: 0.0}
    """
    if not hits:
        return {}
    high, low = hits[0].score, hits[min(len(hits), DEPTH) - 1].score
    found = {h.row: (h.score - low) / (high - low) if high > low else 1.0 for h in hits[:DEPTH]}
    found.update((h.row, -DEEP * i) for i, h in enumerate(hits[DEPTH:], 1))
    return found


def best(scores: Iterable[tuple[int, float]], k: int) -> list[Hit]:
    """Return the *k* best of (row, score) pairs as hits."""
    return list(map(Hit._make, sorted(scores, key=lambda s: -s[1])[:k]))


def clauses(query: Query) -> Clauses:
    """Return the query's words, each with its readings; see `index.base.TextIndex.search`."""
    found: Clauses = []
    times = Counter(c.word for c in query.corrections)  # 2 for two words read as one: it must not count double
    for word in query.words:
        others = [(c.word, c.likelihood / times[c.word]) for c in query.corrections if c.typed == word]
        typed = max(0.0, 1.0 - sum(likelihood * times[w] for w, likelihood in others))
        readings = ([(word, typed)] if typed > 0.001 else []) + others
        parted = [reading for reading in readings if " " in reading[0]]
        if parted and parted[0][1] == max(likelihood for _, likelihood in readings):
            found += [[(part, parted[0][1])] for part in normalised(parted[0][0])]
        else:
            likeliest = max((likelihood for w, likelihood in readings if " " not in w), default=1.0)
            found.append([(w, likelihood / likeliest) for w, likelihood in readings if " " not in w])
    return found
