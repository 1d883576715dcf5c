"""A model of the reward, put right by what was observed: right if either the model or the propensities are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ltrr_cli.evaluate.base import Numbers, Sample

SWITCH = 10.0  # above this rho the model alone speaks


def terms(sample: Sample) -> tuple[Numbers, Numbers]:
    """Return expected + rho (r - predicted) over 1.

    The propensities are exact here, so the model only makes it steadier, provided that it has not seen the search.

    >>> from ltrr_cli.evaluate.base import Sample
    >>> one = np.array([1.0])
    >>> up, down = terms(Sample(0.5 * one, 4 * one, 0.4 * one, 0.3 * one, one, one))
    >>> round(float(up.sum() / down.sum()), 4)  # .3 + 4 (.5 - .4)
    0.7

    References: Dudik, Langford and Li, "Doubly robust policy evaluation and learning", ICML 2011.
    """
    return sample.expected + sample.rho * (sample.reward - sample.predicted), np.ones_like(sample.reward)


def switch_terms(sample: Sample) -> tuple[Numbers, Numbers]:
    """Return the same without the correction where rho > SWITCH: less spread, some of the model's bias, of which its
    interval does not know.

    References: Wang, Agarwal and Dudik, "Optimal and adaptive off-policy evaluation in contextual bandits", ICML 2017.
    """
    return terms(sample._replace(rho=np.where(sample.rho <= SWITCH, sample.rho, 0.0)))
