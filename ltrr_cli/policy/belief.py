"""What each plan is believed to cover before anything was learned.

Measured on judged and on generated queries of music, electronics and a mixed catalog, at 20 and 40 candidates. The plans lie
close together, as each draws on until its budget is spent; what tells them apart is the kind of query: long ones gain by
meaning, and those that name values by the structured arm and by what the records predict, in some catalogs.
"""

from __future__ import annotations

from functools import lru_cache

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.shares import moved, named
from ltrr_cli.understand.features import VALUES

if TYPE_CHECKING:
    from ltrr_cli.records import Plan

TABLE = {  # a plan in tenths -> belief for most queries, for long ones, for those that name values
    "fuzzy:4+lexical:1+memory:1+sparse:4": (0.90, 0.88, 0.90),
    "lexical:1+memory:2+sparse:7": (0.895, 0.875, 0.895),
    "hybrid:9+lexical:1": (0.895, 0.88, 0.885),
    "hybrid:4+lexical:1+memory:2+sparse:3": (0.89, 0.885, 0.885),
    "fuzzy:7+lexical:1+memory:2": (0.89, 0.87, 0.885),
    "lexical:1+memory:5+sparse:4": (0.88, 0.87, 0.885),
    "hybrid:5+lexical:1+memory:2+semantic:2": (0.875, 0.90, 0.865),
    "lexical:1+memory:3+sparse:3+structured:3": (0.87, 0.86, 0.89),
    "hybrid:4+lexical:1+memory:2+popular:3": (0.87, 0.86, 0.86),
    "hybrid:2+lexical:1+structured:7": (0.84, 0.80, 0.88),
    "lexical:10": (0.80, 0.86, 0.80),
    "structured:10": (0.80, 0.65, 0.86),
}
DEFAULT = "fuzzy:4+lexical:1+memory:1+sparse:4"
APART = 0.01  # belief lost for every tenth that separates a plan from the nearest on the table
_PLANS = {name: named(name) for name in TABLE}


@lru_cache(4096)
def belief(query_class: str, tenths: Plan) -> float:
    """Return what a plan in tenths is believed to cover for a class of queries, "" for all.

    >>> belief("few", named(DEFAULT)), belief("long", named("hybrid:5+lexical:1+memory:3+semantic:1"))
    (0.9, 0.89)
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
