"""The command line as a person meets it: every test here is a process of its own, over an index of its own."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.cli.app import COMMANDS, load
from ltrr_cli.cli.typed import make_group

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))
EVIL = "Red\tDress\n\x1b[31m\u202e"
CATALOG = [
    {"id": "t1", "type": "track", "title": "Love Story", "artist": "Taylor Swift", "year": 2008, "popularity": 90},
    {"id": "t2", "type": "track", "title": "Blank Space", "artist": "Taylor Swift", "year": 2014, "popularity": 80},
    {"id": "t3", "type": "track", "title": "Love Me Do", "artist": "The Beatles", "year": 1962, "popularity": 70},
    {"id": "t4", "type": "track", "title": "Halo", "artist": "Beyoncé", "year": 2008, "popularity": 60},
    {"id": "7", "type": "album", "title": "Red", "artist": "Taylor Swift", "year": 2012, "popularity": 50},
    {"id": "t5", "type": "track", "title": EVIL, "artist": "Someone", "year": 2001, "popularity": 1},
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def start(arguments: tuple[str, ...], folder: str, **extra: Any) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LTRR_")}
    environment = {**kept, "PYTHONPATH": ROOT, "PYTHONIOENCODING": "utf-8", **extra.pop("env", {})}
    command = [sys.executable, "-m", "ltrr_cli", *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **extra}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a catalog and its index."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "catalog.jsonl").write_text("".join(json.dumps(entity) + "\n" for entity in CATALOG), encoding="utf-8")
    process = start(("index", "catalog.jsonl"), str(folder))
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return str(folder)


@pytest.fixture
def ltrr(home: str) -> Run:
    """Run the command in the folder and return what came of it."""

    def run(*arguments: str, stdin: str = "", **extra: Any) -> subprocess.CompletedProcess[str]:
        process = start(arguments, home, **extra)
        out, err = process.communicate(stdin, timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    return run


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """The one JSON object of a command that ended well."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Every command


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_with_an_example_and_a_mention_in_the_readme(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    make_group().main([name, "--help"], prog_name="ltrr", standalone_mode=False)
    help = capsys.readouterr().out
    assert f"Example: ltrr {name}" in " ".join(help.split())
    for option in load(name).options:
        assert option.help.endswith("."), f"the help of {option.name} is a sentence"
        assert option.help.split()[0] in help
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        assert f"ltrr {name}" in f.read()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_library_call_behind_it(name: str) -> None:
    with open(os.path.join(ROOT, COMMANDS[name].replace(".", os.sep) + ".py"), encoding="utf-8") as f:
        calls = {ast.unparse(n.func) for n in ast.walk(ast.parse(f.read())) if isinstance(n, ast.Call)}
    of_package = {call.removeprefix("ltrr_cli.") for call in calls if call.startswith("ltrr_cli.")}
    of_engine = {call.removeprefix("engine.") for call in calls if call.startswith("engine.")}
    assert of_package
    assert all(callable(getattr(ltrr_cli, call)) for call in of_package)
    assert ("open" in of_package) == bool(of_engine)
    assert all(callable(getattr(ltrr_cli.open, call)) for call in of_engine)


def test_the_readme_names_no_option_that_does_not_exist() -> None:
    flags = {flag for name in COMMANDS for option in load(name).options for flag in option.flags} | {"--help", "--version"}
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        lines = [line for line in f if "ltrr " in line]
    used = {flag for line in lines for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)}
    assert used - flags <= {"--install-completion"}


# Search


def test_json_has_the_fields_that_scripts_depend_on(ltrr: Run) -> None:
    page = answer(ltrr("search", "tayler love", "--json", "--user", "u", "--session", "s", "--now", "2026-01-31T20:15:00Z"))
    assert list(page) == ["search_id", "query", "user", "session", "time", "understood", "plan", "results", "total", "took_ms"]
    assert (page["query"], page["user"], page["session"]) == ("tayler love", "u", "s")
    assert page["time"].startswith("2026-01-31T20:15:00")
    assert set(page["understood"]) == {"language", "corrections", "interpretations", "intent"}
    assert set(page["plan"]) == {"policy", "budget", "draws", "propensity", "explored"}
    assert 0 < page["plan"]["propensity"] <= 1
    first = page["results"][0]
    assert set(first) == {"rank", "id", "type", "title", "score", "arms", "entity"}
    assert first["id"] == "t1"
    assert first["entity"] == CATALOG[0]
    assert all(set(found) == {"rank", "score"} for found in first["arms"].values())


