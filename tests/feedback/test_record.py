import json
from collections.abc import Callable
from typing import Any

import pytest

from ltrr_cli.feedback import record as module
from ltrr_cli.feedback.arms import arms, wilson
from ltrr_cli.feedback.credit import leave_one_out, shapley, thanked
from ltrr_cli.feedback.record import Receipt
from ltrr_cli.feedback.store import Store
from ltrr_cli.memory.q2e import recall
from ltrr_cli.records import Page, Query
from ltrr_cli.settings import Settings

Search = Callable[..., Page]
Feedback = Callable[..., Receipt]
HOUR = 3600.0


def learned(store: Store) -> list[Any]:
    """Everything that feedback may change."""
    return [store.policy_state().to_bytes(), *(store.rows(f"SELECT * FROM {table}") for table in ("q2e", "queries", "arms"))]


def test_good_lines_are_kept_and_bad_ones_reported_by_number(store: Store, search: Search, feedback: Feedback) -> None:
    id = search().search_id
    lines = [
        json.dumps({"search_id": id, "rank": 1}),
        "{broken\n",
        "",
        json.dumps({"search_id": "nope", "rank": 1}),
        json.dumps({"search_id": id, "id": "thing39", "action": "like"}),
        json.dumps({"search_id": id, "rank": 1, "action": "clck"}),
        {"search_id": id, "id": "atlantis"},
    ]
    receipt = feedback(*lines)
    assert (receipt.kept, receipt.late, receipt.repeated) == (2, 0, 0)
    assert [(bad.line, bad.reason.split(":")[0]) for bad in receipt.bad] == [
        (2, "not JSON"),
        (4, "no search 'nope' in the log"),
        (6, "no action is called 'clck'"),
        (7, "no entity 'atlantis'"),
    ]
    assert receipt.bad[0].text == "{broken"
    logged = store.logged(id)
    assert logged is not None
    assert [(event["id"], event["action"], event["reward"]) for event in logged["events"]] == [
        ("thing0", "click", pytest.approx(0.2)),
        ("thing39", "like", 1.0),
    ]
    ranks = logged["events"][1]["ranks"]
    assert {arm: ranks[arm] for arm in ("lexical", "hybrid", "fuzzy")} == {"lexical": 40, "hybrid": 35, "fuzzy": 1}


def test_an_event_id_makes_a_repeat_harmless(store: Store, search: Search, feedback: Feedback) -> None:
    line = {"search_id": search().search_id, "rank": 3, "action": "play", "event_id": "e1"}
    assert feedback(line, line) == Receipt(kept=1, repeated=1)
    before = learned(store)
    assert feedback(line, {**line, "rank": 4}) == Receipt(repeated=2)
    assert learned(store) == before


def test_the_same_thing_said_twice_is_learned_once(store: Store, search: Search, feedback: Feedback) -> None:
    line = {"search_id": search().search_id, "rank": 3, "action": "play"}
    feedback(line)
    before = learned(store)
    assert feedback(line, line).kept == 2  # both are in the log
    after = learned(store)
    assert after[0] == before[0]
    assert after[2:] == before[2:]
    assert store.rows("SELECT s FROM q2e WHERE entity='thing2'")[0][0] == pytest.approx(0.7)


def test_a_session_has_one_reward_a_query_and_item(store: Store, search: Search, feedback: Feedback) -> None:
    pages = [search(session="s", user="ann"), search(session="s", user="ann"), search(session="t", user="ann")]
    for page in pages:
        feedback({"search_id": page.search_id, "rank": 1, "action": "play"})
    assert store.policy_state().version == 2
    assert store.rows("SELECT s FROM q2e")[0][0] == pytest.approx(1.4, abs=1e-3)


def test_more_satisfaction_adds_the_difference(store: Store, search: Search, feedback: Feedback) -> None:
    id = search().search_id
    feedback({"search_id": id, "rank": 1, "action": "click"})
    feedback({"search_id": id, "rank": 1, "action": "like"})
    logged = store.logged(id)
    assert logged is not None
    assert [event["gain"] for event in logged["events"]] == pytest.approx([0.2, 0.8])
    assert store.rows("SELECT s FROM q2e")[0][0] == pytest.approx(1)


