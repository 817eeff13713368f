"""Explanations: what was considered and why it does not count, by name and role."""

from __future__ import annotations

import re

import pytest

from domain.assessment.assess import assess
from domain.assessment.obligations.explanations import explain
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import (
    HELD,
    OFFERED,
    Telling,
    missing_and_back,
    verdict,
)
from tests.support.rule_stories import story


class TestConsidered:
    """Entries that were looked at and set aside, each with the reason."""

    def considered(
        self, tell: Telling, rule: str, as_at: str = "2026-04-01T00:00:00Z"
    ) -> list[tuple[int, str]]:
        """The positions and reasons."""
        return [(e.position, e.why) for e in verdict(tell, rule, as_at).evidence if e.role == "considered"]

    def test_an_attempt_and_a_decision(self) -> None:
        """From when on each was there."""
        tell = missing_and_back()
        tell("interview-attempted", "2026-03-02T09:00:00Z", outcome="not_present")
        tell("interview-not-required", "2026-03-03T09:00:00Z")
        both = [(3, "it did not take place"), (4, "that excuses nothing under this rule")]
        assert self.considered(tell, HELD) == both
        assert self.considered(tell, HELD, "2026-03-02T12:00:00Z") == both[:1]
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="low")
        tell("police-notified", "2026-03-01T20:30:00Z")
        assert self.considered(tell, "police-risk-assessed") == []

    def test_an_interview_that_is_not_as_the_rule_asks(self) -> None:
        """What it says of the thing that the rule minds."""
        tell = missing_and_back()
        tell("interview-held", "2026-03-02T09:00:00Z", interviewer={"employer": "placement_provider"})
        assert self.considered(tell, "return-interview-independent") == [(3, "not independent")]

    def test_an_excuse_for_another_reason(self) -> None:
        """Not contactable excuses the interview, not the offer."""
        tell = missing_and_back()
        tell("interview-not-possible", "2026-03-02T09:00:00Z", reason="not_contactable")
        assert self.considered(tell, OFFERED) == [(3, "not as the rule asks: reason not contactable")]
        assert self.considered(tell, HELD) == []

    def test_a_claim_that_says_no(self) -> None:
        """Each member that the rule minds, said or not."""
        tell = missing_and_back()
        tell("interview-summary-recorded", "2026-03-02T09:00:00Z", offered="no")
        assert self.considered(tell, OFFERED) == [
            (3, "not as the rule asks: offered no, accepted not said, held not said")
        ]

    def test_declined_and_held_all_the_same(self) -> None:
        """The refusal stays visible."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-02T09:00:00Z")
        tell("interview-held", "2026-03-03T09:00:00Z")
        assert self.considered(tell, HELD) == [(3, "it was done all the same")]

    def test_declined_in_time_and_held_after_the_limit(self) -> None:
        """The refusal excuses; that the interview was held all the same stays visible, from then on."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-02T09:00:00Z")
        tell("interview-held", "2026-03-20T09:00:00Z")
        tell("interview-held", {"earliest": "2026-03-03T09:00:00Z", "latest": "2026-03-09T09:00:00Z"})
        assert verdict(tell, HELD).verdict == "excused"
        assert self.considered(tell, HELD) == [
            (5, "its time leaves open whether it was within the limit"),
            (4, "it came after the limit"),
        ]
        assert self.considered(tell, HELD, "2026-03-03T08:59:59Z") == []

    def test_one_whose_time_leaves_it_open_and_one_that_is_sure(self) -> None:
        """The second decides."""
        tell = missing_and_back()
        tell("interview-held", {"earliest": "2026-03-02T09:00:00Z", "latest": "2026-03-09T09:00:00Z"})
        tell("interview-held", "2026-03-03T09:00:00Z")
        assert verdict(tell, HELD).verdict == "met"
        assert self.considered(tell, HELD) == [(3, "its time leaves open whether it was within the limit")]

    def test_what_satisfied_it_again_is_no_more_than_that(self) -> None:
        """It was satisfied already."""
        tell = missing_and_back()
        tell("interview-offered", "2026-03-02T09:00:00Z")
        tell("interview-offered", "2026-03-03T09:00:00Z")
        assert self.considered(tell, OFFERED) == []

    def test_an_end_that_does_not_count(self) -> None:
        """Another, apart from it, was witnessed."""
        tell = missing_and_back(basis="witnessed")
        tell("returned", "2026-03-03T08:00:00Z")
        assert self.considered(tell, HELD) == [(3, "another end counts")]
        assert [e.fact for e in verdict(tell, HELD).evidence] == ["returned", "returned"]
        assert self.considered(tell, HELD, "2026-03-03T07:59:59Z") == []

    def test_an_end_that_started_it_is_not_set_aside_as_well(self) -> None:
        """Remanded: found, and no death."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z")
        tell("ended-otherwise", "2026-03-01T22:30:00Z", reason="remanded")
        assert self.considered(tell, HELD) == []


class TestNamed:
    """What was set aside is named in the sentence, by whom, when, and why it does not count."""

    def sentence(self, tell: Telling, rule: str, as_at: str = "2026-06-01T00:00:00Z") -> str:
        """The sentence under England's rules."""
        return explain(england().rule(rule, england().rules[0].version), verdict(tell, rule, as_at))

    def test_an_interview_that_was_not_independent(self) -> None:
        """Forty-two days after the return, by somebody of the home."""
        tell = missing_and_back("2025-12-12T22:42:00Z")
        tell[0] = Telling()("reported", "2025-12-12T20:00:00Z", category="missing")
        tell("interview-held", "2026-01-24T10:00:00Z", interviewer={"employer": "placement_provider"})
        assert self.sentence(tell, "return-interview-independent") == (
            "The child returned on 12 December 2025 22:42. A return interview was held on 24 January 2026 10:00,"
            " 42 days after the return, by somebody employed by the placement provider: not independent."
            " Overdue since 15 December 2025 22:42 (limit 72 hours). The responsible authority answers for it."
        )

    @pytest.mark.parametrize(
        ("interviewer", "words"),
        [
            ({"employer": "responsible_authority"},
             ", by somebody employed by the responsible authority: only partly independent."),
            ({"employer": "commissioned", "allocated_worker_for_child": "yes"},
             ", by the child's allocated worker: only partly independent."),
            ({"employer": "commissioned", "cares_for_child": "yes"},
             ", by somebody who cares for the child: not independent."),
            ({"employer": "commissioned"},
             ", by somebody from a commissioned provider: whether that is independent is not recorded."),
            (None, " after the return: whether that is independent is not recorded."),
        ],
    )  # fmt: skip
    def test_who_held_it(self, interviewer: dict[str, str] | None, words: str) -> None:
        """As far as it was said."""
        tell = missing_and_back()
        tell(
            "interview-held", "2026-03-02T10:00:00Z", **({"interviewer": interviewer} if interviewer else {})
        )
        assert words in self.sentence(tell, "return-interview-independent")

    def test_what_a_parent_was_offered_and_declined(self) -> None:
        """Neither is the child's."""
        tell = missing_and_back()
        tell("interview-offered", "2026-03-02T15:00:00Z", to="parent")
        tell("interview-declined", "2026-03-02T15:05:00Z", by_="parent")
        offered = (
            "A return interview was offered to a parent on 2 March 2026 15:00, 16 h 30 min after the return:"
            " an offer to a parent alone is not an offer to the child."
        )
        declined = (
            "A parent declined the interview on 2 March 2026 15:05, 16 h 35 min after the return:"
            " a parent's refusal is not the child's."
        )
        assert f"{offered} {declined} Overdue since" in self.sentence(tell, OFFERED)
        held = self.sentence(tell, HELD)
        assert f"{declined} Overdue since" in held
        assert "offered" not in held

    def test_what_was_sent_twice_is_said_once(self) -> None:
        """Under two ids."""
        tell = missing_and_back()
        for _ in range(2):
            tell("interview-offered", "2026-03-02T15:00:00Z", to="parent")
        assert self.sentence(tell, OFFERED).count("offered to a parent on") == 1

    def test_who_declined_where_that_excuses(self) -> None:
        """The child."""
        tell = missing_and_back()
        tell("interview-declined", "2026-03-02T15:00:00Z", by_="child")
        assert self.sentence(tell, HELD) == (
            "The child returned on 1 March 2026 22:30."
            " The child declined the interview on 2 March 2026 15:00, 16 h 30 min after the return: excused."
        )

    def test_what_came_before_the_episode(self) -> None:
        """A year too early."""
        tell = missing_and_back()
        tell("interview-held", "2025-03-02T10:00:00Z")
        assert (
            "A return interview was held on 2 March 2025 10:00, 364 days before the return:"
            " it came before the episode began. Overdue since" in self.sentence(tell, HELD)
        )

    def test_a_duty_without_a_limit(self) -> None:
        """Not done yet, and done."""
        tell = missing_and_back()
        tell("police-notified", "2026-03-01T20:30:00Z")
        assert self.sentence(tell, "police-risk-assessed") == (
            "The police were told on 1 March 2026 20:30. No risk assessment has been recorded: no time limit;"
            " not done yet. The police answer for it."
        )
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="low")
        assert self.sentence(tell, "police-risk-assessed") == (
            "The police were told on 1 March 2026 20:30. The risk was assessed: no time limit; done on"
            " 1 March 2026 21:00, 30 min after the police were told."
        )

    def test_the_month_of_the_birthday(self) -> None:
        """Why it stands."""
        tell = missing_and_back()
        tell("profile-recorded", "2026-02-01T09:00:00Z", birth_month="2008-03")
        assert (
            "The month of birth leaves open whether the child was 18 by then, so the duty stands."
            in self.sentence(tell, HELD)
        )

    def test_no_inner_words(self) -> None:
        """Of any rule, open, met or excused."""
        for rule in england().rules:
            for satisfied in (None, instant("2026-03-03T12:00:00Z")):
                episodes = assess(story(rule, satisfied), england())
                for duty in (duty for episode in episodes for duty in episode.obligations):
                    for span in duty.verdicts:
                        sentence = explain(england().rule(duty.rule, duty.rule_version), span.value)
                        assert not re.search("satisf|trigger|nobody can tell|limit none|_", sentence), (
                            sentence
                        )
