"""What every policy promises, for every name in the table, over menus as the engine makes them."""

from __future__ import annotations

import math
import shutil

import pytest

from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.policy.base import POLICIES, Policy, Situation, choose
from ltrr_cli.policy.menu import plans
from ltrr_cli.policy.state import State
from ltrr_cli.records import Plan
from ltrr_cli.registry import look_up
from ltrr_cli.settings import Settings
from ltrr_cli.understand.features import FEATURES

SITUATIONS = [
    Situation((1.0, *[0.0] * (len(FEATURES) - 1)), "word"),
    Situation(tuple(high for _, _, high, _ in FEATURES), "title", settled=True),
    Situation((1.0, *(low for _, low, _, _ in FEATURES[1:])), "long", types=("track",)),
]


@pytest.fixture(scope="module")
def states(shop: str, tmp_path_factory: pytest.TempPathFactory) -> list[State]:
    """One that knows nothing, and one that learned from some fifty plays."""
    folder = shutil.copytree(shop, str(tmp_path_factory.mktemp("policies") / "state"))
    with Engine(folder) as engine:
        for i in range(50):
            page = engine.search(("love", "rain", "running shoe", "swift", "black")[i % 5], seed=i)
            engine.feedback(1 + i % len(page.results), action="play")
        learned = engine.store.policy_state()
    assert learned.version >= 40
    return [State(), learned]


def made(name: str) -> Policy:
    policy: Policy = look_up(POLICIES, name, "policy")(Settings())
    return policy


def menus(state: State, situation: Situation) -> list[list[Plan]]:
    arms = tuple(ARMS)
    return [plans(budget, some, state, situation) for budget in (1, 7, 40, 200) for some in (arms, arms[:2], arms[-1:])]


@pytest.mark.parametrize("name", POLICIES)
def test_probabilities_are_one_a_plan_and_sum_to_one(name: str, states: list[State]) -> None:
    for state in states:
        for situation in SITUATIONS:
            for menu in menus(state, situation):
                chances = made(name).probabilities(situation, menu, state)
                assert len(chances) == len(menu)
                assert all(0 <= chance <= 1 for chance in chances)
                assert math.isclose(sum(chances), 1, abs_tol=1e-9)


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_does_not_change_what_was_learned(name: str, states: list[State]) -> None:
    for state in states:
        before = state.to_bytes()
        for situation in SITUATIONS:
            made(name).probabilities(situation, menus(state, situation)[0], state)
        assert state.to_bytes() == before


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_does_not_care_for_the_menus_order(name: str, states: list[State]) -> None:
    for state in states:
        menu = menus(state, SITUATIONS[0])[6]
        forth = made(name).probabilities(SITUATIONS[0], menu, state)
        back = made(name).probabilities(SITUATIONS[0], menu[::-1], state)
        assert forth == pytest.approx(back[::-1])


@pytest.mark.parametrize("name", POLICIES)
def test_a_choice_carries_its_own_chance_and_is_repeatable(name: str, states: list[State]) -> None:
    for state in states:
        menu = menus(state, SITUATIONS[0])[6]
        for seed in range(50):
            choice = choose(made(name), SITUATIONS[0], menu, state, seed)
            assert choice.propensity == choice.probabilities[choice.menu.index(choice.plan)] > 0
            assert choice.policy == name
            assert choice == choose(made(name), SITUATIONS[0], menu, state, seed)


@pytest.mark.parametrize("name", POLICIES)
def test_without_exploring_only_the_likeliest_plans_are_chosen(name: str, states: list[State]) -> None:
    for state in states:
        menu = menus(state, SITUATIONS[0])[6]
        chances = made(name).probabilities(SITUATIONS[0], menu, state)
        best = {plan for plan, chance in zip(menu, chances, strict=True) if chance == max(chances)}
        for seed in range(30):
            choice = choose(made(name), SITUATIONS[0], menu, state, seed, explore=False)
            assert choice.plan in best
            assert choice.propensity == pytest.approx(1 / len(best))
            assert not choice.explored


@pytest.mark.parametrize("name", POLICIES)
def test_the_engine_answers_with_every_policy(name: str, shop: str) -> None:
    with Engine(shop) as engine:
        page = engine.search("love story", policy=name, log=False, seed=1)
    assert page.results[0].title == "Love Story"
    assert page.choice.policy == name
