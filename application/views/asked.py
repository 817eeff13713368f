"""What is asked of a list, whichever list it is, and how that becomes SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from domain.moment import Instant

K = TypeVar("K")
LIMIT: Final = 50
MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[K]):
    """As at when, by whom, after which item, and how many."""

    as_at: Instant
    scope: frozenset[str] | None = None
    """The namespaces whose episodes the reader may see; None is all."""
    after: K | None = None
    limit: int = LIMIT

    @property
    def names(self) -> list[str] | None:
        """The scope as an array."""
        return None if self.scope is None else sorted(self.scope)


class Where:
    """Conditions that all have to hold, and the values in them, in the order of the text."""

    def __init__(self, as_at: Instant, few: str | None) -> None:
        """Spans that hold at an instant. `few`: a condition with an index of its own, by the end of the span.

        What is over costs nothing there; so all of these are found first, and everything else is asked of
        what was found. Else the planner may walk the whole past in order, in the hope of soon having met
        enough.
        """
        self._span = "since <= %s and until > %s" + (f" and {few}" if few else "")
        self._few = few is not None
        self._conditions: list[str] = []
        self.values: list[Any] = [as_at, as_at]

    def add(self, condition: str, *values: Any) -> None:
        """One more."""
        self._conditions.append(condition)
        self.values += values

    def given(self, condition: str, value: Any, times: int = 1) -> None:
        """One more, if a value was given for it."""
        if value is not None:
            self.add(condition, *[value] * times)

    def query(self, view: str, columns: str, by: str) -> str:
        """A page of a view, in order; its limit is the last value."""
        found = f"with found as materialized (select * from {view} where {self._span}) "  # noqa: S608  # our own words
        rest = [*([] if self._few else [self._span]), *self._conditions] or ["true"]
        return (
            f"{found if self._few else ''}select {columns} from {'found' if self._few else view}"  # noqa: S608  # as above
            f" where {' and '.join(rest)} order by {by} limit %s"
        )
