from array import array

import pytest

from ltrr_cli.learn.arms import Lesson, learn
from ltrr_cli.learn.looks import MOST, Look, look_on
from ltrr_cli.learn.reached import looked_at
from ltrr_cli.policy.base import Situation
from ltrr_cli.policy.belief import belief
from ltrr_cli.policy.shares import named
from ltrr_cli.policy.state import DEPTHS, WIDTH, D, State
from ltrr_cli.policy.worth import worths
from ltrr_cli.understand.features import CLASSES

FUZZY = "fuzzy:7+lexical:1+memory:2"
FIRST = [1.0] + [0.0] * (D - 1)


def lesson(ranks: dict[str, int], weight: float = 1.0) -> Lesson:
    return Lesson(FIRST, ranks, weight, 1.0)


def test_one_action_labels_every_arm_at_every_depth() -> None:
    state = State()
    learn(state, lesson({"lexical": 10, "hybrid": 30, "fuzzy": 0, "lexical:10": 3}, 2.0), gamma=1.0)
    assert [state.arms["lexical"][i * D] for i in range(len(DEPTHS))] == [0, 2, 2, 2, 2]  # 5, 10, 20, 40, 80
    assert [state.arms["hybrid"][i * D] for i in range(len(DEPTHS))] == [0, 0, 0, 2, 2]
    assert [state.arms["fuzzy"][i * D] for i in range(len(DEPTHS))] == [0] * len(DEPTHS)
    assert list(state.arms) == ["lexical", "hybrid", "fuzzy"]
    assert state.gram[0] == 3  # the ridge 1 + 2 x x'
    assert state.version == 1
    assert state.typical.tolist() == [1, 1]


def test_a_look_is_counted_for_all_queries_and_for_its_class() -> None:
    state = State()
    look_on(state, Look("few", 0.5, {"lexical:10": (1.5, 0.2), FUZZY: (0.5, 0.0)}))
    look_on(state, Look("typo", 1.0, {"lexical:10": (1.0, 1.0)}))
    few, typo = (2 + 2 * CLASSES.index(name) for name in ("few", "typo"))
    sums = state.plans["lexical:10"]
    assert [sums[:2].tolist(), sums[few : few + 2].tolist(), sums[typo : typo + 2].tolist()] == [[1.75, 1.1], [0.75, 0.1], [1, 1]]
    assert sum(sums) == pytest.approx(2 * (1.75 + 1.1))
    assert state.plans[FUZZY][:2].tolist() == [0.25, 0]


def test_old_evidence_fades_and_the_ridge_stays() -> None:
    state = State()
    look_on(state, Look("few", 1.0, {"lexical:10": (1.0, 0.2)}))
    for _ in range(2):
        learn(state, lesson({"lexical": 1}), gamma=0.5)
    assert state.plans["lexical:10"][:2].tolist() == [0.25, 0.05]
    assert state.gram[0] == pytest.approx(0.5 * (0.5 * 1 + 0.5 * 1 + 1) + 0.5 + 1)
    assert state.gram[D] == 1  # the next feature was never on
    assert state.typical.tolist() == [1.5, 1.5]


def test_a_query_that_comes_back_says_ever_less_and_fades_the_others_as_little() -> None:
    state = State()
    for share in (1.0, 1 / 4, 1 / 9):
        learn(state, lesson({"lexical": 1})._replace(share=share), gamma=0.5)
    # 1, then 1 * .5^(1/4) + 1/4, then that * .5^(1/9) + 1/9
    assert state.typical[0] == pytest.approx((0.5**0.25 + 0.25) * 0.5 ** (1 / 9) + 1 / 9)
    assert state.version == 3


def test_a_plan_does_not_look_good_for_being_new() -> None:
    state, old, new = State(), named("hybrid:9+lexical:1"), named("hybrid:5+semantic:5")
    learn(state, lesson({"lexical": 1}), gamma=1.0)
    for _ in range(60):  # hardly anything that was shown is wanted
        look_on(state, Look("few", 1.0, {old.name: (2.0, 0.02), "lexical:10": (2.0, 0.02)}))
    before = worths(Situation(FIRST, "few"), [old, new], state)
    look_on(state, Look("few", 1.0, {new.name: (2.0, 0.02)}))
    assert worths(Situation(FIRST, "few"), [old, new], state) == pytest.approx(before, abs=0.06)


def test_what_all_plans_draw_tells_for_none_of_them() -> None:
    state, plans = State(), [named("fuzzy:4+lexical:1+memory:1+sparse:4"), named("hybrid:9+lexical:1")]
    learn(state, lesson({"lexical": 1}), gamma=1.0)
    for _ in range(30):
        look_on(state, Look("few", 1.0, {plan.name: (2.0, 1.0) for plan in plans}))
    assert worths(Situation(FIRST, "few"), plans, state) == pytest.approx([belief("few", plan) for plan in plans])


def test_a_new_arm_starts_as_the_mean_of_the_others() -> None:
    state = State()
    for _ in range(4):
        learn(state, lesson({"lexical": 1, "hybrid": 0}), gamma=1.0)
    learn(state, lesson({"lexical": 0, "hybrid": 0, "semantic": 0}), gamma=1.0)
    assert state.arms["semantic"][0] == 2  # (4 + 0) / 2


def test_the_leader_becomes_what_satisfies_and_classes_may_differ() -> None:
    state = State()
    for i in range(600):
        typo = i % 2 == 0
        learn(state, lesson({"lexical": 1}), gamma=0.999)
        good, bad = (FUZZY, "lexical:10") if typo else ("lexical:10", FUZZY)
        look_on(state, Look("typo" if typo else "few", 1.0, {good: (1.0, 1.0), bad: (1.0, 0.0)}))
    menu = [named("lexical:10"), named(FUZZY)]
    few, typo_ = (worths(Situation(FIRST, name), menu, state) for name in ("few", "typo"))
    assert few[0] > few[1] + 0.3
    assert typo_[1] > typo_[0] + 0.3


def test_no_more_than_some_plans_are_remembered_and_those_that_are_known_best() -> None:
    state = State()
    for i in range(MOST + 6):
        look_on(state, Look("few", 1.0, {f"lexical:{i + 1}+semantic:1": (1.0 + i, 0.0)}))
    assert set(state.plans) == {f"lexical:{i + 1}+semantic:1" for i in range(6, MOST + 6)}
    assert all(isinstance(sums, array) and len(sums) == WIDTH for sums in state.plans.values())


def test_what_only_a_rare_plan_draws_was_unlikely_to_be_seen() -> None:
    menu = ({"lexical": 10}, {"structured": 10})
    logged = {"choice": {"menu": menu, "probabilities": [0.9, 0.1]}}
    assert looked_at(logged, {"lexical": 8, "structured": 2}, 4, eta=1.0) == pytest.approx(1 / 4)
    assert looked_at(logged, {"lexical": 11, "structured": 2}, 4, eta=1.0) == pytest.approx(0.1 / 4)
    assert looked_at(logged, {"lexical": 11, "structured": 2, "lexical:10": 11}, 4, eta=1.0) == pytest.approx(1 / 4)  # deeper
    twice = {"interleaved": {"menu": menu, "probabilities": [[0.9, 0.1], [0.5, 0.5]]}}
    assert looked_at(twice, {"lexical": 1, "structured": 0}, 2, eta=1.0) == pytest.approx((1 - 0.1 * 0.5) / 2)
