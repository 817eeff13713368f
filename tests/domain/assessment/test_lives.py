"""What lives do to a duty: one interview for several episodes, gone again, grown up, dead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.obligation import Verdict
from domain.moment import instant
from domain.rules.rule import MOVES, PAUSES, STANDS
from domain.rules.rulebook import england
from domain.spans import at
from tests.support.entry_builder import (
    AUTHORITY,
    HELD,
    LONG_AFTER,
    OFFERED,
    SUBJECT,
    Telling,
    missing_and_back,
    standing,
    verdict,
    verdicts,
)

SECOND, THIRD = f"{AUTHORITY}/ME-2", f"{AUTHORITY}/ME-3"


def test_a_retracted_interview_leaves_a_breach_and_its_retraction_retracted_a_pass() -> None:
    """Ordering case 4, of what satisfies; of what starts the clock see test_corrections."""
    tell = missing_and_back("2026-03-01T22:30:00Z")
    held = tell("interview-held", "2026-03-02T09:00:00Z")
    gone = tell("retracted", target=tell.about(held))
    assert verdict(tell, HELD).verdict == "overdue"
    tell("retracted", target=tell.about(gone))
    assert verdict(tell, HELD).verdict == "met"


class TestOneInterviewForThree:
    """Ordering case 5: one of them later in error."""

    ALL = (SUBJECT, SECOND, THIRD)

    def tell(self) -> Telling:
        """Three nights, and an interview after the third that is about all of them."""
        tell = Telling()
        for number, subject in enumerate(self.ALL, 1):
            tell("reported", f"2026-03-0{number}T20:00:00Z", subject=subject)
            tell("returned", f"2026-03-0{number}T23:00:00Z", subject=subject)
        tell("interview-held", "2026-03-04T12:00:00Z", subject=THIRD, covers=[SUBJECT, SECOND])
        return tell

    def verdicts(self, tell: Telling) -> list[str]:
        """Of each."""
        return [verdict(tell, HELD, subject=subject).verdict for subject in self.ALL]

    def test_all_are_met_by_the_one_entry(self) -> None:
        """It is never copied."""
        tell = self.tell()
        assert self.verdicts(tell) == ["met", "met", "met"]
        assert {verdict(tell, HELD, subject=s).satisfied_by for s in self.ALL} == {7}

    def test_a_covered_one_in_error_changes_it_alone(self) -> None:
        """The others were interviewed."""
        tell = self.tell()
        tell("episode-recorded-in-error", "2026-03-05T09:00:00Z", subject=SECOND)
        assert self.verdicts(tell) == ["met", "withdrawn", "met"]

    def test_the_one_it_was_recorded_on_in_error_takes_it_along(self) -> None:
        """Then there was no such interview."""
        tell = self.tell()
        error = tell("episode-recorded-in-error", "2026-03-05T09:00:00Z", subject=THIRD)
        assert self.verdicts(tell) == ["overdue", "overdue", "withdrawn"]
        tell("retracted", subject=THIRD, target=tell.about(error))
        assert self.verdicts(tell) == ["met", "met", "met"]

    def test_too_late_for_the_first_is_in_time_for_the_last(self) -> None:
        """Each by its own clock."""
        tell = self.tell()[:-1]
        told = Telling()
        told += tell
        told("interview-held", "2026-03-05T23:00:00Z", subject=THIRD, covers=[SUBJECT, SECOND])
        assert self.verdicts(told) == ["met_late", "met", "met"]


class TestMissingAgain:
    """Ordering case 8, under each of the three settings."""

    def judged(self, tell: Telling, how: str, as_at: str) -> Verdict:
        """The first episode's duty to hold an interview."""
        book = england()
        rule = replace(book.rule(HELD, book.rules[1].version), missing_again=how)
        episode = next(e for e in assess(tell, replace(book, rules=(rule,))) if SUBJECT in e.subjects)
        (span,) = filter(None, [at(duty.verdicts, instant(as_at)) for duty in episode.obligations])
        return span.value

    def tell(self, *more: tuple[str, str]) -> Telling:
        """Back at noon on the first; gone again on the second, for two days; and then as is said."""
        tell = missing_and_back("2026-03-01T22:00:00Z")
        for subject, (gone, back) in zip(
            (SECOND, THIRD), (("2026-03-02T22:00:00Z", "2026-03-04T22:00:00Z"), *more), strict=False
        ):
            tell("reported", gone, subject=subject)
            tell("returned", back, subject=subject)
        return tell

    @pytest.mark.parametrize(
        ("how", "due"),
        [(STANDS, "2026-03-04T22:00:00Z"), (PAUSES, "2026-03-06T22:00:00Z"), (MOVES, "2026-03-07T22:00:00Z")],
    )
    def test_when_it_falls_due_once_back(self, how: str, due: str) -> None:
        """As it was; two days later; three days after the last return."""
        found = self.judged(self.tell(), how, "2026-03-05T00:00:00Z")
        assert found.due == (instant(due), instant(due))

    @pytest.mark.parametrize(
        ("how", "due"),
        [(STANDS, "2026-03-04T22:00:00Z"), (PAUSES, "2026-03-07T22:00:00Z"), (MOVES, "2026-03-09T22:00:00Z")],
    )
    def test_gone_a_third_time_before_that(self, how: str, due: str) -> None:
        """On the fifth, for a day: a day more; and from that return."""
        tell = self.tell(("2026-03-05T22:00:00Z", "2026-03-06T22:00:00Z"))
        found = self.judged(tell, how, "2026-03-06T23:00:00Z")
        assert found.due == (instant(due), instant(due))

    @pytest.mark.parametrize("how", [STANDS, PAUSES, MOVES])
    def test_gone_again_only_after_the_limit_changes_nothing(self, how: str) -> None:
        """It was overdue before."""
        tell = missing_and_back("2026-03-01T22:00:00Z")
        tell("reported", "2026-03-04T22:00:01Z", subject=SECOND)
        found = self.judged(tell, how, "2026-03-10T00:00:00Z")
        assert (found.verdict, found.due) == ("overdue", (instant("2026-03-04T22:00:00Z"),) * 2)

    @pytest.mark.parametrize(("how", "then"), [(STANDS, "overdue"), (PAUSES, "paused"), (MOVES, "paused")])
    def test_gone_on_the_very_limit_and_never_back(self, how: str, then: str) -> None:
        """Still in time: so the clock stops."""
        tell = missing_and_back("2026-03-01T22:00:00Z")
        tell("reported", "2026-03-04T22:00:00Z", subject=SECOND)
        assert self.judged(tell, how, "2026-03-10T00:00:00Z").verdict == then

    @pytest.mark.parametrize("how", [STANDS, PAUSES, MOVES])
    def test_interviewed_in_between(self, how: str) -> None:
        """Met, whatever comes."""
        tell = self.tell()
        tell("interview-held", "2026-03-02T12:00:00Z")
        assert self.judged(tell, how, "2026-03-10T00:00:00Z").verdict == "met"

    @pytest.mark.parametrize("how", [STANDS, PAUSES, MOVES])
    def test_an_earlier_episode_is_no_missing_again(self, how: str) -> None:
        """Before the return there was no clock to stop."""
        tell = missing_and_back("2026-03-01T22:00:00Z")
        tell("reported", "2026-02-01T20:00:00Z", subject=SECOND)
        tell("returned", "2026-02-02T20:00:00Z", subject=SECOND)
        assert self.judged(tell, how, "2026-03-04T22:00:01Z").verdict == "overdue"


