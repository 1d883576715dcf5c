"""What the baseline gave to fill up a plan stands after what the plan itself found: the plan was chosen over it."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.records import Candidate

SPARE = "spare"  # what its score loses
STEP = 1e-6


def put_last(candidates: Sequence[Candidate], parts: Sequence[dict[str, float]], scores: list[float]) -> None:
    """Lower the *scores* of spare candidates below those of all others, and say so in their *parts*, in place.

    >>> from ltrr_cli.records import Candidate
    >>> candidates, scores = [Candidate(4, {}), Candidate(8, {}, spare=True)], [0.25, 0.75]
    >>> put_last(candidates, [{}, found := {}], scores)
    >>> scores[1] < scores[0], sorted(found)
    (True, ['spare'])
    """
    spare = [i for i, candidate in enumerate(candidates) if candidate.spare]
    if not spare or len(spare) == len(candidates):
        return
    least = min(score for score, candidate in zip(scores, candidates, strict=True) if not candidate.spare)
    less = max(scores[i] for i in spare) - least + STEP
    if less > 0:
        for i in spare:
            scores[i] -= less
            parts[i][SPARE] = -less
