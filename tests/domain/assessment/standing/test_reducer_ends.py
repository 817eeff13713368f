"""Standing: ends that are contradicted, and how an episode started."""

from __future__ import annotations

import pytest

from domain.moment import instant
from tests.support.entry_builder import (
    AUTHORITY,
    HOME,
    LONG_AFTER,
    POLICE,
    Telling,
    assessed,
    findings,
    missing_and_back,
    standing,
)

EIGHT, NINE, TEN = "2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z", "2026-03-01T22:00:00Z"


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
