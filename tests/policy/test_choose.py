"""Promises of every policy in the table, and of the one function that samples."""

from array import array
from math import sqrt
from random import Random

import pytest

from ltrr_cli.policy import menu
from ltrr_cli.policy.base import POLICIES, Policy, Situation, choose
from ltrr_cli.policy.shares import BASELINE, named
from ltrr_cli.policy.state import DEPTHS, WIDTH, D, State
from ltrr_cli.records import Plan
from ltrr_cli.registry import look_up
from ltrr_cli.settings import Settings
from ltrr_cli.understand.features import CLASSES

ARMS = ["lexical", "fuzzy", "popular", "semantic", "hybrid", "memory", "fresh", "structured", "sparse"]


def learned(seed: int) -> State:
    """A state full of made-up numbers, as far as they could have been learned."""
    random = Random(seed)
    state = State()
    state.version = random.randrange(3000)
    state.typical = array("d", [100.0, 50.0])
    for arm in ARMS:
        state.arms[arm] = array("d", [random.random() / 4 for _ in range(len(DEPTHS) * D)])
    for plan in menu.hand_made(ARMS):
        sums = [random.random() * 20 for _ in range(WIDTH)]
        state.plans[plan.name] = array("d", sums)
    return state


def situation(seed: int) -> Situation:
    random = Random(seed)
    x = [1.0] + [random.random() for _ in range(D - 1)]
    return Situation(x, random.choice(CLASSES), settled=random.random() < 0.1)


def policies(**settings: float) -> list[Policy]:
    return [look_up(POLICIES, name, "policy")(Settings(**settings)) for name in POLICIES]  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.name)
@pytest.mark.parametrize("seed", range(12))
def test_probabilities_are_probabilities_and_do_not_change_the_state(policy: Policy, seed: int) -> None:
    state, where = learned(seed) if seed else State(), situation(seed)
    before = state.to_bytes()
    plans = menu.plans(40, ARMS, state, where)
    chances = policy.probabilities(where, plans, state)
    assert len(chances) == len(plans)
    assert all(0 <= chance <= 1 for chance in chances)
    assert sum(chances) == pytest.approx(1, abs=1e-12)
    assert state.to_bytes() == before


@pytest.mark.parametrize("policy", policies(epsilon=0.3), ids=lambda policy: policy.name)
def test_each_logged_propensity_is_the_frequency_with_which_the_plan_is_drawn(policy: Policy) -> None:
    state, where, draws = learned(1), situation(1)._replace(settled=False), 2000
    plans = menu.plans(40, ARMS, state, where)
    count = dict.fromkeys(plans, 0)
    for seed in range(draws):
        choice = choose(policy, where, plans, state, seed)
        count[choice.plan] += 1
        assert choice.propensity == choice.probabilities[choice.menu.index(choice.plan)]
    for plan, p in zip(choice.menu, choice.probabilities, strict=True):
        # five standard deviations of a binomial: one false alarm in a million
        assert abs(count[plan] - draws * p) <= 5 * sqrt(draws * p * (1 - p)) + 1e-9


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.name)
def test_the_same_seed_makes_the_same_choice(policy: Policy) -> None:
    state, where = learned(2), situation(2)
    plans = menu.plans(40, ARMS, state, where)
    assert choose(policy, where, plans, state, 99) == choose(policy, where, plans, State.from_bytes(state.to_bytes()), 99)


@pytest.mark.parametrize("policy", policies(), ids=lambda policy: policy.name)
def test_without_exploring_only_the_most_probable_plans_are_left(policy: Policy) -> None:
    state, where = learned(3), situation(3)
    plans = menu.plans(40, ARMS, state, where)
    chances = policy.probabilities(where, plans, state)
    for seed in range(50):
        choice = choose(policy, where, plans, state, seed, explore=False)
        assert not choice.explored
        assert chances[plans.index(choice.plan)] == max(chances)
        assert sum(choice.probabilities) == pytest.approx(1)


