"""Boosted trees over what the pairwise ranker says: LambdaMART by LightGBM, which also works out how places were favoured.

Sources: Burges, "From RankNet to LambdaRank to LambdaMART", 2010; Ke et al., "LightGBM", NeurIPS 2017, whose correction for
places is an additive model as in Yan et al., "Revisiting two-tower models for unbiased learning to rank", SIGIR 2022.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from ltrr_cli.rank.pairwise import Pairwise
from ltrr_cli.rank.trees import INPUTS, LEAF, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ltrr_cli.learn.pages import Seen

LEAST = 2000  # satisfied searches before trees are trained
SHARP = 8.0  # what a difference of scores is multiplied by: a tenth is then nearly one logit
TREES = 60
GRADES = 10  # steps of reward
SETTINGS: dict[str, Any] = {
    "objective": "lambdarank", "learning_rate": 0.1, "num_leaves": 8, "min_data_in_leaf": 100, "lambda_l2": 20.0,
    "label_gain": list(range(GRADES + 1)), "lambdarank_truncation_level": 10, "lambdarank_position_bias_regularization": 1.0,
    "deterministic": True, "force_row_wise": True, "num_threads": 1, "seed": 0, "verbosity": -1,
}  # fmt: skip


def installed() -> bool:
    """Is LightGBM there, which only training needs?"""
    return find_spec("lightgbm") is not None


def fit(pages: Sequence[Seen], weights: Mapping[str, float]) -> Table:
    """Return trees that correct the pairwise ranker with *weights*, trained on *pages*; the same pages give the same trees."""
    return flat(tree["tree_structure"] for tree in booster(pages, weights).dump_model()["tree_info"])


def booster(pages: Sequence[Seen], weights: Mapping[str, float]) -> Any:
    """Return them as LightGBM has them."""
    import lightgbm

    linear = Pairwise(weights)
    x = np.array([[one.get(name, 0.0) for name in INPUTS] for page in pages for one in page.features])
    start = [SHARP * sum(part.values()) for page in pages for part in linear.score(page.features)]
    data = lightgbm.Dataset(
        x,
        label=[round(GRADES * max(0.0, reward)) for page in pages for reward in page.reward],
        group=[len(page.features) for page in pages],
        init_score=start,
        position=[place for page in pages for place in range(len(page.features))],
        params={"verbosity": -1},
    )
    return lightgbm.train(SETTINGS, data, TREES)


def flat(trees: Iterable[Mapping[str, Any]]) -> Table:
    """Return LightGBM's nested *trees* as one table, in the units of a score.

    >>> low, high = {"leaf_value": 0.8}, {"leaf_value": 4.0}
    >>> flat([{"split_feature": 1, "threshold": 0.5, "internal_value": 1.6, "left_child": low, "right_child": high}])
    Table(roots=[0], input=[1, -1, -1], most=[0.5, 0.0, 0.0], right=[2, 0, 0], value=[0.2, 0.1, 0.5])
    """
    nodes: list[tuple[int, float, int, float]] = []

    def add(node: Mapping[str, Any]) -> int:
        at = len(nodes)
        if "split_feature" not in node:
            nodes.append((LEAF, 0.0, 0, node["leaf_value"] / SHARP))
            return at
        nodes.append((LEAF, 0.0, 0, 0.0))  # its children come first
        add(node["left_child"])
        right = add(node["right_child"])
        nodes[at] = (node["split_feature"], node["threshold"], right, node["internal_value"] / SHARP)
        return at

    roots = [add(tree) for tree in trees]
    return Table(roots, *map(list, zip(*nodes, strict=True)))
