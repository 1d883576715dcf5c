"""What an open folder does beside searching: it takes feedback, learns, explains, and tells how things stand."""

from __future__ import annotations

import time

from ltrr_cli.arms.base import ARMS, DEPTH
from ltrr_cli.arms.peek import Peek
from ltrr_cli.errors import FeedbackError, QueryError, SettingsError
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.understand.features import by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ltrr_cli.arms.base import Sources
    from ltrr_cli.asked import Asked
    from ltrr_cli.feedback.arms import ArmReport
    from ltrr_cli.feedback.record import Receipt
    from ltrr_cli.feedback.store import Store
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.learn.guard import Watched
    from ltrr_cli.learn.ranker import Report as RankerReport
    from ltrr_cli.records import Candidate, Query
    from ltrr_cli.settings import Settings
    from ltrr_cli.understand.suggest import Suggestion
    from ltrr_cli.workspace import Workspace

    Scored = tuple[float, Candidate, dict[str, float]]  # with what each feature contributes


class Desk:
    """The part of `engine.Engine` that is not the query path."""

    workspace: Workspace
    settings: Settings
    generation: Generation
    store: Store
    asked: Asked
    sources: Sources
    _rank: Callable[[Query, list[Candidate]], list[Scored]]

    def feedback(
        self,
        which: int | str | None = None,
        *,
        id: str | None = None,
        search_id: str | None = None,
        action: str = "click",
        seconds: float | None = None,
        fraction: float | None = None,
        event_id: str | None = None,
        now: float | None = None,
    ) -> Receipt:
        """Record one action on a result of *search_id* (the last search if None) and learn from it.

        *which* is a rank, from 1, or an entity's id; *id* an entity's id. Raises FeedbackError if it can't be taken.
        """
        from ltrr_cli.feedback.events import Event

        if search_id is None:
            last = self.store.last_search()
            if last is None:
                raise FeedbackError("there is no search to give feedback on", hint='ltrr search "..." first')
            search_id = last["search_id"]
        rank = which if isinstance(which, int) else None
        event = Event(
            search_id, id or (which if isinstance(which, str) else None), rank, action, seconds, fraction, None, event_id
        )
        receipt = self.feedback_lines([event], now=now)
        if receipt.bad:
            raise FeedbackError(receipt.bad[0].reason, hint=receipt.bad[0].hint)
        return receipt

    def feedback_lines(self, lines: Iterable[Any], *, now: float | None = None) -> Receipt:
        """Record many events, a JSON text, dict or Event each; good ones are kept, bad ones are in the receipt."""
        from ltrr_cli.feedback.record import record

        return record(
            self.store,
            lines,
            settings=self.settings,
            exists=lambda entity_id: self.generation.text.row_of(entity_id) is not None,
            ranks=self._ranks,
            named=self.generation.text.row_of,
            now=time.time() if now is None else now,
        )

    def _ranks(self, query: Query) -> dict[str, list[int]]:
        """The rows that every arm finds for *query*, drawn or not: one action teaches about all of them."""
        query = self._at_hand(query)
        return {arm: [hit.row for hit in self.sources.draw(arm, query)[:DEPTH]] for arm in ARMS}

    def _at_hand(self, query: Query) -> Query:
        """Return *query* as it was looked up last, or look it up.

        What was drawn for it just now is not drawn again: it is what was shown, before this action was known.
        """
        if self.asked.looked_up != (query, tuple(ARMS)):
            self.asked.situation(query, tuple(ARMS))
            return query
        return self.asked.looked_up[0]

    def explain(self, search_id: str | None = None) -> dict[str, Any]:
        """Return the whole decision of one search as it was logged, the last one's if None, with its events.

        Each event says how its gain is shared among the arms that had drawn the item (`credit`), and which arm alone had it.
        """
        from ltrr_cli.feedback.credit import thanked

        found = self.store.last_search() if search_id is None else self.store.logged(search_id)
        if found is None:
            what = "no search is logged yet" if search_id is None else f"no search {search_id!r} in the log"
            raise QueryError(what, hint="`ltrr search --json` prints each search's id")
        peeks = {arm: Peek(*numbers)._asdict() for arm, numbers in found.get("peek", {}).items()}
        found["events"] = [event | thanked(found["drawn"], event["id"], event["gain"]) for event in found["events"]]
        return found | {"features": by_name(found["x"]), "peek": peeks}

    def learn(self, *, now: float | None = None) -> RankerReport:
        """Train the ranker on the log, and promote it if it is better on queries that it has not seen."""
        from ltrr_cli.learn.ranker import train

        self._may_learn()
        return train(self.store, self.settings, now)

    def rollback_ranker(self) -> bool:
        """Take back the ranker that was promoted last; False if there is none."""
        from ltrr_cli.learn.ranker import rollback

        return rollback(self.store)

    def relearn(self) -> None:
        """Make what memory and the policy learned anew from the log; with the same settings it ends in the same bits."""
        from ltrr_cli.learn.fold import fold

        self._may_learn()
        fold(self.store, self.settings)

    def _may_learn(self) -> None:
        if self.settings.freeze:
            raise SettingsError("freeze is set: nothing is learned", hint="set freeze = false in ltrr.toml, or LTRR_FREEZE=0")

    def watched(self) -> list[Watched]:
        """Return how each policy that decided has done lately against the default plan, those too that only looked on."""
        from ltrr_cli.learn.guard import watched

        return watched(self.store.guard())

    def _fallen(self, policy: str) -> bool:
        """Has *policy* done worse lately than the default plan?"""
        sums = self.store.guard()
        if not sums:
            return False
        from ltrr_cli.learn.guard import fallen

        return fallen(sums, policy)

    def arms(self) -> list[ArmReport]:
        """Return how each arm has done so far."""
        from ltrr_cli.feedback.arms import arms

        return arms(self.store)

    def suggest(self, prefix: str, limit: int = 10) -> list[Suggestion]:
        """Return completions and corrections of *prefix*, likeliest first."""
        from ltrr_cli.understand.suggest import suggest

        return suggest(prefix, limit, self.generation.values.names, self.generation.vocabulary)

    def status(self) -> dict[str, Any]:
        """Return what is in the folder: entities, fields, sizes, versions, ages."""
        from ltrr_cli.status import status

        return status(self)

    def export(self) -> Iterator[dict[str, Any]]:
        """Yield the log, the events and what was learned as JSON objects, each with its `kind`."""
        return self.store.export()
