"""Standing: where a child is, as the facts say at any time (assessment.md 2)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from domain.moment import instant, read_moment
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


@pytest.mark.parametrize(
    ("facts", "then"),
    [
        ([], "nothing"),
        ([("absence-noticed", {})], "absence_noticed"),
        ([("reported", {})], "missing"),
        ([("reported", {"category": "not_known"})], "missing"),
        ([("reported", MISSING)], "missing"),
        ([("reported", AWAY)], "away"),
        ([("police-notified", {})], "missing"),
        ([("episode-recorded-later", {})], "missing"),
        ([("absence-noticed", {}), ("police-notified", {})], "missing"),
        ([("absence-noticed", {}), ("reported", AWAY)], "away"),
        ([("reported", AWAY), ("police-notified", {})], "away"),
        (
            [("reported", MISSING), ("category-assigned", {"scheme": "DfE-2014", "value": AWAY["category"]})],
            "away",
        ),
        ([("reported", AWAY), ("category-assigned", {"scheme": "DfE-2014", "value": "missing"})], "missing"),
        (
            [("reported", MISSING), ("category-assigned", {"scheme": "ACPO-2013", "value": "absent"})],
            "missing",
        ),
        ([("reported", MISSING), ("located", {})], "located"),
        ([("absence-noticed", {}), ("located", {})], "located"),
        ([("reported", AWAY), ("located", {})], "away"),
        ([("reported", MISSING), ("located", {}), ("location-lost", {})], "missing"),
        ([("reported", AWAY), ("location-lost", {})], "missing"),
        ([("reported", MISSING), ("located", {}), ("police-notified", {})], "located"),
        ([("reported", MISSING), ("sighting-reported", {})], "missing"),
        ([("reported", MISSING), ("status-interrupted", {"kind": "custody"})], "missing"),
        ([("reported", MISSING), ("setting-changed", {"setting": {}})], "missing"),
        ([("reported", MISSING), ("police-closed", {})], "missing"),
        ([("located", {})], "located"),
        ([("returned", {})], "returned"),
        ([("ended-otherwise", {"reason": "died"})], "ended"),
        ([("absence-noticed", {}), ("returned", {})], "returned"),
        ([("reported", MISSING), ("located", {}), ("returned", {})], "returned"),
        ([("reported", MISSING), ("ended-otherwise", {"reason": "turned_18"})], "ended"),
        ([("reported", MISSING), ("returned", {}), ("episode-reopened", {})], "missing"),
        ([("reported", MISSING), ("returned", {}), ("episode-reopened", {}), ("returned", {})], "returned"),
        ([("reported", MISSING), ("returned", {}), ("episode-recorded-in-error", {})], "in_error"),
        ([("risk-assessed", {"scheme": "APP-2017", "level": "high"})], "nothing"),
    ],
    ids=lambda value: "+".join(name for name, _ in value) if isinstance(value, list) else value,
)
def test_standing_after(facts: list[tuple[str, dict[str, str]]], then: str) -> None:
    """One fact an hour, in this order."""
    tell = Telling()
    tell("interview-requested", "2026-03-10T00:00:00Z")
    for hour, (name, members) in enumerate(facts):
        tell(name, f"2026-03-01T{hour + 10}:00:00Z", **members)
    assert standing(tell) == then


SO_FAR: list[list[tuple[str, dict[str, str]]]] = [
    [],
    [("absence-noticed", {})],
    [("reported", MISSING)],
    [("reported", AWAY)],
    [("reported", MISSING), ("located", {})],
]
"""Nothing, absence noticed, missing, away, located."""


@pytest.mark.parametrize(
    ("name", "members", "then"),
    [
        ("absence-noticed", {}, ("absence_noticed", "absence_noticed", "missing", "away", "located")),
        ("police-notified", {}, ("missing", "missing", "missing", "away", "located")),
        ("reported", {}, ("missing", "missing", "missing", "away", "missing")),
        ("reported", MISSING, ("missing", "missing", "missing", "missing", "missing")),
        ("reported", AWAY, ("away", "away", "away", "away", "located")),
        ("located", {}, ("located", "located", "located", "away", "located")),
        ("location-lost", {}, ("nothing", "absence_noticed", "missing", "missing", "missing")),
    ],
)
def test_every_fact_on_every_standing(name: str, members: dict[str, str], then: tuple[str, ...]) -> None:
    """What it makes of each; a standing that is not listed for it stays."""
    found = []
    for so_far in SO_FAR:
        tell = Telling()
        for hour, (earlier, said) in enumerate([*so_far, (name, members)]):
            tell(earlier, f"2026-03-01T{hour + 10}:00:00Z", **said)
        found.append(standing(tell))
    assert tuple(found) == then


def test_a_category_that_is_not_known_makes_nobody_missing() -> None:
    """It only stands beside."""
    tell = Telling()
    tell("category-assigned", EIGHT, scheme="DfE-2014", value="not_known")
    assert standing(tell) == "nothing"


def test_last_seen_is_the_latest_that_anybody_says() -> None:
    """Whoever told of it first."""
    tell = Telling()
    tell("reported", TEN, last_seen_at=NINE)
    tell("absence-noticed", NINE, last_seen_at=EIGHT)
    assert assessed(tell).picture(instant(LONG_AFTER)).last_seen == (instant(NINE), instant(NINE))
    assert assessed(tell).picture(instant(NINE)).last_seen == (instant(EIGHT), instant(EIGHT))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NINE, {"latest": TEN}),
        (NINE, {"earliest": NINE, "latest": TEN}),
        ({"earliest": NINE}, {"earliest": NINE, "latest": TEN}),
        ({"latest": NINE}, {"earliest": TEN}),
    ],
)
def test_last_seen_where_it_is_known_in_part(one: Any, other: Any) -> None:
    """The later beginning, and of two that begin alike the later end, whoever says it first."""
    for first, second in ((one, other), (other, one)):
        tell = Telling()
        for seen in (first, second):
            tell("reported", TEN, last_seen_at=seen)
        assert assessed(tell).picture(instant(LONG_AFTER)).last_seen == read_moment(other)


def test_since_when_the_child_stands_there() -> None:
    """From the fact that made it so, and not from one that left it so."""
    tell = Telling()
    tell("reported", EIGHT)
    tell("police-notified", NINE)
    tell("located", TEN)
    for as_at, since in ((EIGHT, EIGHT), (NINE, EIGHT), (TEN, TEN)):
        assert assessed(tell).picture(instant(as_at)).since == (instant(since), instant(since))


def test_a_fact_counts_from_its_earliest_on() -> None:
    """Not before, and at the instant itself."""
    tell = missing_and_back(TEN)
    just_before = assessed(tell).picture(instant(TEN) - 1).standing
    assert (
        standing(tell, "2026-03-01T19:59:59Z"),
        standing(tell, EIGHT),
        just_before,
        standing(tell, TEN),
    ) == (
        "nothing",
        "missing",
        "missing",
        "returned",
    )


def test_the_spans_have_no_gap_and_no_overlap() -> None:
    """From the beginning to for ever."""
    spans = assessed(missing_and_back()).pictures
    assert all(one.end == other.start for one, other in pairwise(spans))


def test_a_return_known_only_by_its_day_on_the_day_of_the_report() -> None:
    """It cannot have been before the report: it is clipped, and does not contradict it."""
    tell = missing_and_back({"date": "2026-03-01"})  # type: ignore[arg-type]
    picture = assessed(tell).picture(instant("2026-03-02T12:00:00Z"))
    assert picture.standing == "returned"
    assert picture.since == (instant(EIGHT), instant("2026-03-02T00:00:00Z"))
    assert findings(tell) == {}


def test_ends_that_overlap_agree_and_are_one() -> None:
    """The home knows the day, the police the minute: the minute is the moment, both are evidence."""
    tell = missing_and_back({"date": "2026-03-01"}, by=HOME)  # type: ignore[arg-type]
    tell("returned", TEN, by=POLICE)
    picture = assessed(tell).picture(instant("2026-03-02T12:00:00Z"))
    assert picture.since == (instant(TEN), instant(TEN))
    assert "ends_conflict" not in findings(tell)


def test_ends_that_only_touch_agree() -> None:
    """Back on the first, says the home; at the midnight that ends it, say the police."""
    midnight = "2026-03-02T00:00:00Z"
    tell = missing_and_back({"date": "2026-03-01"}, by=HOME)  # type: ignore[arg-type]
    tell("returned", midnight, by=POLICE)
    assert assessed(tell).picture(instant(LONG_AFTER)).since == (instant(midnight), instant(midnight))
    assert "ends_conflict" not in findings(tell)


def test_of_disjoint_ends_the_earliest_that_was_witnessed_counts() -> None:
    """And the conflict is a finding."""
    tell, later = missing_and_back(NINE, by=POLICE), "2026-03-01T23:00:00Z"
    witnessed = tell("returned", later, by=HOME, basis="witnessed")
    since = assessed(tell).picture(instant("2026-03-02T00:00:00Z")).since
    assert since == (instant(later), instant(later))
    assert findings(tell)["ends_conflict"] == [(2, witnessed.position)]


def test_of_several_that_agree_on_an_end_one_witness_is_enough() -> None:
    """Whichever of them it is: the others only say so."""
    for bases in (("witnessed", "told_by"), ("told_by", "witnessed")):
        tell = missing_and_back(NINE, by=POLICE)
        for basis in bases:
            tell("returned", TEN, by=HOME, basis=basis)
        assert assessed(tell).picture(instant("2026-03-02T00:00:00Z")).since == (instant(TEN),) * 2


def test_of_disjoint_ends_without_a_witness_the_earliest_counts() -> None:
    """Whoever says so."""
    tell = missing_and_back(TEN)
    tell("returned", NINE, by=HOME)
    since = assessed(tell).picture(instant("2026-03-02T00:00:00Z")).since
    assert since == (instant(NINE), instant(NINE))


class TestContradictedEnd:
    """A fact surely after the end does not reopen; the child is back on the list of the missing."""

    def tell(self) -> Telling:
        """Back at nine, say the police; seen at the station at ten, says the home."""
        tell = missing_and_back(NINE, by=POLICE)
        tell("located", TEN, by=HOME)
        return tell

    def test_it_is_said_and_the_standing_stays(self) -> None:
        """By the position of the contradicting fact."""
        picture = assessed(self.tell()).picture(instant("2026-03-02T00:00:00Z"))
        assert (picture.standing, picture.end_contradicted) == ("returned", (3,))
        assert findings(self.tell())["after_end"] == [(3,)]

    @pytest.mark.parametrize(
        ("fact", "contradicts"),
        [
            ("absence-noticed", True),
            ("reported", True),
            ("police-notified", True),
            ("sighting-reported", True),
            ("located", True),
            ("location-lost", True),
            ("status-interrupted", False),
            ("interruption-ended", False),
            ("episode-recorded-later", False),
            ("setting-changed", False),
        ],
    )
    def test_what_says_that_the_child_is_away_and_what_does_not(
        self, fact: str, *, contradicts: bool
    ) -> None:
        """Where a child who is back is then, what comes to light later, and where they live say nothing of it."""
        tell = missing_and_back(NINE)
        tell(fact, TEN, **({"setting": {}} if fact == "setting-changed" else {}))
        assert bool(assessed(tell).picture(instant(LONG_AFTER)).end_contradicted) is contradicts
        assert ("after_end" in findings(tell)) is contradicts

    def test_before_the_contradiction_there_is_none(self) -> None:
        """It counts from its own earliest."""
        assert assessed(self.tell()).picture(instant(TEN) - 1).end_contradicted == ()

    def test_resolving_the_dispute_settles_it(self) -> None:
        """By the responsible authority, with that fact as target."""
        tell = self.tell()
        tell("dispute-resolved", "2026-03-02T00:00:00Z", target=tell.about(tell[2]))
        assert assessed(tell).picture(instant("2026-03-02T00:00:00Z")).end_contradicted == ()

    def test_reopening_withdraws_the_end(self) -> None:
        """The child stands where the remaining facts say."""
        tell = self.tell()
        tell("episode-reopened", "2026-03-01T23:00:00Z")
        assert standing(tell, "2026-03-01T22:59:59Z") == "returned"
        assert standing(tell, "2026-03-01T23:00:00Z") == "located"

    def test_retracting_the_fact_settles_it(self) -> None:
        """By its own source."""
        tell = self.tell()
        tell("retracted", "2026-03-02T00:00:00Z", target=tell.about(tell[2]), by=HOME)
        assert assessed(tell).picture(instant("2026-03-02T00:00:00Z")).end_contradicted == ()


class TestStarted:
    """When an episode started, and by what."""

    def test_the_later_of_left_and_last_seen_by_a_responsible_adult(self) -> None:
        """As the statutory return asks."""
        tell = Telling()
        seen = {"last_seen_at": "2026-03-01T18:30:00Z", "last_seen_by": "responsible_adult"}
        tell("reported", EIGHT, left_at="2026-03-01T18:00:00Z", **seen)
        started = assessed(tell).picture(instant(TEN)).started
        assert started is not None
        assert (started.when.earliest, started.basis) == (instant("2026-03-01T18:30:00Z"), "last_seen_at")

    def test_last_seen_by_another_does_not_count(self) -> None:
        """A friend is no responsible adult; then it is the report."""
        tell = Telling()
        tell("reported", EIGHT, last_seen_at="2026-03-01T18:30:00Z", last_seen_by="other")
        started = assessed(tell).picture(instant(TEN)).started
        assert started is not None
        assert (started.when.earliest, started.basis) == (instant(EIGHT), "reported")

    def test_noticed_before_reported(self) -> None:
        """When nobody says when the child left."""
        tell = Telling()
        tell("reported", EIGHT)
        tell("absence-noticed", "2026-03-01T19:00:00Z")
        started = assessed(tell).picture(instant(TEN)).started
        assert started is not None
        assert started.basis == "absence_noticed"

    @pytest.mark.parametrize("preferred", ["corrected", "authority", "witnessed"])
    def test_of_several_sources(self, preferred: str) -> None:
        """Corrected, else the responsible authority's, else witnessed."""
        tell = Telling()
        tell("reported", "2026-03-01T19:30:00Z", by=HOME, left_at="2026-03-01T17:00:00Z", source="urn:x:a")
        basis = {"basis": "witnessed"} if preferred == "witnessed" else {}
        by = AUTHORITY if preferred == "authority" else POLICE
        wanted = tell("reported", EIGHT, by=by, left_at="2026-03-01T18:00:00Z", source="urn:x:b", **basis)
        if preferred == "corrected":
            changes = {"data": {"left_at": "2026-03-01T18:00:00Z"}}
            tell("corrected", TEN, by=POLICE, target=tell.about(wanted), changes=changes, source="urn:x:b")
        started = assessed(tell).picture(instant(TEN)).started
        assert started is not None
        assert started.when.earliest == instant("2026-03-01T18:00:00Z")


