"""The logged decisions once more, for another policy: what it would have done with the same menu and the same knowledge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.arms.base import ARMS
from ltrr_cli.errors import QueryError
from ltrr_cli.evaluate.earned import earned
from ltrr_cli.evaluate.items import exposed, out_of_reach
from ltrr_cli.feedback.log import query_of
from ltrr_cli.learn.past import Past, decisions
from ltrr_cli.policy.base import POLICIES, Situation, distribution
from ltrr_cli.policy.shares import TENTHS, made, named, spread
from ltrr_cli.registry import did_you_mean, look_up
from ltrr_cli.understand.features import CLASSES, settled, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.policy.base import Policy
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan
    from ltrr_cli.settings import Settings

    Evaluated = Callable[[Situation, Sequence[Plan], int, State], list[tuple[Plan, float]]]


class Again(NamedTuple):
    """One logged search, seen by the policy to be judged."""

    search_id: str
    time: float
    user: str | None
    session: str | None
    key: str
    x: Sequence[float]
    query_class: int  # its place in CLASSES, -1 for none of them
    reward: float  # of the result that satisfied most, 0..1
    rho: float  # chance of the plan that was drawn under the policy, over its chance when it was drawn
    unsupported: float  # chance that the policy takes a plan that could not have been drawn
    unreachable: float  # share of the candidates it would draw that stand deeper in their arm than could have been drawn
    exposure: float  # see `base.Sample`
    drawn: Sequence[float]  # share of the budget by arm, in the order of ARMS
    expected: Sequence[float]  # the same, mean over what the policy might draw
    usual: Sequence[float]  # ... and over what might have been drawn when it was logged


def evaluated(name: str, settings: Settings, explore: bool = True) -> Evaluated:
    """Return what is to be judged: a policy by its name, or always the same plan by its shares in tenths.

    Raises QueryError for anything else.
    """
    if ":" in name:
        plan = _plan(name)
        return lambda situation, menu, budget, state: [(spread(plan, budget), 1.0)]
    policy: Policy = look_up(POLICIES, name, "policy")(settings)
    return lambda situation, menu, budget, state: list(
        zip(menu, distribution(policy, situation, menu, state, explore), strict=True)
    )


def again(store: Store, judged: Evaluated) -> Iterator[Again]:
    """Yield every logged search that one policy decided, with what *judged* would have done in its place.

    *judged* gets what was learned before that search, from earlier events only, whoever had decided until then: it is never
    judged by what it learned from. What is estimated, then, is to let it decide one search at a time, after the history that
    there was. Interleaved searches are left out: nobody knows what one half of a page would have earned alone.
    """
    rewards = earned(store)
    with Past(store) as past:
        for known, _, _, logged in decisions(store):
            if "interleaved" in logged:
                continue
            past.move(known)
            query, x = query_of(logged), whole(logged["x"])
            situation = Situation(x, logged["class"], query.types, settled(x))
            menu = [made(draws.items()) for draws in logged["choice"]["menu"]]
            would = judged(situation, menu, logged["budget"], past.policy_state())
            yield _compared(logged, query.key, x, menu, would, rewards.get(logged["search_id"], {}))


def _compared(
    logged: dict[str, Any],
    key: str,
    x: Sequence[float],
    menu: Sequence[Plan],
    would: Sequence[tuple[Plan, float]],
    rewards: dict[str, Any],
) -> Again:
    choice, query = logged["choice"], logged["query"]
    was = list(zip(menu, choice["probabilities"], strict=True))
    could = {plan: chance for plan, chance in was if chance > 0}
    drawn = menu[choice["chosen"]]
    best, exposure = 0.0, 0.0
    for result in logged["results"]:
        found = rewards.get(result["id"])
        if found is not None and found.reward > best:
            best = found.reward
            then = {arm: rank for arm, (rank, _) in result["arms"].items()}  # its places when it was drawn
            ranks = {**found.ranks, **then, drawn.name: result["rank"]}
            exposure = exposed(would, ranks) / exposed(was, ranks)
    return Again(
        logged["search_id"], query["now"], query["user"], query["session"], key, x,
        CLASSES.index(logged["class"]) if logged["class"] in CLASSES else -1,
        best,
        dict(would).get(drawn, 0.0) / could[drawn],
        sum(chance for plan, chance in would if plan not in could),
        out_of_reach(would, could),
        exposure,
        _shares([(drawn, 1.0)]),
        _shares(would),
        _shares(was),
    )  # fmt: skip


def _shares(plans: Sequence[tuple[Plan, float]]) -> list[float]:
    of = dict.fromkeys(ARMS, 0.0)
    for plan, chance in plans:
        for arm, n in plan.draws:
            if chance > 0 and arm in of:
                of[arm] += chance * n / plan.size
    return list(of.values())


def _plan(name: str) -> Plan:
    try:
        plan = named(name)
    except ValueError:
        plan = made(())
    if plan.size != TENTHS or any(n < 0 for _, n in plan.draws):
        raise QueryError(f"{name!r} is no plan", hint=f"say how many tenths each arm gets, {TENTHS} in all: hybrid:6+lexical:4")
    for arm, _ in plan.draws:
        if arm not in ARMS:
            raise QueryError(f"no arm is called {arm!r}", hint=did_you_mean(arm, ARMS, "arm"))
    return plan
