"""`ltrr ope`: what another policy would have earned on the logged searches."""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, NOW, Command, Option, moment
from ltrr_cli.cli.render import clean, number, to_json, write_rows, write_text


def ope(
    policy: str, no_explore: bool, cluster: str | None, index: str, as_json: bool, seed: int, now: str | None
) -> int:  # fmt: skip
    """Estimate what another policy would have earned.

    On the logged searches, had it decided each of them with what was known then. Exit status 1 if the log says too little.

    Example: ltrr ope --policy uniform
    """
    from ltrr_cli.evaluate.ope import TOO_LITTLE

    found = ltrr_cli.ope(policy, index, explore=not no_explore, cluster=cluster, seed=seed, now=moment(now))
    if as_json:
        sys.stdout.write(to_json(found.to_dict()) + "\n")
    else:
        little = found.verdict == TOO_LITTLE  # an estimate that nobody should go by is for --json alone
        rows = [("logged", found.logged), *(() if little else found.estimates.items())] if found.searches else []
        write_rows(("by", "reward", "low", "high"), [(name, *map(number, interval)) for name, interval in rows])
        write_text(f"{clean(found.verdict)}: {clean(found.because)}\n")
        write_text(
            f"searches {found.searches}, satisfied {found.rewarded}, clusters by {found.cluster} {found.clusters}; effective"
            f" {number(found.ess)}, largest weight {number(found.largest_weight)}, unsupported {found.unsupported:.1%}\n",
            sys.stderr,
        )
    if found.open:
        sys.stderr.write(f"searches that may still earn something: {found.open}, as they are so young\n")
    return 1 if found.verdict == TOO_LITTLE else 0


COMMAND = Command(
    ope,
    (
        Option(
            "policy",
            ("--policy",),
            "Policy to judge, or a plan in tenths: hybrid:6+lexical:4.",
            required=True,
            metavar="NAME",
            complete="policy",
        ),
        Option("no_explore", ("--no-explore",), "Judge it without its exploring.", bool, default=False),
        Option("cluster", ("--cluster",), "What belongs together.", choices=("session", "user", "query")),
        INDEX,
        JSON,
        Option("seed", ("--seed",), "Make the intervals repeatable otherwise.", int, default=0),
        NOW,
    ),
)
