"""A plain model of what a plan earns on a query, fitted without the searches that it is then asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ltrr_cli.evaluate.base import Numbers

FOLDS = 5
RIDGE = 10.0  # searches' worth of belief in "no effect"


def cross_fitted(
    x: Numbers,
    classes: NDArray[np.int64],
    shares: Sequence[Numbers],
    reward: Numbers,
    clusters: NDArray[np.int64],
    seed: int = 0,
) -> list[Numbers]:
    """Return a ridge regression's rewards for each of *shares*, the first of which is what was drawn.

    *x*: features, shape (n, D), the bias first; *classes*: of the queries, as numbers from 0, -1 for none; *shares*: each
    arm's part of the budget, shape (n, arms): as the model is linear in it, a policy's mean share gives its mean reward. No
    search is predicted by a model that has seen its own cluster. With fewer than two clusters all is 0.
    """
    n_clusters = int(clusters.max()) + 1 if len(clusters) else 0
    folds = min(FOLDS, n_clusters)
    found = [np.zeros(len(reward)) for _ in shares]
    if folds < 2:
        return found
    fold = (np.random.default_rng(seed).permutation(n_clusters) % folds)[clusters]
    designs = [_design(x, classes, part) for part in shares]
    for k in range(folds):
        inside, outside = fold == k, fold != k
        mean = reward[outside].mean()
        a = designs[0][outside]
        weights = np.linalg.solve(a.T @ a + RIDGE * np.eye(a.shape[1]), a.T @ (reward[outside] - mean))
        for rewards, design in zip(found, designs, strict=True):
            rewards[inside] = mean + design[inside] @ weights
    return found


def _design(x: Numbers, classes: NDArray[np.int64], shares: Numbers) -> Numbers:
    """One row a search: its features, the shares, and the shares once more in the columns of its class."""
    by_class = np.zeros((len(x), len(CLASSES), shares.shape[1]))
    known = classes >= 0
    by_class[np.flatnonzero(known), classes[known]] = shares[known]
    return np.concatenate([x, shares, by_class.reshape(len(x), -1)], axis=1)