def test_negatives_teach_memory_and_not_the_policy(store: Store, search: Search, feedback: Feedback) -> None:
    id = search().search_id
    feedback({"search_id": id, "rank": 2, "action": "skip"}, {"search_id": id, "rank": 3, "action": "dislike"})
    assert store.policy_state().version == 0
    assert store.rows("SELECT entity, s, n, d FROM q2e ORDER BY entity") == [
        ("thing1", 0, 1.0, 0),  # it surely was looked at
        ("thing2", 0, pytest.approx(1 / 3), 1),  # the chance that place 3 was
    ]
    feedback({"search_id": id, "rank": 2, "action": "skip"})
    assert store.rows("SELECT n FROM q2e WHERE entity='thing1'") == [(1.0,)]


def test_a_dislike_takes_back_what_memory_had_and_a_like_takes_back_the_dislike(
    store: Store, search: Search, feedback: Feedback
) -> None:
    id = search().search_id
    for action, s, d in [("play", 0.7, 0), ("dislike", 0, 1), ("dislike", 0, 1), ("like", 1, 0)]:
        feedback({"search_id": id, "rank": 1, "action": action})
        known = store.rows("SELECT s, d FROM q2e WHERE entity='thing0'")
        assert known == [(pytest.approx(s, abs=1e-4), pytest.approx(d, abs=1e-4))]
    assert store.policy_state().version == 2  # .7, and later .3 more: not 1.7


def test_what_comes_late_corrects_its_own_search(store: Store, search: Search, feedback: Feedback) -> None:
    first = search()
    second = search(now=first.query.now + 10 * HOUR)
    feedback({"search_id": second.search_id, "rank": 1}, now=second.query.now + 60)
    late = {"search_id": first.search_id, "rank": 2, "action": "like", "time": first.query.now + 30}
    assert feedback(late, now=first.query.now + 90 * HOUR) == Receipt(kept=1)
    logged = store.logged(first.search_id)
    assert logged is not None
    assert logged["events"][0]["gain"] == 1.0


def test_after_the_window_it_is_written_down_and_not_learned_from(store: Store, search: Search, feedback: Feedback) -> None:
    page = search()
    before = learned(store)
    assert feedback({"search_id": page.search_id, "rank": 1}, now=page.query.now + 24 * HOUR + 1) == Receipt(kept=1, late=1)
    assert learned(store) == before
    assert store.rows("SELECT count(*) FROM events") == [(1,)]
    assert feedback({"search_id": page.search_id, "rank": 1}, now=page.query.now + 24 * HOUR).late == 0


def test_settings_bring_their_own_actions(store: Store, search: Search, feedback: Feedback) -> None:
    line = {"search_id": search().search_id, "rank": 1, "action": "share"}
    assert len(feedback(line).bad) == 1
    assert feedback(line, settings=Settings(actions={"share": 0.4})).kept == 1
    assert store.rows("SELECT reward FROM events")[0][0] == pytest.approx(0.4)


def test_arms_are_run_outside_of_transactions_and_once_a_query(
    store: Store, search: Search, feedback: Feedback, tmp_path: object
) -> None:
    asked: list[str] = []

    def ranks(query: Query) -> dict[str, list[str]]:
        asked.append(query.text)
        with Store(f"{tmp_path}/state.db", busy_timeout=0) as other, other.writing():
            pass  # would be busy if the lock were held
        return {"lexical": ["thing0", "thing1"]}

    pages = [search("red shoe"), search("red shoe", now=1_769_890_600.0), search("lamp")]
    lines = [{"search_id": page.search_id, "rank": rank} for page in pages for rank in (1, 2)]
    lines += [{"search_id": search("skipped").search_id, "rank": 1, "action": "skip"}]
    assert feedback(*lines, ranks=ranks, now=1_769_890_700.0).kept == 7
    assert asked == ["red shoe", "lamp"]


