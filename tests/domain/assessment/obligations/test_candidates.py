"""What may satisfy a duty, when, and what is set aside: given entries, when assessed, then that."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.obligation import Verdict
from domain.moment import Moment, instant
from domain.rules.rulebook import parse
from tests.support.entry_builder import DUTY, HELD, POLICE, Telling, missing_and_back, verdict, weighed


def last(tell: Telling, met_by: str) -> Verdict:
    """What is said in the end of a duty that is met by this."""
    (episode,) = assess(tell, parse(f'{DUTY}starts = [{{ fact = "returned" }}]\nmet_by = [{met_by}]'))
    return episode.obligations[0].verdicts[-1].value


class TestOrder:
    """Which of several facts is taken."""

    @pytest.mark.parametrize("sources", [("urn:x:a", "urn:x:b"), ("urn:x:b", "urn:x:a")])
    def test_of_two_at_the_same_instant_the_first_by_source(self, sources: tuple[str, str]) -> None:
        """Whichever arrived first; the other satisfied it again."""
        tell = missing_and_back()
        for source in sources:
            tell("interview-held", "2026-03-02T09:00:00Z", source=source)
        found = verdict(tell, HELD)
        assert found.satisfied_by == 3 + sources.index("urn:x:a")
        assert [e.role for e in found.evidence] == ["started", "satisfied"]


class TestClaimed:
    """An undated claim lies between the start of the episode, as it is known in the end, and when it was learned."""

    LEARNED = "2026-03-03T08:00:00Z"

    def held(self, tell: Telling) -> Moment | None:
        """When an extract's interview may have been held."""
        tell("interview-summary-recorded", "2026-03-09T09:00:00Z", learned_at=self.LEARNED, held="yes")
        return verdict(tell, HELD).satisfied_at

    def test_from_when_the_child_left(self) -> None:
        """And not from the report."""
        tell = Telling()
        tell("absence-noticed", "2026-03-01T19:00:00Z")
        tell("returned", "2026-03-01T22:30:00Z")
        tell("reported", "2026-03-01T22:00:00Z", category="missing", left_at="2026-03-01T18:00:00Z")
        assert self.held(tell) == (instant("2026-03-01T18:00:00Z"), instant(self.LEARNED))

    def test_from_the_latest_where_nobody_says_since_when(self) -> None:
        """Left by seven, noticed at eight: the start has no earliest, and its latest stands for it."""
        tell = Telling()
        tell("absence-noticed", "2026-03-01T20:00:00Z", left_at={"latest": "2026-03-01T19:00:00Z"})
        tell("reported", "2026-03-01T21:00:00Z", category="missing")
        tell("returned", "2026-03-01T22:30:00Z")
        assert self.held(tell) == (instant("2026-03-01T19:00:00Z"), instant(self.LEARNED))

    @pytest.mark.parametrize("learned", [{}, {"learned_at": {"earliest": LEARNED}}])
    def test_until_it_was_recorded_where_nobody_says_when_it_was_learned(
        self, learned: dict[str, Any]
    ) -> None:
        """Or only from when on."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        claim = tell("interview-summary-recorded", "2026-03-09T09:00:00Z", held="yes", **learned)
        assert verdict(tell, HELD).satisfied_at == (instant("2026-03-01T20:00:00Z"), claim.recorded_at)


class TestSetAside:
    """What is of a kind that the rule asks for and does not satisfy it, with the reason."""

    @pytest.mark.parametrize(
        ("met_by", "reason"),
        [
            ('{ fact = "interview-held", time = "learned_at" }', "no time is known that the rule could count"),
            ('{ fact = "interview-held", where = { seen_alone = ["yes"] }, time = "learned_at" }',
             "no time is known that the rule could count"),
            ('{ fact = "interview-held", where = { harm = ["criminal_exploitation"] } }',
             "not as the rule asks: harm sexual exploitation, self harm"),
            ('{ fact = "interview-held", by = "@responsible_authority" }',
             f"not as the rule asks: recorded for {POLICE}"),
            ('{ fact = "interview-held", where = { seen_alone = ["no"] }, by = "@responsible_authority" }',
             f"not as the rule asks: seen alone yes, recorded for {POLICE}"),
        ],
    )  # fmt: skip
    def test_why(self, met_by: str, reason: str) -> None:
        """Held by the police, who saw the child alone and were told of two kinds of harm."""
        tell = missing_and_back()
        harm = ["sexual_exploitation", "self_harm"]
        tell("interview-held", "2026-03-02T09:00:00Z", by=POLICE, seen_alone="yes", harm=harm)
        assert weighed(last(tell, met_by))[1:] == ((3, "considered", "interview-held", reason),)

    def test_what_perhaps_came_before_the_clock_started(self) -> None:
        """Back some time on the second; held at noon of that day, and two days later."""
        tell = missing_and_back({"date": "2026-03-02"})  # type: ignore[arg-type]  # a moment
        for day in (2, 4):
            tell("interview-held", f"2026-03-0{day}T12:00:00Z")
        reason = "its time leaves open whether it came before the clock started"
        assert weighed(last(tell, '{ fact = "interview-held", after = "start" }'))[1:] == (
            (4, "satisfied", "interview-held", "what the rule asks for"),
            (3, "considered", "interview-held", reason),
        )

    @pytest.mark.parametrize(
        ("held", "reason"),
        [
            ("2026-03-04T22:30:00Z", "its time leaves open whether it was within the limit"),
            ("2026-03-04T22:30:00.000001Z", "it came after the limit"),
        ],
    )
    def test_what_was_done_after_a_refusal_that_excuses(self, held: str, reason: str) -> None:
        """From the limit on perhaps in time, after it surely not."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("interview-declined", "2026-03-02T09:00:00Z")
        tell("interview-held", {"earliest": held, "latest": "2026-03-05T22:30:00Z"})
        considered = [e.why for e in verdict(tell, HELD).evidence if e.role == "considered"]
        assert considered == [reason]
