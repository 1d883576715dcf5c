"""Whatever a catalog, a query, a file's name or a setting holds: nothing that a command prints can act on a terminal."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.cli.app import start

EVIL = "Red\x1b[2J\x1b]0;x\x07\u202edress\u2066 \x9b31m\u2028<script>alert(1)</script>&lt;i&gt;"
ROWS = [
    {"id": f"evil\u202e{i}", "type": f"{EVIL} kind", "name": f"{EVIL} {i}", "artist": EVIL, EVIL: EVIL, "genres": [EVIL, "rock"]}
    for i in range(20)
]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("evil")
    catalog = home / "things\x1b[2J\u202e.jsonl"
    catalog.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    folder = str(home / "state")
    ltrr_cli.build([str(catalog)], folder)
    with ltrr_cli.open(folder) as engine:
        for i in range(12):
            page = engine.search(f"{EVIL} {i}", seed=i, user=EVIL, session=EVIL, context=[(EVIL, EVIL)])
            engine.feedback(1, event_id=f"{EVIL}{i}")
            engine.search(f"zzzz {EVIL}", seed=i)
    assert page.results
    return folder


@pytest.fixture
def run(made: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    folder = shutil.copytree(made, str(tmp_path / "state"))
    monkeypatch.setenv("LTRR_INDEX", folder)
    monkeypatch.chdir(tmp_path)

    def go(*argv: str) -> tuple[int, str, str]:
        status = start(argv)
        out, err = capsys.readouterr()
        return status, out, err

    return go


def risky(text: str) -> str:
    """Return what of *text* could act on a terminal: control characters, and those that turn the reading direction."""
    turns = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return "".join(
        c
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in "\t\n")
        or unicodedata.bidirectional(c) in turns
        or c in "\u200e\u200f\u061c"
    )


SHOWN = [  # `pick` draws on a terminal, and has a test of that in test_pick.py
    *(["search", "red", "--format", form] for form in ("table", "json", "tsv", "ids", "trec")),
    ["search", "red", "--explain"],
    ["search", "red", "--explain", "--json"],
    ["search", EVIL, "--facets", EVIL],
    ["search", "red", "--facets", "genres"],
    ["search", "red", "--type", EVIL],
    ["search", "red", "--arm", EVIL],
    ["search", "red", "--where", f"'{EVIL}' = 1"],
    ["search", "red", "--where", f"genres = '{EVIL}'"],
    ["search", "red", "--policy", EVIL],
    ["search", "red", "--now", EVIL],
    ["search", "red", "--context", EVIL],
    ["search", "red", "--index", EVIL],
    ["search", "red", f"--{EVIL}"],
    [EVIL],
    ["suggest", "red"],
    ["suggest", EVIL],
    ["feedback", EVIL],
    ["feedback", EVIL, "1"],
    ["feedback", "1", "--action", EVIL],
    ["feedback", "--from", EVIL],
    ["explain"],
    ["explain", "--replay"],
    ["explain", EVIL],
    ["arms"],
    ["status"],
    ["status", "--json"],
    ["check"],
    ["learn"],
    ["export"],
    ["report", "--text"],
    ["report", "--json"],
    ["ope", "--policy", "uniform"],
    ["ope", "--policy", EVIL],
    ["index", EVIL],
    ["index", "evil.jsonl", "--mapping", EVIL],
    ["add", EVIL],
    ["delete", EVIL, "evil\u202e3"],
    ["rollback", "--to", EVIL],
    ["forget", "--user", f"{EVIL}?"],
    ["import", EVIL],
    ["eval", "--queries", EVIL, "--qrels", EVIL],
]


@pytest.mark.parametrize("argv", SHOWN, ids=lambda argv: ascii(" ".join(argv))[1:50])
def test_nothing_that_is_printed_can_act_on_a_terminal(run: Run, argv: list[str]) -> None:
    status, out, err = run(*argv)
    assert status in (0, 1, 2)
    assert out or err or status == 1
    assert risky(out) == "" and risky(err) == "", (out, err)
    if status == 2:
        assert [line.partition(":")[0] for line in err.splitlines()] == ["error", "hint"], err


def test_files_of_many_queries_are_no_way_in_either(run: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text(f"q\x1b[2J\u202e1\tred\nq2\t{EVIL}\n", encoding="utf-8")
    (tmp_path / "qrels.txt").write_text("q\x1b[2J\u202e1 0 evil\u202e1 1\nq2 0 evil\u202e2 1\n", encoding="utf-8")
    for form in ("json", "tsv", "ids", "trec", "table"):
        status, out, err = run("search", "--queries", "queries.tsv", "--format", form)
        assert status == 0
        assert risky(out + err) == "", (form, out)
    (tmp_path / "lines.jsonl").write_text(json.dumps({"search_id": EVIL, "id": EVIL}) + "\n" + EVIL + "\n", encoding="utf-8")
    for argv in (
        ["feedback", "--from", "lines.jsonl"],
        ["feedback", "--from", "lines.jsonl", "--json"],
        ["import", "lines.jsonl"],
    ):
        status, out, err = run(*argv)
        assert status == 2
        assert risky(out + err) == "", (argv, out, err)
    status, out, err = run("eval", "--queries", "queries.tsv", "--qrels", "qrels.txt")
    assert risky(out + err) == "", (out, err)


def test_a_bad_catalog_and_bad_settings_are_named_harmlessly(run: Run, tmp_path: Path) -> None:
    name = "bad\x1b[2J\u202e.jsonl"
    (tmp_path / name).write_text(json.dumps(ROWS[0]) + "\n" + json.dumps(ROWS[0]) + f'\n{{"{EVIL}\n[1]\n', encoding="utf-8")
    for argv in (
        ["index", name, "--index", "new"],
        ["index", name, "--index", "new", "--strict"],
        ["index", ".", "--index", "new"],
    ):
        status, out, err = run(*argv)
        assert out + err
        assert risky(out + err) == "", (out, err)
    Path(os.environ["LTRR_INDEX"], "ltrr.toml").write_text(
        f'"{EVIL}" = 1\n'.replace("\x1b", "\\u001b").replace("\x07", "\\u0007")
    )
    status, out, err = run("status")
    assert status == 2
    assert risky(out + err) == "", err


def test_a_page_shows_tags_and_never_has_them(run: Run, tmp_path: Path) -> None:
    assert run("report", "--out", "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<i>" not in page
    assert "&lt;script&gt;" in page
    assert risky(page) == ""


def test_a_table_cell_that_a_spreadsheet_would_run_is_printed_as_it_is(run: Run, tmp_path: Path) -> None:
    """Tab-separated lines are for programs, to which an id must stay the id; SECURITY.md says so."""
    (tmp_path / "sums.jsonl").write_text(json.dumps({"id": "=1+1", "name": "=cmd|' /C calc'!A0"}) + "\n")
    assert run("index", "sums.jsonl", "--index", "sums")[0] == 0
    _, out, _ = run("search", "cmd", "--index", "sums", "--format", "tsv")
    assert out.split("\t")[1] == "=1+1"
    assert out.split("\t")[3] == "=cmd|' /C calc'!A0"
