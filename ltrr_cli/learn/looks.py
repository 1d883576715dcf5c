"""What a page tells of every plan: of what somebody looked at and the plan would have drawn too, how much was acted on?

That is clicks over expected clicks, with two cautions. What stands below the last action is not known to have been looked at.
And a page that nobody acted on tells only if somebody acts soon after: who never says what was right is not dissatisfied.

Source: Zhang and Jones, "Comparing click logs and editorial labels for training query rewriting", WWW 2007 workshop on query log
analysis; for where looking ends, Craswell, Zoeter, Taylor and Ramsey, "An experimental comparison of click position-bias
models", WSDM 2008.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.feedback import log
from ltrr_cli.feedback.reward import examined
from ltrr_cli.policy.shares import PAGE, made, shares
from ltrr_cli.policy.state import WIDTH, column
from ltrr_cli.understand.features import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ltrr_cli.policy.state import State

    Rows = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

MOST = 24  # plans remembered: the least supported go first
PATIENCE = 50  # searches before an action that count as looked at in vain, if nobody acted on them


class Look(NamedTuple):
    """A page that was looked at, or the part of it that was looked at further."""

    query_class: str
    share: float  # 0..1, how much it counts: what comes back says ever less
    plans: Mapping[str, tuple[float, float]]  # name in tenths -> places looked at of what it draws, reward earned there


def look_on(state: State, look: Look) -> None:
    """Add to what is known of each plan what was looked at of that which it draws, and what was earned there."""
    columns = {0, column(look.query_class)} if look.query_class in CLASSES else {0}
    for name, (expected, earned) in look.plans.items():
        sums = state.plans.setdefault(name, array("d", [0.0] * WIDTH))
        for i in columns:
            sums[i] += look.share * expected
            sums[i + 1] += look.share * earned
    while len(state.plans) > MOST:
        del state.plans[min(state.plans, key=lambda name: (state.plans[name][0], name))]
    state.memo.clear()


def looks(
    rows: Rows, seq: int, logged: Mapping[str, Any], gain: float, rank: int, eta: float, seen: int
) -> tuple[list[Look], list[dict[str, Any]], int]:
    """Return what event *seq*, which earned *gain* at place *rank* of the search *logged*, shows to have been looked at.

    With it comes which searches were looked at in vain. *rows* asks the state file; *seen*: number of the last search known to
    have been looked at before, which is returned as of now; *eta*: see `reward.examined`.
    """
    found, vain = [], []
    search, key = logged["search_id"], logged["query"]["key"]
    number = rows("SELECT seq FROM searches WHERE id=?", (search,))[0][0]
    sql = (
        "SELECT id, key, body FROM searches s WHERE seq>? AND seq<? AND NOT EXISTS"
        " (SELECT 1 FROM events e WHERE e.search=s.id AND e.weight>0 AND e.seq<?) ORDER BY seq"
    )
    for other, its_key, packed in rows(sql, (max(seen, number - PATIENCE - 1), number, seq)):
        body = log.body(packed)
        vain.append(body)
        found.append(look(body, 0, len(body["results"]), 0.0, counts(rows, its_key, other, seq), eta))
    acted = rows("SELECT DISTINCT entity FROM events WHERE search=? AND weight>0 AND seq<?", (search, seq))
    places = [result["rank"] for result in logged["results"] if (result["id"],) in acted]
    start = max(places) if places else len(logged["results"]) if number <= seen else 0
    return [*found, look(logged, start, rank, gain, counts(rows, key, search, seq), eta)], vain, max(seen, number)


def counts(rows: Rows, key: str, search: str, seq: int) -> float:
    """Return how much a search for the query *key* says of strangers before event *seq*: memory answers what comes back."""
    sql = "SELECT count(DISTINCT search) FROM events WHERE key=? AND weight>0 AND search<>? AND seq<?"
    return float((1 + rows(sql, (key, search, seq))[0][0]) ** -2.0)


def look(logged: Mapping[str, Any], start: int, end: int, gain: float, share: float, eta: float) -> Look:
    """Return a look at the places after *start* up to *end* of the search *logged*; *gain* was earned at *end*."""
    looked_at = {place: examined(place, eta) for place in range(start + 1, min(end, PAGE) + 1)}
    plans = {}
    for name, places in _covered(logged):
        plans[name] = sum(looked_at.get(place, 0.0) for place in places), gain * (end in places)
    return Look(logged["class"], share, plans)


def _covered(logged: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
    """Yield the places of what each plan would have drawn too, for those plans that this is known of."""
    menu = (logged["interleaved"] if "interleaved" in logged else logged["choice"])["menu"]
    for draws, bits in zip(menu, logged.get("covers", ()), strict=False):
        if bits is not None:
            yield shares(made(draws.items())).name, [place for place in range(1, PAGE + 1) if bits >> (place - 1) & 1]
