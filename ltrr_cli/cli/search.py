"""`ltrr search`: find, and log what was drawn with which probability."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, NOW, Command, Option, moment, pairs
from ltrr_cli.cli.render import FORMATS, clean, write_text, writer
from ltrr_cli.errors import QueryError
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ltrr_cli.engine import Engine
    from ltrr_cli.records import Page


def search(
    query: str | None, queries: str | None, index: str, limit: int, types: tuple[str, ...], where: str, arms: tuple[str, ...],
    user: str | None, session: str | None, context: tuple[str, ...], policy: str | None, interleave: str | None,
    budget: int | None, facets: tuple[str, ...], diverse: bool, reranker: str | None, no_explore: bool, no_log: bool,
    explain: bool, format: str | None, as_json: bool, seed: int | None, now: str | None,
) -> int:  # fmt: skip
    """Search the catalog.

    Exit status 1 if nothing is found.

    Example: ltrr search "tayler love" -n 5 --type track
    """
    if (query is None) == (queries is None):
        raise QueryError("no QUERY" if query is None else "a QUERY and --queries", hint='ltrr search "tayler love"')
    printed: dict[str, Any] = {"name": format, "as_json": as_json, "explained": explain}
    write = writer(**printed, batch=queries is not None)
    opened: dict[str, Any] = {"folder": index, "graph": queries is not None, "budget": budget, "reranker": reranker}
    options: dict[str, Any] = {
        "limit": limit, "types": types, "where": where, "arms": arms, "policy": policy, "interleave": two(interleave, policy),
        "user": user, "session": session, "context": pairs(context), "explore": False if no_explore else None,
        "log": False if no_log else None, "seed": seed, "now": moment(now), "facets": facets, "diverse": diverse,
    }  # fmt: skip
    if queries is not None:
        from ltrr_cli.cli.batch import Batch, answer_all, cores, read

        found = answer_all(Batch(opened, options, printed), read(queries), cores())
        return 0 if found else 1
    with ltrr_cli.open(**opened) as engine:
        page = engine.search(query or "", **options)
        write(page, None)
        if sys.stdout.isatty():
            write_text("".join(f"{clean(line)}\n" for line in said_of(page, engine, no_log, index)), sys.stderr)
    return 0 if page.results else 1


def said_of(page: Page, engine: Engine, no_log: bool, index: str) -> Iterator[str]:
    """Yield what a person at a terminal is told beside the results."""
    meant, likelihood = likeliest(page.query)
    if page.results and likelihood < 1:
        yield f"searched for {meant!r} too"
    if not page.results:
        others = [s.text for s in engine.suggest(page.query.text, 3)]
        yield f"nothing found; did you mean {' or '.join(map(repr, others))}?" if others else "nothing found"
    elif not no_log:
        where = "" if index == INDEX.default else f" --index {index}"
        yield f"search {page.search_id}; was one right? ltrr feedback 1 --action play{where}"


def two(names: str | None, policy: str | None = None) -> tuple[str, str] | None:
    """Return the two policies that `A,B` names.

    >>> two("epsilon_greedy,uniform")
    ('epsilon_greedy', 'uniform')
    """
    if names is None:
        return None
    a, comma, b = names.partition(",")
    if not (a and comma and b):
        raise QueryError(f"--interleave is {names!r}", hint="name two policies: epsilon_greedy,uniform")
    if policy is not None:
        raise QueryError("--policy and --interleave both name who chooses", hint="give one of them")
    return a.strip(), b.strip()


COMMAND = Command(
    search,
    (
        Option("query", (), "What to look for, in your own words."),
        Option(
            "queries",
            ("--queries",),
            "Answer every line of this file (- is stdin): QUERY or QID<TAB>QUERY.",
            path=True,
            metavar="FILE",
        ),
        INDEX,
        Option("limit", ("--limit", "-n"), "Results to show.", int, default=10, least=1, most=10_000),
        Option("types", ("--type",), "Only entities of this type; repeatable.", many=True, metavar="TYPE", complete="type"),
        Option(
            "where",
            ("--where",),
            "Only what passes, as: year>=1990 and genre in (rock, pop).",
            default="",
            metavar="FILTER",
            complete="field",
        ),
        Option("arms", ("--arm",), "Only this way of searching; repeatable.", many=True, metavar="ARM", complete="arm"),
        Option("user", ("--user",), "Who asks."),
        Option("session", ("--session",), "The session it belongs to."),
        Option("context", ("--context",), "Anything known about the moment; repeatable.", many=True, metavar="KEY=VALUE"),
        Option("policy", ("--policy",), "How to choose the arms.", metavar="NAME", complete="policy"),
        Option("interleave", ("--interleave",), "Two policies that share the page, to compare them.", metavar="A,B"),
        Option("budget", ("--budget",), "Candidates to draw, over all arms.", int, least=1),
        Option(
            "facets",
            ("--facet",),
            "Count this field's values among what matches; repeatable.",
            many=True,
            metavar="FIELD",
            complete="field",
        ),
        Option("diverse", ("--diverse",), "Let no type fill the page.", bool, default=False),
        Option("reranker", ("--reranker",), "Read the top again with this ONNX cross-encoder.", path=True, metavar="FOLDER"),
        Option("no_explore", ("--no-explore",), "Take the best plan known.", bool, default=False),
        Option("no_log", ("--no-log",), "Leave no trace; feedback is not possible then.", bool, default=False),
        Option("explain", ("--explain",), "Show which arms found each result, and why it stands there.", bool, default=False),
        Option("format", ("--format",), "How to print.", choices=FORMATS),
        Option("as_json", ("--json",), "The same as --format json: one object a query.", bool, default=False),
        Option("seed", ("--seed",), "Make the random choice repeatable.", int),
        NOW,
    ),
)
