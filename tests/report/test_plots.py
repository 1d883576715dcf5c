"""Charts as SVG: coordinates by pencil, text escaped, something for every kind."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from ltrr_cli.report.charts import Axis, Chart, Series, calendar, number, over_time, percent, scale
from ltrr_cli.report.plots import DRAW, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
WHOLE = Axis("", 0.0, 1.0, ((0.0, "0"), (1.0, "1")))


def chart(kind: str, ys: list[float | None], **more: object) -> Chart:
    n = len(ys)
    x = Axis("x", 0.0, float(max(1, n - 1)), ((0.0, "first"),))
    lows, highs = [None if y is None else y / 2 for y in ys], [None if y is None else y for y in ys]
    xs = [i / max(1, n - 1) for i in range(n)] if kind == "points" else [float(i) for i in range(n)]
    series = [Series("one", ys, 0, lows, highs)]
    return Chart("key", kind, "A title", "what it says", xs, series, x, WHOLE, [f"row {i}" for i in range(n)])._replace(**more)  # type: ignore[arg-type]


def test_a_line_goes_where_its_numbers_are() -> None:
    drawn = svg(chart("lines", [0.0, 0.5, 1.0]), 166, 154)
    # inside: 52 from the left, 12 from the top, 166 - 52 - 14 = 100 wide, 154 - 12 - 42 = 100 high
    assert 'class="line s0" d="M52 112L102 62L152 12"' in drawn


def test_a_line_breaks_where_nothing_is_known_and_one_value_is_a_dot() -> None:
    drawn = svg(chart("lines", [0.0, 0.5, None, 1.0]), 166, 154)
    assert drawn.count('class="line') == 1
    assert drawn.count('class="dot') == 1


def test_layers_stand_on_each_other() -> None:
    layers = chart("areas", [0.4, 0.4])._replace(series=[Series("low", [0.4, 0.4], 1), Series("high", [0.6, 0.6], 2)])
    drawn = svg(layers, 166, 154)
    assert 'class="layer f1" d="M52 72L152 72L152 112L52 112Z"' in drawn
    assert 'class="layer f2" d="M52 12L152 12L152 72L52 72Z"' in drawn
    assert re.findall(r'class="inside"[^>]*>(\w+)<', drawn) == ["low", "high"]


@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize("ys", [[0.5], [0.2, 0.9], [0.1, None, 0.7], [None, None]], ids=str)
def test_every_kind_is_well_formed_and_says_what_it_is(kind: str, ys: list[float | None]) -> None:
    for narrow in (False, True):
        root = ElementTree.fromstring(svg(chart(kind, ys), narrow=narrow, id="-x"))
        ids = {element.get("id"): element.text for element in root if element.get("id")}
        assert [ids[id] for id in str(root.get("aria-labelledby")).split()] == ["A title", "what it says"]
        assert root.get("role") == "img"
        assert "nan" not in ElementTree.tostring(root, encoding="unicode")


def test_names_and_labels_are_escaped() -> None:
    evil = "<script>&\"'"
    for kind in DRAW:
        one = chart(kind, [0.5, 0.6])._replace(title=evil, says=evil, labels=[evil, evil])
        one = one._replace(series=[one.series[0]._replace(name=evil)], x=Axis(evil, 0.0, 1.0, ((0.0, evil),)))
        drawn = svg(one)
        ElementTree.fromstring(drawn)
        assert "<script" not in drawn


def test_ticks_leave_each_other_room() -> None:
    axis = over_time([86400.0 * i for i in range(48)], "time")
    one = chart("lines", [0.5] * 48)._replace(x=axis._replace(ticks=tuple((float(i), "12 Nov") for i in range(48))))
    for width in (360, 720):
        at = sorted(float(x) for x in re.findall(r'<text class="tick" x="([\d.]+)" y="236"', svg(one, width)))
        assert len(at) >= 3
        assert min(b - a for a, b in pairwise(at)) > 40  # six letters of about six


def test_axes_have_round_numbers_and_hold_all() -> None:
    for low, high in ((0, 1), (0, 0), (-3.2, 17), (0.001, 0.0042), (12, 12345)):
        axis = scale("", low, high)
        assert axis.low <= low <= high <= axis.high
        assert 2 <= len(axis.ticks) <= 8


def test_times_and_numbers_are_short() -> None:
    assert calendar([]) == ()
    assert calendar([1_769_890_500.0]) == ("20:15",)
    assert (number(float("inf")), number(-0.5), number(1e-7)) == ("–", "−0.5", "1e-07")
    assert percent(float("nan")) == "–"
