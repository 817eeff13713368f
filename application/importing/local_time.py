"""Dates and times as extracts write them: naive, in London's local time, often only a day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from domain.moment import LONDON, from_datetime, read_moment, rfc3339

FORM: Final = "a date or time such as 01/03/2026, 01/03/2026 22:30, 2026-03-01 or 2026-03-01T22:30:00"

_TIME: Final = (
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r" ?(?P<offset>Z|[+-]\d\d:?\d\d)?)?"
)
_FORMS: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)" + _TIME, re.ASCII),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})" + _TIME, re.ASCII),
)


class NoSuchTime(ValueError):
    """The clocks went forward over it: that local time was never on a clock."""


def read_local(text: str, *, exact_midnight: bool = False) -> Any:
    """A moment in its sent form: an exact time (text, UTC), a day, or the two times it can have been.

    Without an offset the time is London's. An hour that the clocks repeated in autumn gives an interval of the
    two instants; one that they skipped in spring raises NoSuchTime. Midnight means the day, since that is
    how a date ends up in a column of times, unless `exact_midnight`. Raise ValueError for anything else.
    """
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    if found is None:
        raise ValueError(f"must be {FORM}")
    local = _clock(found)
    if found["hour"] is None or (not exact_midnight and _is_midnight(local)):
        moment: Any = {"date": f"{local:%Y-%m-%d}"}
    else:
        moment = _exact(local)
    read_moment(moment)
    return moment


def _clock(found: re.Match[str]) -> datetime:
    """Return what the clock showed: naive in London's time, or aware where an offset was given."""
    part = {
        name: int(value or 0)
        for name, value in found.groupdict().items()
        if name not in {"offset", "fraction"}
    }
    micro = int((found["fraction"] or "")[:6].ljust(6, "0"))
    try:
        shown = datetime(**part, microsecond=micro)  # type: ignore[arg-type]  # noqa: DTZ001  # the groups are its parameters
        if found["offset"] is None:
            return shown
        return shown.replace(tzinfo=_zone(found["offset"])).astimezone(LONDON)
    except (ValueError, OverflowError):
        raise ValueError("is not a time that exists") from None


def _zone(offset: str) -> timezone:
    if offset == "Z":
        return UTC
    size = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timezone(-size if offset.startswith("-") else size)


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def _exact(local: datetime) -> Any:
    """The instant, or both where the clock showed that time twice."""
    if local.tzinfo is not None:
        return rfc3339(from_datetime(local))
    either = sorted(from_datetime(local.replace(tzinfo=LONDON, fold=fold)) for fold in (0, 1))
    if either[0] == either[1]:
        return rfc3339(either[0])
    back = local.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)
    if back.replace(tzinfo=None) != local:
        raise NoSuchTime("is a time that the clocks skipped in spring")
    return {"earliest": rfc3339(either[0]), "latest": rfc3339(either[1])}
