"""What a verdict says of itself, as whole sentences: given entries, when judged by a rule, then these words."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.explanations import explain
from domain.moment import instant
from domain.rules.rulebook import parse
from domain.spans import at
from tests.support.entry_builder import AUTHORITY, DUTY, POLICE, SUBJECT, Telling, missing_and_back

CLAIMED = '{ fact = "interview-summary-recorded", where = { held = ["yes"] }, time = "summary" }'
RULE = (
    f'{DUTY}met_by = [{{ fact = "interview-held" }}, {CLAIMED}]\n'
    'excused_by = [{ fact = "interview-declined" }, { fact = "interview-not-possible" }]\n'
)
FOUND = 'starts = [{ fact = "returned" }, { fact = "ended-otherwise" }]\n'
HOURS = FOUND + "limit = { hours = 72 }\n"
CUSTODY = 'paused_by = [{ fact = "status-interrupted", until = "interruption-ended" }]\n'
LEARNED = (
    f'{HOURS}clock = [{{ fact = "return-notified", where = {{ notified_to = ["@responsible_authority"] }} }},'
    ' { fact = "returned", by = "@responsible_authority", time = "learned" }]\n'
)
IN_TIME, MUCH_LATER = "2026-03-03T09:00:00Z", "2026-03-09T00:00:00Z"


def said(
    tell: Telling, rule: str, as_at: str = MUCH_LATER, *, head: str = RULE, not_applicable: bool = False
) -> str:
    """The sentence of the one duty of the first episode."""
    book = parse(head + rule)
    episode = next(e for e in assess(tell, book, not_applicable=not_applicable) if SUBJECT in e.subjects)
    (span,) = filter(None, [at(duty.verdicts, instant(as_at)) for duty in episode.obligations])
    return explain(book.rules[0], span.value)


class TestStarted:
    """What started the clock."""

    def test_an_end_without_a_return(self) -> None:
        """It has words of its own."""
        tell = Telling()
        tell("ended-otherwise", "2026-03-01T22:30:00Z", reason="remanded")
        assert said(tell, FOUND) == (
            "The episode ended without a return on 1 March 2026 22:30. No return interview has been held:"
            " no time limit; not done yet. The responsible authority answers for it."
        )

    def test_how_long_the_child_was_missing(self) -> None:
        """Surely so long, and not perhaps."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        assert said(tell, "starts = { missing_for_hours = 24 }\nlimit = { hours = 48 }") == (
            "The child had been missing without a break for 24 h by 2 March 2026 20:00. No return interview has been"
            " held. Overdue since 4 March 2026 20:00 (limit 48 hours). The responsible authority answers for it."
        )

    def test_how_often_the_child_went(self) -> None:
        """The second within ten days."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", subject=f"{AUTHORITY}/ME-0")
        tell("reported", "2026-03-05T20:00:00Z")
        assert said(tell, "starts = { episodes = 2, within_days = 10 }\nlimit = { days = 1 }") == (
            "An episode began on 5 March 2026 20:00; it is the second or a later one of this child within 10 days."
            " No return interview has been held. Overdue since 7 March 2026 00:00 (limit 1 day)."
            " The responsible authority answers for it."
        )

    @pytest.mark.parametrize(
        ("notified", "words"),
        [
            ("2026-03-01T23:00:00Z", "was notified of the return on 1 March 2026 23:00"),
            ("2026-03-02T09:30:00Z", "learned of the return on 2 March 2026 09:00"),
        ],
    )
    def test_who_was_told_or_learned_of_it(self, notified: str, words: str) -> None:
        """Whichever came first."""
        tell = missing_and_back(learned_at="2026-03-02T09:00:00Z")
        tell("return-notified", notified, by=POLICE, notified_to=AUTHORITY)
        assert said(tell, LEARNED).startswith(
            f"The responsible authority {words}. No return interview has been held."
        )


class TestSatisfied:
    """By what, when, and whether in time."""

    @pytest.mark.parametrize(
        ("name", "when", "words"),
        [
            ("interview-declined", IN_TIME,
             "The interview was declined on 3 March 2026 09:00, 34 h 30 min after the return: excused."),
            ("interview-declined", "2026-03-05T09:00:00Z",
             ("The interview was declined on 5 March 2026 09:00, 3 days 10 h after the return:"
              " excused, but 10 h 30 min late (limit 72 hours).")),
            ("interview-not-possible", IN_TIME,
             ("The interview was recorded as not possible on 3 March 2026 09:00,"
              " 34 h 30 min after the return: excused.")),
            ("interview-summary-recorded", "2026-03-02T22:30:00Z",
             ("The interview was claimed by an extract between 1 March 2026 20:00 and 2 March 2026 22:30,"
              " between 2 h 30 min before and 24 h after the return: in time (limit 72 hours).")),
        ],
    )  # fmt: skip
    def test_by_which_fact(self, name: str, when: str, words: str) -> None:
        """Each by its name."""
        tell = missing_and_back()
        more: dict[str, Any] = {"held": "yes", "learned_at": when} if "summary" in name else {}
        tell(name, when, **more)
        assert said(tell, HOURS) == f"The child returned on 1 March 2026 22:30. {words}"

    def test_of_a_clock_that_nobody_started(self) -> None:
        """It was held, and nobody says when the authority learned of the return."""
        tell = missing_and_back(by=POLICE)
        tell("interview-held", IN_TIME)
        assert said(tell, LEARNED) == (
            "No record says when the responsible authority was notified of it. A return interview was held on"
            " 3 March 2026 09:00. Cannot tell whether it was in time. A record of that time would settle it."
        )

    def test_beyond_the_calendar(self) -> None:
        """Done, and nobody can say when it fell due."""
        tell = Telling()
        tell("returned", "2028-12-29T09:00:00Z", recorded="2029-06-01T00:00:00Z")
        tell("interview-held", "2029-01-20T09:00:00Z", recorded="2029-06-01T00:00:00Z")
        limit = 'limit = { working_days = 5, calendar = "england-and-wales" }'
        assert said(tell, FOUND + limit, "2029-06-01T00:00:00Z").endswith(
            "Cannot tell when it is due: the calendar for 5 working days does not reach that far."
        )

    def test_perhaps_before_the_clock_of_a_duty_without_a_limit(self) -> None:
        """It counts only after the return, which is known to its day."""
        tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]  # a moment
        tell("interview-held", "2026-03-02T12:00:00Z")
        rule = f'{DUTY}{FOUND}met_by = [{{ fact = "interview-held", after = "start" }}]'
        assert said(tell, "", head=rule).endswith(
            "Cannot tell whether it counts: it may have come before the clock started. Exact times would settle it."
        )


class TestSetAside:
    """Duties that do not apply, or no longer."""

    def test_each_condition_that_fails(self) -> None:
        """Neither missing nor looked after."""
        tell = Telling()
        away = {"category": "away_without_authorisation", "setting": {"looked_after": "no"}}
        tell("reported", "2026-03-01T20:00:00Z", **away)
        tell("returned", "2026-03-01T22:30:00Z")
        both = (
            'applies_to = [{ at = "ever", standing = ["missing"] }, { at = "start", looked_after = ["yes"] }]'
        )
        assert said(tell, HOURS + both, not_applicable=True) == (
            "The child returned on 1 March 2026 22:30. Does not apply: the child was never missing"
            " and the child was not looked after at the start."
        )

    def test_withdrawn_by_what(self) -> None:
        """Two returns agreed, and the episode was opened again."""
        tell = missing_and_back()
        tell("returned", "2026-03-01T22:30:00Z", source="urn:x:home")
        tell("episode-reopened", "2026-03-02T09:00:00Z")
        assert (
            said(tell, HOURS)
            == "The child returned on 1 March 2026 22:30. Withdrawn: the episode was reopened (entry 4)."
        )


class TestRough:
    """What is known only roughly, where the clock stood still too."""

    def test_every_rough_time_would_help_to_settle_it(self) -> None:
        """Back some time on the second, held some time on the fifth."""
        tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]  # a moment
        tell("interview-held", {"date": "2026-03-05"})
        assert said(tell, HOURS).endswith(
            "Cannot tell whether it was in time (limit 72 hours): the time of the return is known only by its day"
            " and the time of the interview is known only by its day. The exact times would settle it."
        )

    def test_a_pause_that_is_known_to_the_instant_would_not(self) -> None:
        """In custody since after the limit, and still."""
        tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]  # a moment
        tell("interview-held", "2026-03-05T12:00:00Z")
        tell("status-interrupted", "2026-03-07T09:00:00Z", kind="custody")
        assert said(tell, HOURS + CUSTODY).endswith(
            "(limit 72 hours): the time of the return is known only by its day. The exact time would settle it."
        )

    def test_a_pause_that_put_off_nothing_is_not_said(self) -> None:
        """It began after the limit."""
        tell = missing_and_back()
        tell("status-interrupted", "2026-03-08T22:30:00Z", kind="custody")
        assert said(tell, HOURS + CUSTODY, "2026-03-10T00:00:00Z").endswith(
            "No return interview has been held. Overdue since 4 March 2026 22:30 (limit 72 hours)."
            " The responsible authority answers for it."
        )
