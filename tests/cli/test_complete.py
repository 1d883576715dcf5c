"""The Tab key: each shell takes the script that ltrr prints for it, and offers commands, options and values."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.cli.app import COMMANDS, load
from ltrr_cli.cli.complete import offered
from ltrr_cli.engine import Engine

from .conftest import ROOT, Start

LINES = {  # as typed, up to Tab -> some of what is offered
    "ltrr sea": {"search"},
    "ltrr search love --no-": {"--no-explore", "--no-log"},
    "ltrr search love --arm fu": {"fuzzy"},
    "ltrr pick love --policy unif": {"uniform"},
    "ltrr search love --where art": {"artist"},
    "ltrr feedback 1 --action pl": {"play"},
    "ltrr search love --format t": {"table", "tsv", "trec"},
}
BASH = """eval "$(_LTRR_COMPLETE=source_bash ltrr)"
read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _ltrr_completion ltrr; printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = "_LTRR_COMPLETE=source_fish ltrr | source; complete -C $argv[1]"
ZSH = 'autoload -U compinit; compinit -u -d dump; eval "$(_LTRR_COMPLETE=source_zsh ltrr)"; PS1="ready> "'


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which `ltrr` is this checkout."""
    command = tmp_path / "bin" / "ltrr"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m ltrr_cli "$@"\n')
    command.chmod(0o755)
    return f"{command.parent}{os.pathsep}{os.environ['PATH']}"


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@needs("bash")
@pytest.mark.parametrize("line", LINES)
def test_bash_completes(line: str, path: str, shop: str) -> None:
    environment = {**os.environ, "PATH": path, "LTRR_INDEX": shop}
    done = subprocess.run(["bash", "-c", BASH, "bash", line], env=environment, capture_output=True, text=True, timeout=60)
    assert LINES[line] <= set(done.stdout.splitlines()), done.stderr


@needs("fish")
def test_fish_completes(path: str, shop: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": path, "LTRR_INDEX": shop, "HOME": str(tmp_path)}
    for line, some in LINES.items():
        done = subprocess.run(["fish", "-c", FISH, line], env=environment, capture_output=True, text=True, timeout=60)
        assert some <= {offer.partition("\t")[0] for offer in done.stdout.splitlines()}, done.stderr


@needs("zsh")
def test_zsh_completes(path: str, shop: str, tmp_path: Path, screen: Start) -> None:
    (tmp_path / ".zshrc").write_text(ZSH)
    shown = screen("exec zsh -d -i", str(tmp_path), PATH=path, LTRR_INDEX=shop, ZDOTDIR=str(tmp_path))
    shown.see("ready> ")
    for line, some in LINES.items():
        shown.press(f"{line}\t")
        for offer in some if len(some) > 1 else {f"{line.rpartition(' ')[0]} {next(iter(some))}"}:
            shown.see(offer)
        shown.press("\x15\r")
        shown.see("ready> ")
    shown.press("exit\r")
    shown.end()


def test_what_a_shell_could_take_for_its_own_is_not_offered(tmp_path: Path) -> None:
    types = ["plain", "two words", "$(touch x)", "`touch x`", "a;b", "\\$(touch x)", "--type", "*", "it's", "a:b"]
    rows = [{"id": f"{n}", "type": kind, "title": f"Love {n}"} for n, kind in enumerate(types * 5)]
    (tmp_path / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ltrr_cli.build([str(tmp_path / "catalog.jsonl")], str(tmp_path / "state"))
    state = str(tmp_path / "state")
    with Engine(state) as engine:
        assert set(engine.generation.types) == set(types)
    assert offered("type", state, "") == ["plain"]


def test_nothing_is_offered_where_there_is_no_index(tmp_path: Path) -> None:
    assert offered("type", str(tmp_path), "") == offered("field", str(tmp_path), "") == []
    (tmp_path / "ltrr.toml").write_text("budget = [")
    assert offered("action", str(tmp_path), "") == []


def test_every_kind_that_an_option_names_is_known(shop: str) -> None:
    kinds = {option.complete for name in COMMANDS for option in load(name).options} - {""}
    assert {"arm", "policy", "action", "type", "field"} == kinds
    assert all(offered(kind, shop, "") for kind in kinds)
