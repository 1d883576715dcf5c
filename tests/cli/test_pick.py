"""Choosing with keys, on a terminal: what is drawn, what is printed, what is logged, and how the terminal is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.cli.chooser import Chooser
from ltrr_cli.engine import Engine
from ltrr_cli.records import Page

from .conftest import CONTROL, ROOT, Start

LEAVES = "\x1b[?25h\x1b[?1049l"  # the cursor is shown again, and the screen as it was
DOWN, UP = "\x1b[B", "\x1b[A"
EVIL = "Love \x1b[31mred\u202e <b>\x9b2J"


def logged(folder: str) -> list[dict[str, Any]]:
    with Engine(folder) as engine:
        return [entry for entry in engine.export() if entry["kind"] in ("search", "event")]


def test_the_choice_is_printed_and_recorded_as_a_click_on_its_search(screen: Start, own: str, tmp_path: Path) -> None:
    shown = screen('id=$(ltrr pick love -n 5 --seed 1); echo "picked $id, $?"', str(tmp_path), LTRR_INDEX=own)
    first = shown.see("Enter take")
    assert "search love  1 of 5" in first
    shown.press(DOWN)
    assert ">  2" in shown.see("Enter take")
    shown.press("\r")
    picked = shown.see("picked ").partition("picked ")[2]
    assert shown.end() == 0
    with Engine(own) as engine:
        decision = engine.explain()
    second = decision["results"][1]["id"]
    assert f"{second}, 0" in picked + shown.written
    assert [(event["id"], event["action"]) for event in decision["events"]] == [(second, "click")]
    assert shown.mode() == shown.before


@pytest.mark.parametrize(("key", "status"), [("\x1b", 1), ("q", 1), ("\x04", 1), ("\x03", 130)])
def test_who_leaves_picks_nothing_and_finds_the_terminal_as_it_was(
    key: str, status: int, screen: Start, own: str, tmp_path: Path
) -> None:
    shown = screen("ltrr pick love > out", str(tmp_path), LTRR_INDEX=own)
    shown.see("Enter take")
    assert shown.mode() != shown.before
    shown.press(key)
    assert shown.end() == status
    assert LEAVES in shown.written
    assert shown.mode() == shown.before
    assert (tmp_path / "out").read_text() == ""
    assert [entry["kind"] for entry in logged(own)] == ["search"]


def test_a_terminal_that_is_ended_is_left_as_it_was(screen: Start, own: str, tmp_path: Path) -> None:
    shown = screen(f'exec "{sys.executable}" -m ltrr_cli pick love', str(tmp_path), LTRR_INDEX=own)
    shown.see("Enter take")
    os.kill(shown.pid, signal.SIGTERM)
    assert shown.end() == 128 + signal.SIGTERM
    assert LEAVES in shown.written
    assert shown.mode() == shown.before


def test_only_what_was_searched_for_is_logged(screen: Start, own: str, tmp_path: Path) -> None:
    shown = screen("ltrr pick love > out", str(tmp_path), LTRR_INDEX=own)
    shown.see("Enter take")
    shown.press("/")
    shown.see("Enter search")
    shown.press("\x15hal")
    shown.see("search hal")
    shown.press("o")
    assert "Halo" in shown.see("search halo")
    shown.press("\r")
    assert ">  1  Halo" in shown.see("Enter take")
    shown.press("\r")
    assert shown.end() == 0
    searches = [entry["query"]["text"] for entry in logged(own) if entry["kind"] == "search"]
    assert searches == ["love", "halo"]
    assert (tmp_path / "out").read_text() == "track-7-0\n"


def test_it_fits_a_small_window_and_follows_its_size(screen: Start, own: str, tmp_path: Path) -> None:
    shown = screen("ltrr pick love", str(tmp_path), columns=80, rows=12, LTRR_INDEX=own)
    shown.see("Enter take")
    for columns, rows in ((40, 8), (20, 4), (3, 1)):
        shown.resize(columns, rows)
        lines = shown.frame()
        assert len(lines) <= rows
        assert max(map(len, lines)) < columns
    shown.press("q")
    assert shown.end() == 1


def test_without_a_terminal_it_says_what_to_do(own: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ltrr_cli", "pick", "love", "--index", own]
    environment = {**os.environ, "PYTHONPATH": ROOT}
    for more in ({"start_new_session": True}, {"env": {**environment, "TERM": "dumb"}}):
        given: dict[str, Any] = {"env": {**environment, "TERM": "xterm"}, **more}
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=tmp_path, **given)
        assert done.returncode == 2
        assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
    assert logged(own) == []


def page(engine: Engine, text: str) -> Page:
    return engine.search(text, arms=("lexical",), log=False, seed=1)


def test_a_title_cannot_draw_on_the_screen(tmp_path: Path) -> None:
    rows = [{"id": "e", "title": EVIL, "about": EVIL}, {"id": "w", "title": "Love 能動的三分間 " * 9, "about": "愛 love"}]
    (tmp_path / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ltrr_cli.build([str(tmp_path / "catalog.jsonl")], str(tmp_path / "state"))
    with Engine(str(tmp_path / "state")) as engine, open(os.devnull, "w") as out:
        chooser = Chooser(lambda text, passing: page(engine, text), "love")
        shown = chooser.drawn(out, 40, 10)
        plain = [CONTROL.sub("", line) for line in shown]
        assert any("Love \N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER} <b>" in line for line in plain)
        assert all(c.isprintable() for line in plain for c in line)
        assert "\x1b[31m" not in "".join(shown)
        wide = next(line for line in plain if "能動" in line)
        assert sum(2 if ord(c) > 0x2E80 else 1 for c in wide) < 40
        chooser.press("/")
        for key in (*"\u202e", "x", "clear word"):
            chooser.press(key)
        assert chooser.typed == ""


def test_keys_move_within_the_page(shop: str) -> None:
    with Engine(shop) as engine, open(os.devnull, "w") as out:
        chooser = Chooser(lambda text, passing: page(engine, text), "love")
        assert len(chooser.page.results) == 4
        chooser.drawn(out, 80, 5)  # two results fit
        places = []
        for key in ("j", "pagedown", "down", "k", "G", "down", "pageup", "g", "up", "3", "home", "end"):
            chooser.press(key)
            chooser.drawn(out, 80, 5)
            places.append(chooser.at)
        assert places == [1, 3, 3, 2, 3, 3, 1, 0, 0, 2, 0, 3]
        assert chooser.top == 2


def test_nothing_found_can_be_changed_or_left(shop: str) -> None:
    with Engine(shop) as engine:
        chooser = Chooser(lambda text, passing: page(engine, text), "zzzzqqqq")
        assert chooser.typed == "zzzzqqqq"
        chooser.press("enter")
        assert not chooser.taken
        for key in ("clear", *"halo", "enter"):
            chooser.press(key)
        assert chooser.chosen is not None
        assert chooser.chosen.title == "Halo"
        again = Chooser(lambda text, passing: page(engine, text), "zzzzqqqq")
        again.press("escape")
        assert again.left
