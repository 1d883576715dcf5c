"""Learned sparse retrieval: words that were not typed but might have been, each with a weight, in an inverted index.

With the bundled static table the query is widened: each of its words brings the catalog's words that are nearest in meaning,
so that "sneakers" also finds shoes. With a model of the SPLADE kind (`ltrr index --sparse PATH`) the documents were, and a
query is only cut into its terms.
"""

from __future__ import annotations

from math import log1p

from ltrr_cli.arms.base import clauses
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.index.impacts_tantivy import Impacts
    from ltrr_cli.records import Query

NEAR = 0.55  # cosine from which one word may stand for another
PART = 0.55  # of a word's weight that the nearest there could be would get
WIDER = 10  # times as many rows are looked at next where too few pass the filter
MOST = 5  # other words for one word


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return what holds the query's words or such as mean the like; see `base.Arm`."""
    generation = sources.generation
    if impacts := generation.impacts:
        return _passing(_terms(query, impacts, sources), k, query, sources)
    if generation.meta.get("sparse") == "static":
        kin = generation.kin  # None in a catalog of numbers, or in other scripts
        widened = [clause + (_others(clause, sources) if kin else []) for clause in clauses(query)]
        return list(map(Hit._make, generation.text.widened(widened, k, query.types, query.language, query.where)))
    return []


def _passing(terms: dict[str, float], k: int, query: Query, sources: Sources) -> list[Hit]:
    """Return the best hits that pass the query's filter, which the index of terms does not know: deeper until there are *k*."""
    impacts, allowed = sources.generation.impacts, sources.allowed(query)
    assert impacts is not None
    depth = k
    while True:
        found = impacts.search(terms, depth, query.types)
        hits = [Hit(row, score) for row, score in found if allowed(row)]
        if len(hits) >= k or len(found) < depth:
            return hits[:k]
        depth *= WIDER


def _others(clause: list[tuple[str, float]], sources: Sources) -> list[tuple[str, float]]:
    """Return words near to the likeliest reading, with weights; one rarer than the reading itself counts no more than it."""
    word, likelihood = max(clause, key=lambda reading: reading[1])
    if not word.isalpha():
        return []
    there = {word for word, _ in clause}
    near = sources.kin_of(word, MOST + len(there))
    others = [(other, cosine) for other, cosine in near if cosine >= NEAR and other not in there][:MOST]
    known, *theirs = (sources.generation.vocabulary.count(one) for one in (word, *(other for other, _ in others)))
    most = log1p(sources.generation.rows / known) if known else 0.0
    rarer = [max(1.0, log1p(sources.generation.rows / max(1, n)) / most) if most else 1.0 for n in theirs]
    return [(other, likelihood * PART * cosine**2 / times) for (other, cosine), times in zip(others, rarer, strict=True)]


def _terms(query: Query, impacts: Impacts, sources: Sources) -> dict[str, float]:
    """Return the query's terms with their weights: the model's own where it brings some, else by how rare they are."""
    model = sources.splade()
    terms = model.query(query.text)
    return {term: model.weights[term] if term in model.weights else impacts.idf(term) for term in terms}
