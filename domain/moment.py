"""A moment: when something happened, as far as anyone can say.

An instant is an integer, microseconds since 1970-01-01T00:00Z. A moment is an interval of instants,
both ends included, either of which may be unknown. Text is read once, at the edge; the sender's own
text is what is stored (stored-form.md 1).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

Instant = int
"""Microseconds since 1970-01-01T00:00Z."""

SECOND: Final[Instant] = 1_000_000
MINUTE: Final[Instant] = 60 * SECOND
HOUR: Final[Instant] = 60 * MINUTE
DAY: Final[Instant] = 24 * HOUR
BEGINNING: Final[Instant] = -(2**62)
"""The open start of the axis of `as_at`."""
FOREVER: Final[Instant] = 2**62
"""The open end of the axis of `as_at`."""
LONDON: Final = ZoneInfo("Europe/London")

FIRST_YEAR, LAST_YEAR = "1900", "2199"
"""No time outside these years is read: the sentinels that programs put for "no date" are refused, not kept."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

TIME_FORM: Final = (
    "an RFC 3339 time with an offset and at most nine fraction digits, such as 2026-03-01T22:30:00Z"
)
_DAY_FORM: Final = 'send {"date": …} with that day'
MOMENT_FORM: Final = f'{TIME_FORM}, or {{"earliest": …, "latest": …}}, or {{"date": "2026-03-01"}}'


class Moment(NamedTuple):
    """An interval of time in which one thing happened, once. `None` is an end that nobody knows."""

    earliest: Instant | None
    latest: Instant | None

    @property
    def exact(self) -> bool:
        """True when it is known to the instant."""
        return self.earliest is not None and self.earliest == self.latest

    def surely_before(self, other: Moment) -> bool:
        """Return whether this ended before the other can have begun, at any times within both intervals."""
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    def overlaps(self, other: Moment) -> bool:
        """Return whether neither is surely before the other."""
        return not self.surely_before(other) and not other.surely_before(self)


def instant(text: object) -> Instant:
    """Read an RFC 3339 time with offset; raise ValueError with a sentence when it is not one."""
    if not isinstance(text, str):
        raise ValueError(f"must be {TIME_FORM}")  # noqa: TRY004  the value is what somebody sent
    return _instant(text)


@lru_cache(maxsize=10_000)
def _instant(text: str) -> Instant:
    """Return one time is read again and again: for the order of facts, of corrections, and of all in one batch."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"must be {TIME_FORM}")
    _check_year(text)
    try:
        return (datetime.fromisoformat(text.upper()) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        raise ValueError("is not a time that exists") from None


def _check_year(text: str) -> None:
    if not FIRST_YEAR <= text[:4] <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")


def to_datetime(at: Instant) -> datetime:
    """Return the same instant as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=at)


def from_datetime(at: datetime) -> Instant:
    """Return the instant of an aware datetime."""
    return (at - _EPOCH) // _MICROSECOND


def rfc3339(at: Instant) -> str:
    """Write an instant in UTC, with a fraction only when there is one: 2026-03-01T22:30:00Z."""
    return to_datetime(at).isoformat().replace("+00:00", "Z")


def day(text: object) -> Moment:
    """Return the whole of a day in Europe/London: from its midnight to the next (23, 24 or 25 hours)."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise ValueError("must be a date such as 2026-03-01")
    _check_year(text)
    try:
        on = date.fromisoformat(text)
        return Moment(_midnight(on), _midnight(on + timedelta(days=1)))
    except (ValueError, OverflowError):
        raise ValueError("is not a day that exists") from None


def _midnight(on: date) -> Instant:
    return from_datetime(datetime(on.year, on.month, on.day, tzinfo=LONDON))


def is_day(text: str) -> bool:
    """Return whether a text has the form of a day without a time."""
    return _DATE.fullmatch(text) is not None


def _instant_of_moment(text: str) -> Instant:
    try:
        return _instant(text)
    except ValueError:
        if is_day(text):
            raise ValueError(f"is a day without a time: {_DAY_FORM}") from None
        raise


def read_moment(value: object) -> Moment:
    """Read a moment as events.md 1 allows it; raise ValueError with a sentence when it is not one."""
    if isinstance(value, str):
        at = _instant_of_moment(value)
        return Moment(at, at)
    if not isinstance(value, dict) or not value:
        raise ValueError(f"must be {MOMENT_FORM}")
    if set(value) == {"date"}:
        return day(value["date"])
    if not set(value) <= {"earliest", "latest"}:
        raise ValueError(f"must be {MOMENT_FORM}, and nothing else")
    earliest = instant(value["earliest"]) if "earliest" in value else None
    latest = instant(value["latest"]) if "latest" in value else None
    if earliest is not None and latest is not None and latest < earliest:
        raise ValueError("has a latest before its earliest")
    return Moment(earliest, latest)
