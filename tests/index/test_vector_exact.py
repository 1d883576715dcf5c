"""Vectors compared one by one: nothing that is near is passed over, and a large file is not kept in memory."""

from __future__ import annotations

from array import array
from pathlib import Path
from random import Random
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.index import vector_exact
from ltrr_cli.index.codes import quantise
from ltrr_cli.index.vector_exact import Exact, nearer

NUMBERS = st.one_of(
    st.floats(-1e-6, 2.0), st.sampled_from([0.0, -0.0, 5e-324, 2.0**-15, 2.0**-16, 0.5, 1.0, 2.0]), st.floats(0.2, 0.3)
)


@given(st.lists(NUMBERS, max_size=40), NUMBERS)
def test_no_number_below_the_bound_is_passed_over(numbers: list[float], bound: float) -> None:
    places = list(nearer(pack(f"<{len(numbers)}d", *numbers), bound))
    assert places == sorted(set(places))
    assert {at for at, number in enumerate(numbers) if number < bound} <= set(places)


def test_few_others_are_named() -> None:
    numbers = [0.5 + i / 2000 for i in range(1000)]
    assert list(nearer(pack("<1000d", *numbers), 0.6)) == list(range(250))  # .5 to .625: four steps of 1/32


@pytest.mark.parametrize("large", [1, 1 << 30])
def test_the_nearest_of_many_are_found_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(vector_exact, "LARGE", large)
    rng = Random(4)
    rows = [array("b", [rng.randrange(-127, 128) for _ in range(8)]) for _ in range(20_000)]
    (tmp_path / "codes.i8").write_bytes(b"".join(row.tobytes() for row in rows))
    index = Exact(str(tmp_path), len(rows), 8)
    wanted = array("f", [3.0, -2.0, 1.0, 0.0, 0.0, 5.0, -1.0, 2.0])
    code = quantise(wanted)
    assert code is not None

    def cosine(row: array[int]) -> float:
        length: float = (sum(a * a for a in row) * sum(b * b for b in code)) ** 0.5
        return sum(a * b for a, b in zip(row, code, strict=True)) / length

    best = sorted(range(len(rows)), key=lambda row: -cosine(rows[row]))[:50]
    for _ in range(2):  # what was let go is there again
        found = index.search(wanted, 50)
        assert [row for row, _ in found] == best
        assert [near for _, near in found] == pytest.approx([cosine(rows[row]) for row in best], abs=1e-6)
        even = index.search(wanted, 50, lambda row: row % 2 == 0)
        assert [row for row, _ in even] == [row for row in sorted(range(0, 20_000, 2), key=lambda r: -cosine(rows[r]))[:50]]
