"""Learned sparse retrieval: words that were not typed but might have been, each with a weight, in an inverted index.

With the bundled static table the query is widened: each of its words brings the catalog's words that are nearest in meaning,
so that "sneakers" also finds shoes. With a model of the SPLADE kind (`ltrr index --sparse PATH`) the documents were, and a
query is only cut into its terms.
"""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING

from ltrr_cli.arms.base import clauses
from ltrr_cli.records import Hit

if TYPE_CHECKING:
    from ltrr_cli.arms.base import Sources
    from ltrr_cli.index.impacts_tantivy import Impacts
    from ltrr_cli.index.kin import Kin
    from ltrr_cli.records import Query

NEAR = 0.55  # cosine from which one word may stand for another
PART = 0.55  # of a word's weight that the nearest there could be would get
WIDER = 10  # times as many rows are looked at where a filter lets only some pass
MOST = 5  # other words for one word


def draw(query: Query, k: int, sources: Sources) -> list[Hit]:
    """Return what holds the query's words or such as mean the like; see `base.Arm`."""
    generation = sources.generation
    if impacts := generation.impacts:
        found = impacts.search(_terms(query, impacts, sources), WIDER * k if query.where else k, query.types)
        allowed = sources.allowed(query)
        return [Hit(row, score) for row, score in found if allowed(row)][:k]
    if kin := generation.kin:
        widened = [clause + _others(clause, kin, sources) for clause in clauses(query)]
        return [Hit(*hit) for hit in generation.text.widened(widened, k, query.types, query.where)]
    return []


def _others(clause: list[tuple[str, float]], kin: Kin, sources: Sources) -> list[tuple[str, float]]:
    """Return words near to the likeliest reading, with weights; one rarer than the reading itself counts no more than it."""
    word, likelihood = max(clause, key=lambda reading: reading[1])
    if not word.isalpha():
        return []
    there = {word for word, _ in clause}
    near = kin.near(sources.encoder("static").encode_query(word), MOST + len(there))
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
