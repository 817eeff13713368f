"""Days in London, and working days by a named calendar; offline, from data that ships with the ledger."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

from domain.moment import LONDON, Instant, from_datetime, to_datetime

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count. `last` is the last day that the calendar knows."""

    name: str
    holidays: frozenset[date]
    first: date
    last: date
    weekends: bool = False
    """True when Saturdays and Sundays count."""

    def counts(self, day: date) -> bool:
        """Return whether a day is one of its days."""
        return (self.weekends or day.weekday() < _SATURDAY) and day not in self.holidays

    def end_of_day_after(self, start: Instant, number: int) -> Instant | None:
        """The midnight that ends the Nth of its days after the London day of `start`.

        None when the calendar does not reach that far: then nobody can say.
        """
        day = to_datetime(start).astimezone(LONDON).date()
        while number:
            day += timedelta(days=1)
            number -= self.counts(day)
            if not self.first <= day <= self.last:
                return None
        following = day + timedelta(days=1)
        return from_datetime(datetime(following.year, following.month, following.day, tzinfo=LONDON))

    @staticmethod
    def all_days() -> Calendar:
        """Every day of the week, without end."""
        return _ALL_DAYS


_ALL_DAYS = Calendar("all-days", frozenset(), date(1, 1, 2), date(9998, 12, 31), weekends=True)


@cache
def calendars() -> dict[str, Calendar]:
    """The calendars that ship, by name."""
    text = resources.files("domain.rulebooks").joinpath("calendars.toml").read_text("utf-8")
    return {
        name: Calendar(name, frozenset(table["holidays"]), table["first"], table["last"])
        for name, table in tomllib.loads(text).items()
    }
