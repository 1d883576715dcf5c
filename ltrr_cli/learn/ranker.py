"""Learn to rank from what people did with pages, and promote what was learned only where it proves better.

What satisfied should stand above everything else on its page: each such pair counts by the reward and by one over the chance
that somebody looked so far down, which undoes that high places are clicked more. Training sees some queries and the proof
others, so that a ranker that only remembers, or that got the matter upside down, is refused.

Sources: Joachims, Swaminathan and Schnabel, "Unbiased learning-to-rank with biased feedback", WSDM 2017; Burges et al.,
"Learning to rank using gradient descent", ICML 2005.
"""

from __future__ import annotations

import json
import time
from math import log2
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np

from ltrr_cli.feedback.log import body
from ltrr_cli.feedback.reward import FARTHEST, examined
from ltrr_cli.rank.base import UNTRAINED, chosen
from ltrr_cli.rank.blend import LEFT_OUT
from ltrr_cli.rank.features import NAMES, VERSION
from ltrr_cli.rank.pairwise import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.rank.base import Ranker
    from ltrr_cli.settings import Settings

    Numbers = NDArray[np.float64]

LEAST = 30  # satisfied searches before anything is trained
PROOF = 0.3  # of the queries are kept for the proof
QUERIES = 10  # that the proof must have
SHARP = 8.0  # what a difference of scores is multiplied by: a tenth is then nearly one logit
PULL = 30.0  # towards the untrained ranker: so many pairs' worth
STEPS = 12  # of Newton's method
DRAWS = 2000  # bootstrap samples of queries
SURE = 0.05  # the quantile of the gain that must be above 0


class Seen(NamedTuple):
    """One page that satisfied somebody."""

    key: str  # of the query
    features: list[dict[str, float]]  # one a result, in the order shown
    reward: list[float]  # 0..1, or -1 if it was disliked
    look: list[float]  # chance that each place was looked at


class Report(NamedTuple):
    """What came of one training."""

    searches: int  # satisfied ones in the log
    trained: int  # searches trained on
    proved: int  # queries of the proof
    gain: float  # in discounted gain a satisfied search of the proof, against the ranker that ranks now
    low: float  # of its 90 % interval
    promoted: bool
    why: str
    weights: dict[str, float]


def train(store: Store, settings: Settings, now: float | None = None) -> Report:
    """Train the pairwise ranker on the log and promote it if it is better on queries that it has not seen.

    A ranker that ranks now and has become worse than the untrained one is taken back.
    """
    pages = list(seen(store, settings.eta))
    present = chosen("auto", store.model())
    learn = [page for page in pages if not _held(page.key)]
    proof = [page for page in pages if _held(page.key)]
    if len(pages) < LEAST or len({page.key for page in proof}) < QUERIES:
        why = f"{LEAST} satisfied searches are needed, and {QUERIES} queries to prove it on"
        return Report(len(pages), 0, len({page.key for page in proof}), 0.0, 0.0, False, why, {})
    if present.name != UNTRAINED:
        plain = chosen(UNTRAINED, {})
        if interval(gains(proof, present, plain))[2] < 0:
            _keep(store, {})
            present = plain
    weights = fit(learn)
    model = {"kind": "pairwise", "features": VERSION, "weights": weights}
    gain, low, _ = interval(gains(proof, chosen("auto", model), present))
    better = low > 0
    if better:
        when = time.time() if now is None else now
        _keep(store, {**model, "time": when, "searches": len(learn), "gain": gain, "before": store.model() or None})
    why = "better on queries it has not seen" if better else "not surely better on queries it has not seen"
    return Report(len(pages), len(learn), len({page.key for page in proof}), gain, low, better, why, weights)


def rollback(store: Store) -> bool:
    """Take back the ranker that was promoted last; False if there is none."""
    model = store.model()
    if model:
        _keep(store, model.get("before") or {})
    return bool(model)


