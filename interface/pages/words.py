"""Words for people: times in London, lengths of time, counts and codes.

No text says today, tonight or yesterday: it would become false while a page stands open, and on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from domain.moment import DAY, HOUR, LONDON, MINUTE, Instant, instant, rfc3339, to_datetime
from domain.moment import day as day_of

_DAYS: Final = 14 * DAY
"""From here on a length is in days only."""


class Said(NamedTuple):
    """A time in words; `at` is the machine's form, where it is one instant."""

    text: str
    at: str | None = None


class Length(NamedTuple):
    """A length of time in microseconds: at least, at most."""

    least: int
    most: int


def time(at: Instant, now: Instant, *, seconds: bool = False) -> Said:
    """Return an instant in London: Sat 28 Nov 16:33, with the year where it is not this one."""
    local = _london(at)
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return Said(f"{_date(local, _london(now), always=seconds)}{',' if seconds else ''} {clock}", rfc3339(at))


def moment(value: Mapping[str, str] | None, now: Instant) -> Said | None:
    """Return a moment of an answer in words; None where nothing is known."""
    if not value:
        return None
    earliest, latest = value.get("earliest"), value.get("latest")
    if earliest is not None and earliest == latest:
        return time(instant(earliest), now)
    if latest is None or earliest is None:
        known = time(instant(earliest or latest), now)
        return Said(f"{'by' if earliest is None else 'after'} {known.text}")
    start, end = instant(earliest), instant(latest)
    local = _london(start)
    if is_whole_day(start, end):
        return Said(f"on {_date(local, _london(now))}, time not known")
    return Said(f"between {time(start, now).text} and {time(end, now).text}")


def is_whole_day(start: Instant, end: Instant) -> bool:
    """Return whether a moment is one day of London's calendar, which says that only the day is known."""
    whole = day_of(f"{_london(start):%Y-%m-%d}")
    return (start, end) == (whole.earliest, whole.latest)


def elapsed(since: Mapping[str, str] | None, now: Instant) -> Length | None:
    """Return how long it is since a moment; None where one end of the moment is unknown."""
    if not since or "earliest" not in since or "latest" not in since:
        return None
    return Length(max(0, now - instant(since["latest"])), max(0, now - instant(since["earliest"])))


def between(length: Length | None) -> str:
    """Return a length in words, or the two between which it lies; empty where it is not known."""
    if length is None:
        return ""
    least, most = duration(length.least), duration(length.most)
    return most if least == most else f"{least} to {most}"


def duration(microseconds: int) -> str:
    """Return minutes under 1 h, hours and minutes under 48 h, days and hours under 14 days, then days."""
    if microseconds < HOUR:
        return f"{microseconds // MINUTE} min"
    if microseconds < 2 * DAY:
        return f"{microseconds // HOUR} h {microseconds % HOUR // MINUTE} min"
    days = microseconds // DAY
    return f"{days} days" if microseconds >= _DAYS else f"{days} days {microseconds % DAY // HOUR} h"


def count(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: 1 child, 6 children."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def plain(code: str) -> str:
    """Return a code as words, where nothing gives it better ones: absence_noticed is absence noticed."""
    return code.removeprefix("local:").replace("_", " ").replace("-", " ")


def capital(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def _london(at: Instant) -> datetime:
    return to_datetime(at).astimezone(LONDON)


def _date(local: datetime, now: datetime, *, always: bool = False) -> str:
    year = f" {local.year}" if always or local.year != now.year else ""
    return f"{local:%a} {local.day} {local:%b}{year}"
