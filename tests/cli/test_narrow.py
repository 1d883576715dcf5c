"""What people read fits the terminal that they read it on, with or without colour; a pipe gets whole lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ltrr_cli
from ltrr_cli.cli.fold import cells, fold
from ltrr_cli.cli.table import print_table
from ltrr_cli.engine import Engine

from .conftest import CONTROL, Start

COMMANDS = ("search love", "explain", "arms", "status", "suggest lo", "search --help", "feedback nope 1", "pick --help", "")


@pytest.mark.parametrize("columns", [80, 40])
def test_no_line_is_longer_than_the_terminal(columns: int, screen: Start, own: str, tmp_path: Path) -> None:
    with Engine(own) as engine:
        engine.search("love")
        engine.feedback(1, action="play")
    script = "; ".join(f"echo BEGIN; ltrr {command}" for command in COMMANDS)
    shown = screen(f"export NO_COLOR=1; {script}", str(tmp_path), columns=columns, rows=24, LTRR_INDEX=own)
    assert shown.end() == 0
    assert not any(f"\x1b[{code}m" in shown.written for code in range(30, 48))
    begun = CONTROL.sub("", shown.written).replace("\r", "").split("BEGIN\n")[1:]
    for command, text in zip(COMMANDS, begun, strict=True):
        assert text.strip(), command
        for line in text.splitlines():
            assert cells(line) <= columns, f"ltrr {command}: {line}"
    for text, expected in zip(begun, ("Love Story", "found by", "lexical", "entities", "love", "--where"), strict=False):
        assert expected in text


def test_long_ids_go_below_the_title(screen: Start, tmp_path: Path) -> None:
    rows = [{"id": f"https://example.org/catalog/{'x' * 60}/{n}", "title": f"Love in the time of {n}"} for n in range(3)]
    (tmp_path / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ltrr_cli.build([str(tmp_path / "catalog.jsonl")], str(tmp_path / ".ltrr"))
    shown = screen("ltrr search love --arm lexical", str(tmp_path))
    assert shown.end() == 0
    lines = CONTROL.sub("", shown.written).splitlines()
    assert any(line.split()[1:] == ["Love", "in", "the", "time", "of", "0"] for line in lines)


def test_a_wide_table_becomes_several_each_with_what_tells_its_rows_apart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "16")
    print_table(["who", "what", "a long name", "n"], [["a", "x", "some words that fold well", 1], ["a", "y", "others", 22]])
    lines = [CONTROL.sub("", line).split() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if "what" in line] == [["who", "what"], ["what", "name", "n"]]  # who tells nothing apart
    assert lines[1:3] == [["a", "x"], ["a", "y"]]
    assert lines[-1] == ["y", "others", "22"]


def test_where_no_column_goes_beside_what_tells_rows_apart_each_row_becomes_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "24")
    rows = [[user, policy, 0.25, "fuzzy 40%"] for user in ("position", "cascade") for policy in ("epsilon_greedy", "thompson")]
    print_table(["users", "policy", "nDCG@10", "drawn most"], rows)
    lines = CONTROL.sub("", capsys.readouterr().out).splitlines()
    assert lines[:3] == ["position epsilon_greedy", "  nDCG@10 0.25, drawn", "  most fuzzy 40%"]
    assert len(lines) == 12


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200), st.integers(8, 90))
def test_folding_keeps_every_character_and_fits(text: str, width: int) -> None:
    folded = fold(text, width)
    assert all(cells(line) <= width for line in folded)
    assert "".join("".join(folded).split()) == "".join(text.split())
