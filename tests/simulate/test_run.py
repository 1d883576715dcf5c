"""A simulation repeats itself to the byte, goes on where it was stopped, and leaves the index's log alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.errors import LtrrError, SimulationError
from ltrr_cli.simulate.play import Job, play
from ltrr_cli.simulate.run import Simulation
from ltrr_cli.simulate.stage import Kept
from ltrr_cli.simulate.summary import carried, report

SMALL: dict[str, Any] = {
    "users": ("position", "dbn+drift"),
    "policies": ("epsilon_greedy", "fixed"),
    "rounds": 40,
    "seeds": 2,
    "count": 20,
}


def told(simulation: Simulation) -> str:
    return json.dumps([report(simulation), carried(simulation)])


@pytest.fixture(scope="module")
def once(shop: str) -> Simulation:
    return ltrr_cli.try_policies(shop, **SMALL, workers=1)


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_cores(once: Simulation, shop: str) -> None:
    moved: list[tuple[int, int | None]] = []
    again = ltrr_cli.try_policies(shop, **SMALL, workers=2, progress=lambda what, done, of: moved.append((done, of)))
    assert told(again) == told(once)
    assert again.played == once.played
    assert moved[-1][0] <= (moved[-1][1] or 0)
    assert [done for done, _ in moved] == sorted(done for done, _ in moved)


def test_a_run_is_the_same_whatever_was_played_before_it(once: Simulation, shop: str) -> None:
    """Which of several processes plays a run, and after which others, hangs on how busy the machine is."""
    kept = Kept(shop)
    for job in reversed(once.played):
        assert play(kept, once.setting, job) == once.played[job]


def test_another_seed_gives_another_run(once: Simulation, shop: str) -> None:
    tried = ltrr_cli.try_policies(shop, **SMALL | {"users": ("position",), "policies": ("fixed",), "seeds": 1}, seed=7, workers=1)
    assert list(tried.played.values()) != [once.played[Job("position", "fixed", 0)]]


@pytest.fixture(scope="module")
def begun(shop: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Simulation, Path]:
    """One of the policies alone, and the folder in which it is kept."""
    out = tmp_path_factory.mktemp("begun") / "kept"
    return ltrr_cli.try_policies(shop, **SMALL | {"policies": ("fixed",)}, workers=1, out=str(out)), out


def test_every_policy_meets_the_same_needs_and_the_same_luck(once: Simulation, begun: tuple[Simulation, Path]) -> None:
    """What else is tried makes no difference."""
    alone, _ = begun
    assert {job: run for job, run in once.played.items() if job.policy == "fixed"} == alone.played


def test_the_log_of_the_index_is_left_alone(once: Simulation, shop: str) -> None:
    with ltrr_cli.open(shop) as engine:
        assert engine.explain.__doc__
        assert list(engine.export()) == []


def test_it_goes_on_where_it_was_stopped(once: Simulation, shop: str, begun: tuple[Simulation, Path]) -> None:
    _, out = begun
    done = {path: path.stat().st_mtime_ns for path in (out / "runs").iterdir()}
    assert len(done) == 4
    whole = ltrr_cli.try_policies(shop, **SMALL, workers=1, out=str(out))
    assert told(whole) == told(once)
    assert {path: path.stat().st_mtime_ns for path in done} == done
    moved: list[int] = []
    again = ltrr_cli.try_policies(shop, **SMALL, workers=1, out=str(out), progress=lambda what, done, of: moved.append(done))
    assert told(again) == told(once)
    assert moved == []  # nothing was left to do


def test_a_folder_of_another_simulation_is_refused(shop: str, tmp_path: Path) -> None:
    tiny: dict[str, Any] = {"rounds": 8, "seeds": 1, "count": 5, "workers": 1, "policies": ("fixed",), "out": str(tmp_path)}
    ltrr_cli.try_policies(shop, **tiny)
    for change in ({"rounds": 9}, {"seed": 5}, {"budget": 11}, {"unseen": True}):
        with pytest.raises(SimulationError, match="another simulation"):
            ltrr_cli.try_policies(shop, **tiny | change)
    (tmp_path / "runs" / next(iter(os.listdir(tmp_path / "runs")))).write_text("{", "utf-8")
    with pytest.raises(SimulationError, match="runs"):
        ltrr_cli.try_policies(shop, **tiny)


def test_json_has_the_fields_that_scripts_depend_on(once: Simulation) -> None:
    lines = report(once)
    pairs = [(users, policy) for users in SMALL["users"] for policy in SMALL["policies"]]
    assert [(line["users"], line["policy"]) for line in lines] == pairs
    for line in lines:
        assert list(line)[:7] == ["users", "policy", "rounds", "seeds", "reward", "against", "gap_closed"]
        assert list(line["reward"]) == ["first_quarter", "last_quarter"]
        assert set(line["against"]) == {"best_static", "rrf", "untrained"}
        for against in line["against"].values():
            found = against["last_quarter"]
            assert found["low"] <= found["mean"] <= found["high"]
        assert line["simulated"] is True
        assert len(line["curve"]) == len(line["regret"]["oracle"]) == 10
        assert all(o >= s for o, s in zip(line["regret"]["oracle"], line["regret"]["best_static"], strict=True))
        assert all(abs(sum(of["draws"].values()) - 1) < 0.01 for of in line["classes"].values())


def test_each_class_is_carried_by_the_arm_that_brings_most(once: Simulation) -> None:
    lines = carried(once)
    assert {line["class"] for line in lines} == {need.kind for need in once.setting.needs}
    for line in lines:
        assert line["arms"][line["carried_by"]]["recall"] == max(arm["recall"] for arm in line["arms"].values())
    assert next(line for line in lines if line["class"] == "exact")["arms"]["lexical"]["recall"] == 1.0
    assert all(line["arms"]["personal"]["recall"] == 0.0 for line in lines)  # nobody is known here


MEANT = {  # what nothing tells of a query before someone acts on it
    "beatles": "track-4-3", "love": "track-4-1", "norrland": "product-8", "rain": "track-8-1", "running": "product-1",
    "solstice": "product-1", "taylor swift": "track-3-4", "warm": "product-9",
}  # fmt: skip


def test_a_perfect_user_teaches_memory_the_queries_that_come_back(shop: str, tmp_path: Path) -> None:
    queries, qrels = tmp_path / "queries.tsv", tmp_path / "qrels.txt"
    queries.write_text("".join(f"{qid}\t{text}\n" for qid, text in enumerate(MEANT)), "utf-8")
    qrels.write_text("".join(f"{qid} 0 {entity} 1\n" for qid, entity in enumerate(MEANT.values())), "utf-8")
    simulation = ltrr_cli.try_policies(
        shop, users=("perfect",), policies=("fixed",), rounds=100, seeds=1, workers=1, queries=str(queries), qrels=str(qrels)
    )
    line = report(simulation)[0]
    assert line["against"]["untrained"]["last_quarter"]["mean"] > 0.1
    assert line["acted"]["last_quarter"] > 0.8


def test_an_arm_alone_is_a_policy_too(shop: str) -> None:
    simulation = ltrr_cli.try_policies(shop, policies=("arm:lexical",), rounds=16, seeds=1, count=10, workers=1)
    (run,) = simulation.played.values()
    assert {name.partition(":")[0] for name in run.plans} == {"lexical"}
    (line,) = report(simulation)
    assert {arm for of in line["classes"].values() for arm in of["draws"]} == {"lexical"}
    with pytest.raises(LtrrError, match="lexcal"):
        ltrr_cli.try_policies(shop, policies=("arm:lexcal",), rounds=16, seeds=1, count=10, workers=1)


def test_the_ranker_is_trained_on_the_private_log_where_it_is_asked_for(shop: str) -> None:
    options: dict[str, Any] = {"users": ("perfect",), "policies": ("fixed",), "rounds": 60, "seeds": 1, "count": 20, "workers": 1}
    one, two = (ltrr_cli.try_policies(shop, **options, learn_every=25) for _ in range(2))
    (run,) = one.played.values()
    assert [at for at, _ in run.trained] == [24, 49]
    assert told(one) == told(two)
    assert report(one)[0]["rankers"]["trained"] == 2
    with ltrr_cli.open(shop) as engine:
        assert engine.store.model() == {}


def test_unseen_queries_are_never_acted_on(shop: str) -> None:
    simulation = ltrr_cli.try_policies(shop, policies=("fixed",), rounds=40, seeds=1, count=20, unseen=True, workers=1)
    (run,) = simulation.played.values()
    assert sum(run.acts[30:]) == 0 < sum(run.acts[:30])
    assert report(simulation)[0]["unseen"] is True


WRONG: dict[str, dict[str, Any]] = {
    "posision": {"users": ("posision",)},
    "greedy": {"policies": ("greedy",)},
    "trak": {"types": ("trak",)},
    "qrels": {"queries": "q.tsv"},
    "nowhere": {"queries": "nowhere.tsv", "qrels": "nowhere.txt"},
    "clustr": {"unit": "clustr"},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_simulated_is_named(name: str, shop: str) -> None:
    with pytest.raises(LtrrError, match=name) as e:
        ltrr_cli.try_policies(shop, **WRONG[name], rounds=4, seeds=1, workers=1)
    assert e.value.hint
