"""Duties: clocks that are stopped, and a child who is missing again."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.moment import instant
from domain.rules.rulebook import parse
from tests.support.entry_builder import AUTHORITY, Telling, missing_and_back
from tests.support.judged_rules import HEAD, RETURNED, RULE, judged, one


class TestPaused:
    """A clock that stands still."""

    RULE = RETURNED + (
        'paused_by = [{ fact = "status-interrupted", where = { kind = ["custody"] }, until = "interruption-ended" }]\n'
        "limit = { hours = 72 }"
    )

    def test_paused_and_running_again(self) -> None:
        """Two days in custody move the due moment by two days."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        assert one(tell, self.RULE, "2026-03-02T22:29:59Z") == "due"
        (found,) = judged(tell, self.RULE, "2026-03-10T00:00:00Z")
        assert (found.verdict, found.due) == ("paused", None)
        tell("interruption-ended", "2026-03-04T22:30:00Z", kind="custody")
        (found,) = judged(tell, self.RULE, "2026-03-05T00:00:00Z")
        assert (found.verdict, found.due) == (
            "due",
            (instant("2026-03-06T22:30:00Z"), instant("2026-03-06T22:30:00Z")),
        )
        assert one(tell, self.RULE, "2026-03-06T22:30:01Z") == "overdue"

    @pytest.mark.parametrize("arrested", ["2026-03-02T22:30:00Z", {"date": "2026-03-02"}])
    def test_released_some_time_on_the_day_of_the_arrest(self, arrested: str | dict[str, str]) -> None:
        """Whichever has the earlier moment or the smaller id: the release is not surely before, and it runs again."""
        for released_first in (True, False):
            tell = missing_and_back("2026-03-01T22:30:00Z")
            for name in sorted(("status-interrupted", "interruption-ended"), reverse=not released_first):
                when = arrested if name == "status-interrupted" else {"date": "2026-03-02"}
                tell(name, when, kind="custody", id_=f"{len(tell)}")
            assert one(tell, self.RULE, "2026-03-06T00:00:00Z") == "overdue"

    def test_what_began_after_the_limit_stops_nothing(self) -> None:
        """It was overdue already."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-05T00:00:00Z", kind="custody")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "overdue"

    def test_another_kind_does_not_stop_it_nor_start_it_again(self) -> None:
        """Hospital is not in this rule."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T00:00:00Z", kind="hospital")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "overdue"
        tell("status-interrupted", "2026-03-02T00:00:00Z", kind="custody")
        tell("interruption-ended", "2026-03-03T00:00:00Z", kind="hospital")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "paused"

    def test_paused_until_a_time_that_was_said(self) -> None:
        """In custody until the fourth: nobody need say again that it is over."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody", until="2026-03-04T22:30:00Z")
        assert one(tell, self.RULE, "2026-03-04T22:29:59Z") == "paused"
        assert one(tell, self.RULE, "2026-03-06T22:30:00Z") == "due"
        assert one(tell, self.RULE, "2026-03-06T22:30:01Z") == "overdue"

    @pytest.mark.parametrize(
        "more", ['missing_again = "pauses"', 'missing_again = "moves_to_next_return"', ""]
    )
    @pytest.mark.parametrize("role", ["provider", "responsible_authority"])
    def test_whatever_else_the_rule_minds(self, role: str, more: str) -> None:
        """Who answers for it and other episodes change at instants of their own."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("interview-allocated", "2026-03-02T09:00:00Z", provider="ORG-NYAS")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        tell("reported", "2026-05-02T20:00:00Z", subject=f"{AUTHORITY}/ME-2")
        book = parse(HEAD + RULE.replace("responsible_authority", role) + self.RULE + "\n" + more)
        (duty,) = assess(tell, book)[0].obligations
        assert [(s.value.verdict, s.start) for s in duty.verdicts if s.value.verdict == "paused"][:1] == [
            ("paused", instant("2026-03-02T22:30:00Z"))
        ]
        assert duty.verdicts[-1].value.holder == ("ORG-NYAS" if role == "provider" else AUTHORITY)

    def test_paused_until_no_later_than_a_time(self) -> None:
        """For two days, or not at all."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        latest = {"latest": "2026-03-04T22:30:00Z"}
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody", until=latest)
        (found,) = judged(tell, self.RULE, "2026-03-05T00:00:00Z")
        assert found.due == (instant("2026-03-04T22:30:00Z"), instant("2026-03-06T22:30:00Z"))

    def test_any_two_facts_can_stop_it_and_let_it_run_again(self) -> None:
        """Not only those that have a kind."""
        rule = RETURNED + (
            'paused_by = [{ fact = "strategy-discussion-held", until = "plan-reviewed" }]\nlimit = { hours = 72 }'
        )
        tell = missing_and_back("2026-03-01T22:30:00Z")
        stopped = tell("strategy-discussion-held", "2026-03-02T22:30:00Z")
        tell("plan-reviewed", "2026-03-03T22:30:00Z")
        (found,) = judged(tell, rule, "2026-03-04T00:00:00Z")
        assert found.due == (instant("2026-03-05T22:30:00Z"),) * 2
        assert [e.position for e in found.evidence if e.role == "paused"] == [stopped.position]

    def test_done_while_it_stands_still_is_in_time(self) -> None:
        """Seen in custody."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("status-interrupted", "2026-03-02T22:30:00Z", kind="custody")
        tell("interview-held", "2026-03-09T00:00:00Z")
        assert one(tell, self.RULE, "2026-03-10T00:00:00Z") == "met"


