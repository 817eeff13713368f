"""What happened in an episode that figures count: given entries, when assessed, then these marks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.assessment.observations.countable_events import CountableEvent
from domain.entries.entry import Entry
from domain.moment import instant
from tests.support.entry_builder import AUTHORITY, LONG_AFTER, SUBJECT, Telling, assessed, missing_and_back

START, BACK = "2026-03-01T20:00:00Z", "2026-03-01T22:30:00Z"
OTHER = f"{AUTHORITY}/ME-2"


def seen(tell: Sequence[Entry], subject: str = SUBJECT) -> list[tuple[str, int]]:
    """The kinds of marks, each with the instant from which it counts."""
    return [(mark.kind, mark.earliest) for mark in assessed(tell, subject).marks]


def of_entry(tell: Sequence[Entry], position: int, subject: str = SUBJECT) -> list[CountableEvent]:
    """The marks of one entry."""
    return [mark for mark in assessed(tell, subject).marks if mark.position == position]


def test_missing_and_found() -> None:
    """Each once, on the instant, whatever is learned afterwards."""
    tell = missing_and_back()
    tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="low")
    tell("risk-assessed", "2026-03-02T09:00:00Z", scheme="APP-2017", level="high")
    start, back = instant(START), instant(BACK)
    assert assessed(tell).marks == (
        CountableEvent("missing", start, start),
        CountableEvent("origin", start, start),
        CountableEvent("found", back, back),
    )


def test_away_is_not_missing_until_it_is() -> None:
    """Reported away, named missing an hour later."""
    tell = Telling()
    tell("reported", START, category="away_without_authorisation")
    tell("category-assigned", "2026-03-01T21:00:00Z", scheme="DfE-2014", value="missing")
    assert seen(tell) == [("origin", instant(START)), ("missing", instant("2026-03-01T21:00:00Z"))]


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"reason": "remanded"}, "found"),
        ({"reason": "remanded", "whereabouts_known": "yes"}, "found"),
        ({"reason": "turned_18", "whereabouts_known": "no"}, "not_found"),
        ({"reason": "died", "whereabouts_known": "yes"}, "not_found"),
    ],
)
def test_an_end_that_finds_the_child_or_does_not(members: dict[str, str], found: str) -> None:
    """Somewhere, and alive."""
    tell = Telling()
    tell("reported", START)
    tell("ended-otherwise", BACK, **members)
    assert seen(tell)[2:] == [(found, instant(BACK))]


def test_of_ends_that_agree_one_that_finds_the_child_is_enough() -> None:
    """Back, says the home, on the birthday on which the authority closed the case."""
    tell = missing_and_back()
    tell("ended-otherwise", BACK, reason="turned_18", whereabouts_known="no")
    assert seen(tell)[2:] == [("found", instant(BACK))]


def test_open_again_and_found_again() -> None:
    """From the reopening on."""
    tell = missing_and_back()
    tell("episode-reopened", "2026-03-02T09:00:00Z")
    tell("returned", "2026-03-03T09:00:00Z")
    assert seen(tell)[2:] == [
        ("found", instant(BACK)),
        ("open", instant("2026-03-02T09:00:00Z")),
        ("found", instant("2026-03-03T09:00:00Z")),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "members"),
    [
        ("interview-requested", "asked", {"provider": "ORG-NYAS"}),
        ("interview-allocated", "asked", {"provider": "ORG-NYAS"}),
        ("interview-offered", "offered", {"provider": "ORG-NYAS"}),
        ("interview-held", "held", {"provider": "ORG-NYAS"}),
        ("interview-accepted", "accepted", {}),
        ("interview-declined", "declined", {}),
        ("interview-attempted", "attempted", {}),
        ("interview-not-possible", "not_possible", {"reason": "not_contactable"}),
        ("oversight-recorded", "oversight", {"reviewer_role": "team_manager"}),
    ],
)
def test_what_happened_with_the_interview(name: str, kind: str, members: dict[str, str]) -> None:
    """With when, the entry that says so, and the provider where it names one."""
    tell = missing_and_back()
    told = tell(name, {"earliest": "2026-03-02T09:00:00Z", "latest": "2026-03-02T10:00:00Z"}, **members)
    between = instant("2026-03-02T09:00:00Z"), instant("2026-03-02T10:00:00Z")
    assert of_entry(tell, told.position) == [
        CountableEvent(kind, *between, told.position, members.get("provider"), sure=True)
    ]


def test_an_interview_recorded_elsewhere_is_in_its_place() -> None:
    """Before the oversight that came after it."""
    tell = missing_and_back()
    tell("oversight-recorded", "2026-03-06T09:00:00Z")
    tell("reported", "2026-03-03T20:00:00Z", subject=OTHER)
    tell("interview-held", "2026-03-05T10:00:00Z", subject=OTHER, covers=[SUBJECT])
    assert [kind for kind, _ in seen(tell)][-3:] == ["found", "held", "oversight"]


def test_a_police_reference_and_none() -> None:
    """Sealed, it is there without being readable."""
    tell = missing_and_back()
    tell("police-notified", "2026-03-01T20:10:00Z")
    tell("police-notified", {"date": "2026-03-02"}, sealed={"reference": "00" * 32})
    day = instant("2026-03-02T00:00:00Z"), instant("2026-03-03T00:00:00Z")
    assert of_entry(tell, 3) == []
    assert of_entry(tell, 4) == [CountableEvent("police_reference", *day, 4)]


class TestSummary:
    """What an undated claim says."""

    LEARNED = "2026-04-01T00:00:00Z"

    def told(self, tell: Telling, **claims: object) -> list[tuple[str, bool, int, int]]:
        """Of the claims in an extract: the kind, whether it is sure, and between when."""
        told = tell("interview-summary-recorded", self.LEARNED, **claims)
        return [(m.kind, m.sure, m.earliest, m.latest) for m in of_entry(tell, told.position)]

    @pytest.mark.parametrize(
        ("claims", "then"),
        [
            ({"offered": "yes", "accepted": "yes", "held": "yes"},
             [("offered", True), ("accepted", True), ("held", True)]),
            ({"offered": "no", "accepted": "not_applicable"}, []),
            ({"offered": "not_known"}, [("offered", False)]),
            ({"accepted": "yes"}, [("accepted", True), ("held", False)]),
            ({"accepted": "yes", "held": "no"}, [("accepted", True)]),
            ({"accepted": "no"}, []),
            ({"offered": "yes", "accepted": "no"}, [("offered", True), ("declined", False)]),
            ({"offered": "not_known", "accepted": "no"}, [("offered", False)]),
            ({"offered": "yes", "accepted": "not_known"}, [("offered", True), ("accepted", False)]),
        ],
    )  # fmt: skip
    def test_yes_no_and_open(self, claims: dict[str, str], then: list[tuple[str, bool]]) -> None:
        """What is not said is not so; what is accepted, or offered and not, leaves the next step open."""
        found = self.told(missing_and_back(), learned_at=self.LEARNED, **claims)
        assert [(kind, sure) for kind, sure, *_ in found] == then
        between = (instant(START), instant(self.LEARNED))
        assert {(first, last) for *_, first, last in found} <= {between}

    def test_without_a_time_of_learning_it_was_by_when_it_was_recorded(self) -> None:
        """Nor is it any use to know only when it was learned at the earliest."""
        recorded = instant(LONG_AFTER) + 3  # the third entry
        for learned in ({}, {"learned_at": {"earliest": "2026-03-02T09:00:00Z"}}):
            (found,) = self.told(missing_and_back(), offered="yes", **learned)
            assert found[2:] == (instant(START), recorded)

    def test_from_the_start_as_early_as_it_may_be(self) -> None:
        """Left between six and eight; or, by seven: a start of which nobody knows the earliest is its latest."""
        for left, start in (
            ({"earliest": "2026-03-01T18:00:00Z", "latest": START}, "2026-03-01T18:00:00Z"),
            ({"latest": "2026-03-01T19:00:00Z"}, "2026-03-01T19:00:00Z"),
            ({"earliest": "2026-03-01T18:00:00Z"}, "2026-03-01T18:00:00Z"),
        ):
            tell = Telling()
            tell("reported", START, left_at=left)
            (found,) = self.told(tell, offered="yes", learned_at=self.LEARNED)
            assert found[2] == instant(start)

    def test_learned_before_the_start_it_was_by_then(self) -> None:
        """The start came to be believed later: no span turns round."""
        before = "2026-02-01T00:00:00Z"
        (found,) = self.told(missing_and_back(), offered="yes", learned_at=before)
        assert found[2:] == (instant(before), instant(before))

    def test_an_episode_of_which_nothing_else_is_known(self) -> None:
        """It has one frame, and the claim is in it."""
        (found,) = self.told(Telling(), offered="yes", learned_at=self.LEARNED)
        assert found == ("offered", True, instant(self.LEARNED), instant(self.LEARNED))
