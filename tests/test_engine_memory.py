"""What people did comes back: liked things rise, disliked ones sink, for this query and those like it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.errors import FeedbackError
from ltrr_cli.feedback.events import Event

Process = Callable[..., Any]
NOW = 1_770_000_000.0
ELSEWHERE = """
import json, sys
from ltrr_cli.engine import Engine
with Engine(sys.argv[1]) as engine:
    for text in json.loads(sys.argv[2]):
        pages = [engine.search(text, seed=seed, now=1770000100.0, log=False) for seed in range(20)]
        print(json.dumps([[result.id for result in page.results] for page in pages]))
"""


def place(engine: Engine, text: str, entity: str, seed: int = 1) -> int:
    """Where on the page *entity* stands; beyond it if it is not there."""
    ids = [r.id for r in engine.search(text, seed=seed, now=NOW + 100, log=False).results]
    return ids.index(entity) + 1 if entity in ids else 99


def test_three_plays_take_the_fifth_to_the_top_for_every_process(own: str, process: Process) -> None:
    asked, alike = "love in the rain", "love in rain"
    with Engine(own) as engine:
        page = engine.search(asked, seed=1, now=NOW)
        fifth = next(r.id for r in page.results[4:] if place(engine, alike, r.id) > 2)
        before = place(engine, alike, fifth)
        for i in range(3):
            page = engine.search(asked, seed=1, now=NOW + i, session=str(i))
            engine.feedback(id=fifth, action="play", now=NOW + i)
    out, err = process(ELSEWHERE, own, json.dumps([asked, alike])).communicate(timeout=60)
    same, similar = (json.loads(line) for line in out.splitlines())
    assert all(fifth in ids[:2] for ids in same), err
    assert all(fifth in ids and ids.index(fifth) + 1 < before for ids in similar)


def test_a_dislike_pushes_down(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("love", seed=1, now=NOW)
        first = page.results[0].id
        for i in range(2):
            engine.search("love", seed=1, now=NOW + i, session=str(i))
            engine.feedback(id=first, action="dislike", now=NOW + i)
        assert place(engine, "love", first) > 2
        assert all(r.arms.keys() != {"memory"} for r in engine.search("love", log=False).results)


def test_feedback_names_a_result_by_rank_by_id_or_by_event(own: str) -> None:
    with Engine(own) as engine:
        old = engine.search("love", seed=1)
        page = engine.search("rain", seed=1)
        assert engine.feedback(1).kept == 1
        assert engine.feedback(page.results[1].id, action="like").kept == 1
        assert engine.feedback(id=page.results[2].id, action="purchase", event_id="e1").kept == 1
        again = engine.feedback(id=page.results[2].id, action="purchase", event_id="e1")
        assert (again.kept, again.repeated) == (0, 1)
        assert engine.feedback(1, search_id=old.search_id, action="play", seconds=90, fraction=0.5).kept == 1
        events = engine.explain(page.search_id)["events"]
        assert [(e["id"], e["action"]) for e in events] == [
            (page.results[0].id, "click"), (page.results[1].id, "like"), (page.results[2].id, "purchase"),
        ]  # fmt: skip
        (played,) = engine.explain(old.search_id)["events"]
        assert (played["id"], played["seconds"], played["fraction"]) == (old.results[0].id, 90, 0.5)


def test_many_events_are_taken_at_once_and_the_bad_ones_named(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("love", seed=1)
        good = {"search_id": page.search_id, "rank": 1, "action": "like"}
        lines = [
            json.dumps(good),
            "not JSON",
            good | {"rank": 99},
            Event(page.search_id, rank=2),
            "",
            good | {"id": "nobody", "rank": None},
        ]
        receipt = engine.feedback_lines(lines)
        assert receipt.kept == 2
        assert [bad.line for bad in receipt.bad] == [2, 3, 6]
        assert all(bad.reason and bad.hint for bad in receipt.bad)


@pytest.mark.parametrize(
    ("which", "options", "message"),
    [
        (99, {}, "rank 99"),
        (0, {}, "rank"),
        ("nobody", {}, "no entity 'nobody'"),
        (1, {"action": "clik"}, "no action is called 'clik'"),
        (1, {"search_id": "nonsense"}, "no search 'nonsense'"),
        (1, {"fraction": 2.0}, "fraction"),
        (1, {"seconds": -1.0}, "seconds"),
        (1, {"seconds": float("nan")}, "seconds"),
        (None, {}, "neither id nor rank"),
    ],
)
def test_an_event_that_can_not_be_is_refused(own: str, which: Any, options: dict[str, Any], message: str) -> None:
    with Engine(own) as engine:
        engine.search("love", seed=1)
        with pytest.raises(FeedbackError, match=message) as error:
            engine.feedback(which, **options)
        assert error.value.hint
        assert engine.status()["events"] == 0


def test_there_is_nothing_to_give_feedback_on_before_a_search(own: str) -> None:
    with Engine(own) as engine, pytest.raises(FeedbackError) as error:
        engine.feedback(1)
    assert "ltrr search" in error.value.hint


def test_what_was_shown_takes_feedback_after_it_was_deleted_and_is_not_shown_again(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("yesterday", seed=1, now=NOW)
        assert page.results[0].id == "track-4-3"
        engine.feedback(1, action="like", now=NOW)
    ltrr_cli.delete(["track-4-3"], own)
    with Engine(own) as engine:
        assert engine.feedback(1, action="play", now=NOW).kept == 1
        for seed in range(20):
            page = engine.search("yesterday", seed=seed, now=NOW, log=False, policy="uniform")
            assert all(r.id != "track-4-3" for r in page.results)
        engine.search("yesterday", now=NOW + 5)
        with pytest.raises(FeedbackError):
            engine.feedback(id="track-4-3", now=NOW + 5)


def test_a_search_without_results_takes_feedback_on_what_the_catalog_has(own: str) -> None:
    with Engine(own) as engine:
        assert engine.search("qqqq wwww", now=NOW).results == ()
        assert engine.feedback(id="product-9", action="like", now=NOW).kept == 1
        assert [r.id for r in engine.search("qqqq wwww", now=NOW, arms=["memory"], log=False).results] == ["product-9"]


def test_every_arm_learns_from_an_action_drawn_or_not(own: str) -> None:
    with Engine(own) as engine:
        page = engine.search("yesterday", seed=1, arms=["lexical"])
        engine.feedback(1, action="like")
        (event,) = engine.explain(page.search_id)["events"]
        assert event["ranks"]["lexical"] == 1
        assert event["ranks"]["hybrid"] == 1
        assert event["ranks"]["memory"] == 1  # its title predicts that it is asked for so
        assert event["ranks"]["personal"] == 0  # nobody in particular asked
        assert engine.store.policy_state().version == 1


def test_a_late_event_is_kept_but_not_learned_from(own: str) -> None:
    with Engine(own) as engine:
        engine.search("yesterday", seed=1, now=NOW)
        receipt = engine.feedback(1, action="like", now=NOW + 3 * 86400)
        assert (receipt.kept, receipt.late) == (1, 1)
        assert engine.store.policy_state().version == 0
