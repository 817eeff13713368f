"""Patterns: what a child's episodes show together."""

from __future__ import annotations

from typing import Any

import pytest

from application.answers import as_json as answers
from domain.assessment.assess import assess
from domain.assessment.observations.cross_episode_facts import CrossEpisodeFact
from domain.assessment.patterns import Patterns, patterns
from domain.moment import Moment, instant
from domain.rules.rulebook import england
from tests.support.entry_builder import AUTHORITY, LONG_AFTER, Telling, assessed

HOUR = 3600


def subject(number: int) -> str:
    """The reference of an episode."""
    return f"{AUTHORITY}/ME-{number}"


def went(*starts: str, hours: int = 2, **reported: Any) -> Telling:
    """One episode from each start, some hours long."""
    tell = Telling()
    for number, start in enumerate(starts):
        back = start.replace("T20", f"T{20 + hours}")
        tell("reported", start, subject=subject(number), **reported)
        tell("returned", back, subject=subject(number))
    return tell


def seen(tell: Telling, as_at: str = LONG_AFTER) -> Patterns:
    """The patterns as at a time."""
    return patterns(assess(tell, england()), instant(as_at))


class TestRepeats:
    """Rolling windows, counted by start."""

    def test_three_in_thirty_days_and_three_in_ninety(self) -> None:
        """The fourth makes three in thirty, the third already three in ninety."""
        tell = went(
            "2026-01-10T20:00:00Z", "2026-03-01T20:00:00Z", "2026-03-20T20:00:00Z", "2026-03-30T20:00:00Z"
        )
        month, quarter = seen(tell, "2026-04-01T00:00:00Z").repeats
        assert (month.episodes, month.days, month.now, month.most) == (3, 30, 2, 3)
        assert month.reached_by == (subject(3),)
        assert (quarter.days, quarter.now, quarter.most) == (90, 4, 4)
        assert quarter.reached_by == (subject(2), subject(3))

    @pytest.mark.parametrize(("third", "most"), [("2026-03-30T20:00:00Z", 3), ("2026-03-31T20:00:00Z", 2)])
    def test_the_window_includes_its_last_instant_and_not_its_first(self, third: str, most: int) -> None:
        """Thirty days after the first it is not within the thirty days any more."""
        tell = went("2026-03-01T20:00:00Z", "2026-03-15T20:00:00Z", third)
        assert seen(tell).repeats[0].most == most

    def test_only_what_had_begun_and_was_no_error(self) -> None:
        """As at the day before the third; and with the second in error."""
        tell = went("2026-03-01T20:00:00Z", "2026-03-10T20:00:00Z", "2026-03-20T20:00:00Z")
        assert seen(tell, "2026-03-20T19:59:59Z").repeats[0].now == 2
        assert seen(tell, "2026-03-20T20:00:00Z").repeats[0].now == 3
        tell("episode-recorded-in-error", "2026-03-21T09:00:00Z", subject=subject(1))
        assert seen(tell).repeats[0].most == 2

    def test_a_reference_of_which_nothing_tells_that_the_child_was_gone(self) -> None:
        """An interview alone is no episode that had begun, and what follows it in the order of leads counts."""
        tell = Telling()
        tell("interview-held", "2026-03-01T09:00:00Z", subject=subject(0))
        tell("reported", "2026-03-02T20:00:00Z", subject=subject(1))
        found = seen(tell)
        assert (found.repeats[0].now, found.repeats[0].most, found.intervals) == (0, 1, ())
        assert found.since_plan_review == 1

    @pytest.mark.parametrize(
        ("as_at", "now"), [("2026-03-31T19:59:59.999999Z", 1), ("2026-03-31T20:00:00Z", 0)]
    )
    def test_now_is_the_window_that_ends_as_at(self, as_at: str, now: int) -> None:
        """Thirty days after it began it is past."""
        assert seen(went("2026-03-01T20:00:00Z"), as_at).repeats[0].now == now

    def test_a_start_known_by_its_day_counts_from_the_earliest(self) -> None:
        """At noon it may have begun."""
        tell = Telling()
        tell("reported", {"date": "2026-03-01"})
        assert seen(tell, "2026-03-01T12:00:00Z").repeats[0].now == 1


