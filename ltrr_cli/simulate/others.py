"""What other plans would have brought at one search, with what was learned by then: the truth that a log can't have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.candidates.pool import draw, evidence, gathered
from ltrr_cli.policy.depth import depths
from ltrr_cli.policy.menu import WITNESSES
from ltrr_cli.simulate.truth import PAGE, ndcg, recall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.candidates.pool import Evidence
    from ltrr_cli.records import Hit, Plan, Query
    from ltrr_cli.simulate.stage import Stage
    from ltrr_cli.simulate.truth import Units

    Known = tuple[list[int], Evidence]  # what an arm found, best first, and what it says of each

DIGITS = 6  # that are kept of each measure


class Others:
    """Tries plans for the *query* that *engine* has just answered, against what is *relevant* to it (unit -> 0..1).

    Each comes out as `Engine.search` would have had it; what plans have in common is computed once.
    """

    def __init__(self, engine: Stage, query: Query, units: Units, relevant: Mapping[str, float]) -> None:
        self._engine, self._query, self._units, self._relevant = engine, query, units, relevant
        self._ranker = engine.ranker
        self._known: dict[tuple[str, int], Known] = {}  # by arm and how much it found
        self._ranked: dict[tuple[frozenset[str], frozenset[int]], float] = {}  # nDCG by the arms that speak and what is drawn

    def recall(self, plan: Plan) -> float:
        """Return the share of what is relevant that *plan* draws."""
        return self._share(self._rows(plan, draw(plan, self._query, self._engine.sources)))

    def measures(self, plan: Plan) -> list[float]:
        """Return [nDCG@10, recall] of *plan*."""
        found = draw(plan, self._query, self._engine.sources, WITNESSES)
        rows = self._rows(plan, found)
        share = self._share(rows)
        if not share:
            return [0.0, share]
        same = frozenset(found), frozenset(rows)
        if same not in self._ranked:
            candidates = gathered(rows, {arm: self._of(arm, hits)[1] for arm, hits in found.items()})
            ranked = self._engine._rank(self._query, candidates, ranker=self._ranker)[:PAGE]
            top = self._units.each(self._engine.generation.columns.id(candidate.row) for _, candidate, _ in ranked)
            self._ranked[same] = round(ndcg(top, self._relevant), DIGITS)
        return [self._ranked[same], share]

    def _rows(self, plan: Plan, found: Mapping[str, Sequence[Hit]]) -> dict[int, None]:
        rows = {arm: self._of(arm, found[arm])[0] for arm, _ in plan.draws}
        return dict.fromkeys(row for arm, n in depths(plan, rows).items() for row in rows[arm][:n])

    def _share(self, rows: Mapping[int, None]) -> float:
        id_of, unit_of = self._engine.generation.columns.id, self._units.of
        return round(recall(map(unit_of, map(id_of, rows)), self._relevant), DIGITS)

    def _of(self, arm: str, hits: Sequence[Hit]) -> Known:
        at = (arm, len(hits))
        if at not in self._known:
            said = evidence(arm, hits)
            self._known[at] = list(said), said
        return self._known[at]
