"""How well each entity has served a query (Q2E), from what people did, fading with time."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.memory.posterior import quantile
from ltrr_cli.memory.similar import keep, neighbours, numbered

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.records import Query

BELIEF = 3.0  # impressions that the prediction is worth
UNKNOWN = 0.1  # the prediction where there is none
CAUTION = 0.2  # the quantile to rank by: one lucky click does not dominate
HALF = 0.1  # the quantile that scores one half
PASSED = 0.5  # what being looked at for ever in vain costs
STREAK = 3.0  # typical actions expected of looks in vain, one after another, from which what was earned before is doubted
DOUBTED = 0.5  # what is left of it at each further look
DAY = 86400.0


class Remembered(NamedTuple):
    """An entity that was acted on for this query or one like it, or passed over for this one."""

    id: str
    score: float  # -1..1: below 0 it was disliked or passed over; three plays of three impressions are about .7
    q2e: float  # expected reward, 0..1
    n: float  # impressions' worth of evidence
    via: str  # the remembered query that says most about it


def recall(
    store: Store,
    query: Query,
    k: int,
    vector: bytes | None,
    now: float,
    *,
    half_life_days: float = 180.0,
    predicted: Mapping[str, float] | None = None,
    near: Sequence[tuple[str, float]] | None = None,
) -> list[Remembered]:
    """Return the *k* entities that memory recommends for *query*, best first; those disliked or passed over come last.

    Evidence of the query itself counts in full, that of a neighbour with likeness^4 and as one impression at most; what was
    passed over there may be right here.
    Q2E(q, e) = (s0 p + S)/(s0 + max(N, S)) is the mean of a Beta distribution, where S is the reward, N the impressions that
    were looked at and p the prediction (*predicted*: entity -> 0..1); the order is that of its 20 % quantile. *near*: what
    `neighbours` returned, if it was asked already. Unknown query: [].
    """
    like = dict(neighbours(store, query, vector) if near is None else near)
    if not like and not predicted:
        return []
    marks = ",".join("?" * len(like))
    found = store.rows(f"SELECT key, entity, s, n, d, time FROM q2e JOIN queries ON id=query WHERE key IN ({marks})", list(like))
    sums: dict[str, list[float]] = {}
    via: dict[str, tuple[float, str]] = {}
    for key, entity, s, n, d, when in found:
        part = like[key] ** 4 * _faded(now - when, half_life_days)
        if key != query.key:  # however often it was seen there, it was for another query
            if not s and not d:
                continue
            part /= max(1.0, max(n, s) + d)
        total = sums.setdefault(entity, [0.0, 0.0, 0.0])
        for i, number in enumerate((s, max(n, s), d)):
            total[i] += part * number
        via[entity] = max(via.get(entity, (0.0, "")), (part * (max(n, s) + d), key))
    prior = predicted or {}
    for entity in prior:
        sums.setdefault(entity, [0.0, 0.0, 0.0])
    known = [_judged(entity, total, prior.get(entity, UNKNOWN), via.get(entity, (0.0, ""))[1]) for entity, total in sums.items()]
    known.sort(key=lambda r: (-r.score, r.id))
    return known[:k]


def remember(
    db: sqlite3.Connection,
    key: str,
    vector: bytes | None,
    entity: str,
    *,
    s: float,
    d: float,
    looked: float,
    surely: float,
    when: float,
    half_life_days: float,
) -> None:
    """Add to what is known of *entity* for the query *key*, at *when* (seconds since 1970).

    *s*: change of its reward in this sitting; *d*: change of being disliked (1, 0, -1); *looked*: the chance that its place
    was looked at, counted when it becomes known; *surely*: what a skip adds to that chance.
    """
    query = keep(db, key, vector)
    found = db.execute("SELECT s, n, d, time, missed FROM q2e WHERE query=? AND entity=?", (query, entity)).fetchone()
    old_s, old_n, old_d, old_when, missed = found or (0.0, looked, 0.0, when, 0.0)
    fade, late = _faded(when - old_when, half_life_days), _faded(old_when - when, half_life_days)
    row = (
        query,
        entity,
        max(0.0, old_s * fade + s * late),
        old_n * fade + surely * late,
        max(0.0, old_d * fade + d * late),
        max(when, old_when),
        0.0 if s > 0 else missed * fade,
    )
    db.execute("INSERT OR REPLACE INTO q2e VALUES (?,?,?,?,?,?,?)", row)


def look(
    db: sqlite3.Connection,
    key: str,
    looked: Mapping[str, float],
    when: float,
    half_life_days: float,
    acted: str = "",
    typical: float = 1.0,
) -> None:
    """Count impressions for the query *key* at *when*; *looked*: entity -> the chance that its place was looked at.

    They are counted of what nobody acted on, too, but *acted*, which `remember` will count: so what never satisfies gives way to
    what was never shown. What used to satisfy is doubted after a while in vain, see `doubted`; *typical*: an action's reward.
    """
    query = numbered(db, key)[0]
    sql = f"SELECT entity, s, n, d, time, missed FROM q2e WHERE query=? AND entity IN ({','.join('?' * len(looked))})"
    found = db.execute(sql, (query, *looked)).fetchall()
    for entity, s, n, d, old, missed in found:
        fade, late = _faded(when - old, half_life_days), _faded(old - when, half_life_days)
        s, n, missed = s * fade, n * fade + late * looked[entity], missed * fade
        if entity != acted:
            missed += late * looked[entity]
            s, n = doubted(s, n, missed, late * looked[entity], typical)
        row = (s, n, d * fade, max(when, old), missed, query, entity)
        db.execute("UPDATE q2e SET s=?, n=?, d=?, time=?, missed=? WHERE query=? AND entity=?", row)
    new = looked.keys() - {acted, *(entity for entity, *_ in found)}
    db.executemany("INSERT INTO q2e VALUES (?,?,0,?,0,?,0)", [(query, entity, looked[entity], when) for entity in sorted(new)])


def doubted(s: float, n: float, missed: float, last: float, typical: float) -> tuple[float, float]:
    """Return what still counts of the reward *s* from *n* impressions, the *last* of the *missed* ones in vain, and of these.

    If it satisfied as often as before, so many looks in vain would be seldom: e^-STREAK, 5 %, is the chance. Then something else
    is wanted now, and gets its turn after a few more, however long this was right. The looks in vain still count in full.

    >>> [doubted(7.0, 10.0 + looks, looks, 1.0, typical=0.7) for looks in (2, 3, 4)], doubted(0.0, 10.0, 10.0, 1.0, 0.7)
    ([(7.0, 12.0), (7.0, 13.0), (3.5, 9.0)], (0.0, 10.0))
    """
    before = max(n - missed, s)
    if not s or missed * min(1.0, s / (before * typical)) <= STREAK:
        return s, n
    left = DOUBTED**last
    return left * s, left * before + missed


def score(s: float, n: float, d: float, p: float = UNKNOWN) -> float:
    """Return how strongly to recommend after reward *s* from *n* impressions, *d* dislikes and prediction *p*; -1..1.

    >>> [round(score(plays * 0.7, plays, 0), 2) for plays in (0, 1, 3, 10)], round(score(0, 1, 1), 2), round(score(0, 9, 0), 2)
    ([0.0, 0.42, 0.7, 0.82], -0.62, -0.38)
    """
    n = max(n, s)
    cautious = 0.0
    if s or p != UNKNOWN:  # for what was only ever passed over, a page of it at each search, it is next to nothing
        cautious = quantile(CAUTION, BELIEF * p + s, max(BELIEF * (1 - p) + n - s, 1e-9))
    return cautious / (cautious + HALF) - d / (1 + d) - PASSED * max(0.0, 1 - mean(s, n, p) / p)


def mean(s: float, n: float, p: float = UNKNOWN) -> float:
    """Return the reward that is expected where the entity is looked at, 0..1."""
    return (BELIEF * p + s) / (BELIEF + max(n, s))


def _judged(entity: str, evidence: Sequence[float], p: float, via: str) -> Remembered:
    s, n, d = evidence
    return Remembered(entity, score(s, n, d, p), mean(s, n, p), n, via)


def _faded(seconds: float, half_life_days: float) -> float:
    """What is left of evidence after *seconds*; all of it for a time that is not past."""
    return float(0.5 ** (max(0.0, seconds) / DAY / half_life_days))
