"""What another policy would have earned on the logged searches, with how sure that is; no verdict without support."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ltrr_cli import settings as settings_of
from ltrr_cli.evaluate.again import Again, again, evaluated
from ltrr_cli.evaluate.base import ESTIMATORS, Sample
from ltrr_cli.evaluate.bootstrap import Interval, intervals
from ltrr_cli.evaluate.model import cross_fitted
from ltrr_cli.feedback.store import Store
from ltrr_cli.registry import look_up
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ltrr_cli.evaluate.base import Estimator, Numbers

LEAST_ESS = 50.0  # searches' worth of evidence about the policy
LEAST_REWARDED = 20  # searches that satisfied, at least a little
LEAST_CLUSTERS = 20  # fewer say nothing about how much clusters differ
MOST_UNSUPPORTED = 0.1
BY_PLANS, BY_ITEMS = "dr", "items"  # the estimators that a verdict goes by
BETTER, WORSE, NO_DIFFERENCE, TOO_LITTLE = "better", "worse", "no difference", "too little support"
CLUSTERS = ("session", "user", "query")


class Estimate(NamedTuple):
    """What a policy would have earned a search, against what was earned."""

    policy: str
    searches: int
    rewarded: int  # of which somebody was satisfied, at least a little
    open: int  # whose attribution window has not closed yet: they may earn more
    cluster: str  # what the intervals take together: "session", "user" or "query"
    clusters: int
    logged: Interval  # what was earned
    estimates: dict[str, Interval]  # by each of ESTIMATORS
    differences: dict[str, Interval]  # of these to what the same estimator says of the policies that decided
    ess: float  # effective sample size: searches that would say as much if the policy had decided them itself
    largest_weight: float
    unsupported: float  # share of the policy's decisions that could not have been made when the log was written
    unreachable: float  # share of the candidates it would draw that could not have been drawn then
    by: str  # estimator that the verdict goes by: BY_PLANS, or BY_ITEMS where plans have no support; "" without a verdict
    verdict: str  # BETTER, WORSE, NO_DIFFERENCE or TOO_LITTLE
    because: str  # in words

    def to_dict(self) -> dict[str, Any]:
        """Return it as the JSON object that `ltrr ope --json` prints."""
        parts = self._asdict()
        parts["logged"] = self.logged._asdict()
        for name in ("estimates", "differences"):
            parts[name] = {key: interval._asdict() for key, interval in parts[name].items()}
        return parts


def ope(
    policy: str,
    folder: str = ".ltrr",
    *,
    explore: bool = True,
    cluster: str | None = None,
    seed: int = 0,
    now: float | None = None,
) -> Estimate:
    """Estimate what *policy* would have earned on the logged searches of *folder*, had it decided one of them at a time.

    *policy* is a policy's name, or a plan in tenths such as "hybrid:6+lexical:4". It decides with what was known at each
    search, learned from earlier events only. The reward of a search is that of the result that satisfied most, 0..1.
    *cluster*: "session", "user" or "query"; by default sessions if most searches have one, else queries. QueryError for a
    policy that does not exist.
    """
    settings = settings_of.load(folder)
    judged = evaluated(policy, settings, explore)
    with Store(Workspace(folder).open().state, settings.busy_timeout) as store:
        rows = list(again(store, judged))
    if cluster is None:
        cluster = "session" if 2 * sum(row.session is not None for row in rows) > len(rows) else "query"
    since = (time.time() if now is None else now) - settings.window_hours * 3600
    return estimate(policy, rows, cluster, seed, sum(row.time > since for row in rows))


def estimate(policy: str, rows: Sequence[Again], cluster: str, seed: int = 0, open: int = 0) -> Estimate:
    """Return the estimate from searches seen again by *policy*; see `ope`."""
    clusters = clustered(rows, cluster)
    n_clusters = int(clusters.max()) + 1 if rows else 0
    if not rows:
        nothing = Interval(0.0, 0.0, 0.0)
        return Estimate(
            policy, 0, 0, 0, cluster, 0, nothing, {}, {}, 0.0, 0.0, 0.0, 0.0, "", TOO_LITTLE, "no search of one policy is logged"
        )
    sample = sampled(rows, clusters, seed)
    terms = {name: _estimator(name)(sample) for name in ESTIMATORS}
    was = {f"logged {name}": _estimator(name)(sample.as_logged()) for name in ESTIMATORS}
    values, differences = intervals(terms | was, clusters, {name: f"logged {name}" for name in ESTIMATORS}, seed)
    logged = values["logged ips"]  # the plain mean of the rewards
    unsupported, unreachable = (float(np.mean([getattr(row, name) for row in rows])) for name in ("unsupported", "unreachable"))
    rewarded = int((sample.reward > 0).sum())
    by = BY_PLANS if unsupported <= MOST_UNSUPPORTED else BY_ITEMS
    ess = effective(sample.rho if by == BY_PLANS else sample.exposure[sample.reward > 0])
    missing = unsupported if by == BY_PLANS else unreachable
    verdict, because = _verdict(differences[by], ess, missing, rewarded, n_clusters, by)
    return Estimate(
        policy, len(rows), rewarded, open, cluster, n_clusters, logged, {name: values[name] for name in ESTIMATORS}, differences,
        effective(sample.rho), float(sample.rho.max()), unsupported, unreachable,
        "" if verdict == TOO_LITTLE else by, verdict, because,
    )  # fmt: skip


def clustered(rows: Sequence[Again], cluster: str) -> NDArray[np.int64]:
    """Return the number of each search's cluster, from 0; where it has no session or user, its query stands for it.

    >>> row = Again("s", 0.0, "u", None, "love", (), 0, 0.0, 1.0, 0.0, 0.0, 0.0, (), (), ())
    >>> clustered([row, row._replace(key="rain"), row._replace(session="1"), row], "session").tolist()
    [0, 1, 2, 0]
    """

    def name(row: Again) -> tuple[str | None, ...]:
        if cluster == "session" and row.session is not None:
            return "session", row.user, row.session
        if cluster == "user" and row.user is not None:
            return "user", row.user
        return "query", row.key

    numbers: dict[tuple[str | None, ...], int] = {}
    return np.array([numbers.setdefault(name(row), len(numbers)) for row in rows], dtype=np.int64)


def sampled(rows: Sequence[Again], clusters: NDArray[np.int64], seed: int) -> Sample:
    """Return what the estimators need, with a model's rewards that never come from a search's own cluster."""

    def column(name: str) -> Numbers:
        return np.array([getattr(row, name) for row in rows], dtype=np.float64)

    classes = np.array([row.query_class for row in rows], dtype=np.int64)
    shares = [column(name) for name in ("drawn", "expected", "usual")]
    predicted, expected, usual = cross_fitted(column("x"), classes, shares, column("reward"), clusters, seed)
    return Sample(column("reward"), column("rho"), predicted, expected, usual, column("exposure"))


def effective(weights: Numbers) -> float:
    """Return Kish's effective sample size, (sum w)^2 / sum w^2.

    >>> effective(np.array([1.0, 1.0, 2.0]))  # 16 / 6
    2.6666666666666665
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _verdict(difference: Interval, ess: float, missing: float, rewarded: int, clusters: int, by: str) -> tuple[str, str]:
    """What has no support may have earned anything from 0 to 1: a difference has to stand in spite of that."""
    few = [
        f"{what}: {n:.0f} of the {least:.0f} needed"
        for n, least, what in (
            (rewarded, LEAST_REWARDED, "satisfied searches"),
            (ess, LEAST_ESS, "searches' worth of evidence about this policy"),
            (clusters, LEAST_CLUSTERS, "clusters"),
        )
        if n < least
    ]
    if few:
        return TOO_LITTLE, "; ".join(few)
    way = "by plans" if by == BY_PLANS else "by items, an approximation, as its plans could not have been drawn then"
    if difference.low - missing > 0:
        return BETTER, way
    if difference.high + missing < 0:
        return WORSE, way
    if missing > MOST_UNSUPPORTED:
        return TOO_LITTLE, f"{missing:.0%} of what it would draw could not have been drawn then"
    if missing and (difference.low > 0 or difference.high < 0):
        return TOO_LITTLE, f"the difference is smaller than the {missing:.1%} that could not have been drawn then"
    return NO_DIFFERENCE, way


def _estimator(name: str) -> Estimator:
    found: Estimator = look_up(ESTIMATORS, name, "estimator")
    return found
