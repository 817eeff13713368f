"""The duties are owed to children: who is surely grown up has none, and who may be a child has them."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.obligation import Verdict
from domain.moment import instant
from domain.rules.rulebook import england, parse
from domain.spans import at
from tests.support.entry_builder import HELD, SUBJECT, Telling
from tests.support.repository import ROOT

LATER, RECORDED = "2027-01-01T00:00:00Z", "2026-12-01T00:00:00Z"
BEFORE = parse((ROOT / "tests/golden/england-2026.2.toml").read_text("utf-8"))
"""The rulebook before it asked for the age."""


def tell(
    birth_month: str | None,
    back: str | dict[str, str] = "2026-11-21T10:00:00Z",
    gone: str = "2026-11-20T10:00:00Z",
) -> Telling:
    """Missing for a day in November 2026."""
    told = Telling()
    born = {} if birth_month is None else {"birth_month": birth_month}
    told("reported", gone, category="missing", recorded=RECORDED, **born)
    told("returned", back, recorded=RECORDED)
    return told


def judged(told: Telling, as_at: str = LATER, book: object = None) -> Verdict:
    """The duty to hold the interview, where it does not apply too."""
    (episode,) = assess(told, book or england(), not_applicable=True)  # type: ignore[arg-type]
    assert episode.subjects == (SUBJECT,)
    duties = [duty for duty in episode.obligations if duty.rule == HELD]
    (span,) = filter(None, [at(duty.verdicts, instant(as_at)) for duty in duties])
    return span.value


@pytest.mark.parametrize(
    ("birth_month", "verdict", "failed", "unknown"),
    [
        ("2000-01", "not_applicable", ("age",), ()),
        ("2008-10", "not_applicable", ("age",), ()),
        ("2008-11", "overdue", (), ("age",)),
        ("2008", "overdue", (), ("age",)),
        ("2008-12", "overdue", (), ()),
        ("2012-03", "overdue", (), ()),
        (None, "overdue", (), ()),
    ],
)
def test_by_the_month_of_birth(
    birth_month: str | None, verdict: str, failed: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    """A man of 26; eighteen last month; in the month of the birthday; a child; of whom nobody said."""
    found = judged(tell(birth_month))
    assert (found.verdict, found.condition_failed, found.condition_unknown) == (verdict, failed, unknown)


def test_every_duty_of_england_is_owed_to_children() -> None:
    """Each rule asks, at what starts it."""
    assert all(any((c.at, c.of) == ("trigger", "under_18") for c in r.applies_to) for r in england().rules)


def test_a_month_that_comes_later_counts_from_then_on() -> None:
    """The profile that says so is of a week after the return."""
    told = tell(None)
    told("profile-recorded", "2026-11-28T10:00:00Z", birth_month="2000-01", recorded=RECORDED)
    assert judged(told, "2026-11-27T00:00:00Z").verdict == "overdue"
    assert judged(told).verdict == "not_applicable"


def test_two_months_that_disagree_hide_no_duty() -> None:
    """Grown up by one, a child by the other."""
    told = tell("2000-01")
    told("profile-recorded", "2026-11-28T10:00:00Z", birth_month="2010-01", recorded=RECORDED)
    assert judged(told, "2026-11-27T00:00:00Z").verdict == "not_applicable"
    found = judged(told)
    assert (found.verdict, found.condition_unknown) == ("overdue", ("age",))


def test_a_return_in_one_of_two_months_leaves_it_open() -> None:
    """Eighteen in October: a child before it, grown up after it."""
    back = {"earliest": "2026-09-30T10:00:00Z", "latest": "2026-11-21T10:00:00Z"}
    told = tell("2008-10", back, "2026-09-29T10:00:00Z")
    assert judged(told).condition_unknown == ("age",)


def test_the_rulebook_before_did_not_ask() -> None:
    """What was adopted then means what it meant then."""
    assert judged(tell("2000-01"), book=BEFORE).verdict == "overdue"
