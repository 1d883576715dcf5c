"""How good ranked lists are against judgments, by the measures and the code that the field uses (ir-measures, trec_eval).

Source: MacAvaney, Macdonald and Ounis, "Streamlining evaluation with ir-measures", ECIR 2022.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ir_measures

from ltrr_cli.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT = "nDCG@10,R@100"


def measures(names: str) -> list[Any]:
    """Return the measures of a list such as "nDCG@10,R@100". Raises EvaluationError for one that is not known.

    >>> [str(measure) for measure in measures("nDCG@10, RR")]
    ['nDCG@10', 'RR']
    """
    found = []
    for name in filter(None, (name.strip() for name in names.split(","))):
        try:
            measure = ir_measures.parse_measure(name)
            next(iter(ir_measures.iter_calc([measure], {"q": {"d": 1}}, {"q": {"d": 1.0}})))
        except Exception:  # of many kinds: what does not parse, and what no installed provider can calculate
            raise EvaluationError(
                f"--measures: {name!r} is none", hint="such as nDCG@10, R@100, RR, AP, P@5, Success@1"
            ) from None
        found.append(measure)
    if not found:
        raise EvaluationError("--measures names none", hint=f"--measures {DEFAULT}")
    return found


def deepest(wanted: Sequence[Any]) -> int:
    """Return how many results a query must have for *wanted*: the largest cutoff, 100 where one has none.

    >>> deepest(measures("nDCG@10,P@20")), deepest(measures("RR"))
    (20, 100)
    """
    return max(int(measure.params.get("cutoff", 100)) for measure in wanted)


def scores(
    wanted: Sequence[Any], qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return measure -> query -> score for every query of *qrels*; one that *run* (query -> ids, best first) lacks scores 0.

    >>> scores(measures("P@2"), {"q": {"a": 1}}, {"q": ["x", "a"]})
    {'P@2': {'q': 0.5}}
    """
    judged = {qid: {entity: int(grade) for entity, grade in grades.items()} for qid, grades in qrels.items()}
    given = {qid: {entity: 1.0 / rank for rank, entity in enumerate(run.get(qid, ()), 1)} for qid in judged}
    found: dict[str, dict[str, float]] = {str(measure): dict.fromkeys(judged, 0.0) for measure in wanted}
    for one in ir_measures.iter_calc(list(wanted), judged, given):
        found[str(one.measure)][one.query_id] = float(one.value)
    return found
