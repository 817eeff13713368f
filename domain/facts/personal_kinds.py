"""Kinds of personal members: always sealed, never stored in clear."""

from __future__ import annotations

from datetime import date

from domain.facts.value_kinds import PlainKind


class FreeText(PlainKind):
    """Free words. Only ever a personal member: sealed, never stored in clear."""

    noun = "text that is not empty"

    def fits(self, value: object) -> bool:
        """Return whether a value is text with something in it."""
        return isinstance(value, str) and bool(value)


class BirthDate(PlainKind):
    """A date of birth: personal; its month stays in clear as `birth_month`."""

    noun = "a date such as 2010-02-14"

    def fits(self, value: object) -> bool:
        """Return whether a value is a day that exists, written YYYY-MM-DD."""
        try:
            return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
