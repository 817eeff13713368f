"""A prefix of a list that only grows: many of them share the list, so that a long episode needs no copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Prefix(Sequence[T], Generic[T]):
    """The first items of a list, as many as it had when the prefix was taken."""

    __slots__ = ("_items", "_length")

    def __init__(self, items: list[T]) -> None:
        """Take all that the list holds now; nothing in the list is changed later, only added."""
        self._items, self._length = items, len(items)

    def __len__(self) -> int:
        """Return how many items there are."""
        return self._length

    def __iter__(self) -> Iterator[T]:
        """Yield the items."""
        return islice(self._items, self._length)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        """Return an item, or several."""
        if isinstance(index, slice):
            return self._items[: self._length][index]
        at = index + self._length if index < 0 else index
        if not 0 <= at < self._length:
            raise IndexError(index)
        return self._items[at]

    def __eq__(self, other: object) -> bool:
        """Return whether it is as long a prefix of the same list."""
        return isinstance(other, Prefix) and self._items is other._items and self._length == other._length

    __hash__ = None  # type: ignore[assignment]  # nothing asks for it
