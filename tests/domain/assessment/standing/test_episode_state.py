"""The state of an episode next to its standing: categories, chronology and findings."""

from __future__ import annotations

import pytest

from domain.moment import instant
from tests.support.entry_builder import (
    AUTHORITY,
    HOME,
    HOST,
    LONG_AFTER,
    POLICE,
    SUBJECT,
    Telling,
    assessed,
    findings,
    missing_and_back,
    standing,
)

EIGHT, NINE, TEN = "2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z", "2026-03-01T22:00:00Z"

MISSING, AWAY = {"category": "missing"}, {"category": "away_without_authorisation"}


class TestBeside:
    """Category, risk, police, authorities."""

    def test_schemes_stand_beside_each_other(self) -> None:
        """The police's absent is not the authority's away."""
        tell = Telling()
        tell("reported", EIGHT, **MISSING)
        tell("category-assigned", NINE, by=POLICE, scheme="ACPO-2013", value="absent")
        tell("category-assigned", TEN, by=POLICE, scheme="ACPO-2013", value="missing")
        picture = assessed(tell).picture(instant(TEN))
        assert picture.category == {"DfE-2014": ("missing", "missing"), "ACPO-2013": ("absent", "missing")}
        assert picture.standing == "missing"

    def test_risk_is_initial_current_and_highest(self) -> None:
        """As at the time asked."""
        tell = Telling()
        for when, level in ((EIGHT, "medium"), (NINE, "high"), (TEN, "low")):
            tell("risk-assessed", when, scheme="APP-2017", level=level)
        assert assessed(tell).picture(instant(TEN)).risk == {"APP-2017": ("medium", "low", "high", None)}
        assert assessed(tell).picture(instant(EIGHT)).risk == {
            "APP-2017": ("medium", "medium", "medium", None)
        }

    def test_a_level_of_ones_own_scheme_is_the_highest_while_there_is_no_other(self) -> None:
        """Nobody can say how it compares."""
        tell = Telling()
        tell("risk-assessed", EIGHT, scheme="APP-2017", level="local:red")
        assert assessed(tell).picture(instant(EIGHT)).risk == {"APP-2017": (*("local:red",) * 3, None)}

    @pytest.mark.parametrize(
        ("to", "then"),
        [("police", (True, None, None)), ("ORG-BTP", (True, None, "ORG-BTP")), (HOME, (False, None, None))],
    )
    def test_reported_to_the_police_by_word_or_by_force(
        self, to: str, then: tuple[bool, None, str | None]
    ) -> None:
        """A word names no force; the home is not the police."""
        tell = Telling()
        tell("reported", EIGHT, reported_to=to)
        assert assessed(tell).picture(instant(EIGHT)).police == then

    def test_police_by_their_own_event_or_by_whom_it_was_reported_to(self) -> None:
        """What is not said is not no."""
        tell = Telling()
        tell("reported", EIGHT, reported_to=POLICE)
        assert assessed(tell).picture(instant(EIGHT)).police == (True, None, POLICE)
        tell("police-notified", NINE, by=POLICE, accepted="no")
        assert assessed(tell).picture(instant(NINE)).police == (True, "no", POLICE)
        assert assessed(missing_and_back()).picture(instant(EIGHT)).police == (False, None, None)

    def test_responsible_is_whom_the_keeper_of_the_record_names(self) -> None:
        """Until it names another it answers itself, whoever else says so; and the host is told separately."""
        tell = Telling()
        tell("reported", EIGHT, by=POLICE, setting={"responsible_authority": HOST, "host_authority": HOST})
        picture = assessed(tell).picture(instant(EIGHT))
        assert (picture.responsible_authority, picture.host_authority) == (AUTHORITY, HOST)
        tell("setting-changed", NINE, setting={"responsible_authority": HOST})
        assert assessed(tell).picture(instant(NINE)).responsible_authority == HOST

    def test_of_a_police_subject_the_earliest_fact_that_names_one(self) -> None:
        """The police are no authority."""
        tell, subject = Telling(), f"{POLICE}/M-1"
        tell("reported", EIGHT, by=POLICE, subject=subject, setting={"responsible_authority": HOST})
        assert assessed(tell, subject).picture(instant(EIGHT)).responsible_authority == HOST

    def test_responsibility_passes_when_it_is_acknowledged(self) -> None:
        """Unacknowledged, it stays with the sender."""
        tell = missing_and_back()
        transfer = tell("responsibility-transferred", "2026-03-02T09:00:00Z", to=HOST, what="case")
        later = instant("2026-03-03T00:00:00Z")
        assert assessed(tell).picture(later).responsible_authority == AUTHORITY
        tell("handover-acknowledged", "2026-03-02T15:00:00Z", by=HOST, of=tell.about(transfer))
        assert assessed(tell).picture(instant("2026-03-02T14:59:59Z")).responsible_authority == AUTHORITY
        assert assessed(tell).picture(later).responsible_authority == HOST

    def test_the_last_acknowledged_transfer_counts_whoever_keeps_the_record_made_it(self) -> None:
        """The namespace of the subject may say that responsibility went on, although it has it no longer."""
        tell = missing_and_back()
        for day, to in ((2, HOST), (3, "E10000003")):
            transfer = tell("responsibility-transferred", f"2026-03-0{day}T09:00:00Z", to=to)
            tell("handover-acknowledged", f"2026-03-0{day}T15:00:00Z", of=tell.about(transfer))
        assert assessed(tell).picture(instant("2026-03-02T16:00:00Z")).responsible_authority == HOST
        assert assessed(tell).picture(instant("2026-03-04T00:00:00Z")).responsible_authority == "E10000003"
        assert findings(tell) == {}


