"""Each part's numbers on a log small enough for a pencil."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ltrr_cli.report.arms import Arms
from ltrr_cli.report.base import PARTS, About, Part
from ltrr_cli.report.chance import Chances
from ltrr_cli.report.drift import Drift
from ltrr_cli.report.earned import Earned
from ltrr_cli.report.items import Items
from ltrr_cli.report.misses import Misses
from ltrr_cli.report.read import Seen
from ltrr_cli.report.speed import Speed

Search = Callable[..., str]
Read = Callable[[], tuple[list[Seen], About]]


@pytest.fixture
def four(search: Search, seen: Read) -> tuple[list[Seen], About]:
    """Two bins of two searches."""
    search("red shoe", acts=[{"rank": 1, "action": "click"}], took=4.0)
    search("red shoe", plan=1, acts=[{"rank": 8, "action": "like"}], took=8.0)
    search("blue", shown=0, took=1.0)
    search("green shoe", took=2.0, acts=[{"rank": 2, "action": "skip"}], kind="boot")
    return seen()


def numbers(part: type[Part], log: tuple[list[Seen], About]) -> dict[str, Any]:
    one = part(log[1])
    for seen in log[0]:
        one.add(seen)
    return one.found()


def test_what_was_earned(four: tuple[list[Seen], About]) -> None:
    found = numbers(Earned, four)
    assert found["searches"] == [2, 2]
    assert found["reward"] == [0.6, 0.0]  # (.2 + 1) / 2, nothing
    # deviations of .4 about .6: standard error .4 / sqrt(1) = .4; 1.96 of them each way
    assert (found["low"][0], found["high"][0]) == (pytest.approx(-0.184, abs=1e-3), pytest.approx(1.384, abs=1e-3))
    assert found["satisfied"] == [1.0, 0.0]
    assert found["place"] == [pytest.approx((1 + 1 / 8) / 2), None]
    assert (found["mean"], found["satisfied_share"], found["with_feedback"]) == (0.3, 0.5, 3)
    assert found["quarters"]["difference"]["mean"] == pytest.approx(-0.6)
    assert found["classes"]["few"]["searches"] == [2, 1]
    assert found["classes"]["word"]["reward"] == [None, 0.0]


def test_which_arms_were_asked_and_thanked(four: tuple[list[Seen], About]) -> None:
    found = numbers(Arms, four)
    # drawn: hybrid 6 and lexical 4, three times; lexical 10, once
    assert found["arms"]["lexical"]["budget_share"] == 22 / 40
    assert found["budget"] == {"lexical": [14 / 20, 8 / 20], "hybrid": [6 / 20, 12 / 20]}
    # thing0: lexical's first, not among hybrid's first six (thing5 to thing10): .2 to lexical; thing7: drawn by lexical:10 alone
    assert found["arms"]["lexical"]["credit"] == pytest.approx(1.2)
    assert found["arms"]["lexical"]["alone"] == pytest.approx(1.2)
    assert (found["arms"]["lexical"]["hits"], found["arms"]["lexical"]["chances"]) == (2, 2)
    assert (found["arms"]["hybrid"]["hits"], found["arms"]["hybrid"]["chances"]) == (0, 1)
    assert found["credit"] == {"lexical": [1.0, None], "hybrid": [0.0, None]}
    assert found["classes"]["word"] == {"lexical": 0.4, "hybrid": 0.6}


def test_what_was_left_to_chance(four: tuple[list[Seen], About]) -> None:
    found = numbers(Chances, four)
    assert found["expected"] == [pytest.approx(0.1), pytest.approx(0.1)]
    assert found["explored"] == [0.5, 0.0]
    assert found["total"] == {"expected": pytest.approx(0.4), "explored": 1, "share": 0.25}
    assert found["deviation"] == pytest.approx((1 - 0.4) / (4 * 0.1 * 0.9) ** 0.5)
    assert found["propensity"]["lowest"] == 0.1
    filled = [column for column in found["propensity"]["columns"] if column["searches"]]
    assert [column["searches"] for column in filled] == [1, 3]
    assert filled[0]["from"] == pytest.approx(0.1)
    assert filled[1]["to"] == 1.0
    assert list(found["plans"]) == ["hybrid:6+lexical:4", "lexical:10"]
    assert found["plans"]["lexical:10"] == {"searches": 1, "reward": 1.0}


def test_a_certain_plan_is_not_left_to_chance(search: Search, seen: Read) -> None:
    search(chances=(1.0, 0.0))
    found = numbers(Chances, seen())
    assert (found["propensity"]["certain"], found["total"]["expected"], found["deviation"]) == (1, 0.0, None)


def test_what_was_shown(four: tuple[list[Seen], About]) -> None:
    found = numbers(Items, four)
    assert (found["shown"], found["satisfied"], found["entities"]) == (10, 2, 40)
    assert found["shown_curve"] == [0.25, 0.25]
    assert found["satisfied_curve"] == [0.05, 0.05]
    # ten of forty have three showings each: Gini = 1 - 1/4
    assert found["gini"] == pytest.approx(0.75)
    assert found["top_share"] == 0.1  # one hundredth of 40 is one entity, with 3 of 30
    assert found["types"]["shoe"] == {"entities": 30, "shown": 10, "showings": 20, "satisfied": 2}
    assert found["types"]["boot"] == {"entities": 10, "shown": 0, "showings": 10, "satisfied": 0}


def test_how_long_it_took(four: tuple[list[Seen], About]) -> None:
    found = numbers(Speed, four)
    assert found["all"] == {"p50": 2.0, "p95": 8.0, "p99": 8.0}
    assert found["p95"] == [8.0, 2.0]
    assert found["arms"]["lexical"] == {"timed": 4, "p50": 1.0, "p95": 4.0, "p99": 4.0}
    assert [line["took_ms"] for line in found["slowest"]] == [8.0, 4.0, 2.0, 1.0]
    assert found["slowest"][0]["plan"] == "lexical:10"


def test_only_the_slowest_are_kept(search: Search, seen: Read) -> None:
    for took in range(30):
        search(took=float(took))
    assert [line["took_ms"] for line in numbers(Speed, seen())["slowest"]] == [29.0 - i for i in range(12)]


def test_where_it_fails(four: tuple[list[Seen], About]) -> None:
    found = numbers(Misses, four)
    assert found["without_results"]["searches"] == 1
    assert [line["query"] for line in found["without_results"]["most"]] == ["blue"]
    assert found["without_clicks"]["share"] == 0.25
    assert [(line["query"], line["searches"]) for line in found["without_clicks"]["most"]] == [("green shoe", 1)]


def test_what_changed(search: Search, seen: Read) -> None:
    for i in range(120):
        search("red shoe" if i < 80 else "blue")
    found = numbers(Drift, seen())
    change = found["changes"]["words"]
    assert (change["at"], change["before"], change["after"]) == (80, 2.0, 1.0)
    assert change["p"] < 1e-9
    assert change["time"] == 1_769_890_500.0 + 3600 * 81
    assert "reward" not in found["changes"]  # it never changed
    assert found["classes"]["few"][0] == 1.0
    assert found["classes"]["word"][-1] == 1.0
    assert found["different_queries"] == 2
    assert found["new_queries"][0] == pytest.approx(1 / 12)
    words = found["features"]["words"]
    assert words["before"] > words["after"]
    assert words["shift"] < 0


@pytest.mark.parametrize("name", PARTS)
def test_a_part_says_nothing_of_a_log_that_says_nothing(name: str, search: Search, seen: Read) -> None:
    import json

    from ltrr_cli.registry import look_up

    search(shown=0)
    log = seen()
    one = look_up(PARTS, name, "part")(log[1])
    one.add(log[0][0])
    assert json.dumps(one.found(), allow_nan=False)