def test_piped_output_is_tab_separated(ltrr: Run) -> None:
    plain, tsv = (ltrr("search", "love", "--no-log", "--seed", "1", *more) for more in ((), ("--format", "tsv")))
    assert plain.stdout == tsv.stdout
    rows = [line.split("\t") for line in tsv.stdout.splitlines()]
    assert {len(row) for row in rows} == {5}
    assert [row[0] for row in rows] == [str(i) for i in range(1, len(rows) + 1)]
    assert {"t1", "t3"} <= {row[1] for row in rows}
    assert plain.stderr == ""


def test_a_title_cannot_break_a_line_or_a_terminal(ltrr: Run) -> None:
    for form in (("--format", "tsv"), ("--format", "table"), ("--explain",)):
        out = ltrr("search", "dress", *form, "-n", "1", "--arm", "lexical").stdout
        assert "Red Dress \N{REPLACEMENT CHARACTER}[31m" in out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_ids_and_trec(ltrr: Run) -> None:
    ids = ltrr("search", "love", "--format", "ids", "--arm", "lexical", "--seed", "1").stdout.split("\n")
    assert ids[-1] == ""
    trec = [line.split(" ") for line in ltrr("search", "love", "--format", "trec", "--arm", "lexical").stdout.splitlines()]
    assert [row[2] for row in trec] == ids[:-1]
    assert all(row[1] == "Q0" and row[5] == "ltrr" for row in trec)
    scores = [float(row[4]) for row in trec]
    assert scores == sorted(scores, reverse=True)


def test_a_file_of_queries_is_answered_in_one_process(ltrr: Run) -> None:
    done = ltrr("search", "--queries", "-", "--json", stdin="q1\ttayler love\n\nhalo\nqx\tzzzzqqqq\r\n")
    pages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(page["qid"], page["query"]) for page in pages] == [("q1", "tayler love"), ("3", "halo"), ("qx", "zzzzqqqq")]
    trec = ltrr("search", "--queries", "-", "--format", "trec", "--arm", "lexical", stdin="q1\tlove\nq2\thalo\n").stdout
    assert {line.split(" ")[0] for line in trec.splitlines()} == {"q1", "q2"}


def test_a_search_that_finds_nothing_ends_with_1(ltrr: Run) -> None:
    done = ltrr("search", "zzzzqqqq", "--arm", "lexical")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr


def test_explain_says_which_arm_found_it_and_why_it_stands_there(ltrr: Run) -> None:
    out = ltrr("search", "love", "--explain", "--arm", "lexical").stdout
    assert "found by lexical (rank 1, score " in out
    assert "with probability 1.000" in out
    page = answer(ltrr("search", "love", "--explain", "--json"))
    assert sum(choice["probability"] for choice in page["explain"]["menu"]) == pytest.approx(1)
    for result in page["results"]:
        assert sum(page["explain"]["contributions"][result["id"]].values()) == pytest.approx(result["score"], abs=1e-4)


def test_options_reach_the_engine(ltrr: Run) -> None:
    only = answer(ltrr("search", "red", "--json", "--arm", "lexical", "--arm", "popular", "--type", "album", "--budget", "33"))
    assert set(only["plan"]["draws"]) <= {"lexical", "popular"}
    assert only["plan"]["budget"] == 33
    assert {result["type"] for result in only["results"]} == {"album"}
    assert answer(ltrr("search", "love", "--json", "--policy", "uniform"))["plan"]["policy"] == "uniform"
    assert len(answer(ltrr("search", "love", "--json", "-n1"))["results"]) == 1


def test_the_same_seed_is_the_same_search(ltrr: Run) -> None:
    pages = [answer(ltrr("search", "love", "--json", "--seed", "5", "--no-log", "--policy", "uniform")) for _ in range(2)]
    assert pages[0]["plan"] == pages[1]["plan"]
    assert pages[0]["results"] == pages[1]["results"]


