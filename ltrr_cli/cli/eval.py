"""`ltrr eval`: how good every way of searching is on queries that people judged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, NOW, Command, Option, moment
from ltrr_cli.cli.render import number, to_json, write_rows, write_text
from ltrr_cli.errors import QueryError

if TYPE_CHECKING:
    from ltrr_cli.evaluate.report import Line


def evaluate(
    queries: str | None, qrels: str | None, interleaved: bool, measures: str, index: str, types: tuple[str, ...], where: str,
    limit: int | None, budget: int | None, runs: tuple[str, ...], save_runs: str | None, by_class: bool, unseen: bool,
    as_json: bool, seed: int, now: str | None,
) -> None:  # fmt: skip
    """Compare every way of searching on judged queries.

    Each arm alone, all of them fused by rank (RRF), the best static plan in hindsight, untrained, learned, and an oracle that
    picks the best plan for each query. Differences are to `learned`, paired over queries, with 95 % intervals and a p that is
    corrected for the number of systems. With --interleaved it is people who judged: which of two policies won the searches
    that were made with --interleave, by a sign test.

    Example: ltrr eval --queries queries.tsv --qrels qrels.txt --measures nDCG@10,R@100
    """
    if interleaved:
        print_preferences(index, as_json)
        return
    if queries is None or qrels is None:
        raise QueryError(
            f"no {'--queries' if queries is None else '--qrels'}", hint="give both files, or --interleaved for searches made so"
        )
    from ltrr_cli.cli.table import progress

    with progress() as move:
        found = ltrr_cli.compare(
            index, queries, qrels, names=measures, limit=limit, types=types, where=where, budget=budget, runs=runs,
            save=save_runs, unseen=unseen, seed=seed, now=moment(now),
            progress=lambda done, of: move("asking", done, of) if move else None,
        )  # fmt: skip
    if found.left_out:
        sys.stderr.write(f"{found.left_out} queries left out: nothing in this index is judged relevant to them\n")
    if found.trained_on:
        what = f"{found.trained_on} of {found.queries} queries were learned from in this folder"
        sys.stderr.write(f"{what}: `learned` has seen their answers; --unseen leaves them out\n")
    if as_json:
        sys.stdout.writelines(to_json(line.to_dict()) + "\n" for line in found.lines)
        return
    names = ["system", *(name for m in found.measures for name in (m, "to learned", "interval", "p"))]
    write_rows(names, [_row(line, found.measures) for line in found.lines])
    if by_class:
        classes = [(line.system, c, means) for line in found.lines for c, means in line.classes.items()]
        rows = [(system, c, *(f"{means[m]:.4f}" for m in found.measures)) for system, c, means in classes]
        write_rows(["system", "queries of class", *found.measures], rows)
    static = next(line for line in found.lines if line.note)
    write_text(f"{found.queries} queries; best static plan, in hindsight: {static.note}\n", sys.stderr)


def print_preferences(index: str, as_json: bool) -> None:
    """Print which policies won the searches that compared two."""
    found = ltrr_cli.interleaved(index)
    if as_json:
        sys.stdout.writelines(to_json(preference._asdict()) + "\n" for preference in found)
        return
    names = ("policy", "against", "searches", "won", "lost", "tied", "share", "low", "high", "p", "p over queries")
    rows = [
        (*f.policies, f.searches, *f.wins, f.ties, *(number(n) for n in (f.share, f.low, f.high, f.p, f.p_queries)))
        for f in found
    ]
    write_rows(names, rows)
    if not found:
        sys.stderr.write("no search was interleaved: ltrr search QUERY --interleave epsilon_greedy,uniform\n")


def _row(line: Line, measures: list[str]) -> list[str]:
    row = [line.system]
    for m in measures:
        gap = line.difference.get(m)
        more = (f"{gap.mean:+.4f}", f"{gap.low:+.4f} .. {gap.high:+.4f}", f"{gap.p:.4f}") if gap else ("", "", "")
        row += [f"{line.mean[m]:.4f}", *more]
    return row


COMMAND = Command(
    evaluate,
    (
        Option("queries", ("--queries",), "Judged queries, QID<TAB>QUERY a line.", path=True, metavar="FILE"),
        Option("qrels", ("--qrels",), "Judgments, QID 0 ID GRADE a line.", path=True, metavar="FILE"),
        Option("interleaved", ("--interleaved",), "Compare the policies that shared pages.", bool, default=False),
        Option("measures", ("--measures",), "What to measure, by the names of ir-measures.", default="nDCG@10,R@100"),
        INDEX,
        Option("types", ("--type",), "Only entities of this type; repeatable.", many=True, metavar="TYPE", complete="type"),
        Option("where", ("--where",), "Only what passes, as in a search.", default="", metavar="FILTER", complete="field"),
        Option(
            "limit", ("--limit", "-n"), "Results a query; as deep as the measures look if not given.", int, least=1, most=10_000
        ),
        Option("budget", ("--budget",), "Candidates to draw for ten results, over all arms.", int, least=1),
        Option(
            "runs", ("--run",), "Compare this run file of another system too; repeatable.", many=True, path=True, metavar="FILE"
        ),
        Option("save_runs", ("--save-runs",), "Write the lists of every system here, as run files.", path=True, metavar="FOLDER"),
        Option("by_class", ("--by-class",), "Show each class of queries too.", bool, default=False),
        Option("unseen", ("--unseen",), "Leave out queries that somebody gave feedback on here.", bool, default=False),
        JSON,
        Option("seed", ("--seed",), "Of the intervals and of ties in other systems' runs.", int, default=0),
        NOW,
    ),
    interrupted="nothing was changed",
)
