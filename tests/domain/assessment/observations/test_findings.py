"""What is odd about the entries of an episode: given entries, when assessed, then these findings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.entry_builder import POLICE, Telling, assessed, findings, missing_and_back

EIGHT, NINE, TEN = (f"2026-03-01T{hour}:00:00Z" for hour in (20, 21, 22))
LATER = "2026-03-04T08:00:00Z"
OVER_NINE = {"earliest": EIGHT, "latest": TEN}
Said = tuple[str, dict[str, Any]]
MISSING, AWAY = {"category": "missing"}, {"category": "away_without_authorisation"}
NAMED = {"scheme": "DfE-2014"}


class TestSequence:
    """What cannot have happened in the order that the times give."""

    def test_on_the_instant_of_the_report_it_is_in_order(self) -> None:
        """Reported and located at once."""
        tell = Telling()
        tell("located", EIGHT)
        tell("reported", EIGHT)
        assert findings(tell) == {}

    def test_what_came_to_light_later_is_no_report_to_be_before(self) -> None:
        """The episode was recorded after the child was back."""
        tell = Telling()
        tell("returned", NINE)
        tell("episode-recorded-later", LATER, absent_from=TEN)
        assert "out_of_sequence" not in findings(tell)

    @pytest.mark.parametrize(
        ("name", "found"),
        [("interview-held", True), ("return-notified", True), ("risk-assessed", False), ("located", False)],
    )
    def test_what_follows_a_return_before_it(self, name: str, *, found: bool) -> None:
        """Interviews and what is done once a child is back; not what goes on all along."""
        tell = missing_and_back(TEN)
        more = {"scheme": "APP-2017", "level": "low"} if name == "risk-assessed" else {}
        tell(name, NINE, **more)
        assert findings(tell).get("out_of_sequence") == ([(2, 3)] if found else None)

    def test_on_the_instant_of_the_return_or_between_two_it_is_in_order(self) -> None:
        """And before both, it is before the last."""
        tell = missing_and_back(TEN)
        tell("returned", LATER)
        for when in (TEN, "2026-03-02T08:00:00Z"):
            tell("interview-held", when)
        assert "out_of_sequence" not in findings(tell)
        tell("interview-held", NINE)
        assert findings(tell)["out_of_sequence"] == [(3, 6)]

    def test_an_interview_without_a_return_is_in_no_wrong_order(self) -> None:
        """There is nothing that it could be before."""
        tell = Telling()
        tell("reported", EIGHT)
        tell("interview-held", NINE)
        assert findings(tell) == {}


class TestUncertainOrder:
    """Two facts of one phase that contradict each other, and of which nobody knows the order."""

    @pytest.mark.parametrize(
        ("one", "other", "uncertain"),
        [
            (("reported", MISSING), ("reported", AWAY), True),
            (("reported", MISSING), ("reported", MISSING), False),
            (("reported", MISSING), ("reported", {}), False),
            (("reported", AWAY), ("reported", {}), False),
            (("category-assigned", {**NAMED, "value": "missing"}),
             ("category-assigned", {**NAMED, "value": "away_without_authorisation"}), True),
            (("category-assigned", {**NAMED, "value": "missing"}),
             ("category-assigned", {"scheme": "local", "value": "away_without_authorisation"}), False),
            (("category-assigned", {**NAMED, "value": "missing"}), ("reported", AWAY), False),
            (("located", {}), ("location-lost", {}), True),
            (("located", {}), ("located", {"location_type": "friend"}), False),
            (("returned", {}), ("ended-otherwise", {"reason": "remanded"}), True),
            (("ended-otherwise", {"reason": "died"}), ("ended-otherwise", {"reason": "remanded"}), True),
            (("ended-otherwise", {"reason": "remanded"}),
             ("ended-otherwise", {"reason": "remanded", "whereabouts_known": "yes"}), False),
            (("returned", {"mode": "police"}), ("returned", {"mode": "own_accord"}), False),
            (("returned", {}), ("location-lost", {}), False),
        ],
    )  # fmt: skip
    def test_two_within_the_same_hours(self, one: Said, other: Said, *, uncertain: bool) -> None:
        """Only where one would leave the child in another standing than the other."""
        tell = Telling()
        tell("absence-noticed", EIGHT)
        for name, data in (one, other):
            tell(name, OVER_NINE, **data)
        assert findings(tell).get("order_uncertain") == ([(2, 3)] if uncertain else None)

    def test_one_after_the_other_is_certain(self) -> None:
        """Lost an hour after."""
        tell = Telling()
        tell("reported", EIGHT)
        tell("located", NINE)
        tell("location-lost", TEN)
        assert "order_uncertain" not in findings(tell)


class TestEnds:
    """Ends that nothing began, that conflict, or that are contradicted."""

    def test_located_or_ended_and_never_reported(self) -> None:
        """Every fact that says the child was found; not where nobody says so."""
        tell = Telling()
        tell("risk-assessed", EIGHT, scheme="APP-2017", level="low")
        assert findings(tell) == {}
        tell("located", NINE)
        tell("ended-otherwise", TEN, reason="remanded")
        assert findings(tell) == {"no_report": [(2, 3)]}

    def test_contradicted(self) -> None:
        """By each fact after it; with the ends that agree."""
        tell = missing_and_back(TEN)
        tell("returned", TEN, source="urn:x:police", by=POLICE, basis="witnessed")
        tell("absence-noticed", LATER)
        assert findings(tell) == {"after_end": [(4,)], "end_contradicted": [(2, 3, 4)]}

    def test_ends_apart_conflict_until_one_is_set_aside(self) -> None:
        """Back on the first, and back on the fourth: unless it was opened again in between."""
        tell = missing_and_back(TEN)
        tell("returned", LATER)
        assert findings(tell) == {"ends_conflict": [(2, 3)]}
        tell("episode-reopened", "2026-03-02T08:00:00Z")
        assert findings(tell) == {}
        tell("returned", "2026-03-05T08:00:00Z")
        assert findings(tell) == {"ends_conflict": [(2, 3, 5)]}


@pytest.mark.parametrize(
    ("recorded", "late"),
    [("2026-03-02T19:59:59.999999Z", []), ("2026-03-02T20:00:00Z", [(1,)])],
)
def test_recorded_a_day_after_is_not_late_yet(recorded: str, late: list[tuple[int, ...]]) -> None:
    """The rulebook gives 24 hours; each entry is recorded a microsecond after what the test says."""
    tell = Telling()
    tell("reported", EIGHT, recorded=recorded)
    assert [f.positions for f in assessed(tell).findings if f.finding == "recorded_late"] == late


class TestSameFacts:
    """Equal content under another id."""

    def test_whatever_is_sealed_and_however_the_time_is_written(self) -> None:
        """A day, and the same day by its ends; three are told of at once."""
        tell = Telling()
        tell("reported", EIGHT)
        day = {"earliest": "2026-03-02T00:00:00Z", "latest": "2026-03-03T00:00:00Z"}
        tell("returned", {"date": "2026-03-02"}, mode="police", basis="reported")
        tell("returned", day, basis="reported", mode="police", sealed={"place": "00" * 32})
        tell("returned", day, basis="reported", mode="police", learned_at="2026-03-04T09:00:00Z")
        tell("returned", "2026-03-02T00:00:00Z", basis="reported", mode="police")
        assert findings(tell)["same_facts"] == [(2, 3, 4)]

    def test_two_pairs_at_one_time_are_two_findings(self) -> None:
        """Each by its content, and by its type."""
        tell = Telling()
        for mode in ("police", "own_accord", "police", "own_accord"):
            tell("returned", TEN, mode=mode)
        tell("located", TEN)
        assert findings(tell)["same_facts"] == [(1, 3), (2, 4)]

    def test_as_recorded_and_not_as_corrected(self) -> None:
        """One of them was put right afterwards: they still came in alike, and the other does not become so."""
        tell = Telling()
        tell("reported", EIGHT)
        wrong = tell("returned", {"date": "2026-03-02"})
        tell("returned", {"date": "2026-03-02"})
        tell("returned", TEN)
        tell("corrected", LATER, target=tell.about(wrong), changes={"data": {"happened": TEN}})
        assert findings(tell)["same_facts"] == [(2, 3)]
