"""Laws of duties: what hides none, over histories that hypothesis makes up (assessment.md 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.assess import EpisodeAssessment, assess
from domain.assessment.obligations.verdict import EXCUSED, EXCUSED_LATE, MET, MET_LATE, OVERDUE
from domain.entries.entry import Entry
from domain.facts.after_return import EpisodeReopened
from domain.moment import HOUR, Instant, instant, rfc3339
from domain.rules.rulebook import england
from tests.support.entry_builder import AUTHORITY, SUBJECT, Telling

START = instant("2026-03-01T00:00:00Z")
AS_AT = instant("2026-05-01T00:00:00Z")
BACK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("reported", {"category": "missing"}),
    ("reported", {"category": "away_without_authorisation"}),
    ("absence-noticed", {}),
    ("located", {}),
    ("returned", {}),
    ("returned", {"basis": "witnessed"}),
    ("episode-reopened", {}),
    ("interview-offered", {"to": "child"}),
    ("interview-offered", {"to": "parent"}),
    ("interview-held", {}),
    ("interview-declined", {"by_": "parent"}),
    ("interview-not-possible", {"reason": "hospital"}),
)
CLERICAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("category-assigned", {"scheme": "DfE-2014", "value": "missing"}),
    ("category-assigned", {"scheme": "DfE-2014", "value": "away_without_authorisation"}),
    ("category-assigned", {"scheme": "APP-2017", "value": "absent"}),
    ("risk-assessed", {"scheme": "APP-2017", "level": "low"}),
    ("profile-recorded", {"birth_month": "2012-03"}),
    ("profile-recorded", {"birth_month": "2000-03"}),
    ("police-notified", {}),
    ("police-closed", {}),
    ("return-notified", {"notified_to": AUTHORITY}),
    ("notification-sent", {"recipient_role": "police"}),
    ("plan-reviewed", {}),
    ("oversight-recorded", {}),
    ("located", {}),
    ("location-lost", {}),
    ("absence-noticed", {}),
    ("reported", {"category": "missing"}),
    ("sighting-reported", {}),
    ("episode-reopened", {}),
    ("setting-changed", {"setting": {"placement_type": "foster"}}),
    ("handover-acknowledged", {}),
)
INTERVIEW_RULES = {
    rule.id for rule in england().rules if rule.id.startswith("return-interview-") and rule.limit.hours
}

hours = st.integers(0, 240).map(lambda n: START + n * HOUR)
moments = st.one_of(
    hours.map(rfc3339),
    st.tuples(hours, st.integers(0, 30)).map(
        lambda pair: {"earliest": rfc3339(pair[0]), "latest": rfc3339(pair[0] + pair[1] * HOUR)}
    ),
)


@st.composite
def stories(draw: st.DrawFn) -> Telling:
    """One episode of up to eight facts, of a child who has been back at some time."""
    tell = Telling()
    tell("returned", draw(moments))
    for _ in range(draw(st.integers(0, 7))):
        name, data = draw(st.sampled_from(BACK))
        tell(name, draw(moments), **data)
    return tell


def verdicts(tell: Telling) -> dict[tuple[str, int], Any]:
    """The verdicts of the duties about the interview, with their spans' values, as at long after."""
    return {
        (duty.rule, duty.trigger): span.value
        for duty in _episode(tell).obligations
        for span in duty.verdicts
        if duty.rule in INTERVIEW_RULES and span.start <= AS_AT < span.end
    }


def _episode(tell: Telling) -> EpisodeAssessment:
    return next(e for e in assess(tell, england(), not_applicable=True) if SUBJECT in e.subjects)


def decisive(entry: Entry) -> bool:
    """Whether an entry may make a duty fall away: it says that the child was away, only absent, or grown up.

    A reopening may too: what says so after the end that it takes away counts from then on.
    """
    name = entry.type.split(".")[1]
    away = entry.data.get("value") == "away_without_authorisation"
    return (
        away or name in {"absence-noticed", "episode-reopened"} or entry.data.get("birth_month") == "2000-03"
    )


@settings(max_examples=300, deadline=None)
@given(stories(), st.sampled_from(CLERICAL), moments)
def test_what_says_nothing_of_an_interview_hides_no_duty(
    tell: Telling, added: tuple[str, dict[str, Any]], when: Any
) -> None:
    """Overdue before it: after it overdue, withdrawn, stopped, or by a decisive fact not applicable.

    A new end, or a start that moves the beginning, may make another end count; then another duty stands in its place.
    """
    before = verdicts(tell)
    entry = tell(added[0], when, **added[1])
    after = verdicts(tell)
    if not any(trigger in {t for _, t in after} for _, trigger in before):
        return  # another end counts
    for key, was in before.items():
        if was.verdict != OVERDUE or key not in after or any("came before" in e.why for e in was.evidence):
            continue  # where an earlier beginning comes to light, an answer that seemed too early is not
        now = after[key].verdict
        assert now in {OVERDUE, "withdrawn", "paused"} or (now == "not_applicable" and decisive(entry))


def answers(tell: Telling) -> Iterator[tuple[Instant, Instant, int]]:
    """What answers each duty: its latest moment, the earliest of the duty's trigger, and its position."""
    for (_, trigger), found in verdicts(tell).items():
        if found.verdict in {MET, MET_LATE, EXCUSED, EXCUSED_LATE} and found.satisfied_at is not None:
            yield found.satisfied_at.latest, _order(tell, trigger), trigger


def _order(tell: Telling, position: int) -> Instant:
    return next(t for t in _earliest(tell) if t[0] == position)[1]


def _earliest(tell: Telling) -> Iterator[tuple[int, Instant]]:
    for entry in tell:
        yield entry.position, entry.happened.earliest or 0


@settings(max_examples=300, deadline=None)
@given(stories())
def test_nothing_from_before_the_start_or_a_reopening_answers(tell: Telling) -> None:
    """The moment that meets or excuses is surely not before either."""
    state = _episode(tell).pictures[-1].value
    started = None if state.started is None else state.started.when.earliest
    ended = min(e.happened.latest or 0 for e in tell if e.type.split(".")[1] == "returned")
    starts = [e for e in tell if e.type.split(".")[1] in {"reported", "absence-noticed"}]
    has_start = any((e.happened.earliest or 0) <= ended for e in starts)
    reopened = [e for e in tell if e.fact_class is EpisodeReopened]
    for latest, triggered, _ in answers(tell):
        assert not has_start or started is None or latest >= started
        for each in reopened:
            opened = each.happened
            assert opened.earliest is not None
            assert opened.latest is not None
            assert not (opened.latest < triggered and latest < opened.earliest)
