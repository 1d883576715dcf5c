"""THE QUERY PATH: understand, choose, draw, pool, rank, log; read `Engine.search` from top to bottom."""

from __future__ import annotations

import os
import time
from math import fsum
from typing import TYPE_CHECKING, Any
from zlib import crc32

from ltrr_cli import settings as settings_of
from ltrr_cli.arms.base import ARMS, DEPTH, clauses
from ltrr_cli.arms.peek import Peek, describe
from ltrr_cli.asked import BY_MEANING, Asked
from ltrr_cli.candidates.pool import draw, pool
from ltrr_cli.errors import FeedbackError, QueryError
from ltrr_cli.feedback.log import new_search_id
from ltrr_cli.feedback.store import Store
from ltrr_cli.index.generation import Generation
from ltrr_cli.policy.base import POLICIES, choose
from ltrr_cli.policy.menu import plans
from ltrr_cli.rank.base import RANKERS
from ltrr_cli.rank.diverse import spread_types
from ltrr_cli.rank.features import features
from ltrr_cli.records import Page, Result
from ltrr_cli.registry import did_you_mean, look_up
from ltrr_cli.understand.features import by_name
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ltrr_cli.feedback.arms import ArmReport
    from ltrr_cli.feedback.record import Receipt
    from ltrr_cli.policy.base import Situation
    from ltrr_cli.records import Candidate, Choice, Hit, Query
    from ltrr_cli.understand.suggest import Suggestion

    Scored = tuple[float, Candidate, dict[str, float]]  # with what each feature contributes

COUNTED = 100_000  # entities whose values are counted for facets, at most
PAGE = 10  # results that the budget is meant for; it grows with a longer page