def test_bytes_that_are_not_text_are_survived(ltrr: Run) -> None:
    odd = os.fsdecode(b"l\xffve")
    page = answer(ltrr("search", f"{odd} love", "--json", "--user", odd, "--session", odd, "--context", f"mood={odd}"))
    assert page["query"] == "l\N{REPLACEMENT CHARACTER}ve love"
    assert ltrr("delete", odd).returncode == 1
    assert ltrr("search", "love", "--type", odd).returncode == 2
    assert ltrr("search", "love", "--index", odd).returncode == 2
    assert ltrr("index", odd).returncode == 2


# Feedback


def test_feedback_takes_a_rank_an_id_and_a_search(ltrr: Run) -> None:
    search_id = answer(ltrr("search", "red", "--json", "-n", "6"))["search_id"]
    for form in (
        ("1",),
        (search_id, "1"),
        ("t5",),
        (search_id, "t5", "--action", "like"),
        ("--id", "7"),
        (search_id, "--id", "7"),
    ):
        assert answer(ltrr("feedback", *form, "--json", "--seconds", "40"))["kept"] == 1, form
    done = ltrr("feedback", "1", "--action", "play")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 event recorded\n")


def test_an_event_with_a_name_counts_once(ltrr: Run) -> None:
    answer(ltrr("search", "love", "--json"))
    assert answer(ltrr("feedback", "1", "--event-id", "e1", "--json"))["kept"] == 1
    again = answer(ltrr("feedback", "1", "--event-id", "e1", "--json"))
    assert again == {"kept": 0, "late": 0, "repeated": 1, "frozen": 0, "bad": []}


def test_good_lines_are_kept_and_bad_ones_reported(ltrr: Run, home: str) -> None:
    page = answer(ltrr("search", "love", "--json"))
    good = json.dumps({"search_id": page["search_id"], "id": page["results"][0]["id"], "action": "play", "event_id": "line1"})
    bad = good.replace('"play"', '"plya"').replace("line1", "line3")
    done = ltrr("feedback", "--from", "-", "--rejects", "bad.jsonl", stdin=f"{good}\n\n{bad}\n{{\n")
    assert done.returncode == 2
    assert "1 event recorded" in done.stderr
    assert "line 3: no action is called 'plya' (did you mean 'play'?)" in done.stderr
    assert "line 4: " in done.stderr
    assert "error: 2 bad lines" in done.stderr
    with open(os.path.join(home, "bad.jsonl"), encoding="utf-8") as f:
        assert f.read() == f"{bad}\n{{\n"


# The other commands


def test_explain_arms_status_suggest_and_export_answer_in_json(ltrr: Run) -> None:
    search_id = answer(ltrr("search", "love", "--json"))["search_id"]
    assert answer(ltrr("explain", search_id, "--json"))["search_id"] == search_id
    assert answer(ltrr("explain", "--json"))["search_id"] == search_id
    assert {json.loads(line)["arm"] for line in ltrr("arms", "--json").stdout.splitlines()} >= {"lexical"}
    assert answer(ltrr("status", "--json"))["entities"] == len(CATALOG)
    assert any("love" in json.loads(line)["text"] for line in ltrr("suggest", "lov", "--json").stdout.splitlines())
    assert all(isinstance(json.loads(line), dict) for line in ltrr("export").stdout.splitlines())


def test_the_same_answers_for_people(ltrr: Run) -> None:
    answer(ltrr("search", "love", "--json"))
    for command in (("explain",), ("arms",), ("status",), ("suggest", "lov")):
        done = ltrr(*command)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


def test_a_search_is_made_again_to_the_byte(ltrr: Run) -> None:
    for options in ((), ("--interleave", "uniform,equal_split"), ("--arm", "lexical", "--no-explore", "-n", "2")):
        page = ltrr("search", "love", "--json", *options)
        search_id = answer(page)["search_id"]
        ltrr("feedback", "1", "--action", "play")
        again = ltrr("explain", search_id, "--replay", "--json")
        assert (again.stdout, again.stderr, again.returncode) == (page.stdout, "", 0)
        assert ltrr("explain", search_id, "--replay").stdout.split("\t")[0] == "1"


