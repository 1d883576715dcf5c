from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.policy.shares import BASELINE, covers, made, moved, named, shares, spread
from ltrr_cli.records import Plan

ARMS = ["fresh", "fuzzy", "hybrid", "lexical", "memory", "popular", "semantic"]


@st.composite
def tenths(draw: st.DrawFn) -> Plan:
    """Ten tenths dealt to arms at random."""
    dealt = draw(st.lists(st.sampled_from(ARMS), min_size=10, max_size=10))
    return made((arm, dealt.count(arm)) for arm in ARMS)


@given(tenths(), st.integers(20, 1000))
def test_a_plan_keeps_its_identity_at_every_budget_from_20_on(plan: Plan, budget: int) -> None:
    drawn = spread(plan, budget)
    assert drawn.size == budget
    assert shares(drawn) == plan


@given(tenths(), st.integers(1, 19))
def test_a_small_budget_is_spent_exactly_too_and_keeps_the_baseline(plan: Plan, budget: int) -> None:
    drawn = spread(plan, budget)
    assert drawn.size == budget
    if budget > 1 and BASELINE in dict(plan.draws):
        assert dict(drawn.draws)[BASELINE] >= 1


@given(tenths())
def test_a_name_says_all_about_a_plan(plan: Plan) -> None:
    assert named(plan.name) == plan


@given(tenths(), tenths(), tenths())
def test_moved_is_a_distance(a: Plan, b: Plan, c: Plan) -> None:
    assert moved(a, a) == 0
    assert moved(a, b) == moved(b, a)
    assert moved(a, c) <= moved(a, b) + moved(b, c)


def test_largest_remainders_by_hand() -> None:
    # 60, 20, 20 % of 7 = 4.2, 1.4, 1.4: whole 4, 1, 1, the seventh goes to .4, of two alike to the first by name
    assert spread(named("hybrid:6+lexical:2+memory:2"), 7).name == "hybrid:4+lexical:2+memory:1"


def test_a_plan_covers_what_one_of_its_arms_has_within_its_draw() -> None:
    plan = named("hybrid:6+lexical:4")
    assert covers(plan, {"hybrid": 6})
    assert covers(plan, {"hybrid": 7, "lexical": 4})
    assert not covers(plan, {"hybrid": 7, "lexical": 5, "semantic": 1})
    assert not covers(plan, {"hybrid": 0})  # 0: not found