class Engine:
    """One open state folder: searches it, takes feedback, explains. Not for several threads at once.

    *graph*: look vectors up in the graph (for many searches) rather than compare them all (for one). *generation*, *store*:
    of the index and of what was learned, where they are not the current ones.
    *flags* are settings, such as `budget=60`. Raises WorkspaceError if *folder* holds no index.
    """

    def __init__(
        self,
        folder: str = ".ltrr",
        *,
        graph: bool = False,
        generation: str | None = None,
        store: Store | None = None,
        **flags: Any,
    ) -> None:
        self.workspace = Workspace(folder).open()
        self.settings = settings_of.load(folder, **flags)
        self.generation = Generation(self.workspace.generation(generation or self.workspace.current()), graph)
        self.store = store or Store(self.workspace.state, self.settings.busy_timeout)
        self.asked = Asked(self.generation, self.store, self.settings, self.workspace.path("holidays.json"))
        self.sources = self.asked.sources

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the state file."""
        self.store.close()

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        types: Iterable[str] = (),
        where: str = "",
        user: str | None = None,
        session: str | None = None,
        context: Iterable[tuple[str, str]] = (),
        arms: Sequence[str] = (),
        policy: str | None = None,
        explore: bool | None = None,
        diverse: bool = False,
        facets: Sequence[str] = (),
        log: bool | None = None,
        seed: int | None = None,
        now: float | None = None,
    ) -> Page:
        """Answer one query, and log how it was answered.

        *where*: a filter, see `index.where`; *arms*: draw from these only; *seed*: makes the policy's choice repeatable;
        *diverse*: let no type fill the page; *facets*: fields whose values are counted; *now*: seconds since 1970, UTC.
        Raises QueryError for a type, field, arm or policy that does not exist.
        """
        started = time.perf_counter()
        now = time.time() if now is None else now
        seed = int.from_bytes(os.urandom(6), "big") if seed is None else seed
        wanted = _known("type", types, self.generation.types)
        usable = _known("arm", arms, ARMS) or tuple(ARMS)
        chooser = look_up(POLICIES, policy or self.settings.policy, "policy")(self.settings)
        budget = self.settings.budget * max(limit, PAGE) // PAGE

        about = tuple((_whole(name), _whole(value)) for name, value in context)
        user, session = (None if name is None else _whole(name) for name in (user, session))
        query = self.asked.query(
            _whole(text), types=wanted, user=user, session=session, context=about, now=now, where=_whole(where)
        )
        situation = self.asked.situation(query, usable)
        state = self.store.policy_state()
        menu = plans(budget, usable, state, situation)
        choice = choose(chooser, situation, menu, state, seed, self.settings.explore if explore is None else explore)
        drawn = draw(choice.plan, query, self.sources)
        candidates = pool(choice.plan, drawn)
        ranked = self._rank(query, candidates)
        if self.settings.reranker:
            ranked = self._read_again(query, ranked)
        if diverse:
            kind = self.generation.columns.type
            ranked = spread_types([(one[0], one) for one in ranked], lambda one: kind(one[1].row), limit)
        results = tuple(self._result(rank, *best, choice) for rank, best in enumerate(ranked[:limit], 1))

        page = Page(
            search_id=new_search_id(now, os.urandom(5)),
            query=query,
            budget=budget,
            choice=choice,
            results=results,
            total=len(candidates),
            took_ms=round(1000 * (time.perf_counter() - started), 3),
            generation=self.generation.name,
            time=_iso(now),
            facets=self._facets(query, facets, candidates) if facets else {},
        )
        if self.settings.log if log is None else log:
            self._log(page, drawn, situation)
        return page

    def _rank(self, query: Query, candidates: list[Candidate]) -> list[Scored]:
        """Return (score, candidate, contributions), best first; ties fall by a hash that catalog order has no part in."""
        remembered = self.asked.remembered
        ranker = look_up(RANKERS, self.settings.ranker, "ranker")()
        parts = ranker.score([features(c, self.generation.columns, remembered) for c in candidates])
        scored = [(fsum(part.values()), c, part) for c, part in zip(candidates, parts, strict=True)]
        salt = crc32(query.key.encode("utf-8", "replace"))
        return sorted(scored, key=lambda s: (-round(s[0], 9), crc32(s[1].row.to_bytes(8, "little"), salt)))

    def _read_again(self, query: Query, ranked: list[Scored]) -> list[Scored]:
        """Let the neural re-ranker read the top of the list."""
        from ltrr_cli.rank.neural import TOP, second_look

        heads = [self.generation.columns.head(c.row) for _, c, _ in ranked[:TOP]]
        gains = second_look(self.settings.reranker, query.text, [(title, record) for _, _, title, record in heads])
        read = [(score + gain, c, {**why, "reranker": gain}) for (score, c, why), gain in zip(ranked, gains, strict=False)]
        return sorted(read, key=lambda one: -one[0]) + ranked[TOP:]

    def _facets(self, query: Query, fields: Sequence[str], candidates: list[Candidate]) -> dict[str, dict[str, int]]:
        """Count values over what holds every word of the query, or over the candidates where nothing does."""
        from ltrr_cli.index.facets import facets

        rows = self.generation.text.matching(clauses(query), COUNTED, query.types, query.where)
        return facets(self.generation, fields, rows or [c.row for c in candidates])

    def _result(self, rank: int, score: float, candidate: Candidate, why: dict[str, float], choice: Choice) -> Result:
        entity_id, kind, title, record = self.generation.columns.head(candidate.row)
        wanted = dict(choice.plan.draws)
        arms = {arm: (at, round(value, 6)) for arm, (at, value, _) in candidate.arms.items() if at <= wanted[arm]}
        return Result(rank, entity_id, kind, title, round(score, 6), arms, {k: round(v, 6) for k, v in why.items()}, record)

    def _log(self, page: Page, drawn: dict[str, list[Hit]], situation: Situation) -> None:
        columns = self.generation.columns
        self.store.log_search(
            page,
            drawn={arm: [columns.id(hit.row) for hit in drawn[arm][:n]] for arm, n in page.choice.plan.draws},
            x=situation.x,
            query_class=situation.query_class,
            vector=self.asked.vector(page.query) if BY_MEANING.intersection(drawn) else None,
            ms={arm: round(ms, 3) for arm, ms in self.sources.ms.items() if arm in drawn},
            peek={arm: describe(hits, columns, page.query.now) for arm, hits in drawn.items()},
            settings=self.settings,
        )

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
            now=time.time() if now is None else now,
        )

    def _ranks(self, query: Query) -> dict[str, list[str]]:
        """What every arm finds for *query*, drawn or not: one action teaches about all of them."""
        self.asked.situation(query, tuple(ARMS))
        id_of = self.generation.columns.id
        return {arm: [id_of(hit.row) for hit in self.sources.draw(arm, query)[:DEPTH]] for arm in ARMS}

    def explain(self, search_id: str | None = None) -> dict[str, Any]:
        """Return the whole decision of one search as it was logged, the last one's if None, with its events."""
        found = self.store.last_search() if search_id is None else self.store.logged(search_id)
        if found is None:
            what = "no search is logged yet" if search_id is None else f"no search {search_id!r} in the log"
            raise QueryError(what, hint="`ltrr search --json` prints each search's id")
        peeks = {arm: Peek(*numbers)._asdict() for arm, numbers in found.get("peek", {}).items()}
        return found | {"features": by_name(found["x"]), "peek": peeks}

    def arms(self) -> list[ArmReport]:
        """Return how each arm has done so far."""
        from ltrr_cli.feedback.arms import arms

        return arms(self.store)

    def suggest(self, prefix: str, limit: int = 10) -> list[Suggestion]:
        """Return completions and corrections of *prefix*, likeliest first."""
        from ltrr_cli.understand.suggest import suggest

        return suggest(prefix, limit, self.generation.text.wholes, self.generation.vocabulary)

    def status(self) -> dict[str, Any]:
        """Return what is in the folder: entities, fields, sizes, versions, ages."""
        from ltrr_cli.status import status

        return status(self)

    def export(self) -> Iterator[dict[str, Any]]:
        """Yield the log, the events and what was learned as JSON objects, each with its `kind`."""
        return self.store.export()


def _known(kind: str, names: Iterable[str], table: Iterable[str]) -> tuple[str, ...]:
    """Return *names* once each, sorted; QueryError for one that is not in *table*."""
    found = tuple(sorted(set(names)))
    for name in found:
        if name not in table:
            raise QueryError(f"no {kind} is called {name!r}", hint=did_you_mean(name, table, kind))
    return found


def _whole(text: str) -> str:
    """Return *text* with "?" for each half of a surrogate pair, such as a terminal's stray byte: it can't be written down."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _iso(now: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
