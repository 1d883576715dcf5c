"""Queries with what people judged relevant to them, and ranked lists of any system: the files of TREC, read with care.

Formats: queries `qid<TAB>text`, perhaps `<TAB>class`; judgments `qid 0 id grade`; runs `qid Q0 id rank score name`. Fields are
parted by white space except in queries.
"""

from __future__ import annotations

from math import isnan
from random import Random
from typing import TYPE_CHECKING

from ltrr_cli.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Qrels = dict[str, dict[str, int]]  # query id -> entity id -> grade
    Run = dict[str, list[str]]  # query id -> entity ids, best first

QUERY, JUDGMENT, LINE = "QID<TAB>QUERY", "QID 0 ID GRADE", "QID Q0 ID RANK SCORE NAME"


def read_queries(path: str) -> dict[str, str]:
    """Return query id -> text. Raises EvaluationError for a line that is none, or an id that comes twice."""
    found: dict[str, str] = {}
    for where, line in _lines(path):
        qid, tab, text = line.partition("\t")
        if not tab or not qid.strip() or not text.strip():
            raise EvaluationError(f"{where}: not a query", hint=f"each line is {QUERY}")
        if qid in found:
            raise EvaluationError(f"{where}: the query id {qid!r} comes twice", hint="give each query an id of its own")
        found[qid] = text.split("\t")[0]
    if not found:
        raise EvaluationError(f"{path}: no queries", hint=f"each line is {QUERY}")
    return found


def read_classes(path: str) -> dict[str, str]:
    """Return query id -> class, for the lines of a file of queries that have one in a third column."""
    found = (line.split("\t") for _, line in _lines(path))
    return {fields[0]: fields[2].strip() for fields in found if len(fields) > 2 and fields[2].strip()}


def read_qrels(path: str) -> Qrels:
    """Return the judgments of each query. Raises EvaluationError for a line that is none."""
    found: Qrels = {}
    for where, line in _lines(path):
        fields = line.split()
        try:
            qid, _, entity, grade = fields
            found.setdefault(qid, {})[entity] = int(grade)
        except ValueError:
            raise EvaluationError(f"{where}: not a judgment", hint=f"each line is {JUDGMENT}, the grade a whole number") from None
    if not found:
        raise EvaluationError(f"{path}: no judgments", hint=f"each line is {JUDGMENT}")
    return found


def read_run(path: str, seed: int = 0) -> Run:
    """Return a system's ranked lists by their scores, whatever its ranks say; equal scores fall by *seed*.

    Raises EvaluationError for a line that is none.
    """
    scored: dict[str, dict[str, float]] = {}
    for where, line in _lines(path):
        fields = line.split()
        try:
            qid, _, entity, _, score, *_ = fields
            value = scored.setdefault(qid, {})[entity] = float(score)
            if isnan(value):  # it would stand anywhere
                raise ValueError(score)
        except ValueError:
            raise EvaluationError(f"{where}: not a line of a run", hint=f"each line is {LINE}") from None
    return {qid: ordered(scores, seed) for qid, scores in scored.items()}


def ordered(scores: Mapping[str, float], seed: int) -> list[str]:
    """Return the ids of *scores*, highest first; where they tie, in an order that only *seed* decides.

    >>> ordered({"b": 1.0, "a": 1.0, "c": 2.0}, 1), ordered({"a": 1.0, "c": 2.0, "b": 1.0}, 1)
    (['c', 'b', 'a'], ['c', 'b', 'a'])
    """
    ids = sorted(scores)
    Random(seed).shuffle(ids)
    return sorted(ids, key=lambda entity: -scores[entity])


def run_lines(run: Mapping[str, Sequence[str]], name: str) -> Iterator[str]:
    """Yield the lines of a run file; its scores are made of the ranks, so that no reader finds ties."""
    for qid, ids in run.items():
        for rank, entity in enumerate(ids, 1):
            yield f"{'_'.join(qid.split())} Q0 {'_'.join(entity.split())} {rank} {1 / rank:.9g} {name}\n"


def _lines(path: str) -> Iterator[tuple[str, str]]:
    """Yield (file:line, text) for each line that is not blank."""
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as f:
            for number, line in enumerate(f, 1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except OSError as e:
        raise EvaluationError(f"{path}: {e.strerror}", hint="name a file that can be read") from None