class TestIntervals:
    """Between an episode and the next."""

    def test_from_start_to_start_and_from_the_end(self) -> None:
        """A day apart, two hours long."""
        (between,) = seen(went("2026-03-01T20:00:00Z", "2026-03-02T20:00:00Z")).intervals
        assert (between.before, between.after) == (subject(0), subject(1))
        assert (between.starts, between.back) == ((24 * HOUR,) * 2, (22 * HOUR,) * 2)

    def test_in_the_order_of_the_starts_and_in_whole_seconds(self) -> None:
        """Whatever the references; a second and a half later is one second later."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", subject=subject(1))
        tell("reported", "2026-03-01T20:00:01.5Z", subject=subject(0))
        (between,) = seen(tell).intervals
        assert (between.before, between.after, between.starts) == (subject(1), subject(0), (1, 1))

    def test_from_an_end_without_a_return(self) -> None:
        """Settled elsewhere, and gone from there."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", subject=subject(0))
        tell("ended-otherwise", "2026-03-02T20:00:00Z", subject=subject(0), reason="settled_elsewhere_agreed")
        tell("reported", "2026-03-03T20:00:00Z", subject=subject(1))
        assert seen(tell).intervals[0].back == (24 * HOUR,) * 2

    def test_uncertain_ends_give_the_least_and_the_most(self) -> None:
        """Back some time on the second."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", subject=subject(0))
        tell("returned", {"date": "2026-03-02"}, subject=subject(0))
        tell("reported", "2026-03-03T06:00:00Z", subject=subject(1))
        assert seen(tell).intervals[0].back == (6 * HOUR, 30 * HOUR)

    def test_of_a_start_of_which_one_end_is_unknown(self) -> None:
        """Left by eight: it counts, and is measured, from then."""
        tell = Telling()
        tell(
            "reported", "2026-03-01T20:30:00Z", subject=subject(0), left_at={"latest": "2026-03-01T20:00:00Z"}
        )
        tell("reported", "2026-03-02T20:00:00Z", subject=subject(1))
        assert seen(tell).intervals[0].starts == (24 * HOUR,) * 2
        assert seen(tell).repeats[0].most == 2

    def test_no_interval_from_an_end_that_was_not_or_came_later(self) -> None:
        """Two records of one night."""
        tell = went("2026-03-01T20:00:00Z")
        tell("reported", "2026-03-01T21:00:00Z", subject=subject(1))
        assert seen(tell, "2026-03-01T21:30:00Z").intervals[0].back is None
        assert seen(tell).intervals[0].back is None

    def test_an_end_that_may_have_been_after_the_next_start(self) -> None:
        """No less than nothing."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", subject=subject(0))
        tell("returned", {"date": "2026-03-02"}, subject=subject(0))
        tell("reported", "2026-03-02T06:00:00Z", subject=subject(1))
        assert seen(tell).intervals[0].back == (0, 6 * HOUR)


