"""From when on a fact answers a duty: not from before the episode began, nor from before it was reopened."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.observations.data_quality import Issue
from domain.measures.definitions import MEASURES
from domain.measures.measured_episode import measured_episode
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import (
    AUTHORITY,
    HELD,
    OFFERED,
    SUBJECT,
    Telling,
    assessed,
    findings,
    verdict,
)

OTHER = f"{AUTHORITY}/ME-2"
DECEMBER = "2026-12-01T00:00:00Z"
LATER = "2027-01-01T00:00:00Z"
INTERVIEW_RULES = tuple(rule.id for rule in england().rules if rule.id.startswith("return-interview-"))[:4]


def november(*, recorded: str = DECEMBER) -> Telling:
    """Missing for six hours in the night to 4 November 2026."""
    tell = Telling()
    tell("reported", "2026-11-03T20:00:00Z", category="missing", recorded=recorded)
    tell("returned", "2026-11-04T02:00:00Z", recorded=recorded)
    return tell


def considered(tell: Telling, rule: str, subject: str = SUBJECT) -> list[tuple[int, str]]:
    """The positions and reasons of what was considered."""
    found = verdict(tell, rule, LATER, subject)
    return [(e.position, e.why) for e in found.evidence if e.role == "considered"]


def issues(tell: Telling, subject: str = SUBJECT) -> list[Issue]:
    """The data-quality issues of what came before the episode."""
    return [issue for issue in assessed(tell, subject).issues if issue.kind == "before_episode"]


class TestBeforeTheEpisode:
    """A date that is wrong, or an episode that is not the one meant."""

    @pytest.mark.parametrize("rule", INTERVIEW_RULES)
    @pytest.mark.parametrize("name", ["interview-held", "interview-declined", "interview-not-possible"])
    def test_an_interview_dated_a_year_too_early_answers_nothing(self, name: str, rule: str) -> None:
        """The fifth of November 2025 for that of 2026: the duty is open, and somebody should put it right."""
        tell = november()
        tell(name, "2025-11-05T10:00:00Z", recorded=DECEMBER)
        found = verdict(tell, rule, LATER)
        assert found.verdict in {"overdue", "cannot_tell"}
        assert found.satisfied_by is None
        assert findings(tell)["before_episode"] == [(3,)]
        assert [(issue.positions, issue.sources) for issue in issues(tell)] == [((3,), ("urn:x:lcs",))]

    def test_it_is_named_as_considered(self) -> None:
        """With the reason."""
        tell = november()
        tell("interview-held", "2025-11-05T10:00:00Z")
        assert considered(tell, HELD) == [(3, "it came before the episode began")]

    def test_one_held_before_the_return_is_met(self) -> None:
        """At the police station: it belongs to the episode."""
        tell = november()
        tell("interview-held", "2026-11-04T01:00:00Z", recorded=DECEMBER)
        assert (verdict(tell, HELD, LATER).verdict, issues(tell)) == ("met", [])

    def test_on_the_instant_of_the_start_it_belongs_to_it(self) -> None:
        """Not before."""
        tell = november()
        tell("interview-held", "2026-11-03T20:00:00Z", recorded=DECEMBER)
        assert verdict(tell, HELD, LATER).verdict == "met"

    @pytest.mark.parametrize(("name", "data"), [
        ("interview-held", {}), ("interview-declined", {}), ("interview-not-possible", {"reason": "hospital"}),
    ])  # fmt: skip
    def test_where_it_may_have_come_before_nobody_can_tell(self, name: str, data: dict[str, Any]) -> None:
        """Left some time on the third, by the report; the interview was in the morning of the third."""
        tell = Telling()
        left = {"date": "2026-11-03"}
        tell(
            "reported",
            "2026-11-03T20:00:00Z",
            category="missing",
            left_at=left,
            recorded=DECEMBER,
        )
        tell("returned", "2026-11-04T02:00:00Z", recorded=DECEMBER)
        tell(name, "2026-11-03T09:00:00Z", recorded=DECEMBER, **data)
        found = verdict(tell, HELD, LATER)
        assert (found.verdict, found.satisfied_by) == ("cannot_tell", 3)
        assert "before_episode" not in findings(tell)
        tell("interview-held", "2026-11-05T09:00:00Z", recorded=DECEMBER)
        assert verdict(tell, HELD, LATER).verdict == "met"

    def test_without_any_start_it_may_have_begun_at_any_time(self) -> None:
        """Nobody reported: an interview a year before the return may be of it, and may not."""
        tell = Telling()
        tell("returned", "2026-11-04T02:00:00Z", recorded=DECEMBER)
        tell("interview-held", "2025-11-05T10:00:00Z", recorded=DECEMBER)
        assert verdict(tell, HELD, LATER).verdict == "cannot_tell"

    def test_what_an_extract_claims_comes_after_the_start(self) -> None:
        """Though the start is known only by its day; but not when the extract is older than that."""
        tell = Telling()
        tell("reported", {"date": "2026-11-03"}, category="missing", recorded=DECEMBER)
        tell("returned", "2026-11-04T02:00:00Z", recorded=DECEMBER)
        tell(
            "interview-summary-recorded",
            held="yes",
            learned_at="2026-11-05T09:00:00Z",
            recorded=DECEMBER,
        )
        assert verdict(tell, HELD, LATER).verdict == "met"
        tell = november()
        tell(
            "interview-summary-recorded",
            held="yes",
            learned_at="2026-11-01T09:00:00Z",
            recorded=DECEMBER,
        )
        assert verdict(tell, HELD, LATER).verdict == "overdue"

    def test_figures_do_not_count_it_either(self) -> None:
        """Neither held, nor held in time, nor offered."""
        tell = november()
        tell("interview-held", "2025-11-05T10:00:00Z", recorded=DECEMBER)
        last = measured_episode(assessed(tell), england())[-1].value
        states = dict(zip((measure.id for measure in MEASURES), last.states, strict=True))
        assert (states["interview-offered"], states["interview-completed-of-ended"], last.interviews) == (
            "n",
            "n",
            (),
        )
        assert states["interview-within-72h-of-ended"] == "n"


class TestAnotherEpisode:
    """An interview that covers an episode that began after it."""

    def tell(self, name: str = "interview-not-possible", **data: Any) -> Telling:
        """In hospital on the fourth, says one episode, and that it covers another of the twentieth."""
        tell = november()
        tell(name, "2026-11-04T12:00:00Z", covers=[OTHER], recorded=DECEMBER, **data)
        tell(
            "reported",
            "2026-11-20T20:00:00Z",
            subject=OTHER,
            category="missing",
            recorded=DECEMBER,
        )
        tell("returned", "2026-11-21T02:00:00Z", subject=OTHER, recorded=DECEMBER)
        return tell

    @pytest.mark.parametrize("name", ["interview-not-possible", "interview-declined", "interview-held"])
    def test_it_answers_for_its_own_alone(self, name: str) -> None:
        """And both say so."""
        tell = self.tell(name)
        assert verdict(tell, HELD, LATER).verdict in {"excused", "met"}
        assert (verdict(tell, HELD, LATER, OTHER).verdict) == "overdue"
        assert considered(tell, HELD, OTHER) == [(3, "it came before the episode began")]
        for subject in (SUBJECT, OTHER):
            assert findings(tell, subject)["before_episode"] == [(3,)]
            assert [issue.positions for issue in issues(tell, subject)] == [(3,)]

    def test_one_by_somebody_who_may_not_record_there_is_no_matter_of_dates(self) -> None:
        """It has no effect there in any case."""
        tell = self.tell()
        tell("interview-held", "2026-11-04T13:00:00Z", covers=[OTHER], by="ORG-EVIL", subject="ORG-EVIL/1")
        assert findings(tell, OTHER)["before_episode"] == [(3,)]
        assert "before_episode" not in findings(tell, "ORG-EVIL/1")


class TestReopened:
    """What was done before the end turned out to be wrong."""

    def tell(self, reopened: str | dict[str, str] = "2026-03-02T21:00:00Z") -> Telling:
        """Back on the second, gone again that night, said to be impossible, reopened; back on the twelfth."""
        tell = Telling()
        tell("reported", "2026-03-01T10:00:00Z", category="missing")
        tell("returned", "2026-03-02T10:00:00Z")
        tell("interview-not-possible", "2026-03-02T20:00:00Z", reason="missing_again")
        tell("episode-reopened", reopened)
        tell("returned", "2026-03-12T10:00:00Z")
        return tell

    def of_return(self, tell: Telling, rule: str, as_at: str) -> tuple[str, int | None]:
        """The verdict on the second return."""
        duty = next(o for o in assessed(tell).obligations if o.rule == rule and o.trigger == 5)
        (span,) = [span for span in duty.verdicts if span.start <= instant(as_at) < span.end]
        return span.value.verdict, span.value.satisfied_by

    @pytest.mark.parametrize("rule", [HELD, OFFERED])
    def test_nothing_from_before_answers_for_the_return_after_it(self, rule: str) -> None:
        """Due, then overdue."""
        tell = self.tell()
        assert self.of_return(tell, rule, "2026-03-13T00:00:00Z") == ("due", None)
        assert self.of_return(tell, rule, "2026-03-16T00:00:00Z") == ("overdue", None)
        assert "before_episode" not in findings(tell)

    @pytest.mark.parametrize("name", ["interview-offered", "interview-held", "interview-declined"])
    def test_whatever_it_is(self, name: str) -> None:
        """Offered, held or declined before it."""
        tell = self.tell()
        tell(name, "2026-03-02T20:30:00Z")
        assert self.of_return(tell, HELD, "2026-03-16T00:00:00Z") == ("overdue", None)
        tell(name, "2026-03-02T21:00:00Z")
        assert self.of_return(tell, OFFERED, "2026-03-16T00:00:00Z") == ("met", 7)

    def test_where_the_time_of_the_reopening_leaves_it_open_nobody_can_tell(self) -> None:
        """Reopened some time on the second: before the refusal, or after it."""
        tell = self.tell({"earliest": "2026-03-02T19:00:00Z", "latest": "2026-03-02T22:00:00Z"})
        assert self.of_return(tell, HELD, "2026-03-16T00:00:00Z") == ("cannot_tell", 3)

    def test_of_a_reopening_without_effect_nothing_follows(self) -> None:
        """Somebody who may not reopen it."""
        tell = self.tell()
        tell[3] = Telling()("episode-reopened", "2026-03-02T21:00:00Z", by="ORG-EVIL", id_="x")
        duties = [o for o in assessed(tell).obligations if o.rule == HELD]
        assert {span.value.verdict for duty in duties for span in duty.verdicts} >= {"excused"}
