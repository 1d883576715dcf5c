"""A whole evaluation over a small index."""

from pathlib import Path

import pytest

from ltrr_cli.engine import Engine
from ltrr_cli.errors import EvaluationError
from ltrr_cli.evaluate.run import Evaluation, compare

QUERIES = {"q1": "yesterday", "q2": "love story", "q3": "halo", "q4": "beyonce", "q5": "nothing of the kind"}


@pytest.fixture
def files(shop: str, tmp_path: Path) -> tuple[str, str]:
    queries, qrels = tmp_path / "queries.tsv", tmp_path / "qrels.txt"
    queries.write_text("".join(f"{qid}\t{text}\n" for qid, text in QUERIES.items()))
    with Engine(shop) as engine:
        judged = {qid: engine.search(text, log=False).results[:2] for qid, text in list(QUERIES.items())[:4]}
    qrels.write_text("".join(f"{qid} 0 {r.id} {2 - i}\n" for qid, found in judged.items() for i, r in enumerate(found)))
    return str(queries), str(qrels)


def lines(found: Evaluation) -> dict[str, float]:
    return {line.system: line.mean["nDCG@10"] for line in found.lines}


def test_every_system_is_there_and_the_oracle_is_the_best(shop: str, files: tuple[str, str]) -> None:
    found = compare(shop, *files)
    means = lines(found)
    assert (found.queries, found.left_out, found.trained_on) == (4, 1, 0)
    assert {"arm:lexical", "arm:hybrid", "rrf", "best_static", "untrained", "learned", "oracle"} <= means.keys()
    assert means["oracle"] >= means["best_static"] >= max(mean for system, mean in means.items() if system.startswith("arm:"))
    assert means["learned"] == means["untrained"]  # nothing was learned
    line = next(line for line in found.lines if line.system == "arm:lexical")
    gap = line.difference["nDCG@10"]
    assert gap.low <= gap.mean <= gap.high
    assert line.to_dict()["difference"]["nDCG@10"].keys() == {"mean", "low", "high", "p"}
    assert compare(shop, *files) == found


def test_what_was_learned_from_is_said_and_can_be_left_out(shop: str, files: tuple[str, str], tmp_path: Path) -> None:
    import shutil

    own = shutil.copytree(shop, str(tmp_path / "own"))
    with Engine(own) as engine:
        page = engine.search("yesterday", seed=1)
        engine.feedback(page.results[-1].id, action="like")
    found = compare(own, *files)
    assert (found.queries, found.trained_on) == (4, 1)
    left = compare(own, *files, unseen=True)
    assert (left.queries, left.trained_on) == (3, 0)
    with Engine(own) as engine:
        assert len(list(engine.export())) == len([1 for _ in engine.export()])
        assert engine.store.rows("SELECT count(*) FROM searches")[0][0] == 1  # an evaluation is not logged


def test_runs_go_out_and_come_in(shop: str, files: tuple[str, str], tmp_path: Path) -> None:
    ours = compare(shop, *files, save=str(tmp_path / "runs"))
    again = compare(shop, *files, runs=[str(tmp_path / "runs" / "learned.run")])
    assert lines(again)["run:learned"] == lines(ours)["learned"]


def test_judgments_of_another_catalog_are_refused(shop: str, files: tuple[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("q1 0 nobody 1\n")
    with pytest.raises(EvaluationError, match="relevant"):
        compare(shop, files[0], str(other))
