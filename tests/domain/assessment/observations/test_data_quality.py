"""What is wanting in what was recorded of an episode: given entries, when assessed, then these issues."""

from __future__ import annotations

import pytest

from domain.assessment.observations.data_quality import KINDS, MEANINGS, Issue, table
from domain.moment import DAY, FOREVER, instant
from tests.support.entry_builder import (
    AUTHORITY,
    FROM_NOTIFIED,
    HOST,
    POLICE,
    SUBJECT,
    Telling,
    assessed,
    missing_and_back,
    verdict,
)
from tests.support.repository import DOCS

START, BACK = "2026-03-01T20:00:00Z", "2026-03-01T22:30:00Z"
OTHER = f"{AUTHORITY}/ME-2"


def wanting(tell, kind, as_at="2026-06-01T00:00:00Z", subject=SUBJECT):
    """The positions of the one issue of a kind as at a time; None when there is none."""
    at = instant(as_at)
    found = [i for i in assessed(tell, subject).issues if i.kind == kind and i.since <= at < i.until]
    assert len(found) < 2, found
    return found[0].positions if found else None


def issue(tell, kind, subject=SUBJECT) -> Issue:
    """The last issue of a kind."""
    return [each for each in assessed(tell, subject).issues if each.kind == kind][-1]


def test_a_return_that_nobody_reported() -> None:
    tell = Telling()
    tell("located", "2026-03-01T22:00:00Z")
    back = tell("returned", BACK, source="urn:x:police", by=POLICE)
    assert wanting(tell, "return_without_report", "2026-03-01T22:29:59Z") is None  # not back yet
    assert wanting(tell, "return_without_report") == (1, back.position)
    assert issue(tell, "return_without_report").sources == ("urn:x:lcs", "urn:x:police")
    tell("reported", START)
    assert wanting(tell, "return_without_report") is None


def test_an_end_that_nobody_reported_counts_as_a_return() -> None:
    tell = Telling()
    tell("ended-otherwise", BACK, reason="turned_18")
    assert wanting(tell, "return_without_report") == (1,)


def test_a_report_whose_police_record_cannot_be_found() -> None:
    tell = missing_and_back()
    tell("police-notified", "2026-03-01T20:10:00Z", source="urn:x:home")
    kind = "report_without_police_reference"
    assert wanting(tell, kind, "2026-03-01T19:59:59Z") is None
    assert wanting(tell, kind, START) == (1,)
    assert wanting(tell, kind, "2026-03-01T20:10:00Z") == (1, 3)
    assert issue(tell, kind).sources == ("urn:x:home", "urn:x:lcs")
    tell("police-notified", "2026-03-02T08:00:00Z", sealed={"reference": "x"})
    assert wanting(tell, kind, "2026-03-02T07:59:59Z") == (1, 3)
    assert wanting(tell, kind, "2026-03-02T08:00:00Z") is None


def test_a_linked_record_of_the_police_is_as_good_as_their_reference() -> None:
    tell = missing_and_back()
    theirs = f"{POLICE}/7"
    tell("reported", START, subject=theirs, by=POLICE, source="urn:x:police", category="missing")
    assert wanting(tell, "report_without_police_reference", subject=theirs) is None
    assert wanting(tell, "report_without_police_reference") == (1,)
    tell("episodes-linked", "2026-03-02T08:00:00Z", with_=theirs, relation="same_episode")
    assert wanting(tell, "report_without_police_reference") == (1,), "they have not said so yet"
    police = {"subject": theirs, "by": POLICE, "source": "urn:x:police"}
    tell("episodes-linked", "2026-03-02T08:00:00Z", **police, with_=SUBJECT, relation="same_episode")
    assert wanting(tell, "report_without_police_reference") is None


def test_away_without_authorisation_is_not_for_the_police() -> None:
    tell = Telling()
    tell("reported", START, category="away_without_authorisation")
    assert wanting(tell, "report_without_police_reference") is None
    tell("police-notified", "2026-03-01T20:10:00Z")
    assert wanting(tell, "report_without_police_reference") == (2,)


