"""What a ranker may know about a candidate, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from ltrr_cli.arms.base import ARMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ltrr_cli.index.columns import Columns
    from ltrr_cli.records import Candidate

QUALITY, MEMORY, AGREE, TOP, AFFINITY = "quality", "memory", "agree", "top", "affinity"
NAMES = (*(arm for arm in ARMS if arm != MEMORY), QUALITY, MEMORY, AGREE, TOP, AFFINITY)
VERSION = f"{crc32(' '.join(NAMES).encode()):08x}"  # a model that was learned with other features is not used


def features(
    candidate: Candidate,
    columns: Columns,
    remembered: Mapping[int, float],
    drawn: int = 1,
    affinity: Callable[[int], float] | None = None,
) -> dict[str, float]:
    """Return what is known about one candidate.

    Under each arm's name its score, normalised to 0..1, if the arm found it; `quality`, 0 to 1; `memory`, -1 to 1, if it
    was acted on for this query or one like it, whichever arm brought it now (*remembered*: row -> score); `agree`, the share
    of the *drawn* arms that found it; `top`, 1 over its best rank in any of them; `affinity`, 0 to 1, how much it is to the
    taste of who asks (*affinity*: row -> that), if that is known.
    """
    found = {arm: normalised for arm, (_, _, normalised) in candidate.arms.items() if arm != MEMORY}
    found[QUALITY] = columns.quality(candidate.row)
    if candidate.row in remembered:
        found[MEMORY] = remembered[candidate.row]
    found[AGREE] = len(candidate.arms) / max(drawn, len(candidate.arms))
    found[TOP] = 1 / min(rank for rank, _, _ in candidate.arms.values())
    if affinity is not None:
        found[AFFINITY] = affinity(candidate.row)
    return found
