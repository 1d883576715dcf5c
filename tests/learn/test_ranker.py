"""The ranker learns what is there to learn, and nothing gets past the gate that is not better."""

import shutil
from pathlib import Path
from random import Random

import pytest

from ltrr_cli.engine import Engine
from ltrr_cli.learn import pairwise, ranker, trees
from ltrr_cli.learn.gate import gains, interval
from ltrr_cli.learn.pages import Seen
from ltrr_cli.learn.pairwise import Fitted, fit
from ltrr_cli.privacy import forget
from ltrr_cli.rank.base import chosen
from ltrr_cli.rank.features import VERSION
from ltrr_cli.rank.pairwise import Pairwise


def pages(n: int, wanted: str, seed: int = 0) -> list[Seen]:
    """Pages of ten, on each of which the result with the highest *wanted* feature is what satisfied."""
    rng = Random(seed)
    made = []
    for i in range(n):
        features = [{"hybrid": rng.random(), "quality": rng.random(), "agree": rng.random()} for _ in range(10)]
        features.sort(key=lambda f: -(f["hybrid"] + 0.4 * f["quality"]))
        best = max(range(10), key=lambda j: features[j][wanted])
        made.append(Seen(f"q{i}", features, [float(j == best) for j in range(10)]))
    return made


def test_what_satisfied_gets_its_weight() -> None:
    weights, bias = fit(pages(200, "agree"), 1.0)
    assert weights["agree"] > 0.3
    assert weights["agree"] > abs(weights["quality"]) > 0
    gain, low, _ = interval(gains(pages(100, "agree", 1), Pairwise(weights), chosen("blend", {}), 0.0))
    assert gain > low > 0
    assert bias < 0.3  # it satisfied wherever it stood


def test_nothing_to_learn_from_leaves_the_blend() -> None:
    assert fit([], 0.7) == ({}, 0.7)
    assert chosen("auto", {"kind": "pairwise", "features": VERSION, "weights": {}}).score([{"hybrid": 1.0}]) == [{"hybrid": 1.0}]


def test_a_model_of_other_features_is_not_used() -> None:
    assert chosen("auto", {"kind": "pairwise", "features": "0", "weights": {"hybrid": -9.0}}).name == "blend"


def test_the_interval_is_that_of_the_mean_over_queries() -> None:
    mean, low, high = interval({"a": [1.0, 3.0], "b": [0.0]})
    assert mean == 1.0  # (2 + 0) / 2
    assert (low, high) == (0.0, 2.0)
    assert interval({}) == (0.0, 0.0, 0.0)


@pytest.fixture
def own(shop: str, tmp_path: Path) -> str:
    return shutil.copytree(shop, str(tmp_path / "state"))


all_of_them = ranker._challengers
WORDS = ("love", "rain", "shoe", "swift", "black", "red", "story", "halo", "day", "night", "blue", "song", "beatles", "adele")


def play(engine: Engine, last: bool, rounds: int = 120) -> None:
    """Search for many things, and like the last result of each page, or the first."""
    for i in range(rounds):
        text = f"{WORDS[i % len(WORDS)]} {WORDS[(i // len(WORDS) + i) % len(WORDS)]}"
        page = engine.search(text, seed=i, now=1e9 + i)
        if len(page.results) > 2:
            engine.feedback(page.results[-1 if last else 0].id, action="like", now=1e9 + i)


def test_too_little_trains_nothing(own: str) -> None:
    with Engine(own) as engine:
        play(engine, last=True, rounds=5)
        report = engine.learn(now=2e9)
        assert not report.promoted
        assert report.trained == 0
        assert not engine.rollback_ranker()


def test_what_is_promoted_ranks_and_can_be_taken_back(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranker, "QUERIES", 10)
    with Engine(own, epsilon=0.01) as engine:
        play(engine, last=True)
        report = engine.learn(now=2e9)
        assert report.promoted, report
        assert report.low > 0
        assert engine.ranker.name == "pairwise"
        page = engine.search("love story", seed=1)
        assert sum(page.results[0].why.values()) == pytest.approx(page.results[0].score, abs=1e-5)
        again = engine.learn(now=2e9)
        assert not again.promoted  # the same data can't be better than what it made
        assert engine.rollback_ranker()
        assert engine.ranker.name == "blend"