def test_nothing_heard_of_an_open_episode_is_counted_from_what_happened_last() -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("sighting-reported", "2026-03-05T20:00:00Z")
    tell("risk-assessed", "2026-03-05T21:00:00Z", scheme="APP-2017", level="high")
    tell("returned", "2026-03-09T20:00:00Z")
    found = [i for i in assessed(tell).issues if i.kind == "open_without_entry"]
    assert [(i.since, i.until, i.positions) for i in found] == [
        (instant(START), instant("2026-03-05T20:00:00Z"), (1,)),
        (instant("2026-03-05T21:00:00Z"), instant("2026-03-09T20:00:00Z"), (3,)),
    ]  # an hour of silence is none
    assert all(each.until - each.since > DAY for each in found)


@pytest.mark.parametrize(
    ("back", "silent"), [("2026-03-02T20:00:00Z", False), ("2026-03-02T20:00:00.000001Z", True)]
)
def test_a_day_of_silence_is_none_yet(back: str, *, silent: bool) -> None:
    issues = assessed(missing_and_back(back)).issues
    assert any(each.kind == "open_without_entry" for each in issues) is silent


def test_a_contradicted_return_leaves_an_episode_open() -> None:
    tell = missing_and_back()
    tell("sighting-reported", "2026-03-02T09:00:00Z")
    assert issue(tell, "open_without_entry").until == FOREVER
    assert issue(tell, "open_without_entry").positions == (3,)


def test_what_corrects_is_not_heard_of_the_child() -> None:
    tell = Telling()
    reported = tell("reported", START, category="missing")
    tell("corrected", "2026-03-08T20:00:00Z", target=tell.about(reported), changes={"data": {"sex": "f"}})
    assert wanting(tell, "open_without_entry", "2026-03-20T00:00:00Z") == (1,)


def test_returns_that_do_not_fit_together() -> None:
    tell = missing_and_back()
    later = tell("returned", "2026-03-03T08:00:00Z", source="urn:x:police", by=POLICE)
    assert wanting(tell, "contradicting_returns", "2026-03-03T07:59:59Z") is None
    assert wanting(tell, "contradicting_returns") == (2, 3)
    assert issue(tell, "contradicting_returns").sources == ("urn:x:lcs", "urn:x:police")
    tell("retracted", "2026-03-04T08:00:00Z", target=tell.about(later))
    assert wanting(tell, "contradicting_returns") is None


def test_an_absence_after_the_return_until_it_is_settled() -> None:
    tell = missing_and_back()
    tell("absence-noticed", "2026-03-02T01:00:00Z")
    assert wanting(tell, "contradicting_returns", "2026-03-02T00:59:59Z") is None
    assert wanting(tell, "contradicting_returns", "2026-03-02T01:00:00Z") == (3,)
    tell("episode-reopened", "2026-03-02T02:00:00Z")
    assert wanting(tell, "contradicting_returns", "2026-03-02T03:00:00Z") is None


def test_an_interview_in_an_episode_without_an_end() -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("interview-held", "2026-03-03T08:00:00Z")
    kind = "interview_without_coverage"
    assert wanting(tell, kind, "2026-03-03T07:59:59Z") is None
    assert wanting(tell, kind) == (2,)
    tell("returned", "2026-03-04T08:00:00Z")
    assert wanting(tell, kind, "2026-03-03T09:00:00Z") == (2,)
    assert wanting(tell, kind) is None


def test_an_interview_under_a_reference_of_which_nothing_else_is_known() -> None:
    tell = Telling()
    tell("interview-held", "2026-03-03T08:00:00Z")
    assert wanting(tell, "interview_without_coverage") == (1,)


def test_an_interview_that_covers_what_is_not_known_of_the_child() -> None:
    tell = missing_and_back()
    tell("interview-held", "2026-03-03T08:00:00Z", covers=[OTHER])
    assert wanting(tell, "interview_without_coverage") == (3,)
    tell("reported", START, subject=OTHER, category="missing")
    assert wanting(tell, "interview_without_coverage") is None
    assert wanting(tell, "interview_without_coverage", subject=OTHER) == (3,)  # the covered one has no end
    assert issue(tell, "interview_without_coverage", OTHER).sources == ("urn:x:lcs",)


