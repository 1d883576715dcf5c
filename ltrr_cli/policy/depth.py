"""How deep each arm is drawn so that a plan brings as many different candidates as its budget allows.

Arms overlap, and some find nothing. What that leaves of the budget is not lost: the plan's arms go on in their proportions
until there are enough different candidates, or no more to find. Then the baseline, where it was not of the plan, gives the
rest: a plan that asks only those who are seldom heard answers like any other where they are silent.
"""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, TypeVar
from ltrr_cli.policy.shares import BASELINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.records import Plan

T = TypeVar("T")


def depths(plan: Plan, found: Mapping[str, Sequence[T]]) -> dict[str, int]:
    """Return arm -> how many of its hits are drawn, at least what *plan* says where there are so many.

    *found* has what each arm of the plan finds, and the baseline, where it may be drawn: best first, each once; others are not
    looked at. The next hit is always that of the arm which is least far beyond its share; of equals, the first by name.

    >>> from ltrr_cli.policy.shares import named
    >>> depths(named("fuzzy:2+lexical:2+memory:2"), {"fuzzy": "abcdefg", "lexical": "abcxyz", "memory": ""})
    {'fuzzy': 5, 'lexical': 4, 'memory': 0}
    >>> depths(named("structured:3"), {"lexical": "abcd", "structured": "b"})
    {'structured': 1, 'lexical': 3}
    """
    deep = {arm: min(n, len(found[arm])) for arm, n in plan.draws}
    seen: set[T] = set()
    for arm, n in deep.items():
        seen.update(found[arm][:n])
    size, share = plan.size, dict(plan.draws)
    left = [((deep[arm] + 1) / n, arm) for arm, n in plan.draws if deep[arm] < len(found[arm])]
    while left and len(seen) < size:
        left.remove(first := min(left))
        arm = first[1]
        seen.add(found[arm][deep[arm]])
        deep[arm] += 1
        if deep[arm] < len(found[arm]):
            left.append(((deep[arm] + 1) / share[arm], arm))
    if len(seen) < size and BASELINE not in share:
        for n, hit in enumerate(found.get(BASELINE, ()), 1):
            seen.add(hit)
            deep[BASELINE] = n
            if len(seen) == size:
                break
    return deep


def pooled(plan: Plan, found: Mapping[str, Sequence[T]]) -> tuple[list[T], list[T]]:
    """Return what the arms of *plan* draw of what all arms *found*, and what the baseline beside them fills up with.

    >>> from ltrr_cli.policy.shares import named
    >>> pooled(named("fuzzy:4"), {"fuzzy": "abc", "lexical": "bad", "memory": "e"})
    (['a', 'b', 'c'], ['d'])
    """
    asked = dict(plan.draws)
    deep = depths(plan, found)
    own = dict.fromkeys(hit for arm in asked for hit in found[arm][: deep[arm]])
    spare = (hit for arm, n in deep.items() if arm not in asked for hit in found[arm][:n])
    return list(own), [hit for hit in spare if hit not in own]
