"""Half-open spans of `as_at`: (from, to, value), in steps of one microsecond, in order, none overlapping.

Any `as_at` is then a lookup, in Python and in SQL alike (assessment.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from domain.moment import Instant

V = TypeVar("V")


class Span(NamedTuple, Generic[V]):
    """A value that holds from an instant on, until another, which is not included."""

    start: Instant
    end: Instant
    value: V


def joined(spans: Iterable[Span[V]]) -> tuple[Span[V], ...]:
    """The same spans without empty ones, neighbours of equal value made one."""
    result: list[Span[V]] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if result and result[-1].end == span.start and result[-1].value == span.value:
            result[-1] = Span(result[-1].start, span.end, span.value)
        else:
            result.append(span)
    return tuple(result)


def at(spans: Sequence[Span[V]], as_at: Instant) -> Span[V] | None:
    """The span that holds at an instant, if any does."""
    return next((span for span in spans if span.start <= as_at < span.end), None)