def test_a_day_where_the_hour_decides() -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("returned", {"date": "2026-03-02"}, source="urn:x:police", by=POLICE)
    tell("interview-held", "2026-03-05T12:00:00Z")
    assert wanting(tell, "known_to_the_day") == (2,)
    found = issue(tell, "known_to_the_day")
    assert (found.sources, found.rules) == (
        ("urn:x:police",),
        ("return-interview-held", "return-interview-offered"),
    )


@pytest.mark.parametrize(
    ("returned", "held"),
    [
        ({"date": "2026-03-02"}, "2026-03-04T12:00:00Z"),  # in time, whatever the hour
        ({"date": "2026-03-02"}, "2026-03-09T12:00:00Z"),  # late, whatever the hour
        ("2026-03-02T12:00:00Z", "2026-03-05T12:00:00Z"),
        ({"earliest": "2026-03-02T00:00:00Z", "latest": "2026-03-06T00:00:00Z"}, "2026-03-08T12:00:00Z"),
    ],
)
def test_no_issue_where_the_hour_decides_nothing_or_is_the_least_of_it(returned, held) -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("returned", returned)
    tell("interview-held", held)
    assert wanting(tell, "known_to_the_day") is None


@pytest.mark.parametrize(
    ("latest", "wanted"), [("2025-10-27T00:00:00Z", (2,)), ("2025-10-27T00:00:01Z", None)]
)
def test_the_day_on_which_the_clocks_go_back_is_a_day_and_no_more(latest: str, wanted) -> None:
    tell = Telling()
    tell("reported", "2025-10-25T20:00:00Z", category="missing")
    tell("returned", {"earliest": "2025-10-25T23:00:00Z", "latest": latest})
    tell("interview-held", "2025-10-29T12:00:00Z")
    assert wanting(tell, "known_to_the_day") == wanted


def test_a_possibly_overdue_duty_hangs_on_the_hour_only_while_it_is() -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("returned", {"date": "2026-03-02"})
    assert wanting(tell, "known_to_the_day", "2026-03-04T12:00:00Z") is None  # due
    assert wanting(tell, "known_to_the_day", "2026-03-05T12:00:00Z") == (2,)
    assert wanting(tell, "known_to_the_day", "2026-03-06T12:00:00Z") is None  # overdue


def test_no_hour_settles_when_nobody_knows_that_the_authority_was_told() -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("returned", "2026-03-02T12:00:00Z", by=POLICE)
    tell("interview-held", {"date": "2026-03-03"})
    assert verdict(tell, FROM_NOTIFIED).verdict == "cannot_tell"
    assert wanting(tell, "known_to_the_day") is None


def test_an_extract_that_leaves_open_whether_an_interview_was_held_tells_of_none() -> None:
    tell = Telling()
    tell("reported", START, category="missing")
    tell("interview-summary-recorded", "2026-03-03T08:00:00Z", offered="yes", accepted="yes")
    assert wanting(tell, "interview_without_coverage") is None
    tell("interview-summary-recorded", "2026-03-04T08:00:00Z", held="yes")
    assert wanting(tell, "interview_without_coverage") == (3,)


def test_nothing_is_wanting_in_what_never_was() -> None:
    tell = Telling()
    tell("reported", START, category="missing", setting={"host_authority": HOST})
    tell("interview-held", "2026-03-03T08:00:00Z")
    assert assessed(tell).issues != ()
    tell("episode-recorded-in-error", "2026-03-04T08:00:00Z")
    assert assessed(tell).issues == ()


def test_every_kind_says_what_it_means_and_the_page_quotes_it() -> None:
    page = (DOCS / "quality.md").read_text("utf-8")
    assert table() in page
    assert set(MEANINGS) == {*KINDS, "not_assessable"}
    assert all(meaning.endswith(".") for meaning in MEANINGS.values())
