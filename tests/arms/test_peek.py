from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.arms.base import ARMS
from ltrr_cli.arms.peek import Peek, describe
from ltrr_cli.engine import Engine
from ltrr_cli.policy.menu import WITNESSES
from ltrr_cli.records import Hit

SCORES = st.lists(st.floats(-1e6, 1e6), max_size=120).map(lambda scores: sorted(scores, reverse=True))


@given(SCORES, st.floats(-1e12, 1e12))
def test_every_number_is_bounded(scores: list[float], now: float) -> None:
    class Columns:
        def born(self, row: int) -> int:
            return row * 1000

        def quality(self, row: int) -> float:
            return row % 5 / 4

        def type(self, row: int) -> str:
            return "ab"[row % 2]

    found = describe([Hit(row, score) for row, score in enumerate(scores)], Columns(), now)  # type: ignore[arg-type]
    assert all(0 <= number <= 1 for number in found)


def test_no_hit_is_nothing(shop: str) -> None:
    with Engine(shop) as engine:
        assert describe([], engine.generation.columns, 0.0) == Peek(0, 0, 0, 0, 0, 0)


def test_what_the_drawn_arms_found_is_logged(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("love", seed=1)
        logged = engine.explain(page.search_id)["peek"]
    assert set(logged) == {arm for arm, _ in page.choice.plan.draws} | set(WITNESSES) <= set(ARMS)
    lexical = Peek(*logged["lexical"].values())
    assert 0 < lexical.hits <= 1
    assert lexical.alike > 0
