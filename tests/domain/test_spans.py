"""Half-open spans of `as_at`: what holds at an instant, and neighbours that are made one."""

from __future__ import annotations

import pytest

from domain.spans import Span, at, joined

SPANS = (Span(2, 4, "due"), Span(4, 6, "overdue"))


def test_neighbours_of_equal_value_are_made_one_and_empty_spans_left_out() -> None:
    """An empty span parts nothing; a gap does, and so does another value."""
    told = [Span(0, 2, "due"), Span(2, 2, "met"), Span(2, 3, "due"), Span(3, 4, "met"), Span(5, 6, "met")]
    assert joined(told) == (Span(0, 3, "due"), Span(3, 4, "met"), Span(5, 6, "met"))


@pytest.mark.parametrize(
    ("as_at", "found"), [(1, None), (2, SPANS[0]), (3, SPANS[0]), (4, SPANS[1]), (5, SPANS[1]), (6, None)]
)
def test_a_span_holds_from_its_start_on_until_its_end(as_at: int, found: Span[str] | None) -> None:
    """The start is included, the end is not; outside all spans nothing holds."""
    assert at(SPANS, as_at) == found
