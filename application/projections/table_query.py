"""The part of a query that all lists share, and its SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from domain.moment import FOREVER, Instant

K = TypeVar("K")
LIMIT: Final = 50
MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery(Generic[K]):
    """The time, the reader, the item to begin after, and the number of items."""

    as_at: Instant
    scope: frozenset[str] | None = None
    """The namespaces whose episodes the reader may see; None is all."""
    hidden: list[str] | None = None
    """Episodes that the reader may not see any more, though the tables do not know it yet."""
    after: K | None = None
    limit: int = LIMIT

    @property
    def names(self) -> list[str] | None:
        """The scope as an array."""
        return None if self.scope is None else sorted(self.scope)


class Where:
    """Conditions that all have to hold, and the values in them, in the order of the text."""

    def __init__(self, as_at: Instant, few: str | None) -> None:
        """Select spans that hold at an instant. `few`: a condition that little of the past still meets.

        It has indexes of its own. Some hold rows that last until a new entry, in the order of the list. Others hold
        rows that end by themselves, by the time of that end. Without them the planner may read the whole past in
        order, hoping to find enough rows soon.
        """
        self._as_at, self._few = as_at, few
        self._conditions: list[str] = []
        self._values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self._conditions.append(condition)
        self._values += values

    def given(self, condition: str, value: Any, times: int = 1) -> None:
        """Add a condition, if a value was given for it."""
        if value is not None:
            self.add(condition, *[value] * times)

    def query(self, view: str, columns: str, by: str, limit: int) -> tuple[str, list[Any]]:
        """Return a page of a view, in order, and the values in the statement."""
        rest = " and ".join(["true", *self._conditions])
        page = f"where {rest} order by {by} limit %s"
        if self._few is None:
            at = f"since <= %s and until > %s and {rest}"
            text = f"select {columns} from {view} where {at} order by {by} limit %s"  # noqa: S608  # our own words
            return text, [self._as_at, self._as_at, *self._values, limit]
        few = f"select * from {view} where {self._few} and since <= %s"  # noqa: S608  # as above
        text = (
            f"with passing as materialized ({few} and until > %s and until < {FOREVER})"  # noqa: S608  # as above
            f" select {columns} from ((select * from passing {page}) union all"
            f" ({few} and until = {FOREVER} and {rest} order by {by} limit %s)) found order by {by} limit %s"
        )
        of_page = [*self._values, limit]
        return text, [self._as_at, self._as_at, *of_page, self._as_at, *of_page, limit]
