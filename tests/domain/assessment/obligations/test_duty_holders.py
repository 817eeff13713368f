"""Duties: the rules in force, and who answers for them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.assessment.assess import assess
from domain.moment import instant
from domain.rules.rulebook import composed, parse
from domain.rules.working_days import calendars
from tests.support.entry_builder import AUTHORITY, HOST, POLICE, Telling, missing_and_back, weighed
from tests.support.judged_rules import HEAD, RETURNED, RULE, judged, one


class TestForce:
    """Which version of a rule judges, and for whom."""

    def test_by_the_rule_in_force_when_the_clock_started(self) -> None:
        """72 hours until the end of March, 48 from April on."""
        rule = RETURNED + 'limit = { hours = 72 }\nin_force_to = "2026-04-01T00:00:00Z"\n'
        later = RULE.replace("version = 1", "version = 2") + RETURNED
        later += 'limit = { hours = 48 }\nin_force_from = "2026-04-01T00:00:00Z"\n'
        book = parse(HEAD + RULE + rule + later)
        for returned, version in (("2026-03-31T23:59:59Z", 1), ("2026-04-01T00:00:00Z", 2)):
            (episode,) = assess(missing_and_back(returned), book)
            assert [o.rule_version for o in episode.obligations] == [version]

    CLOCK = 'clock = [{ fact = "return-notified" }]\n'

    @pytest.mark.parametrize(("told", "version"), [("2026-03-31T23:00:00Z", 1), ("2026-04-01T01:00:00Z", 2)])
    def test_by_when_the_clock_started_and_not_the_trigger(self, told: str, version: int) -> None:
        """Back in March, told of it in April."""
        rule = RETURNED + self.CLOCK + 'limit = { hours = 72 }\nin_force_to = "2026-04-01T00:00:00Z"\n'
        later = RULE.replace("version = 1", "version = 2") + RETURNED + self.CLOCK
        later += 'limit = { hours = 48 }\nin_force_from = "2026-04-01T00:00:00Z"\n'
        tell = missing_and_back("2026-03-31T22:00:00Z")
        notified = tell("return-notified", told)
        (episode,) = assess(tell, parse(HEAD + RULE + rule + later))
        duty = next(o for o in episode.obligations if o.verdicts[-1].end > instant("2027-01-01T00:00:00Z"))
        assert duty.rule_version == version
        assert [*weighed(duty.verdicts[-1].value)] == [
            (2, "started", "returned", "the end that started it"),
            (notified.position, "started", "return-notified", "starts the clock"),
        ]

    def test_for_the_authorities_that_it_names(self) -> None:
        """Nobody else's episodes."""
        for name, count in ((AUTHORITY, 1), (HOST, 0)):
            rule = RETURNED + f'limit = {{ hours = 72 }}\nauthorities = ["{name}"]\n'
            assert len(judged(missing_and_back(), rule, "2026-03-02T00:00:00Z")) == count

    def test_for_an_authority_that_is_named_only_after_the_trigger(self) -> None:
        """From then on it is that authority's rule, and stays so when responsibility is handed over."""
        rule = RETURNED + f'limit = {{ hours = 72 }}\nauthorities = ["{AUTHORITY}"]\n'
        tell, subject = Telling(), f"{POLICE}/M-1"
        tell("reported", "2026-03-01T20:00:00Z", subject=subject, by=POLICE)
        tell("returned", "2026-03-01T22:30:00Z", subject=subject, by=POLICE)
        named = {"setting": {"responsible_authority": AUTHORITY}}
        tell("profile-recorded", "2026-03-02T09:00:00Z", subject=subject, **named)
        transfer = tell("responsibility-transferred", "2026-03-03T09:00:00Z", subject=subject, to=HOST)
        tell("handover-acknowledged", "2026-03-03T10:00:00Z", subject=subject, of=tell.about(transfer))
        assert judged(tell, rule, "2026-03-02T08:59:59Z") == []
        for as_at, holder in (("2026-03-02T09:00:00Z", AUTHORITY), ("2026-03-04T00:00:00Z", HOST)):
            (found,) = judged(tell, rule, as_at)
            assert (found.verdict, found.holder) == ("due", holder)

    def test_an_authoritys_rule_overrides_the_national_one_of_the_same_id(self) -> None:
        """For its own episodes only; the rest of the national rules still hold."""
        national = parse(HEAD + RULE + RETURNED + "limit = { hours = 72 }\n")
        local = parse(
            HEAD.replace('"local"', '"authority"')
            + RULE
            + RETURNED
            + f'limit = {{ hours = 48 }}\nauthorities = ["{HOST}"]\n'
        )
        book = composed(local, national)
        (ours,) = assess(missing_and_back(), book)
        assert [book.rules[n].limit.hours for n in range(2)] == [72, 48]
        assert len(ours.obligations) == 1
        due = ours.obligations[0].verdicts[0].value.due
        assert due == (instant("2026-03-04T22:30:00Z"), instant("2026-03-04T22:30:00Z"))

    def test_a_disabled_rule_judges_nothing(self) -> None:
        """An example, until somebody sets it."""
        assert judged(missing_and_back(), RETURNED + "enabled = false", "2026-03-02T00:00:00Z") == []


