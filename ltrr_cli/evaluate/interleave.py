"""Which of two policies people preferred, from the searches that showed the results of both."""

from __future__ import annotations

from math import erfc, exp, fsum, lgamma, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.evaluate.earned import earned
from ltrr_cli.feedback.log import body
from ltrr_cli.feedback.store import Store
from ltrr_cli.memory.posterior import quantile
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence


class Preference(NamedTuple):
    """Two policies, compared on interleaved searches."""

    policies: tuple[str, str]
    searches: int
    wins: tuple[int, int]  # searches in which the one's results earned more than the other's
    ties: int  # both earned the same, mostly nothing
    share: float  # of the decided searches that the first one won; .5 where none was decided
    low: float  # 95 % interval of the share, exact (Clopper and Pearson, 1934)
    high: float
    p: float  # two-sided sign test over searches: exact where the two rank alike, whatever people do
    p_queries: float  # the same with the searches of one query taken together, as they repeat each other; approximate
    queries: int  # different ones among the decided searches


def interleaved(folder: str = ".ltrr") -> list[Preference]:
    """Return a preference for each pair of policies that shared pages, the most searches first.

    A search is won by the policy whose results earned more reward in sum; what neither had placed counts for none.

    References: Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008.
    """
    outcomes: dict[tuple[str, str], list[tuple[str, float]]] = {}
    with Store(Workspace(folder).open().state, settings_of.load(folder).busy_timeout) as store:
        rewards = earned(store)
        last = 0
        while found := store.rows("SELECT seq, key, body FROM searches WHERE seq>? ORDER BY seq LIMIT 500", (last,)):
            last = found[-1][0]
            for _, key, packed in found:
                logged = body(packed)
                both = logged.get("interleaved")
                if both is None:
                    continue
                one, other = both["policies"]
                sign = 1.0 if one <= other else -1.0
                of_search = rewards.get(logged["search_id"], {})
                gains = {"A": 0.0, "B": 0.0, "": 0.0}
                for result, team in zip(logged["results"], both["teams"], strict=True):
                    gains[team] += of_search[result["id"]].reward if result["id"] in of_search else 0.0
                pair = (one, other) if sign > 0 else (other, one)
                outcomes.setdefault(pair, []).append((key, sign * (gains["A"] - gains["B"])))
    return sorted((preference(pair, done) for pair, done in outcomes.items()), key=lambda p: (-p.searches, p.policies))


def preference(policies: tuple[str, str], outcomes: Sequence[tuple[str, float]]) -> Preference:
    """Return the test of *outcomes*: (query, how much more the first policy earned) for each search.

    >>> found = preference(("new", "old"), [("love", 1.0)] * 8 + [("rain", -1.0)] * 2 + [("sun", 0.0)] * 5)
    >>> found.wins, found.ties, round(found.share, 2), round(found.p, 4), found.queries
    ((8, 2), 5, 0.8, 0.1094, 2)
    """
    won, lost = (sum(sign * gain > 0 for _, gain in outcomes) for sign in (1, -1))
    n = won + lost
    by_query: dict[str, int] = {}
    for key, gain in outcomes:
        if gain:
            by_query[key] = by_query.get(key, 0) + (1 if gain > 0 else -1)
    spread = sqrt(sum(d * d for d in by_query.values()))
    p_queries = erfc(abs(sum(by_query.values())) / spread / sqrt(2)) if spread else 1.0
    low, high = exact_interval(won, n)
    return Preference(
        policies, len(outcomes), (won, lost), len(outcomes) - n, won / n if n else 0.5, low, high,
        sign_test(won, n), p_queries, len(by_query),
    )  # fmt: skip


def sign_test(won: int, n: int) -> float:
    """Return how likely *won* of *n* fair tosses, or something as far from half, is.

    >>> round(sign_test(8, 10), 9)  # 2 (1 + 10 + 45) / 1024
    0.109375
    """
    whole = lgamma(n + 1) - n * log(2)
    return min(1.0, 2 * fsum(exp(whole - lgamma(k + 1) - lgamma(n - k + 1)) for k in range(min(won, n - won) + 1)))


def exact_interval(won: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the shares for which *won* or more, and *won* or fewer, of *n* would not be too unlikely; (0, 1) for n = 0.

    >>> [round(share, 4) for share in exact_interval(8, 10)]
    [0.4439, 0.9748]
    """
    tail = (1 - level) / 2
    low = quantile(tail, won, n - won + 1) if won else 0.0
    high = quantile(1 - tail, won + 1, n - won) if won < n else 1.0
    return low, high
