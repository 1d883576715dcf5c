"""The estimators against worked and published numbers, and their intervals against known truths."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest

from ltrr_cli.evaluate.again import Again
from ltrr_cli.evaluate.base import ESTIMATORS, Estimator, Sample
from ltrr_cli.evaluate.bootstrap import intervals
from ltrr_cli.evaluate.items import exposed, out_of_reach
from ltrr_cli.evaluate.model import cross_fitted
from ltrr_cli.evaluate.ope import BETTER, NO_DIFFERENCE, TOO_LITTLE, WORSE, Estimate, effective, estimate
from ltrr_cli.policy.shares import covers, named
from ltrr_cli.records import Plan
from ltrr_cli.registry import look_up
from ltrr_cli.understand.features import CLASSES, FEATURES

# Eight rounds of a bandit with three actions. The estimates were computed from these very numbers by Open Bandit Pipeline
# 0.4.1 (obp.ope.estimators, `estimate_policy_value`): InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting,
# DoublyRobust, SwitchDoublyRobust(tau=10).
REWARD = np.array([1, 0, 0.7, 0.2, 0, 1, 0.5, 0])
ACTION = [0, 1, 2, 0, 2, 1, 0, 2]
LOGGED = np.array([
    [0.9, 0.05, 0.05], [0.9, 0.05, 0.05], [0.8, 0.15, 0.05], [0.4, 0.3, 0.3],
    [0.2, 0.2, 0.6], [0.05, 0.05, 0.9], [0.5, 0.25, 0.25], [0.96, 0.02, 0.02],
])  # fmt: skip
JUDGED = np.array([
    [0.1, 0.8, 0.1], [0.3, 0.4, 0.3], [0.05, 0.05, 0.9], [1, 0, 0],
    [0.25, 0.5, 0.25], [0, 1, 0], [0.5, 0.25, 0.25], [0.2, 0.2, 0.6],
])  # fmt: skip
MODEL = np.array([
    [0.6, 0.4, 0.3], [0.5, 0.2, 0.1], [0.4, 0.45, 0.6], [0.3, 0.3, 0.2],
    [0.7, 0.1, 0.2], [0.5, 0.8, 0.3], [0.45, 0.4, 0.35], [0.3, 0.2, 0.1],
])  # fmt: skip
PUBLISHED = {
    "ips": 4.213888888888889, "snips": 0.42124262408885804, "dr": 0.5201388888888886, "switch_dr": 0.1701388888888889,
}  # fmt: skip


def value(name: str, sample: Sample) -> float:
    estimator: Estimator = look_up(ESTIMATORS, name, "estimator")
    up, down = estimator(sample)
    return float(up.sum() / down.sum())


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_estimate_is_that_of_a_public_implementation(name: str) -> None:
    rounds = np.arange(8)
    rho = JUDGED[rounds, ACTION] / LOGGED[rounds, ACTION]
    sample = Sample(REWARD, rho, MODEL[rounds, ACTION], (JUDGED * MODEL).sum(axis=1), np.zeros(8), np.zeros(8))
    assert value(name, sample) == pytest.approx(PUBLISHED[name], rel=1e-12)


def test_ips_is_vowpal_wabbits() -> None:
    # of a policy that always takes one action: `--cb 3 --eval --cb_type ips` of Vowpal Wabbit 9.11.9 on the same eight rounds
    # says -4.437500357627869 a round, in single precision and as a cost
    taken = [1, 1, 2, 0, 1, 1, 0, 2]
    rho = np.equal(taken, ACTION) / LOGGED[np.arange(8), ACTION]
    zeros = np.zeros(8)
    assert value("ips", Sample(REWARD, rho, zeros, zeros, zeros, zeros)) == pytest.approx(4.437500357627869, rel=1e-6)


def test_the_policy_that_decided_is_judged_by_what_it_earned() -> None:
    ones = np.ones(8)
    sample = Sample(REWARD, 3 * ones, 0.3 * ones, 0.7 * ones, 0.3 * ones, 2 * ones).as_logged()
    for name in ESTIMATORS:
        assert value(name, sample) == pytest.approx(REWARD.mean())


def test_an_item_counts_by_how_much_likelier_it_would_have_been_drawn() -> None:
    # the item was drawn with chance .6 (two of three plans), and would be with .9: its reward .8 counts .8 * 1.5 = 1.2
    menu = [named("lexical:10"), named("fuzzy:9+lexical:1"), named("hybrid:10")]
    ranks = {"lexical": 4, "fuzzy": 2, "hybrid": 0}
    ratio = exposed(zip(menu, (0.9, 0.0, 0.1), strict=True), ranks) / exposed(zip(menu, (0.5, 0.1, 0.4), strict=True), ranks)
    assert ratio == pytest.approx(1.5)
    one = np.array([1.0])
    assert value("items", Sample(0.8 * one, one, one, one, one, ratio * one)) == pytest.approx(1.2)


def test_a_model_never_sees_the_cluster_that_it_predicts() -> None:
    # rewards are the cluster's own number: a model that had seen it would know; one that has not can only tell the mean
    clusters = np.repeat(np.arange(40), 5)
    x = np.zeros((200, len(FEATURES)))
    x[:, 0] = 1
    x[np.arange(200), 1 + clusters % (len(FEATURES) - 1)] = 1
    reward = Random(1).choices([0.0, 1.0], k=40)
    rewards = np.array(reward)[clusters]
    shares = np.ones((200, 1))
    predicted, expected = cross_fitted(x[:, :1], np.zeros(200, np.int64), [shares, shares], rewards, clusters)
    assert len(set(predicted.round(9))) <= 5  # one a fold
    assert predicted == pytest.approx(expected)
    for cluster in range(40):  # without the cluster itself, changing its rewards changes nothing of its prediction
        changed = np.where(clusters == cluster, 1 - rewards, rewards)
        (other,) = cross_fitted(x, clusters % 5, [shares], changed, clusters)
        (same,) = cross_fitted(x, clusters % 5, [shares], rewards, clusters)
        assert other[clusters == cluster] == pytest.approx(same[clusters == cluster])


def test_clusters_that_agree_within_widen_the_interval() -> None:
    # 1,000 searches in 50 clusters, all the same within one: sd of the mean is .5/sqrt(50) = .071, not .5/sqrt(1000) = .016
    rewards = np.repeat(np.array([0.0, 1.0] * 25), 20)
    terms = {"logged": (rewards, np.ones(1000))}
    apart, _ = intervals(terms, np.arange(1000), {})
    together, _ = intervals(terms, np.repeat(np.arange(50), 20), {})
    assert apart["logged"].high - apart["logged"].low == pytest.approx(4 * 0.0158, rel=0.1)
    assert together["logged"].high - together["logged"].low == pytest.approx(4 * 0.0707, rel=0.1)


# Simulated logs. What satisfies stands at one of these ranks in the arms, by the query's class; a plan earns 1 if it draws
# it, provided that the session's mood is good. So what a policy is worth can be summed up exactly.

MENU = [named(name) for name in ("lexical:10", "hybrid:6+lexical:4", "fuzzy:9+lexical:1", "hybrid:9+lexical:1", "fuzzy:10")]
RANKS = [
    [{"lexical": 2, "hybrid": 0, "fuzzy": 0}, {"lexical": 8, "hybrid": 1, "fuzzy": 3}],
    [{"lexical": 0, "hybrid": 7, "fuzzy": 0}, {"lexical": 3, "hybrid": 5, "fuzzy": 8}, {"lexical": 0, "hybrid": 0, "fuzzy": 2}],
    [{"lexical": 5, "hybrid": 9, "fuzzy": 10}, {"lexical": 0, "hybrid": 3, "fuzzy": 0}],
]
MOODS = (0.1, 0.5, 0.9)
WAS = [[0.6, 0.1, 0.1, 0.1, 0.1], [0.1, 0.6, 0.1, 0.1, 0.1], [0.2, 0.2, 0.2, 0.2, 0.2]]  # chances by class
WOULD = [[0.5, 0.1, 0.1, 0.2, 0.1], [0.05, 0.05, 0.4, 0.45, 0.05], [0.0, 0.2, 0.0, 0.8, 0.0]]
ALONE = {"lexical": 0, "hybrid": 1, "fuzzy": 2}


def shares(chances: list[float]) -> list[float]:
    return [sum(p * dict(plan.draws).get(arm, 0) / 10 for plan, p in zip(MENU, chances, strict=True)) for arm in ALONE]


def pair(chances: list[float]) -> list[tuple[Plan, float]]:
    return list(zip(MENU, chances, strict=True))


def truth(chances: list[list[float]]) -> float:
    """What a policy with these chances by class earns a search."""
    total = 0.0
    for kind, places in enumerate(RANKS):
        found = sum(p * covers(plan, r) for r in places for plan, p in zip(MENU, chances[kind], strict=True)) / len(places)
        total += found * sum(MOODS) / len(MOODS) / len(RANKS)
    return total


def simulated(rng: Random, sessions: int, would: list[list[float]], was: list[list[float]] = WAS) -> list[Again]:
    """A log of *sessions* with one to six searches each, seen by a policy that *would* choose with these chances."""
    rows: list[Again] = []
    reachable = [[plan for plan, p in pair(chances) if p > 0] for chances in was]
    missing = [sum(q for p, q in zip(*both, strict=True) if p == 0) for both in zip(was, would, strict=True)]
    beyond = [out_of_reach(pair(chances), plans) for chances, plans in zip(would, reachable, strict=True)]
    alone = [shares([float(j == i) for j in range(len(MENU))]) for i in range(len(MENU))]
    mixed = [(shares(then), shares(now)) for then, now in zip(would, was, strict=True)]
    for session in range(sessions):
        mood, favourite = rng.choice(MOODS), rng.randrange(3)  # both are the same all session long
        for _ in range(rng.randint(1, 6)):
            kind = favourite
            ranks = rng.choice(RANKS[kind])
            i = rng.choices(range(len(MENU)), weights=was[kind])[0]
            reward = float(covers(MENU[i], ranks) and rng.random() < mood)
            exposure = 0.0
            if reward:
                exposure = exposed(pair(would[kind]), ranks) / exposed(pair(was[kind]), ranks)
            x = [1.0, *[0.0] * (len(FEATURES) - 1)]
            x[2 + kind] = 1.0
            row = Again(
                f"s{len(rows)}", 0.0, None, str(session), str(kind), x, kind, reward, would[kind][i] / was[kind][i],
                missing[kind], beyond[kind], exposure, alone[i], *mixed[kind],
            )  # fmt: skip
            rows.append(row)
    return rows


@cache
def runs() -> list[Estimate]:
    return [estimate("it", simulated(Random(seed), 170, WOULD), "session", seed) for seed in range(200)]


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_intervals_cover_the_truth_in_90_to_99_percent_of_runs(name: str) -> None:
    wanted, logged = truth(WOULD), truth(WAS)
    assert wanted - logged > 0.05
    found = [run.estimates[name] for run in runs()]
    assert 180 <= sum(interval.low <= wanted <= interval.high for interval in found) <= 198
    differences = [run.differences[name] for run in runs()]
    assert 180 <= sum(interval.low <= wanted - logged <= interval.high for interval in differences) <= 198
    assert np.mean([interval.value for interval in found]) == pytest.approx(wanted, abs=0.01)


def test_a_better_model_or_more_of_the_log_makes_it_surer() -> None:
    width = {name: np.mean([run.estimates[name].high - run.estimates[name].low for run in runs()]) for name in ESTIMATORS}
    assert width["items"] < width["dr"] < width["ips"]


def test_verdicts_are_right_where_there_is_one() -> None:
    assert not any(run.verdict == WORSE for run in runs())
    assert sum(run.verdict == BETTER for run in runs()) >= 50
    backwards = [estimate("it", simulated(Random(seed), 170, WAS, WOULD_EXPLORING), "session", seed) for seed in range(100)]
    assert not any(run.verdict == BETTER for run in backwards)
    same = [estimate("it", simulated(Random(seed), 170, WAS), "session", seed) for seed in range(20)]
    assert {run.verdict for run in same} == {NO_DIFFERENCE}
    assert {tuple(run.differences["dr"]) for run in same} == {(0.0, 0.0, 0.0)}
    assert [run.ess for run in same] == [run.searches for run in same]


WOULD_EXPLORING = [[0.9 * p + 0.02 for p in chances] for chances in WOULD]


def test_without_support_there_is_no_verdict() -> None:
    never = [[0.0, 0.25, 0.25, 0.25, 0.25]] * 3
    only_that = [[1.0, 0.0, 0.0, 0.0, 0.0]] * 3
    run = estimate("it", simulated(Random(1), 300, only_that, never), "session")
    assert (run.verdict, run.unsupported, run.ess, run.by) == (TOO_LITTLE, 1.0, 0.0, "")


def test_little_evidence_is_no_evidence() -> None:
    few = estimate("it", simulated(Random(1), 5, WOULD), "session")
    assert (few.verdict, few.clusters) == (TOO_LITTLE, 5)
    shy = [[0.001, 0.001, 0.001, 0.996, 0.001]] * 3
    rare = estimate("it", simulated(Random(1), 300, [[0.0, 0.0, 1.0, 0.0, 0.0]] * 3, shy), "session")
    assert rare.verdict == TOO_LITTLE
    assert rare.ess < 50
    bored = [row._replace(reward=0.0, exposure=0.0) for row in simulated(Random(1), 300, WOULD)]
    assert "satisfied" in estimate("it", bored, "session").because
    assert estimate("it", bored, "session").verdict == TOO_LITTLE
    assert estimate("it", [], "session").verdict == TOO_LITTLE


def test_a_difference_has_to_stand_whatever_the_unsupported_part_would_earn() -> None:
    rows = simulated(Random(3), 2000, WOULD)
    sure = estimate("it", rows, "session")
    assert sure.verdict == BETTER
    most = sure.differences["dr"].low
    a_little = estimate("it", [row._replace(unsupported=most / 2) for row in rows], "session")
    too_much = estimate("it", [row._replace(unsupported=most * 1.01) for row in rows], "session")
    assert (a_little.verdict, too_much.verdict) == (BETTER, TOO_LITTLE)


def test_the_effective_sample_size_is_kishs() -> None:
    assert effective(np.array([2.0, 2.0, 2.0])) == pytest.approx(3)
    assert effective(np.array([1.0, 3.0])) == pytest.approx(16 / 10)
    assert effective(np.zeros(3)) == 0
    assert len(CLASSES) == 10  # the simulation uses three of them
