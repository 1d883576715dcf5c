from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.rank.diverse import spread_types

RANKED = st.lists(st.tuples(st.floats(-1, 2), st.sampled_from("abc")), max_size=30).map(
    lambda items: sorted(((score, (i, kind)) for i, (score, kind) in enumerate(items)), key=lambda one: -one[0])
)


@given(RANKED, st.integers(0, 40))
def test_nothing_is_lost_nor_doubled_and_a_type_keeps_its_order(ranked: list[tuple[float, tuple[int, str]]], limit: int) -> None:
    found = spread_types(ranked, lambda item: item[1], limit)
    assert len(found) == min(limit, len(ranked)) == len(set(found))
    for kind in "abc":
        assert [one for one in found if one[1] == kind] == [item for _, item in ranked if item[1] == kind][
            : sum(one[1] == kind for one in found)
        ]
    assert not ranked or not found or found[0] == ranked[0][1]


def test_a_type_that_fills_the_page_makes_room() -> None:
    ranked = [(1.0 - i / 100, ("track", i)) for i in range(20)] + [
        (0.7, ("album", 0)),
        (0.6, ("artist", 0)),
        (0.0, ("track", 99)),
    ]
    page = spread_types(ranked, lambda item: item[0], 10)
    assert {kind for kind, _ in page} == {"track", "album", "artist"}
