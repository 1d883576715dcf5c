"""Draw what a plan asks for, and put it into one pool that keeps each arm's rank and score."""

from __future__ import annotations

from ltrr_cli.arms.base import normal
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.depth import depths, pooled
from ltrr_cli.policy.shares import BASELINE
from ltrr_cli.records import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ltrr_cli.arms.base import Sources
    from ltrr_cli.records import Hit, Plan, Query

    Evidence = Mapping[int, tuple[int, float, float]]

ABSOLUTE = ("structured",)  # arms whose scores are in 0..1 already: likelihoods, which say the same for every query


def draw(plan: Plan, query: Query, sources: Sources, beside: Iterable[str] = ()) -> dict[str, list[Hit]]:
    """Return what each arm of *plan* found, and those *beside*, deeper than it is drawn: the depth is for normalising."""
    wanted = dict.fromkeys(beside, 0) | dict(plan.draws)
    return {arm: sources.draw(arm, query, wanted[arm]) for arm in sorted(wanted)}


def deep(plan: Plan, found: Mapping[str, Sequence[Hit]]) -> dict[str, int]:
    """Return how deep each arm of *plan* is drawn, and the baseline where they leave something to it; see `policy.depth`."""
    asked = [arm for arm, _ in plan.draws] + [BASELINE] * (BASELINE in found)
    return depths(plan, {arm: [hit.row for hit in found[arm]] for arm in asked})


def pool(plan: Plan, found: Mapping[str, Sequence[Hit]]) -> list[Candidate]:
    """Return each row that some arm of *plan* drew, once, with the evidence of every arm that *found* it.

    An arm's evidence counts even where the row stood too deep to be drawn from that arm, or nothing was drawn from it: so
    how a page is ranked depends on the plan as little as can be. How deep arms are drawn: see `policy.depth`.

    >>> from ltrr_cli.records import Hit, Plan
    >>> plan = Plan((("fuzzy", 1), ("lexical", 1)))
    >>> found = {"fuzzy": [Hit(4, 9.0), Hit(8, 3.0)], "lexical": [Hit(8, 2.0)]}
    >>> [(c.row, sorted(c.arms)) for c in pool(plan, found)]
    [(4, ['fuzzy']), (8, ['fuzzy', 'lexical'])]
    """
    own, spare = pooled(plan, {arm: [hit.row for hit in hits] for arm, hits in found.items()})
    told = {arm: evidence(arm, hits) for arm, hits in found.items()}
    return gathered(own, told) + [one._replace(spare=True) for one in gathered(spare, told)]


def covered(
    menu: Iterable[Plan], by_hand: Collection[Plan], found: Mapping[str, Sequence[Hit]], shown: Sequence[int]
) -> list[int | None]:
    """Return for each plan of *menu* which of the rows *shown* it draws too: bit 0 for the first, and so on.

    It is known of a plan if all its arms were asked, and worth knowing if it is one made *by_hand*; otherwise there is None.

    >>> from ltrr_cli.records import Hit, Plan
    >>> found = {"fuzzy": [Hit(4, 9.0), Hit(8, 3.0)], "lexical": [Hit(8, 2.0)]}
    >>> menu = [Plan((("fuzzy", 1),)), Plan((("lexical", 1),)), Plan((("semantic", 1),))]
    >>> covered(menu, menu, found, [4, 8])
    [1, 2, None]
    """
    rows = {arm: [hit.row for hit in hits] for arm, hits in found.items()}
    known: list[int | None] = []
    for plan in menu:
        if plan not in by_hand or not all(arm in rows for arm, _ in plan.draws):
            known.append(None)
            continue
        drawn = {row for arm, n in depths(plan, rows).items() for row in rows[arm][:n]}
        known.append(sum(1 << i for i, row in enumerate(shown) if row in drawn))
    return known


def gathered(rows: Iterable[int], told: Mapping[str, Evidence]) -> list[Candidate]:
    """Return each of *rows* with what each arm of *told* says of it."""
    by = list(told.items())
    return [Candidate._make((row, {arm: said[row] for arm, said in by if row in said}, False)) for row in rows]


def evidence(arm: str, hits: Sequence[Hit]) -> Evidence:
    """Return row -> (rank, score, score normalised), of what *arm* found."""
    normalised = {h.row: h.score for h in hits} if arm in ABSOLUTE else normal(hits)
    return {hit.row: (rank, hit.score, normalised[hit.row]) for rank, hit in enumerate(hits, 1)}
