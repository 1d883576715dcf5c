"""Which arms deserve thanks for an item, when several had drawn it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any


def shapley(drawn: Mapping[str, Collection[str]], entity: str) -> dict[str, float]:
    """Return each arm's Shapley value of "the item was drawn": 1/|R| for the |R| arms that drew it, 0 for the others.

    The game is v(S) = 1 if some arm of S drew it: the arms of R are interchangeable and the others add nothing
    (Shapley, "A value for n-person games", 1953).

    >>> shapley({"lexical": ["a", "b"], "semantic": ["b"], "fresh": ["c"]}, "b")
    {'lexical': 0.5, 'semantic': 0.5, 'fresh': 0.0}
    """
    found = sum(entity in ids for ids in drawn.values())
    return {arm: 1 / found if entity in ids else 0.0 for arm, ids in drawn.items()}


def leave_one_out(drawn: Mapping[str, Collection[str]], entity: str) -> dict[str, float]:
    """Return 1 for an arm without which the item would not have been drawn, else 0.

    >>> leave_one_out({"lexical": ["a", "b"], "semantic": ["b"]}, "a")
    {'lexical': 1.0, 'semantic': 0.0}
    """
    found = sum(entity in ids for ids in drawn.values())
    return {arm: float(found == 1 and entity in ids) for arm, ids in drawn.items()}


def thanked(drawn: Mapping[str, Collection[str]], entity: str, gain: float) -> dict[str, Any]:
    """Return what an event's *gain* is worth to each arm that had drawn the item, and which arm alone had, None if none did.

    >>> thanked({"lexical": ["a", "b"], "semantic": ["b"]}, "b", 0.5)
    {'credit': {'lexical': 0.25, 'semantic': 0.25}, 'alone': None}
    """
    credit = {arm: gain * part for arm, part in shapley(drawn, entity).items() if part}
    return {"credit": credit, "alone": next(iter(credit)) if len(credit) == 1 else None}
