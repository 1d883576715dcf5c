"""What time it is where the user is: the hour, the day of the week, and whether it is a public holiday."""

from __future__ import annotations

import json
from functools import lru_cache
from math import isfinite

from ltrr_cli.errors import SettingsError
from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.workspace import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = 86400.0
EPOCH = 719163  # 1970-01-01 as a day counted from the year 1
LAST = 3652059  # 9999-12-31
KEPT = 8  # years of holidays in the file


class Moment(NamedTuple):
    """A moment on the user's clock and calendar."""

    hour: float  # 0..24
    weekday: int  # 0 = Monday
    holiday: bool = False


def moment(now: float, timezone: str = "", region: str = "", kept: str = "") -> Moment:
    """Return seconds since 1970 as the moment it is in *timezone* (UTC if ""), a holiday if *region* keeps that day.

    *region* is a country or a part of one, "DE" or "US-CA"; "" = no holidays are looked up. *kept* is a file where a
    year's holidays are kept, because finding them out takes a quarter of a second. Raises SettingsError for a timezone or region
    that does not exist, and where holidays are wanted without the package that knows them.

    >>> moment(1_770_000_000.0, "Asia/Tokyo")  # 2026-02-02, 02:40 UTC
    Moment(hour=11.666666666666666, weekday=0, holiday=False)
    """
    now = now if isfinite(now) else 0.0
    local = now + (_offset(now, timezone) if timezone else 0.0)
    day = int(local // DAY)
    holiday = bool(region) and 1 <= day + EPOCH <= LAST and day + EPOCH in _holidays(region, _year(day + EPOCH), kept)
    return Moment(local % DAY / 3600, (day + 3) % 7, holiday)


def _offset(now: float, timezone: str) -> float:
    """Return the seconds that *timezone* is ahead of UTC; 0 for a year that has no date."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    try:
        zone = ZoneInfo(timezone)
    except (LookupError, ValueError, OSError):
        hint = "name it as in Europe/Berlin; a system without time zones needs: pip install tzdata"
        raise SettingsError(f"no timezone is called {timezone!r}", hint=hint) from None
    try:
        offset = datetime.fromtimestamp(now, zone).utcoffset()
    except (ValueError, OverflowError, OSError):
        return 0.0
    return offset.total_seconds() if offset is not None else 0.0


def _year(ordinal: int) -> int:
    from datetime import date

    return date.fromordinal(ordinal).year


@lru_cache(maxsize=64)
def _holidays(region: str, year: int, kept: str) -> frozenset[int]:
    name, known = f"{region} {year}", _read(kept) if kept else {}
    days = known.get(name)
    if not isinstance(days, list):
        days = _found_out(region, year)
        if kept:
            from contextlib import suppress

            with suppress(OSError):  # then it is found out again next time
                write_atomically(kept, json.dumps(dict([*known.items()][1 - KEPT :]) | {name: days}))
    return frozenset(days)


def _read(kept: str) -> dict[str, Sequence[int]]:
    try:
        with open(kept, encoding="utf-8") as f:
            known = json.load(f)
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _found_out(region: str, year: int) -> list[int]:
    try:
        from holidays import country_holidays
    except ImportError:
        hint = "pip install 'ltrr[holidays]', or leave the setting region empty"
        raise SettingsError(f"region is {region!r}, but the package that knows holidays is not there", hint=hint) from None
    country, _, part = region.partition("-")
    try:
        found = country_holidays(country.upper(), subdiv=part or None, years=year)
    except (NotImplementedError, ValueError):
        raise SettingsError(f"no holidays are known for the region {region!r}", hint="it is set like this: DE or US-CA") from None
    return sorted(day.toordinal() for day in found)