def test_a_ranker_that_is_upside_down_is_refused_and_one_that_went_bad_is_taken_back(
    own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranker, "QUERIES", 10)
    inverted = {"hybrid": -2.0, "quality": -2.0, "lexical": -2.0, "sparse": -2.0, "structured": -2.0}
    with Engine(own, epsilon=0.01) as engine:
        play(engine, last=False)
        monkeypatch.setattr(pairwise, "fit", lambda pages, assumed: Fitted(inverted, assumed))
        report = engine.learn(now=2e9)
        assert not report.promoted
        assert report.gain < 0
        assert engine.ranker.name == "blend"
        ranker._keep(engine.store, {ranker.NOW: {"kind": "pairwise", "features": VERSION, "weights": inverted}})  # an old one
        assert engine.ranker.name == "pairwise"
        engine.learn(now=2e9)
        assert engine.ranker.name == "blend"


def test_forgetting_takes_the_ranker_too(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranker, "QUERIES", 10)
    with Engine(own, epsilon=0.01) as engine:
        play(engine, last=True)
        assert engine.learn(now=2e9).promoted
        promoted, first = engine.store.model(), engine.store.rows("SELECT id FROM searches")[0][0]
        engine.relearn()
        assert engine.store.model() == promoted  # nothing that it rests on has gone
        assert forget(own, search=first).ranker == "trained again"
        assert engine.store.model()["searches"] < promoted["searches"] or engine.store.model()["weights"] != promoted["weights"]


def test_people_who_look_at_the_top_only_are_found_out() -> None:
    rng = Random(3)
    made = []
    for page in pages(600, "agree"):
        looked = [j for j in range(10) if rng.random() < 1 / (j + 1)]
        if looked:
            taken = max(looked, key=lambda j: page.features[j]["agree"])
            made.append(page._replace(reward=[float(j == taken) for j in range(10)]))
    fitted = fit(made, 0.0)
    assert fitted.bias > 0.6
    assert fitted.weights["agree"] > 0.2


def test_trees_are_trained_from_so_many_on_and_promoted_if_they_are_better(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lightgbm")
    monkeypatch.setattr(trees, "LEAST", 60)
    monkeypatch.setitem(trees.SETTINGS, "min_data_in_leaf", 20)
    with Engine(own, epsilon=0.01) as engine:
        play(engine, last=True)
        monkeypatch.setattr(ranker, "_challengers", lambda *given: [all_of_them(*given)[1]])
        report = engine.learn(now=2e9)
        assert (report.kind, report.promoted) == ("trees", True)
        assert engine.ranker.name == "trees"
        page = engine.search("love story", seed=1)
        assert sum(page.results[0].why.values()) == pytest.approx(page.results[0].score, abs=1e-5)
        assert engine.rollback_ranker()
        assert engine.ranker.name == "blend"


def test_without_lightgbm_it_says_what_to_install(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "LEAST", 60)
    monkeypatch.setattr(trees, "installed", lambda: False)
    with Engine(own, epsilon=0.01) as engine:
        play(engine, last=True)
        report = engine.learn(now=2e9)
    assert report.kind == "pairwise"
    assert "ltrr[trees]" in report.hint


def test_only_so_many_earlier_rankers_are_kept(own: str) -> None:
    with Engine(own) as engine:
        for i in range(ranker.EARLIER + 3):
            model = {"kind": "pairwise", "features": VERSION, "weights": {"quality": float(i)}}
            ranker._promote(engine.store, ranker.Challenger(model, [model]))
        assert [one["weights"]["quality"] for one in engine.store.models()] == [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0]
        assert ranker.rollback(engine.store)
        assert engine.store.model()["weights"] == {"quality": 9.0}
