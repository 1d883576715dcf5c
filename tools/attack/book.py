"""What must be in a state folder after its worker was killed, and what somebody finds who opens it."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import ltrr_cli
from ltrr_cli.index.columns import Columns
from ltrr_cli.index.generation import read_meta
from ltrr_cli.verify import check
from ltrr_cli.workspace import Workspace

WORDS = ("love", "rain", "black", "coffee", "running", "night", "road", "summer")


class Seen(NamedTuple):
    """What a process finds that opens the folder."""

    current: str
    generations: dict[str, list[str]]  # name -> ids of the entities that live in it
    searches: list[str]
    events: list[str]
    damages: list[str]
    notes: list[str]
    results: int


def alive(folder: str) -> list[str]:
    """Return the ids of the entities that live in the generation in *folder*."""
    meta = read_meta(folder)
    columns = Columns(folder, meta["rows"], meta["types"])
    return [columns.id(row) for row in range(meta["rows"]) if columns.alive(row)]


def look(folder: str) -> Seen:
    """Open the folder as anybody would, and say what is in it."""
    workspace = Workspace(folder)
    found = check(folder)
    with ltrr_cli.open(folder) as engine:
        results = max(len(engine.search(word, log=False).results) for word in WORDS)
        searches = [search for (search,) in engine.store.rows("SELECT id FROM searches")]
        events = [event for (event,) in engine.store.rows("SELECT event_id FROM events")]
    return Seen(
        workspace.current(),
        {name: alive(workspace.generation(name)) for name in workspace.names()},
        searches,
        events,
        [f"{one.part}: {one.what}" for one in found.findings if one.damage],
        [f"{one.part}: {one.what}" for one in found.findings if not one.damage],
        results,
    )


class Book:
    """What must be there: what was acknowledged, and what was going on when the worker died."""

    def __init__(self) -> None:
        self.generations: dict[str, frozenset[str]] = {}
        self.current = ""
        self.searches: set[str] = set()
        self.events: set[str] = set()
        self.going: dict[str, Any] | None = None
        self.done: Counter[str] = Counter()

    def hear(self, what: dict[str, Any]) -> None:
        """Take down one line of the worker's."""
        if what["say"] == "searched":
            self.searches.add(what["search"])
        elif what["say"] == "begin":
            self.going = what
        else:
            begun, self.going = self.going or {}, None
            self.done[what["kind"]] += 1
            if what["kind"] == "feedback":
                self.events.add(what["event"])
            elif what["kind"] != "learn":
                self.generations[what["generation"]] = self.after(begun)
                self.current = what["generation"]

    def after(self, begun: dict[str, Any]) -> frozenset[str]:
        """Return which entities live once the change *begun* is done."""
        now = self.generations.get(self.current, frozenset())
        if begun["kind"] == "rollback":
            return self.generations[begun["to"]]
        ids = frozenset(begun["ids"])
        return ids if begun["kind"] == "index" else now | ids if begun["kind"] == "add" else now - ids

    def wrong(self, seen: Seen) -> list[str]:
        """Return what is not as it must be; then take over what is."""
        here = frozenset(seen.generations[seen.current])
        allowed = [self.generations.get(self.current, frozenset())]
        if self.going and "event" not in self.going and self.going["kind"] != "learn":
            allowed.append(self.after(self.going))
        events, might = set(seen.events), {self.going["event"]} if self.going and "event" in self.going else set()
        found = [f"damage: {damage}" for damage in seen.damages]
        if here not in allowed:
            found.append(f"entities: {len(here)} live, {' or '.join(str(len(one)) for one in allowed)} should")
        if len(seen.generations[seen.current]) != len(here):
            found.append("an entity lives twice")
        if lost := self.searches - set(seen.searches):
            found.append(f"{len(lost)} searches lost")
        if lost := self.events - events:
            found.append(f"{len(lost)} events lost")
        if len(seen.events) != len(events) or events - self.events - might:
            found.append("events that nobody has sent")
        if not seen.results:
            found.append("a search finds nothing")
        self.generations = {name: frozenset(ids) for name, ids in seen.generations.items()}
        self.current, self.searches, self.events, self.going = seen.current, set(seen.searches), events, None
        return found
