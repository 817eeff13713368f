"""What was heard last of a child, and who saw the child: given entries, when read as at an instant, then that."""

from __future__ import annotations

from domain.moment import instant
from domain.spans import at
from tests.support.entry_builder import AUTHORITY, HOME, POLICE, Telling, assessed, missing_and_back

GONE = "2026-03-01T20:00:00Z"


def heard(tell: Telling, as_at: str) -> tuple[int, str] | None:
    """The position and the sender of what happened last."""
    span = at(assessed(tell).heard, instant(as_at))
    return None if span is None else (span.value.position, span.value.by)


def test_the_last_that_happened_counts_not_the_last_recorded() -> None:
    """A sighting that is recorded first happened after a report that is recorded later."""
    tell = Telling()
    tell("sighting-reported", "2026-03-01T23:00:00Z", by=POLICE)
    tell("reported", GONE)
    assert heard(tell, "2026-03-01T19:59:59Z") is None
    assert heard(tell, "2026-03-01T22:59:59Z") == (2, AUTHORITY)
    assert heard(tell, "2026-03-02T09:00:00Z") == (1, POLICE)


def test_entries_about_the_record_are_not_news() -> None:
    """Neither a link, nor a correction, nor what was retracted; a corrected fact stands at its own time."""
    tell = Telling()
    tell("reported", GONE)
    wrong = tell("sighting-reported", "2026-03-01T23:00:00Z")
    early = tell("notification-sent", "2026-03-01T22:00:00Z", recipient_role="edt")
    tell("episodes-linked", "2026-03-03T09:00:00Z", with_=f"{HOME}/I-1", relation="related")
    tell("retracted", "2026-03-03T10:00:00Z", target=tell.about(wrong))
    tell(
        *("corrected", "2026-03-03T11:00:00Z"),
        target=tell.about(early), changes={"time": "2026-03-01T21:00:00Z"},
    )  # fmt: skip
    assert heard(tell, "2026-03-04T00:00:00Z") == (3, AUTHORITY)
    assert heard(tell, "2026-03-01T20:59:59Z") == (1, AUTHORITY)


def test_a_rough_time_keeps_both_its_ends() -> None:
    """From its earliest on it is the last."""
    tell = missing_and_back()
    tell("plan-reviewed", {"earliest": "2026-03-05T00:00:00Z", "latest": "2026-03-06T00:00:00Z"})
    span = at(assessed(tell).heard, instant("2026-03-05T00:00:00Z"))
    assert span is not None
    assert (span.start, span.value.latest) == (
        instant("2026-03-05T00:00:00Z"),
        instant("2026-03-06T00:00:00Z"),
    )


def test_who_saw_the_child_last_is_of_the_fact_that_says_when() -> None:
    """A later sight by somebody else replaces both; a fact that tells an earlier sight replaces neither."""
    tell = Telling()
    tell("absence-noticed", GONE, last_seen_at="2026-03-01T18:00:00Z", last_seen_by="responsible_adult")
    tell("reported", "2026-03-01T21:00:00Z", last_seen_at="2026-03-01T19:00:00Z", last_seen_by="other")
    tell("reported", "2026-03-01T22:00:00Z", last_seen_at="2026-03-01T17:00:00Z")
    seen = [
        assessed(tell).picture(instant(f"2026-03-01T{hour}:30:00Z")).last_seen_by for hour in (20, 21, 22)
    ]
    assert seen == ["responsible_adult", "other", "other"]


def test_the_review_is_of_the_last_assessment_in_the_scheme() -> None:
    """One that says no time leaves none."""
    tell = Telling()
    tell("reported", GONE)
    due = "2026-03-02T08:00:00Z"
    tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="high", next_review_due=due)
    tell("risk-assessed", "2026-03-02T07:00:00Z", scheme="APP-2017", level="high")
    risks = [assessed(tell).picture(instant(f"2026-03-02T0{h}:00:00Z")).risk["APP-2017"] for h in (6, 7)]
    assert [risk.next_review_due and risk.next_review_due.latest for risk in risks] == [instant(due), None]
