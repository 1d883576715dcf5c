"""Words about prices: read where records have one, as bounds or as the cheap and the dear among what else is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.understand.prices import LOW, PRICE, filter_of, find


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Lamps for 10 to 190 and sofas for 500 to 2300; the cheapest sofa is dearer than any lamp."""
    rows = [{"id": f"lamp{i}", "type": "lamp", "name": f"Lamp {i}", "room": "study", "price": 10 + 20 * i} for i in range(10)]
    rows += [{"id": f"sofa{i}", "type": "sofa", "name": f"Sofa {i}", "room": "lounge", "price": 500 + 200 * i} for i in range(10)]
    path = tmp_path_factory.mktemp("prices")
    (path / "things.json").write_text(json.dumps(rows))
    ltrr_cli.build([str(path / "things.json")], str(path / "state"), graph=False)
    with Engine(str(path / "state")) as engine:
        yield engine


def best(engine: Engine, text: str, n: int) -> set[str]:
    query = engine.asked.query(text)
    return {engine.generation.columns.id(hit.row) for hit in engine.sources.draw("structured", query)[:n]}


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("lamp under 50", "..50", ["lamp"]),
        ("lamp less than 50 euros", "..50", ["lamp"]),
        ("lampe unter 50", "..50", ["lampe"]),
        ("over 100 lamps", "100..", ["lamps"]),
        ("between 50 and 20", "20..50", []),
        ("cheap lamp", LOW, ["lamp"]),
        ("under water", "", ["under", "water"]),
        ("50 lamps under", "", ["50", "lamps", "under"]),
        ("between 3", "", ["between", "3"]),
    ],
)
def test_bounds_and_judgements_are_found(text: str, value: str, rest: list[str]) -> None:
    words = text.split()
    found = list(find(words))
    assert [one.value for one in found] == [value] * bool(value)
    for one in found:
        words[one.start : one.end] = []
    assert words == rest


def test_a_currency_makes_a_bound_surer() -> None:
    (plain,), (named,), (signed,) = find(["under", "50"]), find(["under", "50", "euros"]), find(["under", "50"], signed=True)
    assert plain.likelihood < named.likelihood == signed.likelihood < 1


def test_a_bound_is_a_filter() -> None:
    assert [filter_of(value) for value in ("..5", "5..", "5..9", LOW)] == [
        "price <= 5",
        "price >= 5",
        "price >= 5 and price <= 9",
        "",
    ]


def test_a_query_reads_as_a_price_beside_other_values(engine: Engine) -> None:
    reading = engine.asked.query("lamp under $50").interpretations[0]
    assert {(slot.field, slot.value) for slot in reading.slots} == {("type", "lamp"), (PRICE, "..50")}
    assert reading.slots[1].shown == "up to 50"


def test_what_costs_as_much_as_was_said_comes_first(engine: Engine) -> None:
    assert best(engine, "lamp under 50", 2) == {"lamp0", "lamp1"}
    assert best(engine, "sofa between 900 and 1300 euros", 3) == {"sofa2", "sofa3", "sofa4"}


def test_cheap_means_cheap_among_what_else_is_asked_for(engine: Engine) -> None:
    assert best(engine, "cheap sofa", 2) <= {"sofa0", "sofa1", "sofa2"}
    assert best(engine, "expensive lamp", 2) <= {"lamp7", "lamp8", "lamp9"}


def test_where_nothing_has_a_price_nobody_asks_for_one(tmp_path: object) -> None:
    path = f"{tmp_path}/songs.json"
    with open(path, "w") as file:
        json.dump([{"id": str(i), "type": "song", "name": f"Under {i}", "genre": "pop"} for i in range(60)], file)
    ltrr_cli.build([path], f"{tmp_path}/state", graph=False)
    with Engine(f"{tmp_path}/state") as engine:
        assert PRICE not in {slot.field for one in engine.asked.query("pop under 50").interpretations for slot in one.slots}