def test_many_lines_go_in_several_short_transactions(
    store: Store, search: Search, feedback: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOLD", 0.002)
    pages = [search(f"query {i % 7}") for i in range(60)]
    lines = [{"search_id": page.search_id, "rank": 1 + i % 10, "event_id": f"{i}"} for i, page in enumerate(pages * 5)]
    assert feedback(*lines) == Receipt(kept=300)
    distinct = {(page.search_id, 1 + i % 10) for i, page in enumerate(pages * 5)}
    assert store.policy_state().version == len(distinct)
    assert feedback(*lines) == Receipt(repeated=300)


def test_three_plays_bring_it_first_for_the_query_and_up_for_one_like_it(
    store: Store, search: Search, feedback: Feedback
) -> None:
    for i in range(3):
        page = search("red running shoe", now=1_769_890_500.0 + i)
        feedback({"search_id": page.search_id, "rank": 8, "action": "play"})
        feedback({"search_id": page.search_id, "rank": 1, "action": "click", "seconds": 3})
    for text, least in [("red running shoe", 0.65), ("red running shoes", 0.4)]:
        found = recall(store, Query(text, tuple(text.split())), 10, None, 1_769_890_600.0)
        assert found[0].id == "thing7"
        assert found[0].score > least
        assert found[0].score > 3 * found[1].score


def test_credit_is_shared_by_the_arms_that_had_drawn_it() -> None:
    drawn = {"lexical": ["a", "b"], "hybrid": ["b", "c"], "fuzzy": ["b"], "fresh": []}
    assert shapley(drawn, "b") == {"lexical": 1 / 3, "hybrid": 1 / 3, "fuzzy": 1 / 3, "fresh": 0}
    assert leave_one_out(drawn, "b") == dict.fromkeys(drawn, 0)
    assert leave_one_out(drawn, "c") == {"lexical": 0, "hybrid": 1, "fuzzy": 0, "fresh": 0}
    for item in "abcd":
        assert sum(shapley(drawn, item).values()) == pytest.approx(float(item != "d"))


def test_the_arms_report_adds_up(store: Store, search: Search, feedback: Feedback) -> None:
    # drawn: hybrid thing5..10, lexical thing0..3
    pages = [search(), search()]
    feedback(
        {"search_id": pages[0].search_id, "rank": 6, "action": "play"},  # hybrid had it
        {"search_id": pages[0].search_id, "rank": 6, "action": "like"},  # the rest of the same reward
        {"search_id": pages[1].search_id, "rank": 1, "action": "click"},  # lexical had it
        {"search_id": pages[1].search_id, "id": "thing20", "action": "like"},  # nobody had it
    )
    hybrid, lexical = arms(store)
    assert (hybrid.arm, hybrid.searches, hybrid.drawn, hybrid.budget_share) == ("hybrid", 2, 12, 0.6)
    assert (hybrid.credit, hybrid.credit_alone, hybrid.hits, hybrid.chances) == (1.0, 1.0, 1, 3)
    assert lexical.credit == pytest.approx(0.2)
    assert (lexical.hits, lexical.chances) == (1, 3)
    assert (lexical.latency_ms, hybrid.latency_ms) == (0.5, None)
    assert (lexical.low, lexical.high) == wilson(1, 3)


def test_wilson_by_hand() -> None:
    # z = 2: (.5 + 4/8) -+ 2 sqrt(.25/4 + 4/64) over 1 + 4/4
    assert wilson(2, 4, z=2.0) == pytest.approx(((1 - 0.5**0.5) / 2, (1 + 0.5**0.5) / 2))
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 50)[0] == 0
    assert wilson(50, 50)[1] == pytest.approx(1)


def test_an_event_says_whom_it_thanks() -> None:
    drawn = {"lexical": ["a", "b"], "hybrid": ["b"], "fresh": []}
    assert thanked(drawn, "b", 0.4) == {"credit": {"lexical": 0.2, "hybrid": 0.2}, "alone": None}
    assert thanked(drawn, "a", 0.4) == {"credit": {"lexical": 0.4}, "alone": "lexical"}
    assert thanked(drawn, "z", 0.4) == {"credit": {}, "alone": None}
