"""A plan's identity: its budget in tenths by arm, so that what is learned at one budget holds at another."""

from __future__ import annotations

from functools import lru_cache

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TENTHS = 10
PAGE = 10  # places that are looked at, and results that a budget is meant for: it grows with a longer page
BASELINE = "lexical"  # always drawn, where the user allows it: the guard rail


@lru_cache(4096)  # the same few plans come back in every search
def shares(plan: Plan) -> Plan:
    """Return *plan* scaled to ten candidates; its name is what values are learned under.

    >>> shares(Plan((("hybrid", 24), ("lexical", 8), ("memory", 8)))).name
    'hybrid:6+lexical:2+memory:2'
    """
    return plan if plan.size == TENTHS else _scaled(dict(plan.draws), TENTHS)


@lru_cache(4096)
def spread(tenths: Plan, budget: int) -> Plan:
    """Return the plan that draws *budget* candidates in the proportions of *tenths*; the baseline gets at least 1 of 2.

    >>> spread(named("hybrid:6+lexical:2+memory:2"), 37).name
    'hybrid:22+lexical:8+memory:7'
    """
    plan = _scaled(dict(tenths.draws), budget)
    drawn = dict(plan.draws)
    if budget > 1 and BASELINE in dict(tenths.draws) and BASELINE not in drawn:
        drawn[max(drawn, key=lambda arm: drawn[arm])] -= 1
        drawn[BASELINE] = 1
        plan = made(drawn.items())
    return plan


def made(draws: Iterable[tuple[str, int]]) -> Plan:
    """Return the plan of these draws: sorted, nothing drawn left out."""
    return Plan(tuple(sorted((arm, n) for arm, n in draws if n > 0)))


@lru_cache(4096)
def named(name: str) -> Plan:
    """Return the plan whose name this is.

    >>> named("hybrid:6+lexical:4").draws
    (('hybrid', 6), ('lexical', 4))
    """
    return made((arm, int(n)) for arm, _, n in (part.rpartition(":") for part in name.split("+")))


def moved(one: Plan, other: Plan) -> int:
    """Return how many tenths would have to change arms to turn *one* into *other*.

    >>> moved(named("hybrid:6+lexical:4"), named("hybrid:9+lexical:1"))
    3
    """
    theirs = dict(other.draws)
    both = 0
    for arm, n in one.draws:
        both += min(n, theirs.get(arm, 0))
    return max(one.size, other.size) - both


def covers(plan: Plan, ranks: Mapping[str, int]) -> bool:
    """Return True if *plan* draws the item that stands at *ranks* (arm -> rank from 1, 0 = not found).

    Where a plan reaches it only by going deeper than its shares (see `depth`), its name is among the *ranks* as well.

    >>> plan = named("hybrid:6+lexical:4")
    >>> covers(plan, {"hybrid": 7}), covers(plan, {"hybrid": 7, plan.name: 1})
    (False, True)
    """
    for arm, n in plan.draws:  # asked some hundred times a search: `any` is three times slower
        if 0 < ranks.get(arm, 0) <= n:
            return True
    return plan.name in ranks


def _scaled(parts: Mapping[str, int], total: int) -> Plan:
    """Largest remainders (Hamilton's method); ties go to the larger part, then by name."""
    size = sum(parts.values())
    whole = {arm: n * total // size for arm, n in parts.items()}
    left = total - sum(whole.values())
    for arm in sorted(parts, key=lambda a: (-(parts[a] * total % size), -parts[a], a))[:left]:
        whole[arm] += 1
    return made(whole.items())