def test_equal_plans_are_merged_before_they_get_probabilities() -> None:
    a, b = named("lexical:10"), named("hybrid:6+lexical:2+memory:2")
    choice = choose(look_up(POLICIES, "uniform", "policy")(Settings()), situation(1), [a, b, a, a], State(), 5)
    assert choice.menu == (a, b)
    assert choice.probabilities == (0.5, 0.5)


def test_ties_share_what_the_best_get() -> None:
    # two plans that are not on the table, each one tenth from the same plan that is
    tied = [named("hybrid:4+lexical:2+memory:2+popular:2"), named("fresh:1+hybrid:3+lexical:1+memory:2+popular:3")]
    policy = look_up(POLICIES, "epsilon_greedy", "policy")(Settings(epsilon=0.3))
    where = situation(5)._replace(query_class="few/values", settled=False)
    # .3/3 each, and .7 shared by the two
    assert policy.probabilities(where, [*tied, named("fresh:10")], State()) == pytest.approx([0.45, 0.45, 0.1])


def test_nothing_is_explored_where_the_answer_is_known() -> None:
    policy = look_up(POLICIES, "epsilon_greedy", "policy")(Settings())
    where = Situation([1.0] * D, "title", settled=True)
    assert sorted(policy.probabilities(where, menu.plans(40, ARMS, State(), where), State()))[-2:] == [0.0, 1.0]


def test_before_any_evidence_the_best_plan_is_the_hand_made_one() -> None:
    for name in ("epsilon_greedy", "fixed"):
        policy = look_up(POLICIES, name, "policy")(Settings())
        choice = choose(
            policy, situation(4)._replace(query_class="few"), menu.plans(40, ARMS, State()), State(), 1, explore=False
        )
        assert choice.plan.name == "fuzzy:16+lexical:4+memory:4+sparse:16"


def test_epsilon_is_a_tenth_and_more_with_the_first_feedback_and_a_fiftieth_in_the_end_unless_it_is_set() -> None:
    decaying = look_up(POLICIES, "epsilon_greedy", "policy")(Settings())
    assert decaying.rate(0) == 0.1
    assert decaying.rate(100) == pytest.approx(0.3 / 1.1)
    assert decaying.rate(5000) == pytest.approx(0.05)  # .3 / 6
    assert decaying.rate(10**9) == 0.02
    assert look_up(POLICIES, "epsilon_greedy", "policy")(Settings(epsilon=0.3)).rate(7000) == 0.3


@pytest.mark.parametrize("arms", [ARMS, ["lexical"], ["memory"], ["fresh", "memory"], ["semantic", "lexical"], ARMS[1:]])
@pytest.mark.parametrize("budget", [1, 2, 3, 5, 10, 20, 37, 40, 100, 1000])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_menu_is_finite_different_and_within_its_limits(arms: list[str], budget: int, seed: int) -> None:
    state = learned(seed) if seed else State()
    plans = menu.plans(budget, arms, state, situation(seed) if seed else None)
    assert 1 <= len(plans) <= menu.MOST
    assert len(set(plans)) == len(plans)
    for plan in plans:
        draws = dict(plan.draws)
        assert plan.size == budget
        assert set(draws) <= set(arms)
        if BASELINE in arms and budget >= len(arms):  # where it is not of the plan it fills up, see `policy.depth`
            assert draws.get(BASELINE, 0) >= 1 or set(draws) == {"structured"}
        if len(arms) > 1 and budget >= 10:
            assert draws.get("memory", 0) <= (budget + 1) // 2


def test_the_menu_swaps_one_block_of_the_leader() -> None:
    plans: list[Plan] = menu.plans(40, ARMS, State())
    leader = {"fuzzy": 16, "lexical": 4, "memory": 4, "sparse": 16}
    swaps = [draws for draws in (dict(plan.draws) for plan in plans) if leader.items() - draws.items() == {("fuzzy", 16)}]
    assert plans[0] == Plan(tuple(sorted(leader.items())))
    assert [sorted(arm for arm in swap if swap[arm] > leader.get(arm, 0)) for swap in swaps] == [
        ["popular"], ["semantic"], ["hybrid"], ["fresh"],
    ]  # fmt: skip
