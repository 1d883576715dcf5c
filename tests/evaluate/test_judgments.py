from pathlib import Path

import pytest

from ltrr_cli.errors import EvaluationError
from ltrr_cli.evaluate.judgments import ordered, read_qrels, read_queries, read_run, run_lines


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_files_of_trec_are_read(tmp_path: Path) -> None:
    assert read_queries(write(tmp_path / "q", "\ufeffq1\tlove songs\r\n\nq2\thalo\textra\n")) == {
        "q1": "love songs",
        "q2": "halo",
    }
    assert read_qrels(write(tmp_path / "j", "q1 0 a 2\nq1\t0\tb\t0\n")) == {"q1": {"a": 2, "b": 0}}
    assert read_run(write(tmp_path / "r", "q1 Q0 a 9 0.5 x\nq1 Q0 b 1 0.7 x\n")) == {"q1": ["b", "a"]}


@pytest.mark.parametrize(
    ("read", "text", "line"),
    [
        (read_queries, "q1 love\n", 1),
        (read_queries, "q1\tlove\nq1\thalo\n", 2),
        (read_qrels, "q1 0 a 1\nq1 0 b good\n", 2),
        (read_qrels, "q1 a 1\n", 1),
        (read_run, "q1 Q0 a 1 high x\n", 1),
        (read_run, "q1 Q0 a 1 nan x\n", 1),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, read: object, text: str, line: int) -> None:
    path = write(tmp_path / "file", text)
    with pytest.raises(EvaluationError, match=f"file:{line}:") as error:
        read(path)  # type: ignore[operator]
    assert error.value.hint


def test_a_missing_or_empty_file_is_an_error(tmp_path: Path) -> None:
    for read in (read_queries, read_qrels):
        with pytest.raises(EvaluationError):
            read(str(tmp_path / "none"))
        with pytest.raises(EvaluationError):
            read(write(tmp_path / "empty", "\n"))


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": [f"d{i}" for i in range(10_000)], "q2": ["x"]}
    assert read_run(write(tmp_path / "run", "".join(run_lines(run, "ltrr")))) == run


def test_ties_fall_by_the_seed_and_by_nothing_else() -> None:
    tied = {str(i): 1.0 for i in range(8)}
    again = dict(reversed(tied.items()))
    assert ordered(tied, 3) == ordered(again, 3)
    assert len({tuple(ordered(tied, seed)) for seed in range(20)}) > 10
