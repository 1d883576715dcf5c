"""The user's clock and calendar, against dates that can be looked up on a wall."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.errors import SettingsError
from ltrr_cli.understand import calendar
from ltrr_cli.understand.calendar import KEPT, moment


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["", "Europe/Berlin", "Pacific/Kiritimati"]))
def test_any_number_is_some_moment(now: float, timezone: str) -> None:
    found = moment(now, timezone)
    assert 0 <= found.hour <= 24
    assert 0 <= found.weekday <= 6
    assert found == moment(now, timezone)


def test_the_clock_is_the_users_and_knows_summer() -> None:
    assert moment(at("2026-01-31T23:30")) == (23.5, 5, False)  # a Saturday
    assert moment(at("2026-01-31T23:30"), "Europe/Berlin") == (0.5, 6, False)  # one hour ahead: Sunday
    assert moment(at("2026-07-31T12:00"), "Europe/Berlin").hour == 14
    assert moment(at("2026-07-31T12:00"), "America/Los_Angeles").hour == 5
    assert moment(at("1969-12-31T23:00")) == (23.0, 2, False)  # before 1970: a Wednesday


@pytest.mark.parametrize("name", ["Europe/Atlantis", "Europe", "../etc/passwd", "\0", "x" * 9999, "/etc/localtime"])
def test_a_timezone_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match="no timezone is called") as error:
        moment(0.0, name)
    assert "Europe/Berlin" in error.value.hint


def test_a_holiday_is_one_where_the_user_is() -> None:
    pytest.importorskip("holidays")
    thanksgiving = at("2026-11-26T03:00")
    assert not moment(thanksgiving, "America/New_York", "US").holiday  # the evening before, there
    assert moment(thanksgiving, "Europe/Berlin", "US").holiday
    assert not moment(thanksgiving, "Europe/Berlin", "DE").holiday
    assert moment(at("2026-01-06T12:00"), region="DE-BY").holiday  # Epiphany is kept in Bavaria only
    assert not moment(at("2026-01-06T12:00"), region="de").holiday
    assert not moment(at("2026-07-04T03:00")).holiday  # nobody's
    assert not moment(1e300, region="US").holiday


@pytest.mark.parametrize("region", ["Atlantis", "US-XX", "-", "US-", "ZZ-ZZ"])
def test_a_region_that_does_not_exist_is_named(region: str) -> None:
    pytest.importorskip("holidays")
    if region == "US-":
        assert moment(at("2026-07-04T12:00"), region=region).holiday  # no part: the whole
        return
    with pytest.raises(SettingsError, match="region") as error:
        moment(0.0, region=region)
    assert "DE or US-CA" in error.value.hint


def test_a_missing_package_is_named_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(SettingsError) as error:
        moment(0.0, region="FR")
    assert "pip install 'ltrr[holidays]'" in error.value.hint


def test_a_years_holidays_are_found_out_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("holidays")
    kept, christmas = tmp_path / "holidays.json", at("2026-12-25T12:00")
    assert moment(christmas, region="AT", kept=str(kept)).holiday
    assert (kept.stat().st_mode & 0o777) == 0o600
    calendar._holidays.cache_clear()
    monkeypatch.setitem(sys.modules, "holidays", None)  # not needed again
    assert moment(christmas, region="AT", kept=str(kept)).holiday
    for spoilt in ("", "[1]", '{"AT 2026": 3}', "\0"):
        kept.write_text(spoilt)
        calendar._holidays.cache_clear()
        with pytest.raises(SettingsError):  # it would be found out again
            moment(christmas, region="AT", kept=str(kept))


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    pytest.importorskip("holidays")
    kept = tmp_path / "holidays.json"
    for year in range(2000, 2012):
        moment(at(f"{year}-05-01T12:00"), region="FR", kept=str(kept))
    assert [*json.loads(kept.read_text())] == [f"FR {year}" for year in range(2012 - KEPT, 2012)]
    assert moment(at("2026-05-01T12:00"), region="FR", kept=str(tmp_path / "no folder" / "file")).holiday
