"""Every format prints what it promises, whatever is in a title."""

from __future__ import annotations

import json
import os
import pty
import select

import pytest

from ltrr_cli.cli.render import FORMATS, clean, to_json, write_rows, writer
from ltrr_cli.errors import QueryError
from ltrr_cli.records import Choice, Correction, Page, Plan, Query, Result

EVIL = "Love\tStory\n\x1b[31m\x9b2J\u202eevil\x00\x7f\u2066"


def page(title: str = "Love Story", id: str = "t1") -> Page:
    """One result by hand: two arms found it, and two features made its score of .75."""
    plan, other = Plan((("lexical", 30), ("memory", 10))), Plan((("lexical", 40),))
    query = Query("tayler love", ("tayler", "love"), corrections=(Correction("tayler", "taylor", 0.9),))
    choice = Choice("epsilon_greedy", plan, 0.95, False, (plan, other), (0.95, 0.05), seed=7, version=3)
    arms = {"lexical": (2, 7.125), "memory": (1, 0.5)}
    result = Result(1, id, "track", title, 0.75, arms, {"lexical": 0.5, "memory": 0.25, "popular": 0.0}, {"id": id})
    return Page("s1", query, 40, choice, (result,), 37, 12.3, "00000001", "2026-01-31T20:15:00Z")


def printed(capsys: pytest.CaptureFixture[str], format: str, answer: Page, qid: str | None = None) -> str:
    writer(format, False)(answer, qid)
    return capsys.readouterr().out


def test_tsv_is_rank_id_type_title_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "tsv", page()) == "1\tt1\ttrack\tLove Story\t0.75\n"


def test_ids_are_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "ids", page()) == "t1\n"


def test_trec_has_six_fields_even_if_ids_have_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "trec", page(), "q7") == "q7 Q0 t1 1 0.750000 ltrr\n"
    assert printed(capsys, "trec", page(id="a b\tc"), "q 7").split() == ["q_7", "Q0", "a_b_c", "1", "0.750000", "ltrr"]


def test_json_is_the_pages_own_object_with_the_query_id_of_a_batch(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(capsys, "json", page())) == page().to_dict()
    assert json.loads(printed(capsys, "json", page(), "q7"))["qid"] == "q7"


def test_json_explains_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    writer("json", False, explained=True)(page(), None)
    explained = json.loads(capsys.readouterr().out)["explain"]
    assert explained["menu"][0] == {"draws": {"lexical": 30, "memory": 10}, "probability": 0.95}
    assert explained["contributions"] == {"t1": {"lexical": 0.5, "memory": 0.25, "popular": 0.0}}


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_prints_a_control_character(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, format, page(title=EVIL, id=EVIL))
    assert len(out.splitlines()) == (2 if format == "table" else 1)
    assert all(c.isprintable() or c in "\t\n" for c in out)


def test_json_keeps_every_character_of_a_title() -> None:
    assert json.loads(to_json({"title": EVIL})) == {"title": EVIL}
    assert to_json("Beyoncé 音楽") == '"Beyoncé 音楽"'


def test_clean_keeps_ordinary_text() -> None:
    assert clean("Beyoncé: «Halo» 音楽 🎵") == "Beyoncé: «Halo» 音楽 🎵"


def test_the_explained_page_says_who_found_it_and_why_it_stands_there(capsys: pytest.CaptureFixture[str]) -> None:
    writer(None, False, explained=True)(page(), None)
    assert capsys.readouterr().out.splitlines() == [
        "read as   tayler -> taylor (0.90)",
        "drawn     lexical 30, memory 10 of 40; 37 candidates",
        "chosen by epsilon_greedy, the best known, with probability 0.950 from 2 plans",
        "  1  Love Story  track  0.75  t1",
        "     found by lexical (rank 2, score 7.125), memory (rank 1, score 0.5)",
        "     score 0.75 = lexical +0.500 memory +0.250",
    ]


def test_markup_in_a_title_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert "[bold]x[/bold] :smile:" in printed(capsys, "table", page(title="[bold]x[/bold] :smile:"))


def test_formats_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(QueryError):
        writer("tsv", True)
    with pytest.raises(QueryError):
        writer("trec", False, explained=True)


def test_rows_are_tab_separated_when_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(("arm", "draws"), [("lexical", 40), ("fu\tzzy", 20)])
    assert capsys.readouterr().out == "lexical\t40\nfu zzy\t20\n"


def on_a_terminal(program: str, **environment: str) -> str:
    """Run Python code with a terminal of 80 columns for its output, and return what it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        import sys

        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        os.execve(sys.executable, [sys.executable, "-c", program], {**kept, "TERM": "xterm", "COLUMNS": "80", **environment})
    shown = b""
    while select.select([terminal], [], [], 20)[0]:
        try:
            block = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if not block:
            break
        shown += block
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0, shown.decode()
    return shown.decode()


TABLE = "from ltrr_cli.cli.render import write_rows; write_rows(('arm', 'draws'), [('lexical', 40), ('fuzzy', 7)])"


def test_a_terminal_gets_a_table_in_colour() -> None:
    shown = on_a_terminal(TABLE)
    assert "\x1b[" in shown
    assert "lexical" in shown


def test_no_color_is_honoured() -> None:
    colours = [f"\x1b[{code}m" for code in range(30, 38)]
    shown = on_a_terminal(TABLE, NO_COLOR="1")
    assert not any(colour in shown for colour in colours)
    assert [line.split() for line in shown.splitlines() if "lexical" in line] == [["lexical", "40"]]