class TestRecordedLater:
    """Ordering case 12: an absence that comes to light months later stands where it was (decision 8)."""

    def tell(self, **absence: str) -> Telling:
        """Back on the fifth of January; it came to light in March."""
        tell = Telling()
        tell("episode-recorded-later", "2026-03-12T10:00:00Z", **absence)
        tell("returned", "2026-01-05T18:00:00Z")
        return tell

    def test_from_when_the_child_was_away(self) -> None:
        """Missing from the third to the fifth, and no contradiction."""
        tell = self.tell(absent_from="2026-01-03T09:00:00Z", absent_to="2026-01-05T18:00:00Z")
        assert standing(tell, "2026-01-04T00:00:00Z") == "missing"
        picture = assessed(tell).picture(instant(LONG_AFTER))
        assert (picture.standing, picture.end_contradicted) == ("returned", ())
        assert picture.started is not None
        assert picture.started.when.earliest == instant("2026-01-03T09:00:00Z")
        assert findings(tell) == {}

    def test_when_nobody_says_from_when(self) -> None:
        """The return still stands, and is not contradicted by what came to light after it."""
        tell = self.tell()
        assert assessed(tell).picture(instant(LONG_AFTER)).end_contradicted == ()
        assert standing(tell) == "returned"
        assert findings(tell) == {}


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
        assert assessed(tell).picture(instant(TEN)).risk == {"APP-2017": ("medium", "low", "high")}
        assert assessed(tell).picture(instant(EIGHT)).risk == {"APP-2017": ("medium", "medium", "medium")}

    def test_a_level_of_ones_own_scheme_is_the_highest_while_there_is_no_other(self) -> None:
        """Nobody can say how it compares."""
        tell = Telling()
        tell("risk-assessed", EIGHT, scheme="APP-2017", level="local:red")
        assert assessed(tell).picture(instant(EIGHT)).risk == {"APP-2017": ("local:red",) * 3}

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
