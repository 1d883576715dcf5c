"""What other plans would have brought at one search, with what was learned by then: the truth that a log can't have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.candidates.pool import draw, evidence, gathered
from ltrr_cli.policy.depth import pooled
from ltrr_cli.policy.menu import WITNESSES
from ltrr_cli.rank.alike import compared
from ltrr_cli.simulate.truth import PAGE, ndcg, recall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ltrr_cli.candidates.pool import Evidence
    from ltrr_cli.records import Candidate, Hit, Plan, Query
    from ltrr_cli.simulate.stage import Stage
    from ltrr_cli.simulate.truth import Units

    Found = tuple[list[int], Evidence]  # what an arm found, best first, and what it says of each
    Features = Callable[[Candidate], dict[str, float]]
    Drawn = frozenset[tuple[int, bool]]  # rows, and whether the baseline filled up with them
    Known = dict[int, dict[str, float]]  # row -> features

DIGITS = 6  # that are kept of each measure


class Others:
    """Tries plans for the *query* that *engine* has just answered, against what is *relevant* to it (unit -> 0..1).

    Each comes out as `Engine.search` would have had it; what plans have in common is computed once.
    """

    def __init__(self, engine: Stage, query: Query, units: Units, relevant: Mapping[str, float]) -> None:
        self._engine, self._query, self._units, self._relevant = engine, query, units, relevant
        self._ranker = engine.ranker
        self._found: dict[tuple[str, int], Found] = {}  # by arm and how much it found
        self._candidates: dict[frozenset[str], dict[int, Candidate]] = {}  # by the arms that speak
        self._features: dict[tuple[frozenset[str], int], tuple[Known, Features]] = {}  # by these, and how many found something
        self._ranked: dict[tuple[frozenset[str], Drawn], float] = {}  # nDCG by the arms that speak and what is drawn

    def recall(self, plan: Plan) -> float:
        """Return the share of what is relevant that *plan* draws."""
        return self._share(self._rows(plan, draw(plan, self._query, self._engine.sources, WITNESSES)))

    def measures(self, plan: Plan, alone: bool = False) -> list[float]:
        """Return [nDCG@10, recall] of *plan*; *alone*: the baseline fills nothing up."""
        found = draw(plan, self._query, self._engine.sources, WITNESSES)
        drawn = self._rows(plan, {arm: found[arm] for arm, _ in plan.draws} if alone else found)
        share = self._share(drawn)
        if not share:
            return [0.0, share]
        same = frozenset(found), frozenset(drawn.items())
        if same not in self._ranked:
            ranked = self._engine._sorted(self._query, *self._scored(drawn, found))[:PAGE]
            top = self._units.each(self._engine.generation.columns.id(candidate.row) for _, candidate, _ in ranked)
            self._ranked[same] = round(ndcg(top, self._relevant), DIGITS)
        return [self._ranked[same], share]

    def _scored(
        self, drawn: Mapping[int, bool], found: Mapping[str, Sequence[Hit]]
    ) -> tuple[list[Candidate], list[dict[str, float]]]:
        """Return what is *drawn* as candidates, with what their features contribute; see `Engine._rank`."""
        by = frozenset(found)
        seen = self._candidates.setdefault(by, {})
        if new := [row for row in drawn if row not in seen]:
            said = {arm: self._of(arm, hits)[1] for arm, hits in found.items()}
            seen.update(zip(new, gathered(new, said), strict=True))
        candidates = [seen[row]._replace(spare=spare) if spare else seen[row] for row, spare in drawn.items()]
        speak = len(set().union(*(candidate.arms for candidate in candidates)))
        if (by, speak) not in self._features:
            self._features[by, speak] = {}, self._engine._features(self._query, speak)
        known, of = self._features[by, speak]
        known.update((candidate.row, of(candidate)) for candidate in candidates if candidate.row not in known)
        described = self._engine.generation.columns.described
        return candidates, self._ranker.score(compared(self._query, list(drawn), [known[row] for row in drawn], described))

    def _rows(self, plan: Plan, found: Mapping[str, Sequence[Hit]]) -> dict[int, bool]:
        """Return what *plan* draws: row -> whether the baseline filled up with it."""
        own, spare = pooled(plan, {arm: self._of(arm, hits)[0] for arm, hits in found.items()})
        return dict.fromkeys(own, False) | dict.fromkeys(spare, True)

    def _share(self, rows: Mapping[int, bool]) -> float:
        id_of, unit_of = self._engine.generation.columns.id, self._units.of
        return round(recall(map(unit_of, map(id_of, rows)), self._relevant), DIGITS)

    def _of(self, arm: str, hits: Sequence[Hit]) -> Found:
        at = (arm, len(hits))
        if at not in self._found:
            said = evidence(arm, hits)
            self._found[at] = list(said), said
        return self._found[at]
