"""What a ranker may know about a candidate, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.index.columns import Columns
    from ltrr_cli.records import Candidate

QUALITY, MEMORY = "quality", "memory"


def features(candidate: Candidate, columns: Columns, remembered: Mapping[int, float]) -> dict[str, float]:
    """Return what is known about one candidate.

    Under each arm's name its score, normalised to 0..1, if the arm found it; `quality`, 0 to 1; `memory`, -1 to 1, if it
    was acted on for this query or one like it, whichever arm brought it now (*remembered*: row -> score).
    """
    found = {arm: normalised for arm, (_, _, normalised) in candidate.arms.items() if arm != MEMORY}
    found[QUALITY] = columns.quality(candidate.row)
    if candidate.row in remembered:
        found[MEMORY] = remembered[candidate.row]
    return found
