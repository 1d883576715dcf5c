"""Records behave as `typing.NamedTuple` makes them."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from ltrr_cli.light import NamedTuple
from ltrr_cli.records import Correction, Hit


class Theirs(typing.NamedTuple):
    row: int
    kind: str = "track"


class Ours(NamedTuple):
    row: int
    kind: str = "track"

    def named(self) -> str:
        return f"{self.kind} {self.row}"


@pytest.mark.parametrize("values", [((1,), {}), ((1, "album"), {}), ((), {"kind": "album", "row": 2}), ((3,), {"kind": "x"})])
def test_it_is_filled_as_theirs_is(values: tuple[tuple[int | str, ...], dict[str, int | str]]) -> None:
    ours, theirs = Ours(*values[0], **values[1]), Theirs(*values[0], **values[1])  # type: ignore[arg-type]
    assert tuple(ours) == tuple(theirs) and hash(ours) == hash(theirs)
    assert (ours.row, ours.kind, ours._asdict()) == (theirs.row, theirs.kind, theirs._asdict())
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert tuple(ours._replace(row=9)) == tuple(theirs._replace(row=9))


@pytest.mark.parametrize(
    "values", [((), {}), ((1, "a", 2), {}), ((1,), {"row": 2}), ((1,), {"colour": "red"}), ((), {"kind": "a"})]
)
def test_what_does_not_fit_is_an_error_in_both(values: tuple[tuple[int | str, ...], dict[str, int | str]]) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*values[0], **values[1])  # type: ignore[arg-type]


def test_fields_and_defaults_are_known() -> None:
    assert (Ours._fields, Ours._field_defaults) == (Theirs._fields, Theirs._field_defaults)
    assert Ours(4).named() == "track 4"
    with pytest.raises(AttributeError):
        Ours(4).row = 5  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Ours(4).other = 5  # type: ignore[attr-defined]


def test_records_can_be_copied_pickled_and_matched() -> None:
    correction = Correction("tayler", "taylor", 0.7)
    assert copy.deepcopy(correction) == pickle.loads(pickle.dumps(correction)) == correction
    match Hit(3, 0.5):
        case Hit(row, score):
            assert (row, score) == (3, 0.5)
