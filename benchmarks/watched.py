"""Runs one search and writes down which part of it took which processor time: `cold.py` starts it, in a new process each.

    python benchmarks/watched.py FILE search QUERY ...

It imports next to nothing, as what it imports the search would find there. FILE gets one object: part -> seconds.
"""

from __future__ import annotations

import builtins
import os
import sys
from time import process_time as now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

STAGES = {  # module:what -> what a reader calls it
    "ltrr_cli.cli.options:parse": "read the command line",
    "ltrr_cli.settings:load": "settings",
    "ltrr_cli.workspace:Workspace.hold": "find and hold the generation",
    "ltrr_cli.index.generation:read_meta": "find and hold the generation",
    "ltrr_cli.index.text_tantivy:Text.__init__": "open text",
    "ltrr_cli.index.vocabulary_tantivy:Vocabulary.__init__": "open vocabulary",
    "ltrr_cli.index.values_tantivy:Values.__init__": "open values",
    "ltrr_cli.feedback.store:Store.__init__": "open state",
    "ltrr_cli.feedback.store:Store.close": "close state",
    "ltrr_cli.asked:Asked.query": "understand",
    "ltrr_cli.asked:Asked.situation": "remember",
    "ltrr_cli.arms.base:Sources.vector": "encode the query",
    "ltrr_cli.policy.menu:plans": "choose a plan",
    "ltrr_cli.policy.base:choose_for_all": "choose a plan",
    "ltrr_cli.candidates.pool:pool": "pool",
    "ltrr_cli.engine:Engine._rank": "rank",
    "ltrr_cli.engine:Engine._result": "read the records",
    "ltrr_cli.feedback.store:Store.log_search": "log",
    "ltrr_cli.cli.render:write_json": "print",
}
DRAW = "ltrr_cli.arms.base:Sources.draw"  # told by arm
OTHERS = {"tantivy": "import tantivy", "simsimd": "import simsimd", "ltrr_cli": "import ltrr"}
START, REST = "Python starts", "the rest"


class Watch:
    """Gives each moment to the innermost of what is going on."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.doing, self.since, self.waiting = START, 0.0, {*STAGES, DRAW}
        self.turn(REST)
        self.imported = builtins.__import__
        builtins.__import__ = self.load

    def turn(self, what: str) -> str:
        """Begin with *what*, and return what went on before."""
        at, before = now(), self.doing
        self.spent[before] = self.spent.get(before, 0.0) + at - self.since
        self.doing, self.since = what, at
        return before

    def load(self, name: str, *about: Any, **more: Any) -> ModuleType:
        before = self.turn(OTHERS.get(name.partition(".")[0], "import Python's own"))
        try:
            return self.imported(name, *about, **more)
        finally:
            self.turn(before)
            for stage in [one for one in self.waiting if one.partition(":")[0] in sys.modules]:
                self.wrap(stage)

    def wrap(self, stage: str) -> None:
        module, _, path = stage.partition(":")
        *owners, name = path.split(".")
        owner: Any = sys.modules[module]
        for one in owners:
            owner = getattr(owner, one, None)
        work: Callable[..., Any] | None = owner and getattr(owner, name, None)
        if work is None:  # not yet: the module is still being loaded
            return
        self.waiting.discard(stage)

        def watched(*about: Any, **more: Any) -> Any:
            before = self.turn(f"draw {about[1]}" if stage == DRAW else STAGES[stage])
            try:
                return work(*about, **more)
            finally:
                self.turn(before)

        setattr(owner, name, watched)


def main() -> None:
    watch = Watch()
    from ltrr_cli.cli.app import start

    status = start(sys.argv[2:])
    watch.turn("")
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        print(repr(watch.spent), file=file)
    os._exit(status)  # as `ltrr` does


if __name__ == "__main__":
    main()
