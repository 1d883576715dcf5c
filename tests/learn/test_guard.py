"""Guard rails: a policy that looks on, one that does worse than the default plan, and learning nothing for a while."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.cli.story import of_log
from ltrr_cli.engine import Engine
from ltrr_cli.errors import SettingsError
from ltrr_cli.evaluate.replay import SAME, replay
from ltrr_cli.feedback.schema import DERIVED
from ltrr_cli.learn import guard


@pytest.fixture
def own(shop: str, tmp_path: Path) -> str:
    return shutil.copytree(shop, str(tmp_path / "state"))


def everything(engine: Engine) -> dict[str, Any]:
    return {table: engine.store.rows(f"SELECT * FROM {table}") for table in DERIVED}


def test_differences_are_counted_by_hand() -> None:
    menu = [{"lexical": 2}, {"fuzzy": 2}]  # without an arm of the default plan but these, it is 1 and 1
    logged: dict[str, Any] = {"choice": {"policy": "linucb", "menu": menu, "probabilities": [0.9, 0.1]}, "budget": 2}
    sums: guard.Sums = {}
    guard.count(sums, logged, {"lexical": 0, "fuzzy": 1}, 2.0)
    assert sums == {"linucb": (1.0, -2.0, 4.0)}
    guard.count(sums, logged, {"lexical": 2, "fuzzy": 0}, 1.0)  # only the policy's plan had it
    fade = 0.5 ** (1 / 200)
    assert sums["linucb"] == pytest.approx((fade + 1, -2 * fade + 1, 4 * fade + 1))
    guard.count(sums, {**logged, "choice": {**logged["choice"], "policy": "uniform"}}, {"fuzzy": 1}, 1.0)
    assert list(sums) == ["linucb"]


def test_a_verdict_takes_evidence_and_more_than_chance() -> None:
    for sums, verdict in [((40, -40, 40), False), ((100, -10, 10), True), ((100, -10, 100), False), ((100, 30, 30), False)]:
        assert guard.fallen({"linucb": sums}, "linucb") is verdict
        assert guard.watched({"linucb": sums})[0].fallen is verdict
    assert not guard.fallen({}, "linucb")


def test_a_policy_that_looks_on_is_logged_and_never_acts(own: str) -> None:
    with Engine(own) as plain, Engine(own, shadow="thompson") as engine:
        alone = plain.search("love", seed=3, now=1e9, log=False)
        page = engine.search("love", seed=3, now=1e9)
        assert [r.id for r in page.results] == [r.id for r in alone.results]
        assert page.choice == alone.choice
        beside = engine.explain(page.search_id)["shadow"]
        assert beside["policy"] == "thompson"
        assert sum(beside["probabilities"]) == pytest.approx(1)
        assert len(beside["probabilities"]) == len(page.choice.menu)
        assert "thompson would have drawn" in of_log(engine.explain(page.search_id))
        engine.feedback(1, action="like", now=1e9)
        assert [one.policy for one in engine.watched()] == ["epsilon_greedy", "thompson"]
    assert replay(page.search_id, own).outcome == SAME


def test_a_policy_that_has_done_worse_only_looks_on_until_it_would_do_better(own: str) -> None:
    with Engine(own, policy="linucb") as engine:
        with engine.store.writing() as db:
            block = guard.to_bytes({"linucb": (100.0, -60.0, 60.0)})
            db.execute("INSERT INTO learned (name, version, body) VALUES ('guard', 1, ?)", (block,))
        page = engine.search("love", seed=1, now=1e9)
        assert (page.choice.policy, page.choice.propensity, page.replaced) == ("fixed", 1.0, True)
        assert "in its place" in of_log(engine.explain(page.search_id))
        assert engine.status()["policies"]["linucb"]["fallen"]
        for i in range(40):  # what it would have drawn has it as well
            found = engine.search("love", seed=i, now=1e9 + i)
            engine.feedback(found.results[0].id, search_id=found.search_id, action="like", now=1e9 + i)
        assert engine.watched()[0].difference > -0.6
    with Engine(own, policy="linucb", fallback=False) as engine:
        assert engine.search("love", seed=1, now=1e9).choice.policy == "linucb"


def test_nothing_is_learned_while_it_is_frozen_and_all_of_it_later(own: str) -> None:
    with Engine(own, freeze=True) as engine:
        for i in range(3):
            page = engine.search("love", seed=i, now=1e9 + i)
            receipt = engine.feedback(2, search_id=page.search_id, action="like", now=1e9 + i)
            assert (receipt.kept, receipt.frozen) == (1, 1)
        nothing = everything(engine)
        assert not (nothing["queries"] or nothing["q2e"] or nothing["learned"])
        for learn in (engine.learn, engine.relearn):
            with pytest.raises(SettingsError, match="freeze is set"):
                learn()
    with Engine(own) as engine:
        engine.relearn()
        after = everything(engine)
        assert engine.store.policy_state().version == 3
        assert [row[1] for row in after["q2e"] if row[2]] == [page.results[1].id]  # the rest was passed over
        engine.relearn()
        assert everything(engine) == after
