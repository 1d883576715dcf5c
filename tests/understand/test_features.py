from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.records import Query
from ltrr_cli.understand.features import CLASSES, FEATURES, NAMES, features, query_class, settled

SUNDAY_NOON = 1_769_947_200.0  # 2026-02-01T12:00:00Z


@given(
    st.text(max_size=300),
    st.lists(st.text(min_size=1, max_size=9), max_size=40),
    st.lists(st.one_of(st.just(-1.0), st.floats(0, 40)), max_size=40),
    st.booleans(),
    st.floats(0, 1e6),
    st.floats(0, 4e9),
)
def test_every_feature_stays_within_its_bounds_whatever_is_typed(
    text: str, words: list[str], idfs: list[float], title: bool, n: float, now: float
) -> None:
    x = features(Query(text, tuple(words), now=now), idfs, title, n)
    assert len(x) == len(FEATURES)
    for value, (name, low, high, _) in zip(x, FEATURES, strict=True):
        assert low <= value <= high, name
    assert query_class(x) in CLASSES


def test_the_clock_is_read_as_a_circle_in_utc() -> None:
    x = dict(zip(NAMES, features(Query("a", ("a",), now=SUNDAY_NOON), (1.0,), False, 0), strict=True))
    assert (round(x["hour_sin"], 9), round(x["hour_cos"], 9), x["weekend"]) == (0, -1, 1)
    x = dict(zip(NAMES, features(Query("a", ("a",), now=SUNDAY_NOON + 86400), (1.0,), False, 0), strict=True))
    assert x["weekend"] == 0


def classed(text: str, *idfs: float, title: bool = False) -> str:
    return query_class(features(Query(text, tuple(text.split())), idfs or [2.0] * len(text.split()), title, 0))


def test_classes_go_by_the_surest_sign_first() -> None:
    assert classed("lovr", -1.0, title=True) == "title"
    assert classed("tayler love", -1.0, 2.0) == "typo"
    assert classed("love") == "word"
    assert classed("red running shoe men") == "few"
    assert classed("a light shoe for running") == "long"


def test_only_a_title_that_memory_knows_well_is_settled() -> None:
    lover = Query("lover", ("lover",))
    assert settled(features(lover, (6.0,), True, 5))
    assert not settled(features(lover, (6.0,), True, 4.9))
    assert not settled(features(lover, (6.0,), False, 50))
