"""One event: something a person did with something that a search found."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.errors import FeedbackError
from ltrr_cli.feedback.reward import actions
from ltrr_cli.registry import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

LONGEST = 500  # characters of an id or an action's name
EARLY = 300.0  # seconds by which a clock may be behind the one that logged the search


class Event(NamedTuple):
    """What was done, to which entity of which search."""

    search_id: str
    id: str | None = None  # of the entity; or else
    rank: int | None = None  # its place on the page, from 1
    action: str = "click"
    seconds: float | None = None  # stayed or played
    fraction: float | None = None  # of the whole that was played, 0..1
    time: float | None = None  # seconds since 1970, UTC; None = now
    event_id: str | None = None  # makes a repeat harmless


def parse(line: str | bytes | Mapping[str, Any] | Event) -> Event:
    """Return the event that a JSON line (or the object itself) describes; FeedbackError says what is wrong with it.

    Fields that ltrr does not know are left alone. `time` is ISO 8601 or seconds since 1970.

    >>> parse('{"search_id": "s1", "rank": 2, "action": "play", "seconds": 42}').seconds
    42.0
    >>> parse('[1]')
    Traceback (most recent call last):
    ltrr_cli.errors.FeedbackError: not a JSON object
    """
    if isinstance(line, Event):
        return parse({name: value for name, value in line._asdict().items() if value is not None})
    if isinstance(line, str | bytes):
        try:
            thing = json.loads(line)
        except (ValueError, RecursionError) as e:
            raise FeedbackError(f"not JSON: {e}", hint='{"search_id": "...", "id": "...", "action": "click"}') from None
    else:
        thing = dict(line)
    if not isinstance(thing, dict):
        raise FeedbackError("not a JSON object", hint='{"search_id": "...", "id": "...", "action": "click"}')
    search_id, entity, rank = _text(thing, "search_id"), _text(thing, "id"), thing.get("rank")
    if search_id is None:
        raise FeedbackError("search_id is missing", hint="`ltrr search --json` prints it")
    if rank is not None and (not isinstance(rank, int) or isinstance(rank, bool) or rank < 1):
        raise FeedbackError(f"rank is {_short(rank)}", hint="a place on the page, from 1")
    if entity is None and rank is None:
        raise FeedbackError("neither id nor rank is given", hint="say which result it was")
    fraction = _number(thing, "fraction", 1.0)
    return Event(
        search_id,
        entity,
        rank,
        _text(thing, "action") or "click",
        _number(thing, "seconds", 1e9),
        fraction,
        _time(thing.get("time")),
        _text(thing, "event_id"),
    )


def settle(
    event: Event, logged: Mapping[str, Any] | None, exists: Callable[[str], bool], added: Mapping[str, float], now: float
) -> Event:
    """Return *event* with its entity's id and its time filled in, checked against the *logged* search.

    *exists* says whether the catalog has an id that the search did not show; *added* are the settings' own actions.
    Raises FeedbackError for an unknown search, entity or action, a rank off the page, or a time before the search.
    """
    if logged is None:
        raise FeedbackError(f"no search {event.search_id!r} in the log", hint="was it made with --no-log, or in another folder?")
    check_action(event.action, added)
    shown = [result["id"] for result in logged["results"]]
    entity = event.id
    if event.rank is not None:
        if event.rank > len(shown):
            raise FeedbackError(
                f"rank {event.rank} of {len(shown)} results",
                hint=f"name one from 1 to {len(shown)}" if shown else "that search found nothing",
            )
        found = shown[event.rank - 1]
        if entity is not None and entity != found:
            raise FeedbackError(f"rank {event.rank} was {found!r}, not {entity!r}", hint="give one of the two")
        entity = found
    elif entity not in shown and not exists(str(entity)):
        raise FeedbackError(f"no entity {entity!r}", hint="it was neither shown by this search nor is it in the catalog")
    asked = logged["query"]["now"]
    if event.time is not None and event.time < asked - EARLY:
        raise FeedbackError("time is before the search", hint="times are UTC unless they say otherwise")
    return event._replace(id=entity, time=max(asked, now if event.time is None else event.time))


def check_action(action: str, added: Mapping[str, float]) -> None:
    """Raise FeedbackError if *action* is neither built in nor one that the settings *added*."""
    if action not in actions(added):
        raise FeedbackError(f"no action is called {action!r}", hint=did_you_mean(action, actions(added), "action"))


def _text(thing: Mapping[str, Any], name: str) -> str | None:
    value = thing.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or len(value) > LONGEST or "\0" in value or not _encodes(value):
        raise FeedbackError(f"{name} is {_short(value)}", hint=f"a text of 1 to {LONGEST} characters")
    return value


def _number(thing: Mapping[str, Any], name: str, highest: float) -> float | None:
    value = thing.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
        raise FeedbackError(f"{name} is {_short(value)}", hint=f"a number from 0 to {highest:g}")
    return float(value)


def _time(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11 and isfinite(value):
        return float(value)
    from datetime import UTC, datetime

    try:
        if not isinstance(value, str):
            raise ValueError
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise FeedbackError(f"time is {_short(value)}", hint="ISO 8601, such as 2026-01-31T20:15:00Z") from None


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _short(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