class TestMissingAgain:
    """Ordering case 8: missing again during the 72 hours."""

    FIRST, SECOND = f"{AUTHORITY}/ME-1", f"{AUTHORITY}/ME-2"

    def tell(self) -> Telling:
        """Back on the first, gone again on the second from noon to midnight of the fourth."""
        tell = Telling()
        tell("reported", "2026-03-01T08:00:00Z")
        tell("returned", "2026-03-01T12:00:00Z")
        tell("reported", "2026-03-02T12:00:00Z", subject=self.SECOND)
        tell("returned", "2026-03-04T12:00:00Z", subject=self.SECOND)
        return tell

    @pytest.mark.parametrize(
        ("how", "as_at", "then"),
        [
            ("stands", "2026-03-04T12:00:01Z", "overdue"),
            ("pauses", "2026-03-02T11:59:59Z", "due"),
            ("pauses", "2026-03-02T12:00:00Z", "paused"),
            ("pauses", "2026-03-06T12:00:00Z", "due"),
            ("pauses", "2026-03-06T12:00:01Z", "overdue"),
            ("moves_to_next_return", "2026-03-02T11:59:59Z", "due"),
            ("moves_to_next_return", "2026-03-02T12:00:00Z", "paused"),
            ("moves_to_next_return", "2026-03-07T12:00:00Z", "due"),
            ("moves_to_next_return", "2026-03-07T12:00:01Z", "overdue"),
        ],
    )
    def test_the_first_obligation(self, how: str, as_at: str, then: str) -> None:
        """Stands, pauses, or moves to the next return, as the rulebook says."""
        rule = RETURNED + f'limit = {{ hours = 72 }}\nmissing_again = "{how}"'
        (found,) = judged(self.tell(), rule, as_at, subject=self.FIRST)
        assert found.verdict == then

    @pytest.mark.parametrize(
        ("how", "due"),
        [
            ("pauses", ("2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z")),
            ("moves_to_next_return", ("2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z")),
        ],
    )
    def test_back_again_some_time_on_a_day(self, how: str, due: tuple[str, str]) -> None:
        """How long the clock stood still, or where it began anew, is no better known than that."""
        tell = Telling()
        tell("reported", "2026-03-01T08:00:00Z")
        tell("returned", "2026-03-01T12:00:00Z")
        tell("reported", "2026-03-02T12:00:00Z", subject=self.SECOND)
        tell("returned", {"date": "2026-03-04"}, subject=self.SECOND)
        rule = RETURNED + f'limit = {{ hours = 72 }}\nmissing_again = "{how}"'
        (found,) = judged(tell, rule, "2026-03-20T00:00:00Z", subject=self.FIRST)
        assert found.due == tuple(instant(each) for each in due)

    def test_gone_again_under_a_limit_beyond_the_calendar(self) -> None:
        """Nobody can tell, whether the child went again or not."""
        limit = 'limit = { working_days = 900, calendar = "england-and-wales" }\n'
        rule = f'{RETURNED}{limit}missing_again = "moves_to_next_return"'
        (found,) = judged(self.tell(), rule, "2026-03-20T00:00:00Z", subject=self.FIRST)
        assert (found.verdict, found.due) == ("cannot_tell", None)

    def test_gone_again_while_the_clock_had_stood_still(self) -> None:
        """Ten days in custody put off the limit, so the duty was open when the child went again."""
        tell = Telling()
        tell("reported", "2026-03-01T08:00:00Z")
        tell("returned", "2026-03-01T12:00:00Z")
        tell("status-interrupted", "2026-03-02T12:00:00Z", kind="custody")
        tell("interruption-ended", "2026-03-12T12:00:00Z", kind="custody")
        tell("reported", "2026-03-13T12:00:00Z", subject=self.SECOND)
        tell("returned", "2026-03-20T12:00:00Z", subject=self.SECOND)
        rule = TestPaused.RULE + '\nmissing_again = "moves_to_next_return"'
        (found,) = judged(tell, rule, "2026-03-21T00:00:00Z", subject=self.FIRST)
        assert (found.verdict, found.due) == ("due", (instant("2026-03-23T12:00:00Z"),) * 2)
