"""Evaluate one folder on judged queries, from files to a report."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.engine import Engine
from ltrr_cli.errors import EvaluationError
from ltrr_cli.evaluate.judgments import read_qrels, read_queries, read_run, run_lines
from ltrr_cli.evaluate.metrics import DEFAULT, deepest, measures
from ltrr_cli.evaluate.report import Line, report
from ltrr_cli.evaluate.systems import answers
from ltrr_cli.policy.shares import PAGE
from ltrr_cli.understand.normalise import words
from ltrr_cli.workspace import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ltrr_cli.evaluate.judgments import Qrels, Run
    from ltrr_cli.evaluate.systems import Progress


class Evaluation(NamedTuple):
    """What came of it."""

    lines: list[Line]
    measures: list[str]
    queries: int  # that were judged
    left_out: int  # that have nothing relevant in this index
    trained_on: int  # that somebody gave feedback on in this folder: `learned` has seen these


def compare(
    folder: str,
    queries: str,
    qrels: str,
    *,
    names: str = DEFAULT,
    limit: int | None = None,
    types: Iterable[str] = (),
    where: str = "",
    budget: int | None = None,
    runs: Sequence[str] = (),
    save: str | None = None,
    unseen: bool = False,
    seed: int = 0,
    now: float | None = None,
    progress: Progress = lambda done, of: None,
) -> Evaluation:
    """Compare every way of searching *folder* on the judged queries in two files; see `systems` and `report`.

    *limit*: results a query, at least as deep as the measures look; *runs*: run files of other systems; *save*: a folder for
    ours; *unseen*: leave out queries that somebody gave feedback on here; *now*: when it is asked, seconds since 1970, UTC.
    Nothing is logged and nothing learned. Raises EvaluationError, QueryError or WorkspaceError.
    """
    wanted = measures(names)
    texts, judged = read_queries(queries), read_qrels(qrels)
    theirs = {_name(path, runs): read_run(path, seed) for path in runs}
    known, taught = _known(folder, judged, texts)
    fair = {qid: grades for qid, grades in known.items() if not (unseen and qid in taught)}
    if not fair:
        what = (
            "somebody gave feedback on every judged query" if known else "nothing in the index is relevant to any of the queries"
        )
        raise EvaluationError(f"{qrels}: {what}", hint="are the judgments about this catalog and these queries?")
    asked = {qid: text for qid, text in texts.items() if qid in fair}
    deep = max(limit or 0, deepest(wanted), PAGE)
    now = time.time() if now is None else now
    found = answers(folder, asked, limit=deep, types=types, where=where, budget=budget, now=now, progress=progress)
    if save is not None:
        _save(save, found.runs)
    lines = report(found, fair, wanted, theirs, seed)
    return Evaluation(lines, list(lines[0].mean), len(fair), len(texts) - len(known), len(taught & fair.keys()))


def _known(folder: str, judged: Qrels, texts: Mapping[str, str]) -> tuple[Qrels, set[str]]:
    """Return the judgments of queries that have something relevant in the index, and which of them were learned from."""
    with Engine(folder) as engine:
        row_of = engine.generation.text.row_of
        known = {
            qid: grades
            for qid, grades in judged.items()
            if qid in texts and any(grade > 0 and row_of(entity) is not None for entity, grade in grades.items())
        }
        keys = {key for (key,) in engine.store.rows("SELECT DISTINCT key FROM events WHERE weight > 0")}
    taught = {qid for qid in known if " ".join(dict.fromkeys(words(texts[qid]))) in keys}
    return {qid: {e: g for e, g in grades.items() if row_of(e) is not None} for qid, grades in known.items()}, taught


def _name(path: str, runs: Sequence[str]) -> str:
    """What a run is called: its file, with the folder where two files have one name."""
    name = os.path.splitext(os.path.basename(path))[0]
    twice = sum(os.path.splitext(os.path.basename(other))[0] == name for other in runs) > 1
    return path if twice else f"run:{name}"


def _save(folder: str, runs: Mapping[str, Run]) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
        for system, run in runs.items():
            name = system.replace(":", "-")
            write_atomically(os.path.join(folder, f"{name}.run"), "".join(run_lines(run, f"ltrr-{name}")))
    except OSError as e:
        raise EvaluationError(f"{folder}: {e.strerror}", hint="name a folder that can be written") from None
