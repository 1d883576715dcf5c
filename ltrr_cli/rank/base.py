"""What a ranker promises, the table of rankers, and which of them ranks."""

from __future__ import annotations

import json
from zlib import crc32

from ltrr_cli.light import TYPE_CHECKING, Protocol
from ltrr_cli.rank.features import VERSION
from ltrr_cli.registry import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

RANKERS = {  # name -> a function of the model that `learn.ranker` promoted, {} for none
    "blend": "ltrr_cli.rank.blend:from_model",
    "pairwise": "ltrr_cli.rank.pairwise:from_model",
    "trees": "ltrr_cli.rank.trees:from_model",
}
AUTO, UNTRAINED = "auto", "blend"  # the setting that takes what was promoted, and what ranks before


class Ranker(Protocol):
    """Scores candidates by their features."""

    name: str

    def score(self, features: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """Return for each candidate what each feature contributes; a candidate's score is the sum.

        The features are those of `rank.features`. A ranker must score a candidate on its own features and those of the
        others in the pool alone, so that a logged search can be ranked again.
        """


def chosen(setting: str, model: Mapping[str, Any]) -> Ranker:
    """Return the ranker of that name, or with AUTO the one whose *model* was promoted, if it knows today's features.

    >>> chosen(AUTO, {}).name
    'blend'
    """
    fits = model.get("features") == VERSION
    name = (str(model["kind"]) if fits else UNTRAINED) if setting == AUTO else setting
    ranker: Ranker = look_up(RANKERS, name, "ranker")(model if fits else {})
    return ranker


def mark(model: Mapping[str, Any]) -> str:
    """Return what tells one promoted model from another, "" where none was promoted.

    >>> mark({"kind": "pairwise", "weights": {"quality": 0.1}})
    'b2e4156e'
    """
    if not model:
        return ""
    found: str = model.get("mark") or f"{crc32(json.dumps(model, sort_keys=True).encode()):08x}"
    return found