class TestEndsWithoutAReturn:
    """Ordering cases 9, 10 and 11."""

    def ended(self, when: str | dict[str, str], **members: str) -> Telling:
        """Missing, and then so."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("ended-otherwise", when, **members)
        return tell

    def test_turned_eighteen_and_nobody_knows_where(self) -> None:
        """No interview can be due; nobody is sought under this reference any more."""
        tell = self.ended({"date": "2026-03-04"}, reason="turned_18", whereabouts_known="no")
        assert standing(tell) == "ended"
        assert verdicts(tell, HELD, instant(LONG_AFTER)) == []

    def test_turned_eighteen_whereabouts_known(self) -> None:
        """Found: the duty stands, with the day as its start."""
        tell = self.ended({"date": "2026-03-04"}, reason="turned_18", whereabouts_known="yes")
        found = verdict(tell, HELD)
        assert found.verdict == "overdue"
        assert found.started_at == (instant("2026-03-04T00:00:00Z"), instant("2026-03-05T00:00:00Z"))

    def test_the_birthday_alone_ends_nothing(self) -> None:
        """The ledger has no clock: somebody says so, or it stays open."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", birth_month="2008-03")
        assert standing(tell, "2026-05-01T00:00:00Z") == "missing"

    def test_died_after_the_return_excuses_too(self) -> None:
        """By an interview that is not possible any more; late, when the time had passed."""
        tell = missing_and_back()
        tell("interview-not-possible", "2026-03-03T09:00:00Z", reason="died")
        assert {verdict(tell, rule).verdict for rule in (HELD, OFFERED)} == {"excused"}
        late = missing_and_back()
        late("interview-not-possible", "2026-03-09T09:00:00Z", reason="died")
        assert {verdict(late, rule).verdict for rule in (HELD, OFFERED)} == {"excused_late"}

    def test_a_death_known_by_its_day_excuses_all_the_same(self) -> None:
        """What started the clock excuses it, whenever it was."""
        tell = self.ended({"date": "2026-03-04"}, reason="died")
        assert {verdict(tell, rule).verdict for rule in (HELD, OFFERED)} == {"excused"}

    def test_the_placement_ends_and_the_child_comes_back_elsewhere(self) -> None:
        """No end, until somebody sees the child; then the clock starts."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", setting={"placement_type": "foster"})
        tell("setting-changed", "2026-03-05T12:00:00Z", setting={"placement_type": "no_fixed"})
        assert standing(tell, "2026-03-06T00:00:00Z") == "missing"
        assert verdicts(tell, HELD, instant("2026-03-06T00:00:00Z")) == []
        tell("returned", "2026-03-09T09:00:00Z", to_setting_type="kinship")
        assert verdict(tell, HELD, "2026-03-12T09:00:00Z").verdict == "due"
        assert verdict(tell, HELD, "2026-03-12T09:00:01Z").verdict == "overdue"
