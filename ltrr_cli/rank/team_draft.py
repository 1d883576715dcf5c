"""Two rankings shown as one, so that people's choices say which of them is better."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, TypeVar
from ltrr_cli.policy.base import heads
from ltrr_cli.records import Interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from ltrr_cli.records import Candidate, Choice

    Scored = tuple[float, Candidate, dict[str, float]]
    T = TypeVar("T", bound=Hashable)


def share(
    two: tuple[Choice, Choice], limit: int, rank: Callable[[Choice], Sequence[Scored]]
) -> tuple[list[tuple[Scored, Choice]], Interleaved]:
    """Return at most *limit* candidates, each with the choice it was found by, and who placed it.

    *rank* returns what a choice finds, ranked as it would be alone. The coins belong to the seed of the first choice.
    """
    rankings = [{best[1].row: (best, choice) for best in rank(choice)} for choice in two]
    placed = team_draft(list(rankings[0]), list(rankings[1]), limit, lambda n: heads(two[0].seed, n))
    found = [rankings[team == "B" or row not in rankings[0]][row] for row, team in placed]
    return found, Interleaved(two, tuple(team for _, team in placed))


def team_draft(a: Sequence[T], b: Sequence[T], limit: int, heads: Callable[[int], bool]) -> list[tuple[T, str]]:
    """Return at most *limit* things, best first, each with the team that placed it: "A", "B", or "" for nobody.

    In each round both teams place their best thing that is not there yet; *heads(n)* decides whether A goes first in round n,
    from 0, so that both have the same chance of every place. Once one of them has nothing left, the rest of the other follows
    for nobody's benefit: a longer list is no merit.

    >>> team_draft("abcd", "bdae", 4, heads=lambda n: n == 0)
    [('a', 'A'), ('b', 'B'), ('d', 'B'), ('c', 'A')]

    References: Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008.
    """
    placed: dict[T, str] = {}
    rankings = {"A": list(dict.fromkeys(a)), "B": list(dict.fromkeys(b))}
    at = {"A": 0, "B": 0}
    turn = 0

    def ahead(team: str) -> bool:
        """Move to the team's best thing that is not there yet; False if there is none."""
        while at[team] < len(rankings[team]) and rankings[team][at[team]] in placed:
            at[team] += 1
        return at[team] < len(rankings[team])

    while len(placed) < limit and ahead("A") and ahead("B"):
        for team in "AB" if heads(turn) else "BA":
            if len(placed) < limit and ahead(team):
                placed[rankings[team][at[team]]] = team
        turn += 1
    for team in "AB":
        while len(placed) < limit and ahead(team):
            placed[rankings[team][at[team]]] = ""
    return list(placed.items())
