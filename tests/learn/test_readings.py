"""What satisfies moves how likely a field is read into queries, the same way live and from the log."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.evaluate.replay import SAME, replays
from ltrr_cli.learn.fold import fold, forget
from ltrr_cli.learn.readings import count
from ltrr_cli.understand.trust import LEAST, MOST, factors

NOW = 1_770_000_000.0
# "Calm" is an album title, a mood and the name of a band.
ROWS: list[dict[str, Any]] = [
    *({"id": f"mood-{i}", "type": "track", "title": f"Slow {i}", "artist": f"Band {i % 7}", "mood": "calm"} for i in range(12)),
    *({"id": f"band-{i}", "type": "track", "title": f"Loud {i}", "artist": "Calm", "mood": "angry"} for i in range(12)),
    *({"id": f"other-{i}", "type": "track", "title": f"Song {i}", "artist": f"Band {i % 7}", "mood": "happy"} for i in range(40)),
]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "songs.json").write_text(json.dumps(ROWS))
    ltrr_cli.build([str(tmp_path / "songs.json")], str(tmp_path / "state"), graph=False)
    return str(tmp_path / "state")


def use(engine: Engine, wanted: str, times: int, user: str = "ann") -> None:
    """Ask for "calm" and play the first result that is wanted."""
    for i in range(times):
        page = engine.search("calm", limit=20, user=user, seed=i, now=NOW + 60 * i)
        liked = next((r for r in page.results if r.id.startswith(wanted)), None)
        if liked is not None:
            engine.feedback(liked.rank, action="purchase", now=NOW + 60 * i + 10)


def likelihood(engine: Engine, field: str) -> float:
    readings = engine.asked.query("calm").interpretations
    assert sum(one.likelihood for one in readings) <= 1.0003
    return sum(one.likelihood for one in readings if any(slot.field == field for slot in one.slots))


@pytest.mark.parametrize(("wanted", "right", "wrong"), [("mood", "mood", "creator"), ("band", "creator", "mood")])
def test_what_satisfies_makes_its_field_likelier(folder: str, wanted: str, right: str, wrong: str) -> None:
    with Engine(folder) as engine:
        before = likelihood(engine, right), likelihood(engine, wrong)
        use(engine, wanted, 25)
        after = likelihood(engine, right), likelihood(engine, wrong)
    assert after[0] > 1.05 * before[0]
    assert after[1] < 0.8 * before[1]


def test_no_feedback_moves_nothing(folder: str) -> None:
    with Engine(folder) as engine:
        before = engine.asked.query("calm").interpretations
        use(engine, "nothing", 10)
        assert engine.store.readings() == {}
        assert engine.asked.query("calm").interpretations == before


def test_the_log_tells_the_same_to_the_bit(folder: str) -> None:
    with Engine(folder) as engine:
        use(engine, "mood", 12)
        use(engine, "band", 5, user="bob")
        live = engine.store.rows("SELECT body FROM learned WHERE name='readings'")
        fold(engine.store, engine.settings)
        assert engine.store.rows("SELECT body FROM learned WHERE name='readings'") == live
    assert {one.outcome for one in replays(folder)} == {SAME}


def test_what_a_user_taught_is_forgotten_with_them(folder: str) -> None:
    with Engine(folder) as engine:
        use(engine, "band", 5, user="bob")
        only = engine.store.readings()
        use(engine, "mood", 12)
        assert engine.store.readings() != only
        forget(engine.store, engine.settings, user="ann")
        assert engine.store.readings() == only
        forget(engine.store, engine.settings, user="bob")
        assert engine.store.readings() == {}


@pytest.mark.parametrize("meant", [0.15, 0.3, 0.6, 0.85])
def test_trust_finds_how_often_a_field_is_meant(meant: float) -> None:
    """Whoever means it takes a bearer, others take any result; the catalog says .3 whatever is true."""
    rng = Random(3)
    counts: dict[str, tuple[float, float]] = {}
    results = [{"rank": rank} for rank in range(1, 11)]
    for _ in range(4000):
        trusted = factors(counts).get("genre", 1.0)
        p = min(0.95, 0.3 * trusted)
        ranks = rng.sample(range(1, 11), rng.randrange(1, 9))
        chosen = rng.choice(ranks) if rng.random() < meant else rng.randrange(1, 11)
        page = {
            "query": {"interpretations": [[p, [["x", "genre", "x", "X"]], []]]},
            "results": results,
            "bearers": {"genre": [trusted, *ranks]},
        }
        count(counts, 1.0, chosen, page, eta=0.0)
    # Chances are not told anew once more is known, so what was thought at first fades slowly.
    assert abs(0.3 * factors(counts)["genre"] - meant) < 0.35 * abs(0.3 - meant) + 0.02


def test_trust_has_limits() -> None:
    assert factors({"a": (1e9, 1.0), "b": (0.0, 1e9)}) == {"a": MOST, "b": LEAST}
    assert factors({}) == {}
