"""What other ways of choosing plans would have earned on the same searches, as far as chance let the log know.

Only searches where every plan of the menu could have been drawn are used. A way of choosing e is valued at the mean of
rho (r - c) + c, with rho = pi_e(plan) / propensity as it was logged and c the mean reward: inverse propensity scoring with
a constant control variate (Owen, "Monte Carlo theory, methods and examples", ch. 8; Dudik et al., ICML 2011, q = c).
Intervals take the searches of one session as one observation. What would have been learned otherwise is not counted.
"""

from __future__ import annotations

from array import array
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.policy.base import Situation, share_evenly
from ltrr_cli.policy.equal_split import EqualSplit
from ltrr_cli.policy.fixed import Fixed
from ltrr_cli.policy.shares import made
from ltrr_cli.policy.state import State
from ltrr_cli.policy.uniform import Uniform
from ltrr_cli.report.statistics import Z95

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.policy.base import Policy
    from ltrr_cli.report.base import About
    from ltrr_cli.report.read import Seen

ENOUGH = 50.0  # effective searches below which nothing is said
GREEDY = "never exploring"
OTHERS = {
    GREEDY: "the plan that was believed best, every time",
    "hand-made default": "the plan that comes with ltrr, every time",
    "equal split": "all arms alike, every time",
    "any plan": "a plan of the menu at random, every time",
}
_ANYTHING, _NOTHING = Situation((), ""), State()


class Sum(NamedTuple):
    """A sum over searches, and half the width of its interval."""

    sum: float
    half: float


class Regret:
    """Mean reward and cumulative regret against each of OTHERS; keeps a dozen numbers a search."""

    def __init__(self, about: About) -> None:
        self.bins = about.span.bins
        self.reward, self.bin, self.sitting = array("f"), array("H"), array("L")
        self.rho = {name: array("f") for name in OTHERS}
        self.sittings: dict[str, int] = {}
        self.left_out = 0
        self.known: dict[str, dict[str, list[float]]] = {}  # menu -> way of choosing -> probabilities

    def add(self, seen: Seen) -> None:
        choice = seen.logged["choice"]
        chances: Sequence[float] = choice["probabilities"]
        if len(chances) < 2 or min(chances) <= 0 or seen.logged.get("interleaved"):
            self.left_out += 1
            return
        self.reward.append(seen.reward)
        self.bin.append(seen.bin)
        self.sitting.append(self.sittings.setdefault(seen.sitting, len(self.sittings)))
        chosen = choice["chosen"]
        greedy = share_evenly([chance == max(chances) for chance in chances])
        others = {GREEDY: greedy, **self._fixed(choice["menu"])}
        for name, rho in self.rho.items():
            rho.append(others[name][chosen] / chances[chosen])

    def _fixed(self, menu: Sequence[Mapping[str, int]]) -> dict[str, list[float]]:
        """What policies that learn nothing make of a menu; many searches have the same one."""
        key = repr(menu)
        if key not in self.known:
            if len(self.known) > 5000:
                self.known.clear()
            plans = [made(draws.items()) for draws in menu]
            ways: dict[str, Policy] = {"hand-made default": Fixed(), "equal split": EqualSplit(), "any plan": Uniform()}
            self.known[key] = {name: way.probabilities(_ANYTHING, plans, _NOTHING) for name, way in ways.items()}
        return self.known[key]

    def found(self) -> dict[str, Any]:
        n = len(self.reward)
        mean = sum(self.reward) / n if n else None
        return {
            "searches": n,
            "left_out": self.left_out,
            "mean": mean,
            "others": {name: self._against(name, mean) for name in OTHERS if mean is not None},
        }

    def _against(self, name: str, c: float) -> dict[str, Any]:
        rho, n = self.rho[name], len(self.reward)
        squares = sum(w * w for w in rho)
        ess = sum(rho) ** 2 / squares if squares else 0.0
        enough = ess >= ENOUGH and len(self.sittings) > 1
        about = {"what": OTHERS[name], "ess": ess, "largest_weight": max(rho), "enough": enough}
        if not enough:
            return about | {"value": None, "low": None, "high": None, "regret": None, "curve": None}
        gained = self._curve([w * (r - c) for w, r in zip(rho, self.reward, strict=True)])[-1]
        curve = self._curve([w * (r - c) + c - r for w, r in zip(rho, self.reward, strict=True)])
        total = curve[-1]
        return about | {
            "value": c + gained.sum / n,
            "low": c + (gained.sum - gained.half) / n,
            "high": c + (gained.sum + gained.half) / n,
            "regret": {"mean": total.sum / n, "low": (total.sum - total.half) / n, "high": (total.sum + total.half) / n},
            "curve": {
                "regret": [one.sum for one in curve],
                "low": [one.sum - one.half for one in curve],
                "high": [one.sum + one.half for one in curve],
            },
        }

    def _curve(self, numbers: Sequence[float]) -> list[Sum]:
        """Return the running sum of *numbers* at the end of each bin, with half its 95 % interval by sessions.

        The variance of a sum of k independent session totals s is k/(k-1) (sum s^2 - (sum s)^2 / k); of one session it
        can't be known, and is left at 0.
        """
        of: dict[int, float] = {}
        total = squares = 0.0
        curve = [Sum(0.0, 0.0)] * self.bins
        for i, number in enumerate(numbers):
            before = of.get(self.sitting[i], 0.0)
            of[self.sitting[i]] = before + number
            total += number
            squares += (before + number) ** 2 - before**2
            last = i + 1 == len(numbers)
            if last or self.bin[i + 1] != self.bin[i]:
                k = len(of)
                half = Z95 * sqrt(max(0.0, squares - total * total / k) * k / (k - 1)) if k > 1 else 0.0
                end = self.bins if last else self.bin[i + 1]
                curve[self.bin[i] : end] = [Sum(total, half)] * (end - self.bin[i])
        return curve
