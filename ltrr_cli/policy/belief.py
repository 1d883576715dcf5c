"""What each plan is believed to cover before anything was learned.

Measured on judged queries of music and of electronics, and on generated ones of these, of a shop and of all in one catalog, each
counting the same, at 20 candidates: the mean of nDCG@10 and recall, with the default at .9. The plans lie close together, as each
draws on until its budget is spent; what tells them apart is the kind of query: those that name values gain by what the records
predict and by the structured arm, in some catalogs by much, while in others that one alone misses a quarter of what is meant.
"""

from __future__ import annotations

from functools import lru_cache

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.shares import moved, named
from ltrr_cli.understand.features import VALUES

if TYPE_CHECKING:
    from ltrr_cli.records import Plan

TABLE = {  # a plan in tenths -> belief for most queries, for long ones, for those that name values
    "fuzzy:4+lexical:1+memory:1+sparse:4": (0.90, 0.90, 0.90),
    "lexical:1+memory:2+sparse:7": (0.899, 0.90, 0.901),
    "fuzzy:7+lexical:1+memory:2": (0.899, 0.90, 0.90),
    "lexical:1+memory:5+sparse:4": (0.898, 0.90, 0.907),
    "hybrid:9+lexical:1": (0.898, 0.901, 0.89),
    "hybrid:4+lexical:1+memory:2+sparse:3": (0.898, 0.901, 0.898),
    "hybrid:4+lexical:1+memory:2+popular:3": (0.896, 0.895, 0.897),
    "hybrid:5+lexical:1+memory:2+semantic:2": (0.894, 0.901, 0.885),
    "lexical:1+memory:3+sparse:3+structured:3": (0.894, 0.899, 0.905),
    "hybrid:2+lexical:1+structured:7": (0.867, 0.899, 0.90),
    "lexical:10": (0.85, 0.90, 0.88),
    "structured:10": (0.82, 0.845, 0.885),
}
DEFAULT = "fuzzy:4+lexical:1+memory:1+sparse:4"
APART = 0.01  # belief lost for every tenth that separates a plan from the nearest on the table
_PLANS = {name: named(name) for name in TABLE}


@lru_cache(4096)
def belief(query_class: str, tenths: Plan) -> float:
    """Return what a plan in tenths is believed to cover for a class of queries, "" for all.

    >>> belief("few", named(DEFAULT)), belief("long", named("hybrid:5+lexical:1+memory:3+semantic:1"))
    (0.9, 0.891)
    """
    known = TABLE.get(tenths.name)
    away = 0
    if known is None:
        away, name = nearest(tenths)
        known = TABLE[name]
    return known[2 if query_class.endswith(VALUES) else query_class == "long"] - APART * away


@lru_cache(4096)
def nearest(tenths: Plan) -> tuple[int, str]:
    """Return how many tenths separate a plan from the nearest one on the table, and that one's name."""
    away, _, name = min((moved(tenths, plan), -TABLE[name][0], name) for name, plan in _PLANS.items())
    return away, name
