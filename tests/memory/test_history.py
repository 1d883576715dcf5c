"""What somebody did lately, in all and in this session, with what is left of it by now."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ltrr_cli.engine import Engine
from ltrr_cli.learn.fold import unit
from ltrr_cli.memory.history import LATEST, MOST, SESSION, USER, history, sitting

NOW = 1_770_000_000.0
DAY = 86400.0
Act = Callable[..., None]


@pytest.fixture
def engine(own: str) -> Iterator[Engine]:
    with Engine(own) as engine:
        yield engine


@pytest.fixture
def act(engine: Engine) -> Act:
    """Search for something and act on an entity."""

    def act(entity: str, action: str = "like", user: str | None = "ann", session: str | None = None, when: float = NOW) -> None:
        page = engine.search("love", user=user, session=session, now=when, seed=1)
        engine.feedback(id=entity, action=action, search_id=page.search_id, now=when)

    return act


def test_likes_count_for_and_dislikes_and_skips_against(engine: Engine, act: Act) -> None:
    for entity, action in (("track-3-0", "like"), ("track-3-1", "play"), ("track-4-0", "dislike"), ("track-4-1", "skip")):
        act(entity, action)
    found = history(engine.store, "ann", None, NOW)
    assert found.user == pytest.approx({"track-3-0": 1.0, "track-3-1": 0.7, "track-4-0": -1.0, "track-4-1": -0.1})
    assert list(found.user)[0] == "track-4-1"  # noqa: RUF015 - the latest first
    assert found.session == {}


def test_half_of_it_is_left_after_a_half_life(engine: Engine, act: Act) -> None:
    act("track-3-0", session="s")
    assert history(engine.store, "ann", "s", NOW) == ({"track-3-0": 1.0}, {"track-3-0": 1.0})
    later = history(engine.store, "ann", "s", NOW + SESSION)
    assert later.session == pytest.approx({"track-3-0": 0.5})
    assert later.user["track-3-0"] == pytest.approx(0.5 ** (SESSION / USER))
    assert history(engine.store, "ann", None, NOW + 2 * USER).user == pytest.approx({"track-3-0": 0.25})


def test_what_was_done_after_the_moment_asked_about_is_not_known_yet(engine: Engine, act: Act) -> None:
    act("track-3-0", when=NOW)
    act("track-3-1", when=NOW + DAY)
    assert set(history(engine.store, "ann", None, NOW + 60).user) == {"track-3-0"}


def test_everybody_has_their_own(engine: Engine, act: Act) -> None:
    act("track-3-0", user="ann", session="s")
    act("track-3-1", user="bob", session="s")
    act("track-3-2", user=None, session="s")
    act("track-3-3", user=None, session="s2")
    act("track-3-4", user="ann", session="s2")
    who = {
        ("ann", "s"): ("0 4", "0"),
        ("bob", "s"): ("1", "1"),
        (None, "s"): ("", "2"),
        (None, "s2"): ("", "3"),
        ("eve", None): ("", ""),
    }
    for (user, session), wanted in who.items():
        found = history(engine.store, user, session, NOW)
        assert tuple(" ".join(sorted(e[-1] for e in part)) for part in found) == wanted


@pytest.mark.parametrize("session", ["s", 's"', 's"]', "s, ", "", "ü", "東", "[", "\\", "null", "%", "_"])
def test_a_session_goes_by_its_whole_name(engine: Engine, act: Act, session: str) -> None:
    act("track-3-0", session=session)
    act("track-3-1", session=session + "x")
    act("track-3-2", session=session + '"')
    assert set(history(engine.store, "ann", session, NOW).session) == {"track-3-0"}
    assert unit({"user": "ann", "session": session, "key": "love"}, "id").startswith(sitting("ann", session))


def test_in_one_sitting_the_last_word_counts_and_over_many_they_add_up(engine: Engine, act: Act) -> None:
    act("track-3-0", "like", session="s")
    act("track-3-0", "dislike", session="s")
    assert history(engine.store, "ann", "s", NOW).session["track-3-0"] < 0
    for i in range(5):
        act("track-3-1", "like", session=f"t{i}")
    assert history(engine.store, "ann", None, NOW).user["track-3-1"] == MOST


def test_the_latest_count_and_all_of_it_is_read_by_an_index(engine: Engine) -> None:
    page = engine.search("love", user="ann", session="s", now=NOW)
    ids = [engine.generation.columns.id(row) for row in range(engine.generation.rows)]
    lines = [
        {"search_id": page.search_id, "id": ids[i % len(ids)], "action": "like", "event_id": str(i)} for i in range(LATEST + 5)
    ]
    engine.feedback_lines(lines, now=NOW)
    assert len(ids) > LATEST
    for part in history(engine.store, "ann", "s", NOW):
        assert list(part) == [line["id"] for line in reversed(lines)][:LATEST]
    for where in ("user=?", "unit>=? AND unit<'x'"):
        plan = str([tuple(r) for r in engine.store.rows(f"EXPLAIN QUERY PLAN SELECT 1 FROM events WHERE {where}", ("a",))])
        assert "USING" in plan and "INDEX events_" in plan
