"""What an evaluation comes to: each system's scores, over all queries and by their class, and how it differs from `learned`."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.evaluate.metrics import scores
from ltrr_cli.evaluate.paired import Difference, holm, paired
from ltrr_cli.evaluate.systems import LEARNED, ORACLE, STATIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.evaluate.judgments import Qrels, Run
    from ltrr_cli.evaluate.systems import Answers


class Line(NamedTuple):
    """One system."""

    system: str
    mean: dict[str, float]  # measure -> mean over queries
    difference: dict[str, Difference]  # measure -> difference to `learned`; empty for that one itself
    classes: dict[str, dict[str, float]]  # class of queries -> measure -> mean
    note: str = ""  # of best_static: which plan it is

    def to_dict(self) -> dict[str, Any]:
        """Return it as `ltrr eval --json` prints it."""
        rounded = {m: {k: round(v, 6) for k, v in d._asdict().items()} for m, d in self.difference.items()}
        line: dict[str, Any] = {"system": self.system, **{m: round(v, 6) for m, v in self.mean.items()}, "difference": rounded}
        line["classes"] = {c: {m: round(v, 6) for m, v in means.items()} for c, means in self.classes.items()}
        return line | ({"plan": self.note} if self.note else {})


def report(found: Answers, qrels: Qrels, wanted: Sequence[Any], others: Mapping[str, Run], seed: int = 0) -> list[Line]:
    """Return a line a system, those of *others* (name -> run) too, for the queries that *qrels* judge.

    The best static plan and the oracle go by the first measure. p is corrected for the number of systems compared (Holm).
    """
    first = str(wanted[0])
    runs = {**found.runs, **others}
    every = {system: scores(wanted, qrels, run) for system, run in runs.items()}
    plans = {plan: scores(wanted, qrels, run) for plan, run in found.plans.items()}
    best = max(plans, key=lambda plan: fmean(plans[plan][first].values()))
    every[STATIC] = plans[best]
    tops = {qid: max(plans, key=lambda plan: plans[plan][first][qid]) for qid in qrels}
    every[ORACLE] = {m: {qid: plans[tops[qid]][m][qid] for qid in qrels} for m in plans[best]}
    order = [system for system in every if system not in (LEARNED, STATIC, ORACLE)]
    order[order.index("rrf") + 1 : order.index("rrf") + 1] = [STATIC]
    differences = _differences({s: every[s] for s in [*order, ORACLE]}, every[LEARNED], seed)
    classes: dict[str, list[str]] = {}
    for qid in qrels:
        classes.setdefault(found.classes.get(qid, ""), []).append(qid)
    return [
        Line(
            system,
            {m: fmean(by_query.values()) for m, by_query in every[system].items()},
            differences.get(system, {}),
            {c: {m: fmean(by[q] for q in ids) for m, by in every[system].items()} for c, ids in sorted(classes.items())},
            best if system == STATIC else "",
        )
        for system in [*order, LEARNED, ORACLE]
    ]


def _differences(
    systems: Mapping[str, Mapping[str, Mapping[str, float]]], learned: Mapping[str, Mapping[str, float]], seed: int
) -> dict[str, dict[str, Difference]]:
    found: dict[str, dict[str, Difference]] = {system: {} for system in systems}
    for measure, theirs in learned.items():
        ids = list(theirs)
        pairs = {s: paired([by[measure][q] for q in ids], [theirs[q] for q in ids], seed) for s, by in systems.items()}
        corrected = holm({system: pair.p for system, pair in pairs.items()})
        for system, pair in pairs.items():
            found[system][measure] = pair._replace(p=corrected[system])
    return found
