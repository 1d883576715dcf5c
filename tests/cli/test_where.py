"""`--where` as a person meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., tuple[int, str, str]]
MAIN = "from ltrr_cli.__main__ import main; raise SystemExit(main())"


@pytest.fixture
def search(process: Callable[..., Any], shop: str) -> Run:
    """Run `ltrr search` with these arguments; return its exit status, output and messages."""

    def run(*arguments: str) -> tuple[int, str, str]:
        one = process(MAIN, "search", *arguments, "--index", shop, "--no-log", "--seed", "1")
        out, err = one.communicate(timeout=60)
        return one.returncode, out, err

    return run


@pytest.mark.parametrize(
    ("where", "error", "hint"),
    [
        ("yeer>=2000", "error: no field is called 'yeer' at character 1 of the filter", "hint: did you mean 'year'?"),
        ("year>=2000 and", "error: where: a field is missing at character 15", "hint: for example: year >= 1990 and genre in"),
        ("year=2000 or 2001", "error: where: '2001' is compared with nothing at character 14", "hint: write FIELD = VALUE"),
        ("type=trak", "error: where: no type is called 'trak' at character 1", "hint: did you mean 'track'?"),
        (
            "description=rain",
            "error: 'description' at character 1 of the filter can't be asked for, it is text",
            "hint: put its words",
        ),
    ],
)
def test_a_mistake_is_an_error_and_a_hint(where: str, error: str, hint: str, search: Run) -> None:
    code, out, err = search("love", "--where", where)
    lines = err.splitlines()
    assert (code, out, len(lines)) == (2, "", 2)
    assert lines[0] == error
    assert lines[1].startswith(hint)


def test_what_passes_is_found_and_nothing_else(search: Run) -> None:
    code, out, _ = search("love", "--where", "artist = The Beatles and not title = 'Love Me Do'", "--json")
    assert code == 0
    results = json.loads(out)["results"]
    assert results[0]["title"] == "All You Need Is Love"
    assert {r["entity"]["artist"] for r in results} == {"The Beatles"}
    assert "Love Me Do" not in {r["title"] for r in results}
    assert search("love", "--where", "artist = nobody") == (1, "", "")


def test_without_words_the_best_known_are_listed(search: Run) -> None:
    code, out, _ = search("", "--where", "price < 100", "-n", "3")
    assert code == 0
    assert [line.split("\t")[3] for line in out.splitlines()] == [
        "Trail running shoe",
        "Road running shoe",
        "USB-C charging cable",
    ]
    assert search("")[0] == 1