@pytest.mark.parametrize(
    ("who", "then"),
    [
        ({"employer": "commissioned", "cares_for_child": "no", "allocated_worker_for_child": "no"}, "yes"),
        ({"employer": "responsible_authority", "cares_for_child": "no"}, "partly"),
        ({"employer": "commissioned", "allocated_worker_for_child": "yes"}, "partly"),
        ({"employer": "placement_provider"}, "no"),
        ({"employer": "commissioned", "cares_for_child": "yes"}, "no"),
        ({"employer": "commissioned"}, "unknown"),
        (None, "unknown"),
    ],
)
def test_an_interview_independent_by_its_facts(who: dict[str, str] | None, then: str) -> None:
    """Derived, and usable in a rule."""
    rule = 'starts = [{ fact = "returned" }]\nlimit = { hours = 72 }\n'
    rule += f'met_by = [{{ fact = "interview-held", where = {{ independence = ["{then}"] }} }}]\n'
    tell = missing_and_back()
    tell("interview-held", "2026-03-02T09:00:00Z", **({} if who is None else {"interviewer": who}))
    assert one(tell, rule, "2026-03-02T12:00:00Z") == "met"


@pytest.mark.parametrize("by", [AUTHORITY, POLICE])
def test_what_satisfies_or_stops_it_may_have_to_be_the_responsible_authoritys(by: str) -> None:
    """Its own word, or what was said to it; another's does not do."""
    own = ', by = "@responsible_authority"'
    to_it = ', where = { notified_to = ["@responsible_authority"] }'
    starts = 'starts = [{ fact = "returned" }]\nlimit = { hours = 72 }\n'
    for met in (
        f'met_by = [{{ fact = "interview-held"{own} }}]',
        f'met_by = [{{ fact = "return-notified"{to_it} }}]',
    ):
        tell = missing_and_back()
        tell("interview-held", "2026-03-02T09:00:00Z", by=by)
        tell("return-notified", "2026-03-02T09:00:00Z", notified_to=by)
        assert one(tell, starts + met, "2026-03-02T12:00:00Z") == ("met" if by == AUTHORITY else "due")
    tell = missing_and_back()
    tell("status-interrupted", "2026-03-02T09:00:00Z", by=by)
    rule = RETURNED + f'paused_by = [{{ fact = "status-interrupted"{own} }}]\nlimit = {{ hours = 72 }}'
    assert one(tell, rule, "2026-03-02T12:00:00Z") == ("paused" if by == AUTHORITY else "due")


@pytest.mark.parametrize(
    ("setting", "then"),
    [
        ({"provider": "ORG-OAK", "urn": "SC123456"}, "SC123456"),
        ({"provider": "ORG-OAK"}, "ORG-OAK"),
        ({}, None),
    ],
)
def test_a_home_answers_for_what_began_while_the_child_lived_there(
    setting: dict[str, str], then: str | None
) -> None:
    """Not the home where the child lives afterwards."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting=setting)
    tell("returned", "2026-03-01T22:30:00Z")
    tell("setting-changed", "2026-03-09T09:00:00Z", setting={"urn": "SC654321"})
    book = parse(HEAD + RULE.replace("responsible_authority", "placement_provider") + RETURNED)
    (duty,) = assess(tell, book)[0].obligations
    assert [span.value.holder for span in duty.verdicts] == [then]


def test_a_provider_answers_from_when_it_was_named_on() -> None:
    """Nobody before that; and what names none changes nothing."""
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-allocated", "2026-03-02T09:00:00Z", provider="ORG-NYAS")
    tell("interview-declined", "2026-03-02T10:00:00Z")
    rule = RULE.replace("responsible_authority", "provider") + RETURNED + "limit = { hours = 72 }"
    (duty,) = assess(tell, parse(HEAD + rule))[0].obligations
    assert [span.value.holder for span in duty.verdicts][:2] == [None, "ORG-NYAS"]
    assert duty.verdicts[1].start == instant("2026-03-02T09:00:00Z")


@pytest.mark.parametrize(
    ("role", "then"), [("police", POLICE), ("host_authority", HOST), ("provider", "ORG-NYAS")]
)
def test_who_held_the_accountable_role(role: str, then: str) -> None:
    """Resolved from the facts."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting={"host_authority": HOST})
    tell("police-notified", "2026-03-01T20:30:00Z", force=POLICE, by=POLICE)
    tell("returned", "2026-03-01T22:30:00Z")
    tell("interview-allocated", "2026-03-01T23:00:00Z", provider="ORG-NYAS")
    book = parse(HEAD + RULE.replace("responsible_authority", role) + RETURNED + "limit = { hours = 72 }")
    (episode,) = assess(tell, book)
    assert episode.obligations[0].verdicts[-1].value.holder == then


def test_the_calendar_that_ships_is_the_governments() -> None:
    """Boxing Day 2026 is a Saturday: the Monday after is the holiday."""
    calendar = calendars()["england-and-wales"]
    assert not calendar.counts(date(2026, 12, 28))
    assert calendar.counts(date(2026, 12, 29))
