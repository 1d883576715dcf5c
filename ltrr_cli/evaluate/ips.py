"""Inverse propensity scoring: each search counts as often as the policy would have drawn its plan more than was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ltrr_cli.evaluate.base import Numbers, Sample


def terms(sample: Sample) -> tuple[Numbers, Numbers]:
    """Return rho r over 1: without bias where the log could have drawn all that the policy would draw.

    >>> from ltrr_cli.evaluate.base import Sample
    >>> zero = np.zeros(2)
    >>> up, down = terms(Sample(np.array([1.0, 0.5]), np.array([0.5, 4.0]), zero, zero, zero, zero))
    >>> float(up.sum() / down.sum())  # (.5 + 2) / 2
    1.25

    References: Horvitz and Thompson, "A generalization of sampling without replacement from a finite universe", 1952.
    """
    return sample.rho * sample.reward, np.ones_like(sample.reward)
