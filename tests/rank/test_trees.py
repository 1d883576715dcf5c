"""Trees rank by plain arithmetic as LightGBM would, and learn what weights can't say."""

import sys
from random import Random

import pytest

from ltrr_cli.learn import pairwise, trees
from ltrr_cli.learn.gate import Proof, fold, gains, interval
from ltrr_cli.learn.pages import Seen
from ltrr_cli.rank.base import chosen
from ltrr_cli.rank.pairwise import Pairwise
from ltrr_cli.rank.trees import INPUTS, LEAF, Table, Trees


def pages(n: int, seed: int = 0) -> list[Seen]:
    """Pages of ten; the best known satisfies among those that most arms agree on, the least known among the others."""
    rng = Random(seed)
    made = []
    for i in range(n):
        features = [{"hybrid": 0.5, "quality": rng.random(), "agree": float(rng.random() < 0.5)} for _ in range(10)]
        worth = [one["quality"] if one["agree"] else 1 - one["quality"] for one in features]
        made.append(Seen(f"q{i}", features, [float(w == max(worth)) for w in worth]))
    return made


def test_a_table_sums_the_steps_down_its_trees() -> None:
    at, other = INPUTS.index("quality"), INPUTS.index("agree")
    table = Table([0, 5], [at, LEAF, other, LEAF, LEAF, LEAF], [0.5, 0, 0.2, 0, 0, 0], [2, 0, 4, 0, 0, 0], [1, 2, 3, 5, 8, 9])
    (part,) = Trees(Pairwise({}), table).score([{"hybrid": 1.0, "quality": 0.6}])  # right, 3 - 1; then left, 5 - 3
    assert part == pytest.approx({"hybrid": 1.0, "quality": 0.4 * 0.6 + 2, "agree": 2})
    assert chosen("trees", {}).score([{"hybrid": 1.0}]) == [{"hybrid": 1.0}]


def test_only_the_first_page_is_reordered() -> None:
    at = INPUTS.index("quality")
    table = Table([0], [at, LEAF, LEAF], [0.5, 0, 0], [2, 0, 0], [0, 5.0, -5.0])  # the less known the better
    pool = [{"lexical": 1 - i / 20, "quality": 0.4 if i in (5, 15) else 0.6} for i in range(20)]
    scores = [sum(part.values()) for part in Trees(Pairwise({"quality": -1.0}), table).score(pool)]
    order = sorted(range(20), key=lambda i: -scores[i])
    assert order == [5, 0, 1, 2, 3, 4, 6, 7, 8, 9, *range(10, 20)]


def test_trees_learn_what_weights_can_not_say_and_score_as_lightgbm_does() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    learn, proof = pages(600), pages(200, seed=1)
    weights = pairwise.fit(learn, 0.0).weights
    table = trees.fit(learn, weights)
    assert table == trees.fit(learn, weights)  # nothing random
    linear, both = Pairwise(weights), Trees(Pairwise(weights), table)
    assert interval(gains(proof, both, linear, 0.0))[1] > 0.1
    model = trees.booster(learn, weights)
    assert isinstance(model, lightgbm.Booster)
    for page in proof[:5]:
        plain = [sum(part.values()) for part in linear.score(page.features)]
        mine = [sum(part.values()) for part in both.score(page.features)]
        its = model.predict([[one.get(name, 0.0) for name in INPUTS] for one in page.features])
        steps = [a - b - c / trees.SHARP for a, b, c in zip(mine, plain, its, strict=True)]
        assert steps == pytest.approx([steps[0]] * 10)  # but for what all roots say


def test_ranking_by_trees_takes_no_lightgbm() -> None:
    import subprocess

    code = (
        "import sys; from ltrr_cli.rank.base import chosen; from ltrr_cli.rank.features import VERSION;"
        "table = dict(roots=[0], input=[0, -1, -1], most=[.5, 0, 0], right=[2, 0, 0], value=[0, 1, 2]);"
        "chosen('auto', {'kind': 'trees', 'features': VERSION, 'weights': {}, 'trees': table}).score([{'lexical': 1.0}]);"
        "sys.exit(bool({'lightgbm', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_folds_are_of_about_one_size_and_never_change() -> None:
    sizes = [sum(fold(f"query {i}") == k for i in range(5000)) for k in range(5)]
    assert all(900 < size < 1100 for size in sizes)
    assert fold("love") == 1  # on every machine
    assert Proof(*interval({"a": [1.0], "b": [0.0]}, tries=2)) == (0.5, 0.0, 1.0)
