"""`ltrr simulate` as a person meets it: processes of its own, tables that say what they are, JSON for scripts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SMALL = ("--rounds", "40", "--seeds", "2", "--made", "20", "--policy", "fixed", "--policy", "epsilon_greedy")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ltrr_cli", "simulate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_every_heading_says_that_it_is_simulated(shop: str) -> None:
    done = run("--index", shop, *SMALL)
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split("\n\n")
    assert len(parts) == 4
    assert all(part.startswith("simulated: ") for part in parts)
    assert "made from this catalog" in parts[0]
    for word in ("exact", "misspelt", "lexical", "semantic"):
        assert word in parts[1]
    assert all(policy in parts[2] and policy in parts[3] for policy in ("fixed", "epsilon_greedy"))


def test_json_is_one_object_a_user_and_policy_and_the_same_each_time(shop: str) -> None:
    done = run("--index", shop, *SMALL, "--users", "perfect", "--users", "cascade+noise", "--json")
    assert run("--index", shop, *SMALL, "--users", "perfect", "--users", "cascade+noise", "--json").stdout == done.stdout
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["users"], line["policy"]) for line in lines] == [
        ("perfect", "fixed"),
        ("perfect", "epsilon_greedy"),
        ("cascade+noise", "fixed"),
        ("cascade+noise", "epsilon_greedy"),
    ]
    assert all((line["rounds"], line["seeds"]) == (40, 2) for line in lines)


def test_given_queries_are_asked_and_those_without_judgments_left_out(shop: str, tmp_path: Path) -> None:
    (tmp_path / "q").write_text("1\tlove story\n2\thalo\n3\tnothing of it\n", "utf-8")
    (tmp_path / "r").write_text("1 0 track-3-0 1\n2 0 track-7-0 2\n3 0 not-here 1\n", "utf-8")
    done = run("--index", shop, "--queries", str(tmp_path / "q"), "--qrels", str(tmp_path / "r"), *SMALL)
    assert done.returncode == 0, done.stderr
    assert "2 queries given" in done.stdout
    assert "1 queries left out" in done.stderr


def test_an_interrupt_ends_all_of_it_and_what_is_done_is_found_again(shop: str, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    arguments = ["--index", shop, "--rounds", "60", "--seeds", "6", "--made", "5", "--policy", "fixed", "--out", str(out)]
    command = [sys.executable, "-m", "ltrr_cli", "simulate", *arguments, "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 100
        while time.monotonic() < end and not any(out.glob("runs/*.json")):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.strip() == f"interrupted; the same command goes on from what is in {out}"
    before = set(os.listdir(out / "runs"))
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert before < set(os.listdir(out / "runs"))
    assert run(*arguments[:-2]).stdout == done.stdout