class TestChronology:
    """Moments are clipped, and facts stand in one order."""

    def test_what_has_no_latest_was_known_when_it_was_learned(self) -> None:
        """Else when it was recorded."""
        tell = Telling()
        tell("reported", EIGHT)
        tell("returned", {"earliest": NINE}, learned_at=TEN)
        since = assessed(tell).picture(instant("2026-03-05T00:00:00Z")).since
        assert since == (instant(NINE), instant(TEN))

    def test_what_has_no_earliest_is_not_before_the_start(self) -> None:
        """Returned some time before ten."""
        tell = Telling()
        tell("reported", EIGHT)
        tell("returned", {"latest": TEN})
        since = assessed(tell).picture(instant("2026-03-05T00:00:00Z")).since
        assert since == (instant(EIGHT), instant(TEN))

    def test_a_later_start_fact_with_no_earliest_does_not_contradict_the_end(self) -> None:
        """The police say only that they were told before nine in the morning."""
        tell = missing_and_back("2026-03-01T22:30:00Z")
        tell("police-notified", {"latest": "2026-03-02T09:00:00Z"}, by=POLICE)
        assert assessed(tell).picture(instant(LONG_AFTER)).end_contradicted == ()

    def test_without_a_start_fact_what_has_no_earliest_is_not_before_the_first(self) -> None:
        """Located on the first, back some time before the fifth."""
        tell = Telling()
        tell("located", "2026-03-01T12:00:00Z")
        tell("returned", {"latest": "2026-03-05T12:00:00Z"})
        since = assessed(tell).picture(instant(LONG_AFTER)).since
        assert since == (instant("2026-03-01T12:00:00Z"), instant("2026-03-05T12:00:00Z"))

    def test_what_clipping_would_turn_round_keeps_its_moment(self) -> None:
        """A sender's clock ahead of ours; flagged."""
        tell = Telling()
        entry = tell("reported", TEN, recorded="2026-03-01T21:59:00Z")
        assert standing(tell, TEN) == "missing"
        assert standing(tell, "2026-03-01T21:59:59Z") == "nothing"
        assert findings(tell)["out_of_sequence"] == [(entry.position,)]

    def test_at_one_instant_the_phase_orders(self) -> None:
        """Start, away, end, after."""
        tell = Telling()
        for name in ("returned", "located", "reported"):
            tell(name, EIGHT)
        assert standing(tell, EIGHT) == "returned"
        assert findings(tell) == {}


class TestFindings:
    """What is odd, shown and never refused."""

    def test_a_return_with_no_report(self) -> None:
        """Whether the child was ever missing cannot be decided."""
        tell = Telling()
        tell("returned", EIGHT)
        assert findings(tell)["no_report"] == [(1,)]

    def test_a_return_before_the_report(self) -> None:
        """Surely before, so not clipped; and then the report contradicts the end."""
        tell = Telling()
        tell("returned", EIGHT)
        tell("reported", NINE, **MISSING)
        assert findings(tell)["out_of_sequence"] == [(1, 2)]
        assert findings(tell)["after_end"] == [(2,)]

    def test_an_interview_before_the_return(self) -> None:
        """Seen at a police station."""
        tell = missing_and_back(TEN)
        tell("interview-held", NINE)
        assert findings(tell)["out_of_sequence"] == [(2, 3)]

    def test_risk_assessed_while_missing_is_in_order(self) -> None:
        """Telling goes on all along."""
        tell = missing_and_back(TEN)
        tell("risk-assessed", NINE, scheme="APP-2017", level="high")
        assert findings(tell) == {}

    def test_located_and_lost_in_overlapping_hours(self) -> None:
        """Nobody knows which was last."""
        tell = Telling()
        tell("reported", EIGHT)
        tell("located", {"earliest": NINE, "latest": TEN})
        tell("location-lost", {"earliest": NINE, "latest": TEN})
        assert findings(tell)["order_uncertain"] == [(2, 3)]

    def test_the_same_facts_under_another_id(self) -> None:
        """Also from another source, learned at another time; not when a member differs."""
        tell = missing_and_back(TEN, mode="police")
        tell("returned", TEN, mode="police", source="urn:x:other", learned_at="2026-03-02T09:00:00Z")
        tell("returned", TEN, mode="own_accord")
        assert findings(tell)["same_facts"] == [(2, 3)]

    def test_what_is_recorded_late_is_flagged(self) -> None:
        """More than the rulebook's lateness after it happened."""
        tell = Telling()
        tell("reported", EIGHT, recorded="2026-03-02T19:59:59Z")
        tell("located", NINE, recorded="2026-03-02T21:00:01Z")
        late = [f.positions for f in assessed(tell).findings if f.finding == "recorded_late"]
        assert late == [(2,)]

    def test_another_unlinked_episode_that_overlaps(self) -> None:
        """Named by its subject; linked, it is none."""
        tell = missing_and_back(TEN)
        other = f"{POLICE}/M-9"
        tell("reported", NINE, subject=other, by=POLICE)
        found = [f for f in assessed(tell).findings if f.finding == "overlaps_episode"]
        assert [f.subjects for f in found] == [(other,)]
        tell("episodes-linked", "2026-03-02T09:00:00Z", with_=other, relation="related")
        assert not [f for f in assessed(tell).findings if f.finding == "overlaps_episode"]
        assert assessed(tell).subjects == (SUBJECT,)
