"""`ltrr simulate`: try policies on simulated users, before or beside real ones."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option
from ltrr_cli.cli.render import to_json, write_text

if TYPE_CHECKING:
    from ltrr_cli.simulate.run import Simulation

MOST = 3  # arms shown of those that a policy drew most from


def simulate(
    index: str, users: tuple[str, ...], policies: tuple[str, ...], queries: str | None, qrels: str | None, made: int,
    types: tuple[str, ...], unit: str | None, rounds: int, seeds: int, seed: int, unseen: bool, budget: int | None,
    learn_every: int, out: str | None, workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Try policies on simulated users of this catalog.

    The index's own log is neither read nor written. Without --queries, queries are made from the catalog. Users: perfect,
    position (or position:ETA), cascade, dbn, trust; with +noise or +drift, such as position:0.5+noise.

    Example: ltrr simulate --policy epsilon_greedy --policy fixed --users position --rounds 500
    """
    from ltrr_cli.cli.table import progress
    from ltrr_cli.simulate.summary import report

    given = {name: value for name, value in (("users", users), ("policies", policies)) if value}
    with progress() as move:
        simulation = ltrr_cli.try_policies(
            index, queries=queries, qrels=qrels, count=made, types=types, unit=unit, rounds=rounds, seeds=seeds, seed=seed,
            unseen=unseen, budget=budget, learn_every=learn_every, out=out, workers=workers, progress=move, **given,
        )  # fmt: skip
    if simulation.left_out:
        sys.stderr.write(f"{simulation.left_out} queries left out: nothing in the index is relevant to them\n")
    lines = report(simulation)
    if as_json:
        sys.stdout.writelines(to_json(line) + "\n" for line in lines)
    else:
        _show(simulation, lines)


def _show(simulation: Simulation, lines: list[dict[str, Any]]) -> None:
    from ltrr_cli.cli.table import print_table
    from ltrr_cli.policy.shares import TENTHS
    from ltrr_cli.simulate.summary import carried

    setting, first = simulation.setting, lines[0]
    source = "made from this catalog (they share its words, which flatters lexical arms)" if simulation.made else "given"
    asked = (
        f"{len(setting.needs)} queries {source}, {first['seeds']} runs of {first['rounds']} rounds, budget {simulation.budget}"
    )
    say = write_text
    say(f"simulated: {asked}{', the last quarter never seen before' if setting.unseen else ''}\n")
    say("\nsimulated: recall of each arm alone by class of query, nothing learned; * carries the class\n")
    classes = carried(simulation)
    arms = sorted(classes[0]["arms"], key=lambda arm: -sum(line["arms"][arm]["recall"] for line in classes))
    rows = [
        [line["class"], line["queries"]]
        + [f"{line['arms'][arm]['recall']:.3f}{'*' if arm == line['carried_by'] else ' '}" for arm in arms]
        for line in classes
    ]
    print_table(["class", "queries", *arms], rows)
    say("\nsimulated: true nDCG@10 by policy; differences are of the last quarter, with 95 % intervals\n")
    print_table(
        ["users", "policy", "first quarter", "last quarter", "to untrained", "to rrf", "to best static", "gap closed", "recall"],
        [
            [
                line["users"],
                line["policy"],
                f"{line['reward']['first_quarter']:.4f}",
                f"{line['reward']['last_quarter']:.4f}",
                *(_interval(line["against"][system]["last_quarter"]) for system in ("untrained", "rrf", "best_static")),
                "-" if line["gap_closed"] is None else f"{line['gap_closed']:.0%}",
                f"{line['recall']['reward']['last_quarter']:.4f}",
            ]
            for line in lines
        ],
    )
    best = ", ".join(dict.fromkeys(line["best_static"] for line in lines))
    told = "the gap is that from it to the best plan for each search, and below 0 % a policy did worse than it"
    say(f"best static in hindsight, in shares of {TENTHS}: {best}; {told}\n")
    if setting.learn_every:
        rankers = [line["rankers"] for line in lines]
        say(f"rankers trained {sum(r['trained'] for r in rankers)} times, promoted {sum(r['promoted'] for r in rankers)} times\n")
    say("\nsimulated: the last quarter by class of query\n")
    print_table(
        ["users", "policy", "class", "nDCG@10", "recall", "drawn most from"],
        [
            [line["users"], line["policy"], kind, f"{of['reward']:.4f}", f"{of['recall']:.4f}", _drawn(of["draws"])]
            for line in lines
            for kind, of in line["classes"].items()
        ],
    )


def _interval(found: dict[str, float | None]) -> str:
    mean, low, high = found["mean"], found["low"], found["high"]
    if mean is None:
        return "-"
    return f"{mean:+.4f}" if low is None or high is None else f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]"


def _drawn(draws: dict[str, float]) -> str:
    return ", ".join(f"{arm} {share:.0%}" for arm, share in list(draws.items())[:MOST])


COMMAND = Command(
    simulate,
    (
        INDEX,
        Option("users", ("--users",), "Kind of user, position if not given; repeatable.", many=True, metavar="NAME"),
        Option(
            "policies",
            ("--policy",),
            "Policy to try, or arm:NAME; all policies if not given; repeatable.",
            many=True,
            metavar="NAME",
            complete="policy",
        ),
        Option("queries", ("--queries",), "File of queries: QID<TAB>QUERY, perhaps <TAB>CLASS.", path=True, metavar="FILE"),
        Option("qrels", ("--qrels",), "File of judgments in TREC form: QID 0 ID GRADE.", path=True, metavar="FILE"),
        Option("made", ("--made",), "Queries to make where none are given.", int, default=200, least=1, most=100_000),
        Option(
            "types", ("--type",), "Search entities of this type only; repeatable.", many=True, metavar="TYPE", complete="type"
        ),
        Option(
            "unit",
            ("--unit",),
            "Field whose values count once each, as a song with many recordings.",
            metavar="FIELD",
            complete="field",
        ),
        Option("rounds", ("--rounds",), "Searches of one run.", int, default=240, least=4, most=10_000_000),
        Option("seeds", ("--seeds",), "Runs with different luck, for intervals.", int, default=4, least=1, most=10_000),
        Option("seed", ("--seed",), "Seed of the first run; the same seed gives the same numbers.", int, default=0),
        Option("unseen", ("--unseen",), "Ask in the last quarter what was never asked before.", bool, default=False),
        Option("budget", ("--budget",), "Candidates to draw, over all arms.", int, least=1, most=1000),
        Option("learn_every", ("--learn-every",), "Train the ranker after so many rounds; 0 is never.", int, default=0, least=0),
        Option("out", ("--out",), "Keep what is done in this folder, and go on from there.", path=True, metavar="DIR"),
        Option("workers", ("--workers",), "Processes, as many as cores if not given.", int, least=1, most=1000),
        JSON,
    ),
    interrupted="with --out DIR what is done is kept, and the same line goes on from there",
)
