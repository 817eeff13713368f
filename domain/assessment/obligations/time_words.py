"""Times and lengths of time in words, in local time (Europe/London)."""

from __future__ import annotations

from typing import Final

from domain.moment import DAY, HOUR, LONDON, MINUTE, SECOND, Instant, Moment, to_datetime

_IN_HOURS: Final[Instant] = 72 * HOUR
"""Up to here a length is said in hours and minutes."""
_IN_HOURS_TOO: Final[Instant] = 14 * DAY
"""Up to here in days and hours; above it in whole days."""


def on(moment: Moment) -> str:
    """Return when something happened, as a sentence goes on: " on 1 March 2026 22:30"."""
    words = when(moment)
    return f" {words}" if words.startswith(("on ", "between ", "at ")) else f" on {words}"


def when(moment: Moment) -> str:
    """Return a moment in local time: exact, a whole day, or between two times."""
    if moment.earliest == moment.latest or moment.earliest is None or moment.latest is None:
        return instant_text(moment.latest if moment.earliest is None else moment.earliest)
    if whole_day(moment):
        first = to_datetime(moment.earliest).astimezone(LONDON)
        return f"on {first.day} {first:%B %Y}, time not known"
    return f"between {instant_text(moment.earliest)} and {instant_text(moment.latest)}"


def whole_day(moment: Moment) -> bool:
    """Return whether a moment is one day in London, from its midnight to the next."""
    if moment.earliest is None or moment.latest is None:
        return False
    first, last = (to_datetime(end).astimezone(LONDON) for end in (moment.earliest, moment.latest))
    midnights = first.strftime("%H%M%S%f") == last.strftime("%H%M%S%f") == "000000000000"
    return midnights and (last.date() - first.date()).days == 1


def instant_text(at: Instant | None) -> str:
    """Return an instant in local time: 1 March 2026 22:30, with seconds, and the zone, only where they matter."""
    if at is None:
        return "at a time not known"
    local = to_datetime(at).astimezone(LONDON)
    seconds = f":{local:%S}" if at % MINUTE else ""
    # autumn repeats an hour
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local.day} {local:%B %Y %H:%M}{seconds}{f' {local:%Z}' if twice else ''}"


def elapsed(start: Moment, end: Moment, start_noun: str) -> str:
    """Return how long after (or before) its start something was: "28 h 20 min after the return"."""
    assert start.earliest is not None and start.latest is not None  # noqa: PT018  # both are clipped
    assert end.earliest is not None and end.latest is not None  # noqa: PT018  # both are clipped
    least, most = end.earliest - start.latest, end.latest - start.earliest
    if most < 0 or (least == most and least < 0):
        return f"{between(-most, -least)} before {start_noun}"
    if least < 0:
        return f"between {duration(-least)} before and {duration(most)} after {start_noun}"
    return f"{between(least, most)} after {start_noun}"


def between(least: Instant, most: Instant) -> str:
    """Return a length of time, or the two between which it lies."""
    shortest, longest = duration(least), duration(most)
    return longest if shortest == longest else f"between {shortest} and {longest}"


def duration(span: Instant) -> str:
    """Return a length of time: 28 h 20 min up to 72 hours, 5 days 3 h up to two weeks, and 42 days above."""
    if span > _IN_HOURS:
        days, rest = divmod(span, DAY)
        hours = rest // HOUR if span <= _IN_HOURS_TOO else 0
        return f"{days} days" + (f" {hours} h" if hours else "")
    hours, rest = divmod(span, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = [(hours, "h"), (minutes, "min"), (rest // SECOND, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "less than a second"
