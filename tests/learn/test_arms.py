from array import array

import pytest

from ltrr_cli.learn.arms import MOST, Lesson, learn
from ltrr_cli.learn.reached import looked_at
from ltrr_cli.policy.base import Situation
from ltrr_cli.policy.shares import EVERY, named
from ltrr_cli.policy.state import DEPTHS, WIDTH, D, State
from ltrr_cli.policy.worth import worths

FUZZY = "fuzzy:7+lexical:1+memory:2"
FIRST = [1.0] + [0.0] * (D - 1)


def lesson(ranks: dict[str, int], weight: float = 1.0, query_class: str = "few", menu: tuple[str, ...] = ()) -> Lesson:
    return Lesson(FIRST, query_class, ranks, 40, weight, menu)


def test_one_action_labels_every_arm_at_every_depth_and_every_plan() -> None:
    state = State()
    learn(state, lesson({"lexical": 10, "hybrid": 30, "fuzzy": 0, "memory": 0}, 2.0), gamma=1.0)
    assert [state.arms["lexical"][i * D] for i in range(len(DEPTHS))] == [0, 2, 2, 2, 2]  # 5, 10, 20, 40, 80
    assert [state.arms["hybrid"][i * D] for i in range(len(DEPTHS))] == [0, 0, 0, 2, 2]
    assert [state.arms["fuzzy"][i * D] for i in range(len(DEPTHS))] == [0] * len(DEPTHS)
    assert state.gram[0] == 3  # the ridge 1 + 2 x x'
    # at 40: lexical:10 draws 40, hybrid:9+lexical:1 draws 36 and 4, fuzzy:7+lexical:1+memory:2 draws 4 of lexical: too few
    assert state.plans["lexical:10"][:2].tolist() == [2, 2]
    assert state.plans[FUZZY][:2].tolist() == [2, 0]
    assert state.plans["hybrid:9+lexical:1"][:2].tolist() == [2, 2]
    assert state.version == 1


def test_old_evidence_fades_and_the_ridge_stays() -> None:
    state = State()
    for _ in range(2):
        learn(state, lesson({"lexical": 1}), gamma=0.5)
    assert state.plans["lexical:10"][0] == 1.5
    assert state.gram[0] == pytest.approx(0.5 * (0.5 * 1 + 0.5 * 1 + 1) + 0.5 + 1)
    assert state.gram[D] == 1  # the next feature was never on


def test_a_query_that_comes_back_says_ever_less_and_fades_the_others_as_little() -> None:
    state = State()
    for i in range(3):
        learn(state, lesson({"lexical": 1})._replace(earlier=i), gamma=0.5)
    # 1, then 1 * .5^(1/4) + 1/4, then that * .5^(1/9) + 1/9
    assert state.plans["lexical:10"][0] == pytest.approx((0.5**0.25 + 0.25) * 0.5 ** (1 / 9) + 1 / 9)
    assert state.version == 3


def test_a_plan_does_not_look_good_for_being_new() -> None:
    state = State()
    for _ in range(60):  # nothing is covered by anything: all plans of the table turn out worse than believed
        learn(state, lesson({"lexical": 90, "hybrid": 90, "fuzzy": 90, "memory": 0}), gamma=1.0)
    old, new = named("hybrid:9+lexical:1"), named("fuzzy:1+hybrid:8+lexical:1")
    learn(state, lesson({"lexical": 90, "hybrid": 90, "fuzzy": 90, "memory": 0}, menu=(old.name, new.name)), gamma=1.0)
    seen, fresh = worths(None, [old, new], state)
    assert fresh < 0.3
    assert fresh == pytest.approx(seen, abs=0.1)


def test_what_all_plans_cover_tells_for_none_of_them() -> None:
    state = State()
    default, swapped = named("fuzzy:4+lexical:1+memory:1+sparse:4"), named("fuzzy:3+lexical:1+memory:1+semantic:1+sparse:4")
    ranks = {"lexical": 1, "hybrid": 1, "fuzzy": 1, "sparse": 1, "semantic": 1, "memory": 1}
    for _ in range(3):
        learn(state, lesson(ranks, 3.0, menu=(default.name, swapped.name)), gamma=1.0)
        before, after = worths(Situation(FIRST, "few"), [default, swapped], state)
        assert before > after > 0.9


def test_a_new_arm_starts_as_the_mean_of_the_others() -> None:
    state = State()
    for _ in range(4):
        learn(state, lesson({"lexical": 1, "hybrid": 0}), gamma=1.0)
    learn(state, lesson({"lexical": 0, "hybrid": 0, "semantic": 0}), gamma=1.0)
    assert state.arms["semantic"][0] == 2  # (4 + 0) / 2


def test_the_leader_becomes_what_covers_and_classes_may_differ() -> None:
    state = State()
    for i in range(120):
        typo = i % 2 == 0
        ranks = {"lexical": 0 if typo else 8, "hybrid": 0, "fuzzy": 20 if typo else 0, "memory": 0}
        learn(state, lesson(ranks, query_class="typo" if typo else "few"), gamma=0.999)
    menu = [named("hybrid:9+lexical:1"), named("lexical:10"), named(FUZZY)]
    few, typo_ = (worths(Situation(FIRST, name), menu, state) for name in ("few", "typo"))
    assert few[1] > few[2] + 0.3
    assert typo_[2] > typo_[1] + 0.3


def test_context_is_tried_before_it_is_taught() -> None:
    state, menu = State(), ("hybrid:9+lexical:1", "lexical:10")
    for i in range(150):
        x = [1.0, 0.5 + (i % 2) / 2, *([0.0] * (D - 2))]
        ranks = {"lexical": 30, "hybrid": 0} if i % 2 else {"lexical": 0, "hybrid": 30}
        learn(state, Lesson(x, "", ranks, 40, 1.0, menu), gamma=1.0)
    assert state.proof[0] == 150
    assert state.proof[1] > 40  # the regression tells the two kinds apart, the leader can't


def test_only_plans_made_by_hand_are_learned_about_for_the_arms_that_there_were() -> None:
    state = State()
    ranks = {"lexical": 1, "hybrid": 1, "fuzzy": 1, "semantic": 1, "memory": 0}
    for i in range(9):
        learn(state, lesson(ranks, menu=(f"hybrid:{1 + i}+semantic:{9 - i}",)), 0.9)
    assert {"lexical:10", "hybrid:9+lexical:1", FUZZY} <= set(state.plans)
    assert [name for name in state.plans if "lexical" not in name] == ["hybrid:5+semantic:5"]  # the equal split of these two
    assert len(state.plans) <= MOST
    assert all(isinstance(sums, array) and len(sums) == WIDTH + D for sums in state.plans.values())


def test_what_only_a_rare_plan_would_have_shown_high_up_was_unlikely_to_be_seen() -> None:
    menu = ({"lexical": 10}, {"structured": 10})
    logged = {"asked": {"limit": 10}, "choice": {"menu": menu, "probabilities": [0.9, 0.1]}}
    ranks = {"lexical": 8, "structured": 2, EVERY: 2, "lexical:10": 8}
    assert looked_at(logged, ranks, eta=1.0) == pytest.approx(0.9 / 8 + 0.1 / 2)
    assert looked_at(logged, ranks | {"lexical:10": 11}, eta=1.0) == pytest.approx(0.1 / 2)  # the second page is not seen
    twice = {"asked": {"limit": 10}, "interleaved": {"menu": menu, "probabilities": [[0.9, 0.1], [0.5, 0.5]]}}
    assert looked_at(twice, ranks, eta=0.0) == 1.0
