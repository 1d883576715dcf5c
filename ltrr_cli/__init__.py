"""ltrr: search your own catalogs; it learns which way of searching works.

The map, in the order a query meets the rooms:

    catalog      What do we have?             files -> entities
    encode       What does a text mean?       texts -> vectors
    index        Where is it?                 entities -> one generation of files to look things up in
    memory       What worked before?          queries -> what was acted on
    understand   What is being asked?         text -> query, features
    arms         Draw candidates one way.     query -> hits
    policy       Which arms, how many each?   features -> a plan, with its exact probability
    candidates   One pool.                    hits of several arms -> candidates, no repeats
    rank         Best first.                  candidates -> page
    feedback     Shown, and then?             actions -> events, rewards, credit
    learn        Get better from it.          events -> policy, memory
    evaluate     Would it have been better?   log -> estimates, comparisons, replays
    simulate     Try it without people.      simulated users -> what each policy would have earned
    report       How has it gone?             log -> numbers, plots, one page
    cli          Parse, one call, print.      commands

`engine` is the query path itself, one call a stage; `library` builds and changes an index. Importing this package loads
neither: each name below is imported when it is first asked for.

    ltrr_cli.build(sources, folder)    ltrr_cli.add(sources, folder)    ltrr_cli.delete(ids, folder)
    ltrr_cli.check(folder)    ltrr_cli.rollback(folder)    ltrr_cli.forget(folder, user=...)    ltrr_cli.restore(lines, folder)
    with ltrr_cli.open(folder) as engine: engine.search("tayler love")    ltrr_cli.compare(folder, queries, qrels)
    ltrr_cli.try_policies(folder)    ltrr_cli.review(folder)
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ltrr_cli.engine import Engine as open  # noqa: N813
    from ltrr_cli.errors import LtrrError
    from ltrr_cli.evaluate.interleave import interleaved
    from ltrr_cli.evaluate.ope import ope
    from ltrr_cli.evaluate.replay import replay
    from ltrr_cli.evaluate.run import compare
    from ltrr_cli.learn.restore import restore
    from ltrr_cli.library import Built, add, build, delete
    from ltrr_cli.privacy import forget
    from ltrr_cli.report.numbers import review
    from ltrr_cli.simulate.run import try_policies
    from ltrr_cli.undo import rollback
    from ltrr_cli.verify import check

__all__ = [
    "Built",
    "LtrrError",
    "add",
    "build",
    "check",
    "compare",
    "delete",
    "forget",
    "interleaved",
    "ope",
    "open",
    "replay",
    "restore",
    "review",
    "rollback",
    "try_policies",
]

_WHERE = {
    "check": "verify:check",
    "forget": "privacy:forget",
    "restore": "learn.restore:restore",
    "rollback": "undo:rollback",
    "compare": "evaluate.run:compare",
    "interleaved": "evaluate.interleave:interleaved",
    "ope": "evaluate.ope:ope",
    "open": "engine:Engine",
    "replay": "evaluate.replay:replay",
    "review": "report.numbers:review",
    "LtrrError": "errors:LtrrError",
    "try_policies": "simulate.run:try_policies",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ltrr_cli.registry import load

    module, _, attribute = _WHERE.get(name, f"library:{name}").partition(":")
    return getattr(load(f"{__name__}.{module}"), attribute)
