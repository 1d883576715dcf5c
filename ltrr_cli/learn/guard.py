"""Does a policy do worse lately than the plan that comes with ltrr? Then that plan is drawn, until the policy would do better.

Of each satisfying action it is known which plans would have drawn the item (full-rank feedback), so what a policy held best and
the default plan are compared on the same actions, whichever of them was drawn: by whether the one draws it and the other, times
what the action weighs. A policy that only looks on is compared in the same way.
"""

from __future__ import annotations

import json
from math import sqrt

from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.policy.menu import default
from ltrr_cli.policy.shares import covers, made, spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Sums = dict[str, tuple[float, float, float]]  # policy -> decayed (number, sum, sum of squares) of differences

HALF_LIFE = 200.0  # actions
ENOUGH = 50.0  # actions before there is a verdict
SURE = 3.0  # standard errors: a look after every action makes two of them too easy
AS_TOLD = ("fixed", "uniform", "equal_split")  # policies that do what they are told, well or badly


class Watched(NamedTuple):
    """How a policy has done lately against the default plan, in reward an action."""

    policy: str
    actions: float  # that count, older ones less
    difference: float
    low: float
    high: float
    fallen: bool  # the default plan is drawn in its place


def to_bytes(sums: Sums) -> bytes:
    """Return *sums* as a block for the state; equal sums give equal bytes."""
    return json.dumps(sorted(sums.items())).encode()


def from_bytes(block: bytes) -> Sums:
    """Return what `to_bytes` was given.

    >>> from_bytes(to_bytes({"linucb": (2.0, -1.0, 1.0)}))
    {'linucb': (2.0, -1.0, 1.0)}
    """
    return {str(name): (float(n), float(total), float(squares)) for name, (n, total, squares) in json.loads(block)}


def count(sums: Sums, logged: Mapping[str, Any], ranks: Mapping[str, int], weight: float) -> None:
    """Add to *sums* what an action that counts *weight*, on an item at *ranks*, says of the policies of the search *logged*."""
    if "interleaved" in logged:
        return
    choice = logged["choice"]
    plans = [made(draws.items()) for draws in choice["menu"]]
    plain = spread(default(sorted({arm for draws in choice["menu"] for arm in draws})), logged["budget"])
    earned = [covers(plan, ranks) for plan in plans]
    for one in (choice, logged.get("shadow")):
        if one is None or one["policy"] in AS_TOLD:
            continue
        best = [got for got, chance in zip(earned, one["probabilities"], strict=True) if chance == max(one["probabilities"])]
        better = weight * (sum(best) / len(best) - covers(plain, ranks))
        n, total, squares = (0.5 ** (1 / HALF_LIFE) * number for number in sums.get(one["policy"], (0.0, 0.0, 0.0)))
        sums[one["policy"]] = (n + 1, total + better, squares + better * better)


def watched(sums: Sums) -> list[Watched]:
    """Return how each policy does.

    >>> [one.fallen for one in watched({"linucb": (100.0, -40.0, 40.0), "thompson": (100.0, -4.0, 40.0)})]
    [True, False]
    """
    found = []
    for policy, (n, total, squares) in sorted(sums.items()):
        mean = total / n
        error = SURE * sqrt(max(0.0, squares / n - mean * mean) / n)
        found.append(Watched(policy, n, mean, mean - error, mean + error, n >= ENOUGH and mean + error < 0))
    return found


def fallen(sums: Mapping[str, Sequence[float]], policy: str) -> bool:
    """Return True if *policy* has done worse than the default plan lately, by more than chance."""
    n, total, squares = sums.get(policy, (0.0, 0.0, 0.0))
    return n >= ENOUGH and total < 0 and total * total > SURE * SURE * (squares - total * total / n)
