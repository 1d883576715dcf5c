"""What a policy is, and the one place where a plan is sampled."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, NamedTuple, Protocol
from ltrr_cli.records import Choice, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.state import State

POLICIES = {  # name -> a function of the settings that makes the policy
    "epsilon_greedy": "ltrr_cli.policy.epsilon_greedy:from_settings",
    "squarecb": "ltrr_cli.policy.squarecb:from_settings",
    "linucb": "ltrr_cli.policy.linucb:from_settings",
    "thompson": "ltrr_cli.policy.thompson:from_settings",
    "fixed": "ltrr_cli.policy.fixed:from_settings",
    "uniform": "ltrr_cli.policy.uniform:from_settings",
    "equal_split": "ltrr_cli.policy.equal_split:from_settings",
}


_SECOND, _COIN = 0x5EC0 << 44, 0xC01 << 48  # set the second policy's seeds and the coins' apart from the first policy's


class Situation(NamedTuple):
    """What a policy may look at before it chooses."""

    x: Sequence[float]  # ltrr_cli.understand.features
    query_class: str
    types: tuple[str, ...] = ()  # wanted kinds of entity; empty = all
    settled: bool = False  # the answer is known: nothing to explore


class Policy(Protocol):
    """Turns a situation into a distribution over a menu of plans."""

    name: str

    def probabilities(self, situation: Situation, menu: Sequence[Plan], state: State) -> list[float]:
        """Return one probability a plan of *menu*, summing to 1; equally good plans get the same.

        *menu* has at least one plan and no two equal ones. Nothing is sampled here and *state* is not changed.
        """


def choose(policy: Policy, situation: Situation, menu: Sequence[Plan], state: State, seed: int, explore: bool = True) -> Choice:
    """Sample one plan of *menu* and keep how likely it was.

    Equal plans are merged before they get probabilities. Without *explore* only the most probable plans remain, and they
    share evenly. The same arguments give the same choice.

    >>> from ltrr_cli.policy.state import State
    >>> from ltrr_cli.policy.uniform import Uniform
    >>> menu = [Plan((("lexical", 10),)), Plan((("semantic", 10),)), Plan((("lexical", 10),))]
    >>> choice = choose(Uniform(), Situation((1.0,), "word"), menu, State(), seed=7)
    >>> choice.propensity, len(choice.menu)
    (0.5, 2)
    """
    plans = tuple(dict.fromkeys(menu))
    chances = distribution(policy, situation, plans, state, explore)
    i = _draw(chances, seed)
    return Choice(policy.name, plans[i], chances[i], chances[i] < max(chances), plans, tuple(chances), seed, state.version)


def distribution(
    policy: Policy, situation: Situation, menu: Sequence[Plan], state: State, explore: bool = True
) -> Sequence[float]:
    """Return the probabilities from which `choose` samples; *menu* has no two equal plans."""
    chances = policy.probabilities(situation, menu, state)
    if explore:
        return chances
    best = [chance == max(chances) for chance in chances]
    return [b / sum(best) for b in best]


def share_evenly(best: Sequence[bool], rest: float = 0.0) -> list[float]:
    """Return 1 - *rest* shared among the *best* plans plus *rest* shared among all.

    >>> share_evenly([True, False, True, False], rest=0.2)
    [0.45, 0.05, 0.45, 0.05]
    """
    each, top = rest / len(best), (1 - rest) / sum(best)
    return [each + top * b for b in best]


def choose_for_all(
    policies: Sequence[Policy], situation: Situation, menu: Sequence[Plan], state: State, seed: int, explore: bool = True
) -> tuple[Choice, tuple[Choice, Choice] | None]:
    """Let one policy choose, or two who share a page; return what is drawn, and the choices of the two."""
    if len(policies) == 2:
        return choose_two((policies[0], policies[1]), situation, menu, state, seed, explore)
    return choose(policies[0], situation, menu, state, seed, explore), None


def choose_two(
    policies: tuple[Policy, Policy], situation: Situation, menu: Sequence[Plan], state: State, seed: int, explore: bool = True
) -> tuple[Choice, tuple[Choice, Choice]]:
    """Let two policies choose from one menu, independently; return what is drawn for both, and the two choices.

    What is drawn is the union of their plans: of each arm the larger share. Its menu are all unions that could have come
    about, each with its exact probability, so that the log says of every item how likely it was to be drawn at all.

    >>> from ltrr_cli.policy.state import State
    >>> from ltrr_cli.policy.uniform import Uniform
    >>> menu = [Plan((("lexical", 10),)), Plan((("lexical", 4), ("semantic", 6)))]
    >>> both, _ = choose_two((Uniform(), Uniform()), Situation((1.0,), "word"), menu, State(), seed=7)
    >>> [(plan.name, chance) for plan, chance in zip(both.menu, both.probabilities)]
    [('lexical:10', 0.25), ('lexical:10+semantic:6', 0.5), ('lexical:4+semantic:6', 0.25)]
    """
    a = choose(policies[0], situation, menu, state, seed, explore)
    b = choose(policies[1], situation, menu, state, seed ^ _SECOND, explore)
    chances: dict[Plan, float] = {}
    for one, p in zip(a.menu, a.probabilities, strict=True):
        for other, q in zip(b.menu, b.probabilities, strict=True):
            if p * q > 0:
                plan = _union(one, other)
                chances[plan] = chances.get(plan, 0.0) + p * q
    drawn = _union(a.plan, b.plan)
    name, explored = f"{a.policy},{b.policy}", a.explored or b.explored
    return Choice(name, drawn, chances[drawn], explored, tuple(chances), tuple(chances.values()), seed, state.version), (a, b)


def heads(seed: int, n: int) -> bool:
    """Return the *n*-th toss, from 0, of a fair coin that belongs to *seed*."""
    return unit((seed ^ _COIN) + n) < 0.5


def _union(one: Plan, other: Plan) -> Plan:
    """Draw of each arm as much as the plan that draws more of it."""
    most = dict(one.draws)
    for arm, n in other.draws:
        most[arm] = max(n, most.get(arm, 0))
    return Plan(tuple(sorted(most.items())))


def _draw(chances: Sequence[float], seed: int) -> int:
    left = unit(seed) * sum(chances)
    last = 0
    for i, chance in enumerate(chances):
        if chance > 0:
            if left < chance:
                return i
            left -= chance
            last = i
    return last


def unit(seed: int) -> float:
    """A number in [0, 1) that looks random even for seeds 0, 1, 2 (SplitMix64: Steele, Lea and Flood, OOPSLA 2014)."""
    mask = (1 << 64) - 1
    z = (seed + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return ((z ^ (z >> 31)) >> 11) / (1 << 53)
