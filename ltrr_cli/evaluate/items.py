"""Estimating by the item that satisfied instead of by the plan: a plan that was never drawn may well draw what others drew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ltrr_cli.policy.shares import covers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ltrr_cli.evaluate.base import Numbers, Sample
    from ltrr_cli.records import Plan


def terms(sample: Sample) -> tuple[Numbers, Numbers]:
    """Return exposure r over 1: an approximation.

    It takes for granted that what satisfied would have satisfied beside other results too, if only it had been drawn, and
    that whoever would not have found it would have found nothing.

    References: Li et al., "Offline evaluation of ranking policies with click models", KDD 2018, for the idea.
    """
    return sample.exposure * sample.reward, np.ones_like(sample.reward)


def exposed(plans: Iterable[tuple[Plan, float]], ranks: Mapping[str, int]) -> float:
    """Return the chance that the item at *ranks* (arm -> rank from 1, 0 = not found) is drawn, if *plans* have these chances.

    >>> from ltrr_cli.policy.shares import named
    >>> exposed([(named("lexical:10"), 0.75), (named("fuzzy:9+lexical:1"), 0.25)], {"lexical": 3, "fuzzy": 12})
    0.75
    """
    return sum(chance for plan, chance in plans if chance > 0 and covers(plan, ranks))


def out_of_reach(plans: Sequence[tuple[Plan, float]], could: Iterable[Plan]) -> float:
    """Return the share of the candidates of *plans* (with their chances) that stand deeper in their arm than *could* reaches.

    >>> from ltrr_cli.policy.shares import named
    >>> out_of_reach([(named("hybrid:6+lexical:4"), 1.0)], [named("hybrid:5+lexical:5"), named("lexical:10")])
    0.1
    """
    depth: dict[str, int] = {}
    for plan in could:
        for arm, n in plan.draws:
            depth[arm] = max(n, depth.get(arm, 0))
    return sum(chance * max(0, n - depth.get(arm, 0)) / plan.size for plan, chance in plans for arm, n in plan.draws)
