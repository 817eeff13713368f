"""Laws of the list of the missing: what never takes a child off it, and what an answer as known then never changes."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.assessment.assess import assess
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import AUTHORITY, LONG_AFTER, SUBJECT, TWIN, Telling, assessed
from tests.support.made_up_histories import SOURCES, histories, hours, moments

STRANGER = "ORG-STRANGER"
TOLD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("absence-noticed", {}),
    ("reported", {"category": "missing"}),
    ("reported", {"category": "away_without_authorisation"}),
    ("police-notified", {}),
    ("located", {}),
    ("location-lost", {}),
    ("returned", {}),
    ("returned", {"basis": "witnessed"}),
    ("ended-otherwise", {"reason": "remanded"}),
    ("episode-reopened", {}),
)
"""What moves the standing of one episode."""
HARMLESS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("absence-noticed", {}),
    ("reported", {"category": "missing"}),
    ("reported", {"category": "away_without_authorisation"}),
    ("police-notified", {}),
    ("episode-reopened", {}),
    ("category-assigned", {"scheme": "DfE-2014", "value": "away_without_authorisation"}),
    ("category-assigned", {"scheme": "APP-2017", "value": "no_apparent_risk"}),
    ("risk-assessed", {"scheme": "APP-2017", "level": "no_apparent_risk"}),
    ("setting-changed", {"setting": {"placement_type": "hospital"}}),
    ("police-closed", {}),
    ("return-notified", {"notified_to": AUTHORITY}),
    ("interview-held", {}),
    ("interview-not-possible", {"reason": "died"}),
    ("plan-reviewed", {}),
)
"""Reports, a reopening, and what is clerical: whoever records it, and whatever moment they write."""
NOT_THEIRS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("episode-recorded-in-error", {}),
    ("child-corrected", {"to": TWIN}),
    ("child-linked", {"same_as": TWIN}),
    ("episodes-linked", {"with": f"{AUTHORITY}/ME-2", "relation": "same_episode"}),
    ("profile-recorded", {"setting": {"responsible_authority": STRANGER}}),
    ("responsibility-transferred", {"to": STRANGER}),
)
"""Decisions, by somebody who is not entitled to any."""


@st.composite
def told(draw: st.DrawFn) -> Telling:
    """Up to eight facts of one episode."""
    tell = Telling()
    for n in range(draw(st.integers(min_value=1, max_value=8))):
        name, members = draw(st.sampled_from(TOLD))
        tell(name, draw(moments), id_=f"e{n:02}", **members)
    return tell


def _happened(tell: Telling) -> list[dict[str, Any]]:
    """Return the moments of the facts that are not an exact time."""
    return [entry.data["happened"] for entry in tell if "happened" in entry.data]


def is_open(tell: Telling) -> bool:
    """Whether the child is on the list long after."""
    return assessed(tell).picture(instant(LONG_AFTER)).open


@settings(max_examples=400, deadline=None)
@given(told(), st.sampled_from(HARMLESS), moments, st.sampled_from(sorted(SOURCES)))
def test_no_report_reopening_or_clerical_entry_takes_a_child_off_the_list(
    tell: Telling, added: tuple[str, dict[str, Any]], when: Any, by: str
) -> None:
    """Late, at a mistyped time, or by anyone.

    Facts of which only a latest time is known are left out: their earliest is that of the first start fact
    (assessment.md 1), so an earlier report says of them that they may come before the return.
    """
    assume(all("latest" not in rough or "earliest" in rough for rough in _happened(tell)))
    was = is_open(tell)
    name, members = added
    tell(name, when, by=by, source=SOURCES[by], id_="added", **members)
    assert is_open(tell) >= was


@settings(max_examples=200, deadline=None)
@given(told(), st.sampled_from((*NOT_THEIRS, "retracted", "corrected", "dispute-resolved")), hours, st.data())
def test_nor_does_anything_that_somebody_says_who_is_not_entitled(
    tell: Telling, added: Any, when: str, data: st.DataObject
) -> None:
    """It has no effect, and the standing stays as it was, also under the sender's own source."""
    before = assessed(tell).picture(instant(LONG_AFTER))
    about = tell.about(data.draw(st.sampled_from(tell)))
    stranger = {"by": STRANGER, "source": data.draw(st.sampled_from(["urn:x:stranger", "urn:x:lcs"]))}
    if isinstance(added, str):
        changes = {"changes": {"time": when}} if added == "corrected" else {}
        tell(added, when, **stranger, target=about, **changes)
    else:
        tell(added[0], when, **stranger, **added[1])
    after = assessed(tell).picture(instant(LONG_AFTER))
    assert (after.standing, after.open, after.responsible_authority) == (
        before.standing,
        before.open,
        AUTHORITY,
    )


@settings(max_examples=150, deadline=None)
@given(histories())
def test_open_under_one_subject_is_open_under_every_one_of_the_episode(tell: Telling) -> None:
    """Each subject is in one episode, which answers alike under all of them."""
    found = assess(tell, england())
    subjects = [subject for each in found for subject in each.subjects]
    assert sorted(subjects) == sorted({entry.subject for entry in tell})


@settings(max_examples=150, deadline=None)
@given(histories(), st.integers(min_value=1, max_value=12))
def test_an_answer_as_known_at_a_position_never_changes(tell: Telling, known_at: int) -> None:
    """Whatever is recorded afterwards: it rests on the entries up to there, in any order of reading."""
    then = [entry for entry in tell if entry.position <= known_at]
    again = [entry for entry in tell[::-1] if entry.position <= known_at]
    assert assess(then, england()) == assess(again, england())
    assert {each.lead for each in assess(then, england())} <= {e.subject for e in tell} | {SUBJECT}
