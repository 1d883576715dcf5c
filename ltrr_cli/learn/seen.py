"""What somebody saw of a page, by what they did on it: for memory, which counts impressions.

They saw the places up to the one acted on by the chance that places are looked at, and those below it as far as people here go on
once they found something. They are presumed to, but then something will come of it, if only by mistake. A page that nobody acted
on was seen in vain if somebody acts soon after (see `looks`).

Source: going on after a click is what tells the dynamic Bayesian network from the cascade, Chapelle and Zhang, "A dynamic
Bayesian network click model for web search ranking", WWW 2009.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.feedback.reward import examined
from ltrr_cli.memory.q2e import mean
from ltrr_cli.policy.shares import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.learn.looks import Rows

DOUBT = 0.3  # reward's worth of the presumption that people go on
HARDLY = 0.02  # reward that is expected of what never earned any: a click, at one look of ten


class Seen(NamedTuple):
    """What an action shows."""

    looked: dict[str, float]  # entity -> the chance that its place was looked at, as far as earlier actions did not show it
    expected: float  # reward that should have been earned below the action, if people go on
    came: float  # reward that it did earn there


def goes_on(expected: float, came: float) -> float:
    """Return the chance that somebody who found something looks further: what *came* of what was *expected* from those who do.

    >>> goes_on(0.0, 0.0), round(goes_on(2.7, 0.0), 2), goes_on(2.7, 3.0)
    (1.0, 0.1, 1.0)
    """
    return min(1.0, (DOUBT + came) / (DOUBT + expected))


def in_vain(rows: Rows, seq: int, logged: Mapping[str, Any], eta: float) -> dict[str, float]:
    """Return what was looked at of a page that nobody acted on before event *seq*, entity -> chance; *rows*: see `seen`."""
    return _new(_places(logged, 1, PAGE, eta), _before(rows, seq, logged))


def seen(rows: Rows, seq: int, logged: Mapping[str, Any], rank: int, gain: float, known: bool, eta: float, onward: float) -> Seen:
    """Return what event *seq*, which earned *gain* at place *rank*, shows.

    *rows* asks the state file; *known*: the search is known to have been looked at, by an action on it or a later one; *eta*: see
    `reward.examined`; *onward*: see `goes_on`.
    """
    before = _before(rows, seq, logged)
    ended = max((result["rank"] for result in logged["results"] if before.get(result["id"])), default=0)
    here = _places(logged, rank, rank, eta)
    if gain <= 0 or (known and not ended):
        return Seen({} if known else _new(here, before), 0.0, 0.0)
    if ended:
        between = _places(logged, ended + 1, rank, eta)
        (acted,) = here
        came = gain if rank > ended and acted not in before else 0.0
        return Seen(_new({entity: (1 - onward) * chance for entity, chance in between.items()}, before), 0.0, came)
    below = _places(logged, rank + 1, PAGE, eta)
    looked = _places(logged, 1, min(rank, PAGE), eta) | here | {entity: onward * chance for entity, chance in below.items()}
    sql = "SELECT entity, s, n FROM q2e JOIN queries ON id=query WHERE key=? AND s>0"
    good = {entity: mean(s, n) for entity, s, n in rows(sql, (logged["query"]["key"],))}
    return Seen(_new(looked, before), sum(good.get(entity, HARDLY) * chance for entity, chance in below.items()), 0.0)


def _before(rows: Rows, seq: int, logged: Mapping[str, Any]) -> dict[str, bool]:
    """Return the entities that something was done with on the page before event *seq*: did it earn something?"""
    sql = "SELECT entity, max(weight)>0 FROM events WHERE search=? AND timely AND seq<? GROUP BY entity"
    return dict(rows(sql, (logged["search_id"], seq)))


def _places(logged: Mapping[str, Any], first: int, last: int, eta: float) -> dict[str, float]:
    return {result["id"]: examined(result["rank"], eta) for result in logged["results"] if first <= result["rank"] <= last}


def _new(looked: Mapping[str, float], before: Mapping[str, bool]) -> dict[str, float]:
    return {entity: chance for entity, chance in looked.items() if entity not in before}
