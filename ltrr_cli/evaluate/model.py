"""A plain model of what a plan earns on a query, fitted without the searches that it is then asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ltrr_cli.evaluate.base import Numbers

FOLDS = 5
RIDGE = 10.0  # searches' worth of belief in "no effect"


def cross_fitted(
    x: Numbers, classes: NDArray[np.int64], drawn: Numbers, expected: Numbers, reward: Numbers, clusters: NDArray[np.int64],
    seed: int = 0,
) -> tuple[Numbers, Numbers]:  # fmt: skip
    """Return (predicted, expected): a ridge regression's rewards of what was drawn, and of what a policy is expected to draw.

    *x*: features, shape (n, D), the bias first; *classes*: of the queries, as numbers from 0; *drawn*, *expected*: each arm's
    share of the budget, shape (n, arms): as the model is linear in it, the mean share gives the mean reward. No search is
    predicted by a model that has seen its own cluster.
    """
    n_clusters = int(clusters.max()) + 1 if len(clusters) else 0
    folds = min(FOLDS, n_clusters)
    predicted, wanted = np.zeros(len(reward)), np.zeros(len(reward))
    if folds < 2:
        return predicted, wanted
    fold = (np.random.default_rng(seed).permutation(n_clusters) % folds)[clusters]
    was, would = _design(x, classes, drawn), _design(x, classes, expected)
    for k in range(folds):
        inside, outside = fold == k, fold != k
        mean = reward[outside].mean()
        a = was[outside]
        weights = np.linalg.solve(a.T @ a + RIDGE * np.eye(a.shape[1]), a.T @ (reward[outside] - mean))
        predicted[inside] = mean + was[inside] @ weights
        wanted[inside] = mean + would[inside] @ weights
    return predicted, wanted


def _design(x: Numbers, classes: NDArray[np.int64], shares: Numbers) -> Numbers:
    """One row a search: its features, the shares, and the shares once more in the columns of its class."""
    by_class = np.zeros((len(x), len(CLASSES), shares.shape[1]))
    known = classes >= 0
    by_class[np.flatnonzero(known), classes[known]] = shares[known]
    return np.concatenate([x, shares, by_class.reshape(len(x), -1)], axis=1)
