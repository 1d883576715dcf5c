"""`ltrr report`: where the page goes, what is printed, and that nobody's file is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.cli.app import start
from ltrr_cli.report.brief import spark
from ltrr_cli.report.page import MARK

Out = pytest.CaptureFixture[str]


@pytest.fixture
def folder(own: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A state folder with three searches, and an empty current folder beside it."""
    with ltrr_cli.open(own) as engine:
        for i, text in enumerate(("love", "halo", "zzzzqqqq\x1b[31m")):
            engine.search(text, now=1_769_890_500.0 + 86400 * i, seed=i)
        engine.feedback(1, search_id=engine.search("love", now=1_769_890_500.0).search_id, action="like", now=1_769_890_600.0)
    here = Path(own).parent / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return own


def test_it_writes_a_page_and_prints_a_summary(folder: str, capsys: Out) -> None:
    assert start(["report", "--index", folder]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("4 searches, 2026-01-31 to 2026-02-02, 25 % with feedback\n")
    assert "no results 1 search: zzzzqqqq\N{REPLACEMENT CHARACTER}[31m (1)" in out
    assert "\x1b" not in out
    assert err.startswith("report.html: ")
    assert MARK in Path("report.html").read_text("utf-8")[:200]
    assert os.stat("report.html").st_mode & 0o777 == 0o600
    assert os.listdir() == ["report.html"]  # nothing half-written is left


def test_a_report_is_replaced_but_nothing_else_is(folder: str, capsys: Out) -> None:
    assert start(["report", "--index", folder]) == 0
    assert start(["report", "--index", folder]) == 0
    Path("report.html").write_text("<html>mine</html>")
    capsys.readouterr()
    assert start(["report", "--index", folder]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[0] == "error: report.html is here already and is no report"
    assert Path("report.html").read_text() == "<html>mine</html>"


def test_text_and_json_write_no_page_unless_one_is_named(folder: str, capsys: Out) -> None:
    assert start(["report", "--index", folder, "--text"]) == 0
    assert capsys.readouterr().out.startswith("4 searches")
    assert start(["report", "--index", folder, "--json"]) == 0
    numbers = json.loads(capsys.readouterr().out)
    assert numbers["searches"] == 4
    assert {"earned", "regret", "arms", "chance", "calibration", "items", "drift", "speed", "misses"} <= set(numbers)
    assert os.listdir() == []
    assert start(["report", "--index", folder, "--json", "--out", "page.html"]) == 0
    assert json.loads(capsys.readouterr().out)["searches"] == 4
    assert os.listdir() == ["page.html"]


def test_the_same_moment_makes_the_same_page(folder: str, capsys: Out) -> None:
    pages = []
    for _ in range(2):
        assert start(["report", "--index", folder, "--out", "-", "--now", "2026-03-01"]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1]
    assert "2026-03-01" in pages[0]


def test_a_dash_is_standard_output(folder: str, capsys: Out) -> None:
    assert start(["report", "--index", folder, "--out", "-"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("<!doctype html>")
    assert out.rstrip().endswith("</html>")
    assert err == ""
    assert os.listdir() == []


def test_since_leaves_out_what_was_before(folder: str, capsys: Out) -> None:
    assert start(["report", "--index", folder, "--json", "--since", "2026-02-01"]) == 0
    numbers = json.loads(capsys.readouterr().out)
    assert (numbers["searches"], numbers["earned"]["with_feedback"]) == (2, 0)


def test_plots_are_files(folder: str, capsys: Out) -> None:
    assert start(["report", "--index", folder, "--text", "--plots", "plots"]) == 0
    assert {os.path.splitext(name)[1] for name in os.listdir("plots")} == {".png", ".svg"}
    assert "plots: " in capsys.readouterr().err


def test_an_empty_log_is_a_mistake(own: str, capsys: Out) -> None:
    assert start(["report", "--index", own, "--text"]) == 2
    assert capsys.readouterr().err == 'error: no search is logged yet\nhint: ltrr search "..." first\n'


def test_a_curve_of_blocks_starts_at_nothing() -> None:
    assert spark([0.8, 1.0, 0.8], width=3) == "▇█▇"  # alike, though not the same
    assert spark([-1.0, 0.0, 1.0], width=3) == "▁▅█"
    assert spark([], width=3) == ""
    assert spark([0.0, 0.0], width=4) == "▁▁"