class TestRecurring:
    """Codes that more than one episode has."""

    def test_places(self) -> None:
        """Where the child was expected, and where found; each once for an episode."""
        tell = went("2026-03-01T20:00:00Z", "2026-03-03T20:00:00Z", "2026-03-05T20:00:00Z")
        for number in (0, 2):
            for minute in ("10", "30"):
                when = f"2026-03-0{2 * number // 2 + 1}T20:{minute}:00Z"
                tell("located", when, subject=subject(number), location_type="transport_hub")
        tell("located", "2026-03-03T20:30:00Z", subject=subject(1), location_type="friend")
        tell("absence-noticed", "2026-03-03T19:00:00Z", subject=subject(1), expected_location="school")
        found = seen(tell).recurring
        (hub,) = found["location_type"].codes
        assert (hub.code, hub.leads) == ("transport_hub", (subject(0), subject(2)))
        assert (found["location_type"].not_known, found["expected_location"].not_known) == (0, 2)
        assert found["expected_location"].codes == ()

    @pytest.mark.parametrize("code", ["unknown", "other", "not_known"])
    def test_a_code_that_names_no_place_never_recurs(self, code: str) -> None:
        """Two others need not be the same."""
        tell = went("2026-03-01T20:00:00Z", "2026-03-03T20:00:00Z")
        for number, day in ((0, 1), (1, 3)):
            tell("located", f"2026-03-0{day}T20:30:00Z", subject=subject(number), location_type=code)
        assert seen(tell).recurring["location_type"] == ((), 2)

    def test_the_most_frequent_first_and_then_by_name(self) -> None:
        """Three in the street, two at a station, and two at friends'."""
        tell = went(*(f"2026-03-0{day}T20:00:00Z" for day in range(1, 8)))
        places = ("transport_hub", "friend", "street", "street", "friend", "transport_hub", "street")
        for number, place in enumerate(places):
            when = f"2026-03-0{number + 1}T20:30:00Z"
            tell("located", when, subject=subject(number), location_type=place)
        codes = seen(tell).recurring["location_type"].codes
        assert [(c.code, len(c.leads)) for c in codes] == [("street", 3), ("friend", 2), ("transport_hub", 2)]
        assert seen(tell, "2026-03-05T20:30:00Z").recurring["location_type"].codes[0].code == "friend"
        assert len(seen(tell, "2026-03-05T20:29:59Z").recurring["location_type"].codes) == 1

    def test_weekdays_and_parts_of_the_day_are_londons(self) -> None:
        """Half past eleven in the evening, UTC, in summer is half past midnight of the next day."""
        tell = went(
            "2026-06-05T23:30:00Z", "2026-06-12T22:59:59Z", "2026-06-13T04:59:59Z", "2026-06-20T05:00:00Z"
        )
        found = seen(tell, "2026-07-01T00:00:00Z").recurring
        assert [(c.code, len(c.leads)) for c in found["weekday"].codes] == [("saturday", 3)]
        assert [(c.code, len(c.leads)) for c in found["part_of_day"].codes] == [("night", 2)]

    @pytest.mark.parametrize(
        ("number", "weekday"),
        [*enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))],
    )
    @pytest.mark.parametrize(
        ("hour", "part"), [("05", "night"), ("06", "morning"), ("12", "afternoon"), ("18", "evening")]
    )
    def test_what_each_is_called(self, number: int, weekday: str, hour: str, part: str) -> None:
        """Twice in a winter week from Monday, the second of February, on; at the same hour a week after."""
        tell = Telling()
        for week in (0, 1):
            tell("reported", f"2026-02-{2 + number + 7 * week:02}T{hour}:30:00Z", subject=subject(week))
        found = seen(tell).recurring
        assert [found[kind].codes[0].code for kind in ("weekday", "part_of_day")] == [weekday, part]

    def test_a_start_known_by_its_day_has_a_weekday_and_no_part(self) -> None:
        """And one between two days neither, were it by a microsecond."""
        tell = Telling()
        tell("reported", {"date": "2026-03-06"}, subject=subject(0))
        tell("reported", {"date": "2026-03-13"}, subject=subject(1))
        overnight = {"earliest": "2026-03-20T22:00:00Z", "latest": "2026-03-21T00:00:00.000001Z"}
        tell("reported", overnight, subject=subject(2))
        found = seen(tell).recurring
        assert [(c.code, len(c.leads)) for c in found["weekday"].codes] == [("friday", 2)]
        assert (found["weekday"].not_known, found["part_of_day"]) == (1, ((), 3))


