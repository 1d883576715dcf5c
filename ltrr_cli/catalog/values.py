"""One value of a field, as the kind of value that it should be; None if it can't be that."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

_MONEY = re.compile(r"(?:[^\W\d]{0,4}|[^\w\s.,-])\.?\s*(-?\d[\d\s.,’']*)\s*(?:[^\W\d]{0,4}|[^\w\s.,-])\.?")
_GAPS = re.compile(r"[\s’']")
_MONTH_NAME = re.compile(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\b\d{4}\b")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_WRITTEN = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%B %Y", "%b %Y", "%a, %d %b %Y %H:%M:%S %Z")
_HIDDEN = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")  # one without end hides the rest
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SHORT = 64  # letters that a price or a date has at most
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: Any) -> float | None:
    """Return a finite number, also one written as text.

    >>> number(3), number("2.50"), number("1e999"), number(True), number("lots")
    (3.0, 2.5, None, None, None)
    """
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def price(value: Any) -> float | None:
    """Return a price without its currency; of a point and a comma the last is the decimal one.

    >>> price("$12.99"), price("12,99 €"), price("EUR 1.299,00"), price("1,299"), price("ask"), price(5)
    (12.99, 12.99, 1299.0, 1299.0, None, 5.0)
    """
    if not isinstance(value, str):
        return number(value)
    found = _MONEY.fullmatch(value.strip()) if len(value) <= SHORT else None
    if not found:
        return None
    digits = _GAPS.sub("", found[1])
    whole, mark, part = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    if mark and (len(part) != 3 or (mark == "." and "," not in whole and whole.count(".") == 0)):
        return number(re.sub(r"[.,]", "", whole) + "." + part)
    return number(re.sub(r"[.,]", "", digits))


def date(value: Any) -> str | None:
    """Return a day or a moment (UTC) in ISO 8601; a bare year or month is its first day.

    Numbers are years, days written as 20091210, or seconds or milliseconds since 1970.

    >>> date("2009-12-10"), date(1999), date("1999"), date("31.12.1999"), date(20091210), date("soon")
    ('2009-12-10', '1999-01-01', '1999-01-01', '1999-12-31', '2009-12-10', None)
    >>> date(86400000), date("2020-05-01T10:00:00+02:00"), date("May 1, 2020")
    (None, '2020-05-01T08:00:00Z', '2020-05-01')
    """
    if isinstance(value, str):
        return _date(value.strip()) if len(value) <= SHORT else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    if 1000 <= value <= 3000:
        return f"{int(value)}-01-01"
    if 10_000_000 <= value < 32_000_000:
        return _date(str(int(value)))
    seconds = value / 1000 if 1e11 <= value < 1e13 else value
    return _iso(EPOCH + timedelta(seconds=seconds)) if 1e8 <= seconds < 1e10 else None


@lru_cache(maxsize=8192)
def _date(text: str) -> str | None:
    if len(text) == 4 and text.isascii() and text.isdigit():
        return f"{text}-01-01" if "1000" <= text <= "3000" else None
    if found := _MONTH.fullmatch(text):
        text += "-01"
    elif found := _DAY_FIRST.fullmatch(text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return _iso(datetime.fromisoformat(text.replace("/", "-")))
    except (ValueError, OverflowError):
        pass
    if _MONTH_NAME.search(text):
        for form in _WRITTEN:
            try:
                return _iso(datetime.strptime(text, form))
            except ValueError:
                continue
    return None


def _iso(moment: datetime) -> str:
    if moment.tzinfo:
        moment = moment.astimezone(UTC)
    elif not (moment.hour or moment.minute or moment.second):
        return f"{moment:%Y-%m-%d}".rjust(10, "0")
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def text(value: str) -> str:
    """Return free text without HTML.

    >>> text("<p>Rock &amp; Roll</p><script>x()</script> if a < b")
    'Rock & Roll if a < b'
    """
    if "<" in value:
        value = _TAG.sub(" ", _HIDDEN.sub(" ", value))
    if "&" in value:
        value = html.unescape(value)
    return " ".join(value.split())


def words(value: Any) -> str:
    """Return a short value as text: a title, a name, the value of an attribute; "" for what has no text.

    >>> words("  Rock &amp; Roll "), words(1999), words(2.0), words(None), words(float("nan"))
    ('Rock & Roll', '1999', '2', '', '')
    """
    if type(value) is str:
        return " ".join((html.unescape(value) if "&" in value else value).split())
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def identifier(value: Any) -> str:
    """Return an id in its one form; "" if it can't be an id.

    >>> identifier("a-1"), identifier(7), identifier(7.0), identifier("a\\n1"), identifier(True), identifier(0.5)
    ('a-1', '7', '7', '', '', '')
    """
    if type(value) is str:
        if value.isascii():
            return value.strip() if value.isprintable() else ""
        return unicodedata.normalize("NFC", value).strip() if not _CONTROL.search(value) else ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return str(int(value)) if abs(value) < 1 << 63 and value == int(value) else ""
