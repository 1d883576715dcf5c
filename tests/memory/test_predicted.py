"""What records predict, until somebody acts."""

import shutil
from pathlib import Path

import pytest

from ltrr_cli.engine import Engine
from ltrr_cli.memory.predicted import MOST, predicted


@pytest.fixture
def own(shop: str, tmp_path: Path) -> str:
    return shutil.copytree(shop, str(tmp_path / "state"))


def drawn(engine: Engine, text: str) -> list[str]:
    query = engine.asked.query(text)
    engine.asked.situation(query, ("memory",))
    return [engine.generation.columns.id(hit.row) for hit in engine.sources.draw("memory", query)]


def test_an_entity_is_predicted_for_its_title_and_its_maker(own: str) -> None:
    with Engine(own) as engine:
        title = engine.generation.columns.head
        for text in ("yesterday", "the beatles", "halo beyonce"):
            query = engine.asked.query(text)
            found = predicted(query, engine.generation)
            assert found
            assert len(found) <= MOST
            assert all(0 < p < 1 for p in found.values())
            assert list(found.values()) == sorted(found.values(), reverse=True)
        first = next(iter(predicted(engine.asked.query("yesterday"), engine.generation)))
        assert title(first)[2] == "Yesterday"
        assert predicted(engine.asked.query("zzqx"), engine.generation) == {}


def test_what_people_do_replaces_the_prediction(own: str) -> None:
    with Engine(own) as engine:
        before = drawn(engine, "the beatles")
        assert len(before) > 1
        engine.search("the beatles", seed=1, limit=40)
        engine.feedback(id=before[-1], action="like")
        assert drawn(engine, "the beatles")[0] == before[-1]
        engine.search("the beatles", seed=1, limit=40)
        engine.feedback(id=before[0], action="dislike")
        assert before[0] not in drawn(engine, "the beatles")


def test_an_act_makes_a_new_pair_for_a_query_that_nothing_predicted(own: str) -> None:
    with Engine(own) as engine:
        assert drawn(engine, "song about the day before") == []
        engine.search("song about the day before", seed=1, limit=40)
        found = engine.search("yesterday", log=False).results[0].id
        engine.feedback(id=found, action="play", fraction=1.0)
        assert drawn(engine, "song about the day before") == [found]
