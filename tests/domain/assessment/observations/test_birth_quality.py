"""Issues with the month of birth: not recorded, turned eighteen, or two that do not agree."""

from __future__ import annotations

import pytest

from domain.moment import instant
from tests.support.entry_builder import AUTHORITY, SUBJECT, Telling, assessed

LATER, RECORDED = "2027-06-01T00:00:00Z", "2026-12-20T00:00:00Z"


def listed(tell: Telling, kind: str, as_at: str = LATER) -> tuple[int, ...] | None:
    """The positions of the one issue of a kind; None when there is none."""
    at = instant(as_at)
    found = [
        i.positions for i in assessed(tell, SUBJECT).issues if i.kind == kind and i.since <= at < i.until
    ]
    assert len(found) < 2, found
    return found[0] if found else None


def gone(birth_month: str | None = None, *, back: bool = True) -> Telling:
    """Missing from 20 November 2026, by the authority's report and the police's."""
    tell = Telling()
    born = {} if birth_month is None else {"birth_month": birth_month}
    tell("reported", "2026-11-20T10:00:00Z", category="missing", recorded=RECORDED, **born)
    if back:
        tell("returned", "2026-11-21T10:00:00Z", recorded=RECORDED)
    return tell


class TestNoBirthMonth:
    """Once an episode, from when a duty was raised on the assumption."""

    def test_once_whatever_the_number_of_duties(self) -> None:
        """Five duties, one issue."""
        tell = gone()
        assert len(assessed(tell).obligations) == 5
        assert listed(tell, "no_birth_month") == (1,)
        assert listed(tell, "no_birth_month", "2026-11-21T09:59:59Z") is None

    def test_until_somebody_says_it(self) -> None:
        """A profile, a week later."""
        tell = gone()
        tell("profile-recorded", "2026-11-28T10:00:00Z", birth_month="2012-03", recorded=RECORDED)
        assert listed(tell, "no_birth_month", "2026-11-27T00:00:00Z") == (1,)
        assert listed(tell, "no_birth_month") is None

    def test_not_where_it_was_said_or_no_duty_asks(self) -> None:
        """Known; or not back yet."""
        assert listed(gone("2012-03"), "no_birth_month") is None
        assert listed(gone(back=False), "no_birth_month") is None


class TestTurned18:
    """An episode that goes on past the birthday, and was one of a child."""

    @pytest.mark.parametrize(
        ("born", "as_at", "is_listed"),
        [
            ("2008-12", "2026-12-31T23:59:59Z", False),
            ("2008-12", "2027-01-01T00:00:00Z", True),
            ("2008", "2026-12-31T23:59:59Z", False),
            ("2008", "2027-01-01T00:00:00Z", True),
            ("2000-01", LATER, False),
            ("2012-03", LATER, False),
        ],
    )
    def test_from_the_month_after_the_birthday(self, born: str, as_at: str, *, is_listed: bool) -> None:
        """Who was grown up when it began is not listed, nor who is still a child."""
        assert (listed(gone(born, back=False), "turned_18_while_open", as_at) == (1,)) is is_listed

    def test_until_it_is_over(self) -> None:
        """Closed for that."""
        tell = gone("2008-12", back=False)
        tell("ended-otherwise", "2027-02-01T00:00:00Z", reason="turned_18", recorded="2027-02-02T00:00:00Z")
        assert listed(tell, "turned_18_while_open", "2027-01-15T00:00:00Z") == (1,)
        assert listed(tell, "turned_18_while_open") is None


class TestTwoMonths:
    """Whoever is right."""

    def test_by_a_correction_of_one_of_two_reports(self) -> None:
        """Both said March; one is corrected to May."""
        tell = gone("2012-03")
        other = tell("reported", "2026-11-20T11:00:00Z", birth_month="2012-03", recorded=RECORDED)
        assert listed(tell, "birth_months_differ") is None
        tell(
            "corrected",
            target=tell.about(other),
            changes={"data": {"birth_month": "2012-05"}},
            recorded=RECORDED,
        )
        assert listed(tell, "birth_months_differ") == (1, 3)

    def test_a_year_alone_agrees_with_its_months(self) -> None:
        """It says less."""
        tell = gone("2012-03")
        tell("profile-recorded", "2026-11-28T10:00:00Z", birth_month="2012", recorded=RECORDED)
        assert listed(tell, "birth_months_differ") is None
        tell("profile-recorded", "2026-11-29T10:00:00Z", birth_month="2011", recorded=RECORDED)
        assert listed(tell, "birth_months_differ", "2026-11-28T12:00:00Z") is None
        assert listed(tell, "birth_months_differ") == (1, 3, 4)

    def test_of_records_that_are_linked(self) -> None:
        """The home's and the authority's."""
        tell = gone("2012-03")
        home = f"{AUTHORITY}/ME-2"
        tell("reported", "2026-11-20T10:00:00Z", subject=home, birth_month="2013-03", recorded=RECORDED)
        assert listed(tell, "birth_months_differ") is None
        tell("episodes-linked", with_=home, relation="same_episode", recorded=RECORDED)
        assert listed(tell, "birth_months_differ") == (1, 3)