def test_what_cannot_be_made_again_is_named(ltrr: Run, home: str) -> None:
    state = ("--index", os.path.join(home, "short"))
    assert ltrr("index", "catalog.jsonl", *state).returncode == 0
    search_id = answer(ltrr("search", "love", "--json", *state))["search_id"]
    for _ in range(2):
        assert ltrr("index", "catalog.jsonl", *state).returncode == 0
    again = ltrr("explain", search_id, "--replay", "--json", *state)
    assert again.returncode == 1
    told = json.loads(again.stdout)
    assert (told["replay"], told["page"], told["search_id"]) == ("gone", None, search_id)
    assert "index generation 00000001" in told["why"][0]
    assert "index generation 00000001" in ltrr("explain", "--replay", *state).stderr


def test_two_policies_share_a_page_and_are_compared(ltrr: Run, home: str) -> None:
    state = ("--index", os.path.join(home, "both"))
    assert ltrr("index", "catalog.jsonl", *state).returncode == 0
    assert ltrr("eval", "--interleaved", *state).stderr.startswith("no search was interleaved")
    page = answer(ltrr("search", "love", "--json", "--interleave", "uniform,equal_split", *state))
    assert {result["team"] for result in page["results"]} <= {"A", "B", ""}
    assert [page["interleaved"][team]["policy"] for team in "AB"] == ["uniform", "equal_split"]
    assert "team A    uniform drew" in ltrr("explain", *state).stdout
    ltrr("feedback", "1", "--action", "play", *state)
    found = answer(ltrr("eval", "--interleaved", "--json", *state))
    assert (found["policies"], found["searches"], sum(found["wins"])) == (["equal_split", "uniform"], 1, 1)
    assert ltrr("eval", "--interleaved", *state).stdout.startswith("equal_split\tuniform\t1\t")


def test_no_verdict_without_support(ltrr: Run) -> None:
    answer(ltrr("search", "love", "--json"))
    done = ltrr("ope", "--policy", "uniform", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["verdict"], found["policy"]) == (1, "too little support", "uniform")
    assert {"searches", "estimates", "ess", "largest_weight", "unsupported"} <= set(found)
    told = ltrr("ope", "--policy", "uniform")
    assert told.returncode == 1
    assert told.stdout.splitlines()[-1].startswith("too little support: ")
    assert [line.split("\t")[0] for line in told.stdout.splitlines()[:-1]] == ["logged"]


def test_add_and_delete_show_at_once(ltrr: Run) -> None:
    new = {"id": "n1", "type": "track", "title": "Xylophone Sonata", "artist": "Nobody"}
    done = ltrr("add", "-", stdin=json.dumps(new))
    assert done.returncode == 0, done.stderr
    assert ltrr("search", "xylophone", "--format", "ids", "--arm", "lexical").stdout == "n1\n"
    assert ltrr("delete", "n1").returncode == 0
    assert ltrr("search", "xylophone", "--arm", "lexical").returncode == 1
    done = ltrr("delete", "n1")
    assert (done.returncode, "n1" in done.stderr) == (1, True)


def test_index_names_the_bad_records(ltrr: Run, home: str) -> None:
    with open(os.path.join(home, "bad_catalog.jsonl"), "w", encoding="utf-8") as f:
        f.write('{"id": "a", "title": "Good"}\n{"id": \n{"id": "b", "title": "Better"}\n')
    done = ltrr("index", "bad_catalog.jsonl", "--index", "other")
    assert done.returncode == 0, done.stderr
    assert (done.stdout, "2 entities" in done.stderr) == ("", True)
    assert "bad_catalog.jsonl:2" in done.stderr
    assert "next: ltrr search QUERY --index other" in done.stderr
    strict = ltrr("index", "bad_catalog.jsonl", "--index", "strict", "--strict")
    assert strict.returncode == 2
    assert "bad_catalog.jsonl:2" in strict.stderr


# Mistakes

