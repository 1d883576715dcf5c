"""The ways of searching that an evaluation compares, each as one ranked list a query.

arm:NAME     that arm alone, with the whole budget
rrf          what all arms find, fused by rank
best_static  the plan that did best on these very queries if it is always drawn: known only in hindsight
untrained    the same index with nothing learned
learned      the folder as it is: what a search answers now, without exploring
oracle       for each query the plan of the menu that did best on it: nobody can choose so well, it says what is left to gain
"""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.arms.base import ARMS
from ltrr_cli.candidates.pool import draw, pool
from ltrr_cli.engine import Engine
from ltrr_cli.evaluate.rrf import rrf
from ltrr_cli.feedback.store import Store
from ltrr_cli.policy.base import POLICIES, choose
from ltrr_cli.policy.menu import WITNESSES, plans
from ltrr_cli.policy.shares import PAGE, made, shares
from ltrr_cli.policy.state import State
from ltrr_cli.registry import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ltrr_cli.evaluate.judgments import Run
    from ltrr_cli.policy.base import Policy, Situation
    from ltrr_cli.records import Plan, Query

    Progress = Callable[[int, int], None]  # queries done, of how many

LEARNED, UNTRAINED, RRF, STATIC, ORACLE = "learned", "untrained", "rrf", "best_static", "oracle"


class Answers(NamedTuple):
    """What each system answered, and what kind each query is."""

    runs: dict[str, Run]  # system -> query -> ids; those that need no judgments
    plans: dict[str, Run]  # the same for each plan of the menu, by its name in tenths
    classes: dict[str, str]  # query -> class


def answers(
    folder: str,
    queries: Mapping[str, str],
    *,
    limit: int,
    types: Iterable[str] = (),
    where: str = "",
    budget: int | None = None,
    now: float,
    progress: Progress = lambda done, of: None,
) -> Answers:
    """Ask every system every query (id -> text), *limit* results deep. Nothing is logged and nothing learned.

    *budget*: candidates that a page of PAGE results may draw; more results may draw in proportion, as in `Engine.search`.
    """
    wanted = tuple(types)
    runs: dict[str, Run] = {system: {} for system in (*(f"arm:{arm}" for arm in ARMS), RRF, UNTRAINED, LEARNED)}
    tried: dict[str, Run] = {}
    classes: dict[str, str] = {}
    with (
        Engine(folder, graph=True, budget=budget) as engine,
        TemporaryDirectory() as empty,
        Engine(folder, graph=True, store=Store(f"{empty}/state.db", 0.0)) as fresh,
    ):
        budget = engine.settings.budget * max(limit, PAGE) // PAGE
        static = [*plans(budget, tuple(ARMS), State()), *(made([(arm, budget)]) for arm in ARMS)]
        policy = look_up(POLICIES, engine.settings.policy, "policy")(engine.settings)
        for done, (qid, text) in enumerate(queries.items(), 1):
            query = engine.asked.query(text, types=wanted, now=now, where=where)
            situation = engine.asked.situation(query, tuple(ARMS))
            classes[qid] = situation.query_class
            found = {arm: engine.sources.draw(arm, query) for arm in ARMS}
            id_of = engine.generation.columns.id
            runs[RRF][qid] = [id_of(row) for row in rrf([hit.row for hit in hits] for hits in found.values())[:limit]]
            for plan in dict.fromkeys(static):
                ids = ranked(engine, query, plan, limit)
                tried.setdefault(shares(plan).name, {})[qid] = ids
                if len(plan.draws) == 1:
                    runs[f"arm:{plan.draws[0][0]}"][qid] = ranked(engine, query, plan, limit, alone=True)
            runs[LEARNED][qid] = ranked(engine, query, _plan(engine, policy, situation, budget), limit)
            query = fresh.asked.query(text, types=wanted, now=now, where=where)
            situation = fresh.asked.situation(query, tuple(ARMS))
            runs[UNTRAINED][qid] = ranked(fresh, query, _plan(fresh, policy, situation, budget), limit)
            progress(done, len(queries))
    return Answers(runs, tried, classes)


def ranked(engine: Engine, query: Query, plan: Plan, limit: int, alone: bool = False) -> list[str]:
    """Return the ids that a search would show, had it chosen *plan*; *alone*: and had no other arms."""
    candidates = pool(plan, draw(plan, query, engine.sources, () if alone else WITNESSES))
    id_of = engine.generation.columns.id
    return [id_of(candidate.row) for _, candidate, _ in engine._rank(query, candidates)[:limit]]


def _plan(engine: Engine, policy: Policy, situation: Situation, budget: int) -> Plan:
    """The plan that *policy* takes where it does not explore."""
    state = engine.store.policy_state()
    return choose(policy, situation, plans(budget, tuple(ARMS), state, situation), state, 0, explore=False).plan
