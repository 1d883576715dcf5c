"""One run: a policy, a kind of user and a seed, round after round, with the truth measured beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.arms.base import ARMS
from ltrr_cli.candidates.pool import pool
from ltrr_cli.evaluate.rrf import rrf
from ltrr_cli.feedback.events import Event
from ltrr_cli.policy.menu import hand_made
from ltrr_cli.policy.shares import TENTHS, made, spread
from ltrr_cli.simulate.dice import Dice
from ltrr_cli.simulate.others import DIGITS, Others
from ltrr_cli.simulate.rounds import LATER, START, rounds
from ltrr_cli.simulate.stage import stage
from ltrr_cli.simulate.truth import PAGE, Units, ndcg
from ltrr_cli.simulate.users import Shown, user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ltrr_cli.records import Page, Plan
    from ltrr_cli.simulate.needs import Need
    from ltrr_cli.simulate.rounds import Round
    from ltrr_cli.simulate.stage import Kept, Stage

ALONE = "arm:"


class Setting(NamedTuple):
    """What all runs of a simulation have in common."""

    folder: str  # state folder whose index and settings are used
    needs: tuple[Need, ...]
    same: Mapping[str, str]  # id -> unit, see `truth.Units`
    types: tuple[str, ...] = ()  # of entities that are searched for
    rounds: int = 400
    unseen: bool = False  # the last quarter asks what was never asked before
    budget: int | None = None  # candidates drawn, None = as the index has it set
    learn_every: int = 0  # rounds after which the ranker is trained, as by `ltrr learn`; 0 = never
    every: int = 4  # of so many rounds before the last quarter, about, one is also played with each other plan; 0 = none at all


class Job(NamedTuple):
    """One run of a simulation."""

    users: str
    policy: str  # a policy's name, or arm:NAME for the whole budget on one arm
    seed: int

    @property
    def arm(self) -> str:
        """The one arm that is drawn from, "" if the policy chooses.

        >>> Job("perfect", "arm:sparse", 1).arm
        'sparse'
        """
        return self.policy.removeprefix(ALONE) if self.policy.startswith(ALONE) else ""


class Played(NamedTuple):
    """What came of one run; each list has a number a round."""

    ndcg: list[float]  # of the page, at 10
    recall: list[float]  # of the candidates that were drawn
    acts: list[int]  # things that the user did
    plans: list[str]  # that were chosen
    trained: list[list[int]]  # [round, 1 if it was promoted] of each training of the ranker; not one a round
    at: list[int]  # rounds in which the other plans were tried with the same state; for these:
    oracle: list[list[float]]  # highest [nDCG, recall] that any plan of the menu would have had
    static: dict[str, list[list[float]]]  # plan in tenths -> its [nDCG, recall]


def play(kept: Kept, setting: Setting, job: Job, tick: Callable[[int], None] = lambda done: None) -> Played:
    """Play all rounds of *job* with the real engine in a private folder; *tick* hears of every ten rounds.

    The same arguments give the same numbers. Raises QueryError for an unknown type or policy, SimulationError for a user.
    """
    someone, units = user(job.users), Units(setting.same)
    sequence = rounds(setting.needs, setting.rounds, job.seed, unseen=setting.unseen, drifts=someone.drifts)
    played = Played([], [], [], [], [], [], [], {name.name: [] for name in static_plans()})
    only = [job.arm] if job.arm else []
    with stage(kept, budget=setting.budget, policy="fixed" if job.arm else job.policy) as engine:
        for one in sequence:
            dice = Dice(job.seed, one.number)
            page = engine.search(one.need.text, types=setting.types, arms=only, seed=dice.whole("choice"), now=one.now)
            _measure(engine, page, one, units, played, _others(setting, one, dice))
            relevant = one.need.relevant
            shown = [Shown(result.id, relevant.get(units.of(result.id), 0.0)) for result in page.results]
            acts = someone.acts(shown, dice) if one.learns else []
            played.acts.append(len(acts))
            if acts:
                events = [Event(page.search_id, None, a.rank, a.action, a.seconds, None, one.now + LATER) for a in acts]
                engine.feedback_lines(events, now=one.now + LATER)
            if setting.learn_every and one.number % setting.learn_every == setting.learn_every - 1:
                played.trained.append([one.number, int(engine.learn(now=one.now + LATER).promoted)])
            if one.number % 10 == 9:
                tick(10)
    return played


def _others(setting: Setting, one: Round, dice: Dice) -> bool:
    """Say whether the other plans are tried as well: always in the last quarter, else now and then, at random."""
    return setting.every > 0 and (4 * one.number >= 3 * setting.rounds or dice("others") * setting.every < 1)


def static_plans(arms: Sequence[str] = tuple(ARMS)) -> list[Plan]:
    """Return the plans, in tenths, of which the best in hindsight is sought: those made by hand, and each arm alone."""
    return list(dict.fromkeys([*hand_made(arms), *(made([(arm, TENTHS)]) for arm in arms)]))


class Surveyed(NamedTuple):
    """What each system that never learns has for one need."""

    kind: str  # the class that ltrr puts the query into
    systems: dict[str, tuple[list[str], list[str]]]  # name -> units of its page, units of its candidates


def survey(kept: Kept, setting: Setting, need: Need) -> Surveyed:
    """Return what is found for *need* by `untrained` (ltrr as it comes, with its hand-made plan), by `rrf` (reciprocal rank
    fusion of all arms, with as many candidates) and by `arm:NAME`, each arm alone.
    """
    units = Units(setting.same)
    with stage(kept, budget=setting.budget, policy="fixed") as engine:
        page = engine.search(need.text, types=setting.types, log=False, explore=False, seed=0, now=START)
        drawn = {arm: engine.sources.draw(arm, page.query) for arm in ARMS}
        id_of, budget = engine.generation.columns.id, engine.settings.budget
        candidates = pool(page.choice.plan, drawn)
        found = {"untrained": ([result.id for result in page.results], [id_of(c.row) for c in candidates])}
        fused = list(map(id_of, rrf([hit.row for hit in hits] for hits in drawn.values())))
        found["rrf"] = (fused[:PAGE], fused[:budget])
        for arm in ARMS:
            alone = pool(made([(arm, budget)]), {arm: drawn[arm]})
            ranked = engine._rank(page.query, alone)[:PAGE]
            found[ALONE + arm] = ([id_of(c.row) for _, c, _ in ranked], [id_of(c.row) for c in alone])
        kind = engine.asked.situation(page.query, tuple(ARMS)).query_class
    return Surveyed(kind, {name: (units.each(top), units.each(all)) for name, (top, all) in found.items()})


def _measure(engine: Stage, page: Page, one: Round, units: Units, played: Played, all_plans: bool) -> None:
    relevant = one.need.relevant
    others = Others(engine, page.query, units, relevant)
    own = [round(ndcg(units.each(result.id for result in page.results), relevant), DIGITS), others.recall(page.choice.plan)]
    played.ndcg.append(own[0])
    played.recall.append(own[1])
    played.plans.append(page.choice.plan.name)
    if all_plans:
        found = {page.choice.plan: own}
        found |= {plan: others.measures(plan) for plan in page.choice.menu if plan not in found}
        played.at.append(one.number)
        played.oracle.append([max(of_one) for of_one in zip(*found.values(), strict=True)])
        table = hand_made(tuple(ARMS))
        for tenths in static_plans():
            plan, alone = spread(tenths, page.budget), tenths not in table
            played.static[tenths.name].append(others.measures(plan, alone) if alone or plan not in found else found[plan])
