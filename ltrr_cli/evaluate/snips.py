"""Self-normalised inverse propensity scoring: the weighted mean, which cannot leave the range of the rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ltrr_cli.evaluate.base import Numbers, Sample


def terms(sample: Sample) -> tuple[Numbers, Numbers]:
    """Return rho r over rho: a little biased, mostly much steadier than IPS.

    >>> import numpy as np
    >>> from ltrr_cli.evaluate.base import Sample
    >>> zero = np.zeros(2)
    >>> up, down = terms(Sample(np.array([1.0, 0.5]), np.array([0.5, 4.0]), zero, zero, zero, zero))
    >>> round(float(up.sum() / down.sum()), 4)  # (.5 + 2) / 4.5
    0.5556

    References: Swaminathan and Joachims, "The self-normalized estimator for counterfactual learning", NeurIPS 2015.
    """
    return sample.rho * sample.reward, sample.rho
