"""The measures against hand-worked cases and against trec_eval itself."""

from math import log2
from random import Random

import pytest
import pytrec_eval

from ltrr_cli.errors import EvaluationError
from ltrr_cli.evaluate.metrics import deepest, measures, scores

QRELS = {"q": {"a": 3, "b": 1, "c": 0, "d": 2}}


def test_hand_worked_cases() -> None:
    found = scores(measures("nDCG@3,R@2,RR,P@3,AP"), QRELS, {"q": ["c", "a", "x", "b"]})
    ideal = 3 + 2 / log2(3) + 1 / 2
    assert found["nDCG@3"]["q"] == pytest.approx(3 / log2(3) / ideal, abs=1e-9)
    assert found["R@2"]["q"] == pytest.approx(1 / 3)
    assert found["RR"]["q"] == pytest.approx(1 / 2)
    assert found["P@3"]["q"] == pytest.approx(1 / 3)
    assert found["AP"]["q"] == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_a_query_without_an_answer_scores_nothing() -> None:
    assert scores(measures("nDCG@10"), QRELS, {}) == {"nDCG@10": {"q": 0.0}}


def test_the_measures_are_those_of_trec_eval() -> None:
    rng = Random(4)
    ids = [f"d{i}" for i in range(300)]
    qrels = {f"q{n}": {i: rng.randrange(4) for i in rng.sample(ids, 30)} for n in range(40)}
    run = {qid: rng.sample(ids, 150) for qid in qrels}
    ours = scores(measures("nDCG@10,R@100,AP,RR"), qrels, run)
    given = {qid: {i: 1.0 / rank for rank, i in enumerate(ranked, 1)} for qid, ranked in run.items()}
    judge = pytrec_eval.RelevanceEvaluator(qrels, {"ndcg_cut.10", "recall.100", "map", "recip_rank"})
    theirs = judge.evaluate(given)
    for name, theirs_name in (("nDCG@10", "ndcg_cut_10"), ("R@100", "recall_100"), ("AP", "map"), ("RR", "recip_rank")):
        for qid in qrels:
            assert ours[name][qid] == pytest.approx(theirs[qid][theirs_name], abs=1e-6)


@pytest.mark.parametrize("names", ["", "foo@3", "nDCG@", "nDCG@ten", ","])
def test_a_measure_that_is_none_is_named(names: str) -> None:
    with pytest.raises(EvaluationError, match="measures"):
        measures(names)


def test_how_deep_measures_look() -> None:
    assert deepest(measures("nDCG@10,R@50")) == 50
