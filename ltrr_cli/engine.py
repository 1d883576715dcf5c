"""THE QUERY PATH: understand, choose, draw, pool, rank, log; read `Engine.search` from top to bottom."""

from __future__ import annotations

import os
import time
from math import fsum
from zlib import crc32

from ltrr_cli import settings as settings_of
from ltrr_cli.arms.base import ARMS, clauses
from ltrr_cli.arms.peek import describe
from ltrr_cli.asked import BY_MEANING, Asked
from ltrr_cli.candidates.pool import covered, deep, draw, pool
from ltrr_cli.desk import Desk
from ltrr_cli.errors import QueryError
from ltrr_cli.feedback.log import new_search_id
from ltrr_cli.feedback.store import Store
from ltrr_cli.index.generation import Generation
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.policy.base import POLICIES, choose, choose_for_all
from ltrr_cli.policy.menu import beside, hand_made, plans
from ltrr_cli.policy.shares import PAGE, spread
from ltrr_cli.rank.alike import compared
from ltrr_cli.rank.base import chosen, mark
from ltrr_cli.rank.features import features, named, wanted
from ltrr_cli.rank.reserve import put_last
from ltrr_cli.records import Page, Result
from ltrr_cli.registry import did_you_mean, look_up
from ltrr_cli.understand.trust import bearers
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.rank.base import Ranker
    from ltrr_cli.records import Candidate, Choice, Hit, Query

    Scored = tuple[float, Candidate, dict[str, float]]  # with what each feature contributes

COUNTED = 100_000  # entities whose values are counted for facets, at most
WORDLESS = ("lexical",)  # arms that can answer a query without words
BASELINE = "fixed"  # the policy that draws the default plan


