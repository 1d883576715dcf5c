"""What an action says about how satisfied somebody was, from 0 to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VALUES = {"click": 0.2, "play": 0.7, "like": 1.0, "favorite": 1.0, "purchase": 1.0, "skip": 0.0, "dislike": 0.0}
NEGATIVE = ("skip", "dislike")
LEFT, STAYED = 0.05, 0.5  # a click that was left again within 10 seconds; one that was stayed with for 30
PLAYED = 0.3  # share of the whole, or 30 seconds, that makes a play more than a click
FARTHEST = 5.0  # limit of the weight for low places
HEAVIEST = 50.0  # limit of the weight for what was unlikely to be seen


def actions(added: Mapping[str, float]) -> dict[str, float]:
    """Return every action's name with its value; *added* are the settings' own and may change the built-in ones."""
    return {**VALUES, **added}


def value(action: str, seconds: float | None, fraction: float | None, added: Mapping[str, float]) -> float:
    """Return what one action says, 0..1.

    >>> value("click", None, None, {}), value("click", 4, None, {}), value("click", 40, None, {})
    (0.2, 0.05, 0.5)
    >>> value("play", None, 0.1, {}), value("play", None, 0.5, {}), value("share", None, None, {"share": 0.9})
    (0.2, 0.7, 0.9)
    """
    worth = actions(added)[action]
    if action in added:
        return worth
    if action == "click" and seconds is not None:
        return LEFT if seconds < 10 else STAYED if seconds >= 30 else worth
    if action == "play" and (seconds is not None or fraction is not None):
        if (fraction or 0.0) >= PLAYED or (seconds or 0.0) >= 30:
            return worth
        return VALUES["click"] if fraction is not None or (seconds or 0.0) >= 10 else LEFT
    return worth


def reward(done: Iterable[tuple[str, float]]) -> tuple[float, bool]:
    """Return (reward 0..1, disliked) of one item from all that was done with it: (action, value) pairs in time's order.

    r = 1 - prod(1 - v) over the kinds of action, each with its highest value, so that clicking five times is one click. A
    dislike takes back what was before it.

    >>> reward([("click", 0.2), ("click", 0.5), ("play", 0.7)])
    (0.85, False)
    >>> reward([("like", 1.0), ("dislike", 0.0)])
    (0.0, True)
    """
    best: dict[str, float] = {}
    disliked = False
    for action, worth in done:
        if action == "dislike":
            best, disliked = {}, True
        elif action != "skip":
            best[action] = max(worth, best.get(action, 0.0))
    left = 1.0
    for worth in best.values():
        left *= 1 - worth
    return 1 - left, disliked and left > 0.5


def examined(rank: int, eta: float) -> float:
    """Return the chance that somebody looked at place *rank*: rank^-eta (Joachims et al., WSDM 2017).

    >>> examined(4, 1.0)
    0.25
    """
    return float(rank**-eta)


def weight(gained: float, seen: float) -> float:
    """Return how much a reward counts: its inverse propensity, HEAVIEST at most; *seen*: how likely it was to be looked at.

    >>> weight(0.7, 1.0), weight(1.0, 0.2), weight(0.5, 0.001)
    (0.7, 5.0, 25.0)
    """
    return gained * min(HEAVIEST, 1 / max(seen, 1 / HEAVIEST))
