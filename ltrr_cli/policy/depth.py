"""How deep each arm is drawn so that a plan brings as many different candidates as its budget allows.

Arms overlap, and some find nothing. What that leaves of the budget is not lost: the plan's arms go on in their proportions
until there are enough different candidates, or no more to find.
"""

from __future__ import annotations

from bisect import insort

from ltrr_cli.light import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.records import Plan

T = TypeVar("T")


def depths(plan: Plan, found: Mapping[str, Sequence[T]]) -> dict[str, int]:
    """Return arm -> how many of its hits are drawn, at least what *plan* says where there are so many.

    *found* has what each arm of the plan finds, best first, each once. The next hit is always that of the arm which is least
    far beyond its share; of equals, the first by name.

    >>> from ltrr_cli.policy.shares import named
    >>> depths(named("fuzzy:2+lexical:2+memory:2"), {"fuzzy": "abcdefg", "lexical": "abcxyz", "memory": ""})
    {'fuzzy': 5, 'lexical': 4, 'memory': 0}
    """
    deep = {arm: min(n, len(found[arm])) for arm, n in plan.draws}
    seen: set[T] = set()
    for arm, n in deep.items():
        seen.update(found[arm][:n])
    size, share = plan.size, dict(plan.draws)
    left = sorted(((deep[arm] + 1) / n, arm) for arm, n in plan.draws if deep[arm] < len(found[arm]))
    while left and len(seen) < size:
        _, arm = left.pop(0)
        seen.add(found[arm][deep[arm]])
        deep[arm] += 1
        if deep[arm] < len(found[arm]):
            insort(left, ((deep[arm] + 1) / share[arm], arm))
    return deep


def pooled(plan: Plan, found: Mapping[str, Sequence[T]]) -> set[T]:
    """Return what *plan* draws of what its arms *found*.

    >>> from ltrr_cli.policy.shares import named
    >>> sorted(pooled(named("fuzzy:2+lexical:2"), {"fuzzy": "abc", "lexical": "bad"}))
    ['a', 'b', 'c', 'd']
    """
    return {hit for arm, n in depths(plan, found).items() for hit in found[arm][:n]}
