import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.errors import FeedbackError
from ltrr_cli.feedback.events import Event, parse, settle

ASKED = 1_000_000.0
LOGGED = {"query": {"now": ASKED}, "results": [{"id": "a"}, {"id": "b"}]}


def test_a_line_becomes_an_event() -> None:
    line = '{"search_id": "s", "id": "a", "action": "play", "seconds": 42, "fraction": 0.5, "event_id": "e", "more": [1]}'
    assert parse(line) == Event("s", "a", None, "play", 42.0, 0.5, None, "e")
    assert parse('{"search_id": "s", "rank": 2}').action == "click"
    assert parse(line.encode()) == parse(json.loads(line)) == parse(parse(line)) == parse(line)


def test_times_are_utc_unless_they_say_otherwise() -> None:
    times = ["1970-01-02T00:00:00Z", "1970-01-02T00:00:00", "1970-01-02T02:00:00+02:00", "1970-01-02", 86400, 86400.0]
    assert {parse({"search_id": "s", "id": "a", "time": time}).time for time in times} == {86400.0}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"id": "a"}', "search_id is missing"),
        ('{"search_id": 5, "id": "a"}', "search_id is 5"),
        ('{"search_id": "", "id": "a"}', "search_id is ''"),
        ('{"search_id": "s"}', "neither id nor rank"),
        ('{"search_id": "s", "id": 5}', "id is 5"),
        ('{"search_id": "s", "id": "\\ud800"}', "id is"),
        ('{"search_id": "s", "id": "a\\u0000"}', "id is"),
        ('{"search_id": "s", "id": "%s"}' % ("a" * 501), "id is"),
        ('{"search_id": "s", "rank": 0}', "rank is 0"),
        ('{"search_id": "s", "rank": 1.5}', "rank is 1.5"),
        ('{"search_id": "s", "rank": true}', "rank is True"),
        ('{"search_id": "s", "rank": "1"}', "rank is '1'"),
        ('{"search_id": "s", "id": "a", "seconds": -1}', "seconds is -1"),
        ('{"search_id": "s", "id": "a", "seconds": NaN}', "seconds is nan"),
        ('{"search_id": "s", "id": "a", "seconds": Infinity}', "seconds is inf"),
        ('{"search_id": "s", "id": "a", "seconds": "7"}', "seconds is '7'"),
        ('{"search_id": "s", "id": "a", "fraction": 1.1}', "fraction is 1.1"),
        ('{"search_id": "s", "id": "a", "fraction": true}', "fraction is True"),
        ('{"search_id": "s", "id": "a", "time": "yesterday"}', "time is 'yesterday'"),
        ('{"search_id": "s", "id": "a", "time": 1e300}', "time is 1e"),
        ('{"search_id": "s", "id": "a", "time": NaN}', "time is nan"),
        ('{"search_id": "s", "id": "a", "event_id": 7}', "event_id is 7"),
    ],
)
def test_a_malformed_line_says_what_is_wrong(line: str | bytes, reason: str) -> None:
    with pytest.raises(FeedbackError) as caught:
        parse(line)
    assert reason in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_whatever_json_comes_it_is_an_event_or_a_reason(thing: Any) -> None:
    for line in (thing, {"search_id": "s", "id": "a", "time": thing}, {"search_id": thing, "rank": thing, "action": thing}):
        try:
            assert isinstance(parse(json.dumps(line)), Event)
        except FeedbackError as e:
            assert str(e)


def settled(event: Event, logged: dict[str, Any] | None = LOGGED, now: float = ASKED + 9) -> Event:
    return settle(event, logged, {"a", "b", "c"}.__contains__, {"share": 0.4}, now)


def test_a_rank_is_turned_into_the_id_that_was_there() -> None:
    assert settled(Event("s", rank=2)).id == "b"
    assert settled(Event("s", "b", 2)).id == "b"
    assert settled(Event("s", "c", action="share")).id == "c"  # not shown, but it exists


def test_an_event_without_time_happened_now_and_never_before_its_search() -> None:
    assert settled(Event("s", "a")).time == ASKED + 9
    assert settled(Event("s", "a"), now=ASKED - 1e6).time == ASKED
    assert settled(Event("s", "a", time=ASKED - 200)).time == ASKED  # clocks differ a little
    assert settled(Event("s", "a", time=ASKED + 5)).time == ASKED + 5


@pytest.mark.parametrize(
    ("event", "reason", "hint"),
    [
        (Event("s", "a", action="clik"), "no action is called 'clik'", "did you mean 'click'?"),
        (Event("s", "zz"), "no entity 'zz'", "neither shown"),
        (Event("s", rank=3), "rank 3 of 2 results", "from 1 to 2"),
        (Event("s", "a", 2), "rank 2 was 'b', not 'a'", "one of the two"),
        (Event("s", "a", time=ASKED - 301), "time is before the search", "UTC"),
    ],
)
def test_an_event_that_does_not_fit_its_search_says_why(event: Event, reason: str, hint: str) -> None:
    with pytest.raises(FeedbackError, match=reason) as caught:
        settled(event)
    assert hint in caught.value.hint


def test_an_unknown_search_is_refused() -> None:
    with pytest.raises(FeedbackError, match="no search 's' in the log"):
        settled(Event("s", "a"), logged=None)
