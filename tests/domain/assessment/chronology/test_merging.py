"""Corrections of corrections: what the first says and the second does not mention stays (assessment.md 1, case A7)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.chronology.merging import merged_changes
from domain.moment import instant
from tests.support.entry_builder import LONG_AFTER, SUBJECT, Telling, assessed, findings, standing

GONE, EARLIER, LATER = "2026-03-01T20:00:00Z", "2026-03-01T18:00:00Z", "2026-03-06T09:00:00Z"
AWAY = "away_without_authorisation"
Changes = dict[str, Any]


def corrected_twice(first: Changes, second: Changes, **reported: Any) -> Telling:
    """A report, a correction of it, and a correction of that."""
    tell = Telling()
    report = tell("reported", GONE, **reported)
    one = tell("corrected", LATER, target=tell.about(report), changes=first)
    tell("corrected", LATER, target=tell.about(one), changes={"data": {"changes": second}})
    return tell


def test_a_corrected_time_keeps_the_corrected_category() -> None:
    """The second says another time and nothing of the category."""
    tell = corrected_twice({"data": {"category": AWAY}}, {"time": EARLIER}, category="missing")
    assert (standing(tell), findings(tell)) == ("away", {})
    since = assessed(tell).picture(instant(LONG_AFTER)).since
    assert since is not None
    assert since.earliest == instant(EARLIER)


MORE: list[tuple[Changes, Changes, Changes]] = [
    ({"data": {"category": AWAY}}, {"data": {"reported_by": "self"}}, {"category": AWAY, "reported_by": "self"}),
    ({"data": {"category": AWAY}}, {"data": {"category": "missing"}}, {"category": "missing"}),
    ({"data": {"category": AWAY}}, {"data": {"category": None}}, {"category": None}),
    (
        {"data": {"setting": {"host_authority": "E09000001"}}},
        {"data": {"setting": {"looked_after": "yes"}}},
        {"setting": {"host_authority": "E09000001", "looked_after": "yes"}},
    ),
    (
        {"data": {"asserted_by": {"role": "carer"}}},
        {"data": {"asserted_by": {"organisation": "home"}}},
        {"asserted_by": {"role": "carer", "organisation": "home"}},
    ),
    (
        {"data": {"left_at": {"earliest": GONE}}},
        {"data": {"left_at": {"latest": LATER}}},
        {"left_at": {"latest": LATER}},
    ),
    ({"time": EARLIER}, {"data": {"happened": {"date": "2026-03-01"}}}, {"happened": {"date": "2026-03-01"}}),
    ({"data": {"birth_month": "2011-02"}}, {"data": {"category": AWAY}}, {"birth_month": "2011-02", "category": AWAY}),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "together"), MORE)
def test_two_corrections_are_as_one_that_says_both(
    first: Changes, second: Changes, together: Changes
) -> None:
    """Objects merge at every depth, moments are replaced whole, null stays a removal."""
    said = {"category": "missing", "setting": {"distance": "in_area"}}
    twice = corrected_twice(first, second, **said)
    once = corrected_twice({"data": together}, {"data": {}}, **said)
    assert findings(twice) == {}
    assert assessed(twice).pictures == assessed(once).pictures
    assert assessed(twice).profile == assessed(once).profile


def test_a_third_correction_reaches_the_first_through_the_second() -> None:
    """A correction of a correction of a correction."""
    tell = Telling()
    report = tell("reported", GONE, category="missing")
    one = tell("corrected", LATER, target=tell.about(report), changes={"data": {"category": AWAY}})
    two = tell("corrected", LATER, target=tell.about(one), changes={"data": {"changes": {"time": EARLIER}}})
    third = {"data": {"changes": {"data": {"changes": {"data": {"reported_by": "self"}}}}}}
    tell("corrected", LATER, target=tell.about(two), changes=third)
    state = assessed(tell).picture(instant(LONG_AFTER))
    assert (state.standing, state.since and state.since.earliest) == ("away", instant(EARLIER))
    assert findings(tell) == {}


def test_what_was_longer_than_a_list_may_be_now_can_still_be_corrected() -> None:
    """An interview of an earlier release covers more episodes than one may today."""
    tell = Telling()
    tell("reported", GONE)
    covers = [f"{SUBJECT}-{n}" for n in range(60)]
    held = tell("interview-held", LATER, covers=covers)
    tell("corrected", LATER, target=tell.about(held), changes={"data": {"seen_alone": "yes"}})
    assert "correction_invalid" not in findings(tell)
    tell("corrected", LATER, target=tell.about(held), changes={"data": {"seen_alone": "perhaps"}})
    assert findings(tell)["correction_invalid"] == [(4,)]


clear = {
    "category": st.sampled_from(["missing", AWAY, None]),
    "reported_by": st.sampled_from(["self", "parent", None]),
    "left_at": st.sampled_from([GONE, {"date": "2026-03-01"}, None]),
    "setting": st.fixed_dictionaries(
        {}, optional={"distance": st.sampled_from(["in_area", None]), "urn": st.sampled_from(["SC1", "SC2"])}
    ),
}
changes = st.fixed_dictionaries({"data": st.fixed_dictionaries({}, optional=clear)})


@settings(max_examples=200, deadline=None)
@given(changes, changes, changes)
def test_whatever_is_said_in_one_after_another_is_said_in_the_order_of_saying(
    one: Changes, two: Changes, three: Changes
) -> None:
    """Merging is associative; nothing that only an earlier one says is lost; the later word of each member counts."""
    assert merged_changes(merged_changes(one, two), three) == merged_changes(one, merged_changes(two, three))
    both = merged_changes(one, two)["data"]
    assert both.keys() == one["data"].keys() | two["data"].keys()
    for name in two["data"].keys() - {"setting"}:
        assert both[name] == two["data"][name]
