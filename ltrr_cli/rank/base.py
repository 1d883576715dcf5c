"""What a ranker promises, and the table of rankers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RANKERS = {"blend": "ltrr_cli.rank.blend:Blend"}


class Ranker(Protocol):
    """Scores candidates by their features."""

    name: str

    def score(self, features: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """Return for each candidate what each feature contributes; a candidate's score is the sum.

        The features are those of `rank.features`. A ranker must score a candidate on its own features and those of the
        others in the pool alone, so that a logged search can be ranked again.
        """
        ...