class Engine(Desk):
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
        self.held = self.workspace.hold(generation)
        self.generation = Generation(self.workspace.generation(self.held.name), graph)
        self.store = store or Store(self.workspace.state, self.settings.busy_timeout)
        self.asked = Asked(self.generation, self.store, self.settings, self.workspace.path("holidays.json"))
        self.sources = self.asked.sources
        self._known: dict[int, dict[int, dict[str, float]]] = {}  # seed of the choice -> row -> features, of the query at hand

    @property
    def ranker(self) -> Ranker:
        """The ranker that the settings name, or that was promoted last."""
        return chosen(self.settings.ranker, self.store.model())

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the state file, and let the generation go."""
        self.store.close()
        self.held.close()

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
        interleave: tuple[str, str] | None = None,
        explore: bool | None = None,
        diverse: bool = False,
        facets: Sequence[str] = (),
        log: bool | None = None,
        seed: int | None = None,
        now: float | None = None,
    ) -> Page:
        """Answer one query, and log how it was answered.

        *where*: a filter, see `index.where`; *arms*: draw from these only; *interleave*: two policies that share the page;
        *diverse*: let no type fill the page; *facets*: fields whose values are counted; *seed*: makes the policy's choice
        repeatable; *now*: seconds since 1970, UTC.
        Raises QueryError for a type, field, arm or policy that does not exist.
        """
        started = time.perf_counter()
        now = time.time() if now is None else now
        seed = int.from_bytes(os.urandom(6), "big") if seed is None else seed
        kinds = _known("type", types, self.generation.types)
        usable = _known("arm", arms, ARMS) or tuple(ARMS)
        explore = self.settings.explore if explore is None else explore
        names = interleave or (policy or self.settings.policy,)
        choosers = [look_up(POLICIES, name, "policy")(self.settings) for name in names]
        budget = self.settings.budget * max(limit, PAGE) // PAGE

        about = tuple((_whole(name), _whole(value)) for name, value in context)
        user, session = (None if name is None else _whole(name) for name in (user, session))
        with self.store.snapshot() as seen:  # what others write meanwhile is none of this search's business
            query = self.asked.query(
                _whole(text), types=kinds, user=user, session=session, context=about, now=now, where=_whole(where).strip()
            )
            if not query.words:
                usable = tuple(arm for arm in usable if arm in WORDLESS) or usable
            situation = self.asked.situation(query, usable)
            state, model = self.store.policy_state(), mark(self.store.model())
            menu = plans(budget, usable, state, situation)
            replaced = not interleave and self.settings.fallback and self._fallen(names[0])
            onlooker = names[0] if replaced else self.settings.shadow
            if replaced:
                choosers = [look_up(POLICIES, BASELINE, "policy")(self.settings)]
            choice, two = choose_for_all(choosers, situation, menu, state, seed, explore)
            shadow = None
            if onlooker:
                looking = look_up(POLICIES, onlooker, "policy")(self.settings)
                shadow = choose(looking, situation, choice.menu, state, seed, explore)
            self._known.clear()
            drawn = draw(choice.plan, query, self.sources, beside(usable))
            candidates = pool(choice.plan, drawn)
            apart = limit if diverse else 0
            if two is None:
                placed, teams = [(one, choice) for one in self._ranked(query, choice, candidates, apart)[:limit]], None
            else:
                from ltrr_cli.rank.team_draft import share

                placed, teams = share(two, limit, lambda c: self._ranked(query, c, self._pool(query, c, usable), apart))
            depths = {by.plan: deep(by.plan, drawn) for by in (choice, *(two or ()))}
            results = tuple(self._result(rank, *best, by, depths[by.plan]) for rank, (best, by) in enumerate(placed, 1))

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
            interleaved=teams,
            shadow=shadow,
            replaced=replaced,
        )
        if self.settings.log if log is None else log:
            asked = {"limit": limit, "arms": arms, "policies": names, "explore": explore, "diverse": diverse, "facets": facets}
            rows = [one[1].row for one, _ in placed]
            self._log(page, rows, drawn, depths[choice.plan], situation, {**asked, "known": seen, "ranker": model})
        return page

    def search_all(self, texts: Iterable[str], **options: Any) -> list[Page]:
        """Answer several queries with the same *options* of `search`; all are logged by one write, before any is returned.

        Each is answered as if it were the only one: what was logged for those before it is not looked at.
        """
        with self.store.gathering():
            return [self.search(text, **options) for text in texts]

    def _pool(self, query: Query, choice: Choice, usable: Sequence[str]) -> list[Candidate]:
        return pool(choice.plan, draw(choice.plan, query, self.sources, beside(usable)))

    def _ranked(self, query: Query, choice: Choice, candidates: list[Candidate], apart: int) -> list[Scored]:
        """Rank, read the top again if that is set, and let no type fill the first *apart*."""
        ranked = self._rank(query, candidates, choice.seed)
        if self.settings.reranker:
            ranked = self._read_again(query, ranked)
        if apart:
            from ltrr_cli.rank.diverse import spread_types

            kind = self.generation.columns.type
            ranked = spread_types([(one[0], one) for one in ranked], lambda one: kind(one[1].row), apart)
        return ranked

    def _rank(self, query: Query, candidates: list[Candidate], seed: int = 0, ranker: Ranker | None = None) -> list[Scored]:
        """Return (score, candidate, contributions), best first; ties fall by a hash that catalog order has no part in."""
        features_of = self._features(query, len({a for c in candidates for a in c.arms}))
        known = compared(query, [c.row for c in candidates], [*map(features_of, candidates)], self.generation.columns.described)
        self._known[seed] = {c.row: one for c, one in zip(candidates, known, strict=True)}
        return self._sorted(query, candidates, (ranker or self.ranker).score(known))

    def _features(self, query: Query, drawn: int) -> Callable[[Candidate], dict[str, float]]:
        """Return what tells the features of a candidate that is one of those that *drawn* arms found."""
        remembered, taste, columns = self.asked.remembered, self.sources.taste(query), self.generation.columns
        liking, share = taste.affinity if taste else None, named(query, columns)
        fit = wanted(query, columns, self.generation.meta)
        return lambda candidate: features(candidate, columns, remembered, drawn, liking, fit, share)

    def _sorted(self, query: Query, candidates: Sequence[Candidate], parts: Sequence[dict[str, float]]) -> list[Scored]:
        scores = [fsum(part.values()) for part in parts]
        put_last(candidates, parts, scores)
        scored = list(zip(scores, candidates, parts, strict=True))
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

    def _result(
        self,
        rank: int,
        score: float,
        candidate: Candidate,
        why: dict[str, float],
        choice: Choice,
        draws: Mapping[str, int],
    ) -> Result:
        entity_id, kind, title, record = self.generation.columns.head(candidate.row)
        arms = {arm: (at, round(value, 6)) for arm, (at, value, _) in candidate.arms.items() if at <= draws.get(arm, 0)}
        why = {name: round(value, 6) for name, value in why.items()}
        known = {name: round(value, 4) for name, value in self._known[choice.seed][candidate.row].items()}
        return Result(rank, entity_id, kind, title, round(score, 6), arms, why, record, known)

    def _log(
        self,
        page: Page,
        rows: list[int],
        drawn: dict[str, list[Hit]],
        draws: Mapping[str, int],
        situation: Situation,
        asked: dict[str, Any],
    ) -> None:
        columns = self.generation.columns
        arms = asked["arms"] or tuple(ARMS)
        by_meaning = BY_MEANING.intersection(arms)  # as `Asked.situation` has it
        menu = (page.interleaved.choices[0] if page.interleaved else page.choice).menu
        self.store.log_search(
            page,
            drawn={arm: [columns.id(hit.row) for hit in drawn[arm][:n]] for arm, n in draws.items()},
            x=situation.x,
            query_class=situation.query_class,
            vector=self.asked.vector(page.query) if by_meaning else None,
            ms={arm: round(ms, 3) for arm, ms in self.sources.ms.items() if arm in drawn},
            peek={arm: describe(hits, columns, page.query.now) for arm, hits in drawn.items()},
            bearers=bearers(page.query, rows, columns, self.asked.trust),
            covers=covered(menu, {spread(plan, page.budget) for plan in hand_made(arms)}, drawn, rows[:PAGE]),
            asked={**asked, "index": self.generation.identity, "settings": self.settings.unusual()},
        )


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