MISTAKES = {
    "search": "QUERY",
    "search love --index nowhere": "no index at nowhere",
    "search love --arm lexcal": "lexcal",
    "search love --policy greedy": "greedy",
    "search love --type trak": "trak",
    "search love -n 0": "--limit",
    "search love -n five": "--limit",
    "search love -n 99999999999999999999": "--limit",
    "search love --now yesterday": "yesterday",
    "search love --context mood": "mood",
    "search love --format xml": "xml",
    "search love --json --format tsv": "--format",
    "search love --interleave uniform": "--interleave",
    "search love --interleave uniform,unifrom": "unifrom",
    "search love --explain --format ids": "--explain",
    "search love --queries catalog.jsonl": "--queries",
    "search --queries nowhere.txt": "nowhere.txt",
    "search love --limt 3": "--limt",
    "search love story": "within quotes",
    "serch love": "serch",
    "index": "CATALOG",
    "index nowhere.jsonl": "nowhere.jsonl",
    "index catalog.jsonl --encoder nope --index e": "nope",
    "index catalog.jsonl --mapping nowhere.toml --index m": "nowhere.toml",
    "add catalog.jsonl --index nowhere": "nowhere",
    "feedback": "which",
    "feedback 99": "99",
    "feedback nope 1": "nope",
    "feedback 1 --action plya": "plya",
    "feedback 1 --seconds -3": "--seconds",
    "feedback 1 --fraction 1.5": "fraction",
    "feedback --from nowhere.jsonl": "nowhere.jsonl",
    "feedback 1 --from -": "--from",
    "explain nope": "nope",
    "explain nope --replay": "nope",
    "ope": "--policy",
    "ope --policy unifrom": "unifrom",
    "ope --policy lexical:9": "lexical:9",
    "ope --policy lexcal:10": "lexcal",
    "ope --policy uniform --cluster day": "--cluster",
    "pick love --index nowhere": "no index at nowhere",
    "pick love --action plya": "plya",
    "suggest": "PREFIX",
    "simulate --users posision": "posision",
    "simulate --policy greedy": "greedy",
    "simulate --queries catalog.jsonl": "--qrels",
    "simulate --queries catalog.jsonl --qrels catalog.jsonl": "catalog.jsonl:1",
    "simulate --index nowhere": "no index at nowhere",
    "simulate --rounds 0": "--rounds",
    "report --since yesterday": "--since",
    "report --since 2999-01-01": "since then",
    "report --index nowhere": "no index at nowhere",
    "report --out nowhere/page.html": "nowhere/page.html",
    "report --out catalog.jsonl/page.html": "catalog.jsonl",
    "report --json --out -": "--out -",
    "report --text --plots catalog.jsonl": "catalog.jsonl",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_ends_with_2_and_says_what_to_do(line: str, ltrr: Run) -> None:
    ltrr("search", "love")
    done = ltrr(*line.split())
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: ")
    assert MISTAKES[line] in error
    assert hint.startswith("hint: ")
    assert len(hint) > len("hint: ")


def test_no_command_shows_the_help(ltrr: Run) -> None:
    done = ltrr()
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


def test_the_shell_can_complete(ltrr: Run) -> None:
    words = {"_LTRR_COMPLETE": "complete_bash", "_TYPER_COMPLETE_ARGS": "ltrr se", "COMP_WORDS": "ltrr se", "COMP_CWORD": "1"}
    assert "search" in ltrr(env=words).stdout.split()


# Interruptions


def test_a_reader_that_leaves_early_is_no_error(home: str) -> None:
    with start(("search", "--queries", "-", "--json"), home) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write("love\n" * 300)
        process.stdin.close()
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_a_full_disk_is_an_error_without_a_traceback(ltrr: Run) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = ltrr("search", "love", stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith("error: output: No space left on device\nhint: ")
    assert len(done.stderr.splitlines()) == 2


def test_ctrl_c_leaves_the_old_index(ltrr: Run, home: str) -> None:
    with start(("index", "-"), home) as process:
        time.sleep(3)  # it waits for its catalog now
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip() == "interrupted: searches use the index that was complete last"
    assert ltrr("search", "love").returncode == 0
