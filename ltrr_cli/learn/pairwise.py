"""A weight for each feature, from pairs: what satisfied should stand above everything else on its page.

High places are acted on more whatever stands there. How much more is learned beside the weights, from how often what satisfied
stood higher than its score explains: the odds that i was taken and not j are exp(s_i - s_j) (rank_i / rank_j)^-bias. Where
people take what they like wherever it stands, bias comes out near 0, and nothing is corrected that need not be.

Sources: Joachims, Swaminathan and Schnabel, "Unbiased learning-to-rank with biased feedback", WSDM 2017; Yan et al., "Revisiting
two-tower models for unbiased learning to rank", SIGIR 2022; Burges et al., "Learning to rank using gradient descent", ICML 2005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ltrr_cli.rank.blend import LEFT_OUT
from ltrr_cli.rank.features import MEMORY, NAMES
from ltrr_cli.rank.pairwise import parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ltrr_cli.learn.pages import Seen

    Numbers = NDArray[np.float64]

SHARP = 8.0  # what a difference of scores is multiplied by: a tenth is then nearly one logit
PULL = 10.0  # towards the untrained ranker: so many pairs' worth
PULL_BIAS = 1.0  # towards the bias that is assumed
STRONGEST = 2.0  # bias
STEPS, CLOSE = 50, 1e-7  # of Newton's method at most; a step that ends it
LEARNED = tuple(name for name in NAMES if name != MEMORY)  # what memory says is for these very queries


class Fitted(NamedTuple):
    """What pages say."""

    weights: dict[str, float]  # of the parts of `rank.pairwise`
    bias: float  # place k was taken as if it had been looked at with chance k**-bias


def fit(pages: Iterable[Seen], assumed: float) -> Fitted:
    """Return weights and bias by logistic regression on pairs, pulled to 0 and to the bias *assumed*, by Newton's method."""
    rows: list[Numbers] = []
    offsets: list[float] = []
    weights: list[float] = []
    for page in pages:
        known = parts(page.features)
        x = np.array([[SHARP * part.get(name, 0.0) for name in LEARNED] for part in known])
        places = -np.log(np.arange(1, len(known) + 1))
        score = [SHARP * sum(value for name, value in part.items() if name not in LEFT_OUT) for part in known]
        pairs = [(i, j) for i, r in enumerate(page.reward) if r > 0 for j, other in enumerate(page.reward) if other < r]
        for i, j in pairs:
            higher = places[i] - places[j]
            rows.append(np.append(x[i] - x[j], higher))
            offsets.append(score[i] - score[j] + assumed * float(higher))
            weights.append(page.reward[i] / len(pairs))
    if not rows:
        return Fitted({}, assumed)
    *found, more = _newton(np.array(rows), np.array(offsets), np.array(weights))
    return Fitted(dict(zip(LEARNED, found, strict=True)), round(min(STRONGEST, max(0.0, assumed + more)), 6))


def _newton(x: Numbers, offset: Numbers, weight: Numbers) -> list[float]:
    """Minimise sum weight log(1 + exp(-(offset + x.w))) + pull/2 |w|^2; steps that go too far are halved."""
    pull = np.array([PULL] * len(LEARNED) + [PULL_BIAS])

    def loss(w: Numbers) -> float:
        return float(weight @ np.logaddexp(0.0, -(offset + x @ w)) + pull @ (w * w) / 2)

    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = np.exp(-np.logaddexp(0.0, offset + x @ w))  # the chance that the pair is the wrong way round
        gradient = pull * w - x.T @ (weight * p)
        hessian = np.diag(pull) + (x * (weight * p * (1 - p))[:, None]).T @ x
        step = np.linalg.solve(hessian, gradient)
        now = loss(w)
        while loss(w - step) > now and float(np.abs(step).max()) > CLOSE:
            step /= 2
        if float(np.abs(step).max()) <= CLOSE:
            break
        w = w - step
    return [round(float(one), 6) for one in w]