def seen(store: Store, eta: float) -> Iterator[Seen]:
    """Yield every page in the log that somebody was satisfied with, in the order of the log."""
    rewards: dict[str, dict[str, float]] = {}
    sql = "SELECT search, entity, reward, action FROM events WHERE timely ORDER BY seq"
    for search, entity, reward, action in store.rows(sql):
        rewards.setdefault(search, {})[entity] = reward if reward > 0 or action != "dislike" else -1.0
    last = 0
    while found := store.rows("SELECT seq, id, key, body FROM searches WHERE seq>? ORDER BY seq LIMIT 500", (last,)):
        last = found[-1][0]
        for _, search, key, packed in found:
            if max(rewards.get(search, {}).values(), default=0.0) > 0:
                results = [r for r in body(packed)["results"] if "f" in r]
                of = rewards[search]
                if any(of.get(r["id"], 0.0) > 0 for r in results):
                    looks = [examined(r["rank"], eta) for r in results]
                    yield Seen(key, [r["f"] for r in results], [of.get(r["id"], 0.0) for r in results], looks)


def fit(pages: Iterable[Seen]) -> dict[str, float]:
    """Return a weight for each part of `rank.pairwise`: logistic regression on pairs, pulled to 0, by Newton's method."""
    names = [name for name in NAMES if name != "memory"]  # what memory says is for these very queries: it is not learned
    rows: list[Numbers] = []
    offsets: list[float] = []
    weights: list[float] = []
    for page in pages:
        known = parts(page.features)
        x = np.array([[part.get(name, 0.0) for name in names] for part in known])
        score = np.array([sum(value for name, value in part.items() if name not in LEFT_OUT) for part in known])
        pairs = [(i, j) for i, r in enumerate(page.reward) if r > 0 for j, other in enumerate(page.reward) if other < r]
        for i, j in pairs:
            rows.append(SHARP * (x[i] - x[j]))
            offsets.append(SHARP * float(score[i] - score[j]))
            weights.append(page.reward[i] * min(FARTHEST, 1 / page.look[i]) / len(pairs))
    if not rows:
        return {}
    return dict(zip(names, _newton(np.array(rows), np.array(offsets), np.array(weights)), strict=True))


def _newton(x: Numbers, offset: Numbers, weight: Numbers) -> list[float]:
    """Minimise sum weight log(1 + exp(-(offset + x.w))) + PULL/2 |w|^2."""
    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(np.clip(offset + x @ w, -30, 30)))  # the chance that the pair is the wrong way round
        gradient = PULL * w - x.T @ (weight * p)
        hessian = PULL * np.eye(len(w)) + (x * (weight * p * (1 - p))[:, None]).T @ x
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    return [round(float(one), 6) for one in w]


def gains(pages: Sequence[Seen], ranker: Ranker, other: Ranker) -> dict[str, list[float]]:
    """Return query -> how much more discounted gain each of its pages has by *ranker* than by *other*.

    A page's gain is what satisfied, each by its reward and one over the chance that it was looked at, over log2(1 + rank).
    """
    found: dict[str, list[float]] = {}
    for page in pages:
        found.setdefault(page.key, []).append(_gain(page, ranker) - _gain(page, other))
    return found


def _gain(page: Seen, ranker: Ranker) -> float:
    scores = [sum(part.values()) for part in ranker.score(page.features)]
    order = sorted(range(len(scores)), key=lambda i: (-round(scores[i], 9), crc32(f"{page.key}{i}".encode("utf-8", "replace"))))
    return sum(max(0.0, page.reward[i]) * min(FARTHEST, 1 / page.look[i]) / log2(rank + 1) for rank, i in enumerate(order, 1))


def interval(found: Mapping[str, Sequence[float]]) -> tuple[float, float, float]:
    """Return the mean over queries of their mean, and the ends of its 90 % interval by the bootstrap over queries."""
    means = np.array([float(np.mean(values)) for _, values in sorted(found.items())])
    if not len(means):
        return 0.0, 0.0, 0.0
    rng = np.random.default_rng(0)
    drawn = means[rng.integers(0, len(means), (DRAWS, len(means)))].mean(axis=1)
    low, high = np.quantile(drawn, (SURE, 1 - SURE))
    return float(means.mean()), float(low), float(high)


def _held(key: str) -> bool:
    """Is a query kept for the proof? Always the same ones, whenever they come."""
    return crc32(key.encode("utf-8", "replace")) % 1000 < PROOF * 1000


def _keep(store: Store, model: Mapping[str, Any]) -> None:
    with store.writing() as db:
        if model:
            block = json.dumps(model, separators=(",", ":")).encode()
            db.execute("INSERT OR REPLACE INTO learned (name, version, body) VALUES ('ranker', 1, ?)", (block,))
        else:
            db.execute("DELETE FROM learned WHERE name='ranker'")