class TestPlansAndActions:
    """What was done about it."""

    def test_episodes_since_the_last_review_of_a_plan(self) -> None:
        """Reviewed after the first: two since; never reviewed: all of them."""
        tell = went("2026-03-01T20:00:00Z", "2026-03-10T20:00:00Z", "2026-03-20T20:00:00Z")
        assert (seen(tell).since_plan_review, seen(tell).plan_reviewed) == (3, None)
        tell("plan-reviewed", "2026-03-05T09:00:00Z", subject=subject(0), plan_type="care")
        found = seen(tell)
        assert found.since_plan_review == 2
        assert found.plan_reviewed == (instant("2026-03-05T09:00:00Z"),) * 2
        assert seen(tell, "2026-03-05T08:59:59Z").since_plan_review == 1
        tell("plan-reviewed", "2026-03-25T09:00:00Z", subject=subject(1))
        assert seen(tell).since_plan_review == 0

    @pytest.mark.parametrize(
        ("start", "since"), [("2026-03-20T20:00:00Z", 0), ("2026-03-20T20:00:00.000001Z", 1)]
    )
    def test_what_begins_on_the_instant_of_a_review_is_not_since(self, start: str, since: int) -> None:
        """And of two reviews it is the later, whichever episode it is recorded on."""
        tell = went("2026-03-01T20:00:00Z", start)
        tell("plan-reviewed", "2026-03-20T20:00:00Z", subject=subject(0))
        tell("plan-reviewed", {"date": "2026-03-19"}, subject=subject(1))
        assert seen(tell).since_plan_review == since

    def test_open_actions_in_the_order_of_their_dates(self) -> None:
        """Then as they were recorded; done on the instant is done, and on the instant of its date it is not past."""
        tell = went("2026-03-01T20:00:00Z")
        one, two, three = (
            tell("action-agreed", "2026-03-02T09:00:00Z", subject=subject(0), due=f"2026-03-{day}T09:00:00Z")
            for day in (12, 10, 12)
        )
        tell("action-completed", "2026-03-15T09:00:00Z", subject=subject(0), of=tell.about(one))
        for as_at, open_ in (
            ("2026-03-12T09:00:00Z", [two]),
            ("2026-03-12T09:00:00.000001Z", [two, one, three]),
            ("2026-03-15T08:59:59Z", [two, one, three]),
            ("2026-03-15T09:00:00Z", [two, three]),
        ):
            found = seen(tell, as_at).open_actions
            assert [a.position for a in found] == [entry.position for entry in open_]
        assert found[0].lead == subject(0)

    def test_open_actions_past_their_date(self) -> None:
        """From the end of the day on; done or cancelled it is none."""
        tell = went("2026-03-01T20:00:00Z")
        one, other = (
            tell("action-agreed", "2026-03-02T09:00:00Z", subject=subject(0), due={"date": f"2026-03-{day}"})
            for day in (10, 12)
        )
        tell("action-agreed", "2026-03-02T09:00:00Z", subject=subject(0))
        assert seen(tell, "2026-03-11T00:00:00Z").open_actions == ()
        assert [a.position for a in seen(tell, "2026-03-11T00:00:01Z").open_actions] == [one.position]
        assert [a.position for a in seen(tell).open_actions] == [one.position, other.position]
        tell("action-completed", "2026-03-20T09:00:00Z", subject=subject(0), of=tell.about(one))
        tell("action-cancelled", "2026-03-21T09:00:00Z", subject=subject(0), of=tell.about(other))
        assert [a.position for a in seen(tell, "2026-03-20T12:00:00Z").open_actions] == [other.position]
        assert seen(tell).open_actions == ()


def test_what_an_episode_leaves_for_them() -> None:
    """Each with when, the entry, and what it says; an action until it is done."""
    tell = Telling()
    tell("absence-noticed", "2026-03-01T19:00:00Z", expected_location="school")
    tell("located", {"date": "2026-03-02"}, location_type="friend")
    agreed = tell("action-agreed", "2026-03-03T09:00:00Z", due="2026-03-04T09:00:00Z")
    for day in (5, 6):
        tell("action-completed", f"2026-03-0{day}T09:00:00Z", of=tell.about(agreed))
    tell("plan-reviewed", "2026-03-07T09:00:00Z")
    noticed, first, last, third, fourth, fifth, seventh = map(
        instant,
        ("2026-03-01T19:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z",
         *(f"2026-03-0{day}T09:00:00Z" for day in (3, 4, 5, 7))),
    )  # fmt: skip
    assert assessed(tell).traces == (
        CrossEpisodeFact("expected_location", noticed, noticed, 1, "school"),
        CrossEpisodeFact("location_type", first, last, 2, "friend"),
        CrossEpisodeFact("action", third, third, 3, due=Moment(fourth, fourth), until=fifth),
        CrossEpisodeFact("plan_reviewed", seventh, seventh, 6),
    )


def test_in_an_answer_each_window_is_named() -> None:
    """And every length of time is in seconds."""
    said = answers.patterns(seen(went("2026-03-01T20:00:00Z", "2026-03-02T20:00:00Z")))
    assert [r["window"] for r in said["repeats"]] == ["3_in_30_days", "3_in_90_days"]
    assert said["intervals"] == [
        {
            "from": subject(0),
            "to": subject(1),
            "between_starts": {"least": 24 * HOUR, "most": 24 * HOUR},
            "since_end": {"least": 22 * HOUR, "most": 22 * HOUR},
        }
    ]
    assert said["since_plan_review"] == {"episodes": 2}
    assert set(said["recurring"]) == {"expected_location", "location_type", "weekday", "part_of_day"}


def test_a_child_of_whom_nothing_had_begun() -> None:
    """Nothing to see yet."""
    found = seen(went("2026-03-01T20:00:00Z"), "2026-02-01T00:00:00Z")
    assert (found.repeats[0].most, found.intervals, found.since_plan_review) == (0, (), 0)
