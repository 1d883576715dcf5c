from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.records import Interpretation, Query, Slot
from ltrr_cli.understand.context import BUCKETS, Acted, hashed, liked

PAIRS = st.lists(st.tuples(st.text(max_size=9), st.one_of(st.text(max_size=9), st.floats().map(str))), max_size=20)


def reading(likelihood: float, **values: str) -> Interpretation:
    return Interpretation(likelihood, tuple(Slot(value, field, value, value) for field, value in values.items()))


@given(PAIRS)
def test_any_pairs_become_a_few_bounded_numbers_whatever_their_order(pairs: list[tuple[str, str]]) -> None:
    numbers = hashed(pairs)
    assert len(numbers) == BUCKETS
    assert all(-1 <= number <= 1 for number in numbers)
    assert hashed([*reversed(pairs), *pairs]) == numbers


def test_a_number_counts_as_one_and_other_values_count_apart() -> None:
    (whole,) = (number for number in hashed([("k", "1")]) if number)
    assert [abs(n) for n in hashed([("k", "0.7")]) if n] == [0.7]
    assert hashed([("k", "37")]) == hashed([("k", "1")])  # cut
    assert [n for n in hashed([("k", "-1")]) if n] == [-whole]
    assert hashed([]) == hashed([("k", "0")]) == (0.0,) * BUCKETS
    assert len({hashed([("device", value)]) for value in ("phone", "desk", "car", "tv", "watch")}) > 1
    assert sum(map(abs, hashed([("k", "nan")]))) == sum(map(abs, hashed([("k", "inf")]))) == 1  # a word, not a number


def test_liking_is_the_share_of_what_was_done() -> None:
    acted = [
        Acted(2.0, "track", {"genre=pop", "creator=adele"}),
        Acted(1.0, "track", {"genre=rock"}),
        Acted(1.0, "album", {"genre=pop"}),
    ]
    assert liked(Query("x", ("x",), types=("track",)), acted) == (0.75, 0.0)
    named = Query("pop albums", ("pop", "albums"), interpretations=(reading(0.8, type="album", genre="pop"),))
    assert liked(named, acted) == (0.8 * 0.25, 0.8 * 0.75)
    assert liked(named, []) == (0.0, 0.0)
    assert liked(named, [Acted(0.0, "album", {"genre=pop"})]) == (0.0, 0.0)


@given(
    st.lists(st.builds(Acted, st.floats(0, 100), st.sampled_from("ab"), st.just({"f=v"})), max_size=9),
    st.lists(st.builds(reading, st.floats(0, 1), type=st.sampled_from("abc"), f=st.sampled_from("vw")), max_size=9),
)
def test_liking_stays_within_its_bounds(acted: list[Acted], readings: list[Interpretation]) -> None:
    for types in ((), ("a", "b")):
        assert all(0 <= share <= 1 for share in liked(Query("", (), types, interpretations=tuple(readings)), acted))
