"""One episode settled and put in order: what was undone, what points nowhere, who covers it, what else there is."""

from __future__ import annotations

from collections import defaultdict

import pytest

from domain.assessment.chronology.linking import groups, links
from domain.assessment.chronology.ordering import EffectiveEntry, as_recorded
from domain.assessment.standing.united_episode import (
    UnitedEpisode,
    build_united_episode,
    effective_coverage,
    others_of,
    retracted,
)
from domain.moment import BEGINNING, FOREVER, instant
from tests.support.entry_builder import (
    AUTHORITY,
    HOME,
    HOST,
    POLICE,
    SUBJECT,
    TWIN,
    Telling,
    assessed,
    findings,
    missing_and_back,
)

BACK, HELD, LATER = "2026-03-01T22:30:00Z", "2026-03-03T09:00:00Z", "2026-03-06T09:00:00Z"
SECOND, ELSEWHERE = f"{AUTHORITY}/ME-2", f"{HOME}/INC-5"


def stories(tell: Telling) -> list[UnitedEpisode]:
    """All episodes, in the order of their leads."""
    by_subject: dict[str, list[EffectiveEntry]] = defaultdict(list)
    for entry in tell:
        if (reading := as_recorded(entry)) is not None:
            by_subject[entry.subject].append(reading)
    return [build_united_episode(group, 0) for group in groups(by_subject, links(by_subject))]


def positions_covering(tell: Telling) -> list[int]:
    """The interviews told elsewhere that are also about the first episode."""
    every = stories(tell)
    return [told.entry.position for told in effective_coverage(every[0], every)]


def elsewhere(*, by: str = AUTHORITY, **more: str) -> Telling:
    """An interview after a second episode that says it covers the first."""
    tell = missing_and_back(BACK)
    tell("interview-held", HELD, subject=SECOND, by=by, covers=[SUBJECT], **more)
    return tell


def test_an_interview_covers_by_the_word_of_whoever_could_have_recorded_it_there() -> None:
    """Of the namespace of the reference; or one that a fact there names."""
    assert positions_covering(elsewhere()) == [3]
    assert positions_covering(elsewhere(by=HOST)) == [3], "recorded on a reference of the same namespace"
    tell = missing_and_back(BACK)
    tell("interview-held", HELD, subject=ELSEWHERE, by=HOME, covers=[SUBJECT])
    assert positions_covering(tell) == []
    tell("setting-changed", HELD, setting={"responsible_authority": HOME})
    assert positions_covering(tell) == [3]


def test_not_of_another_person_nor_from_an_episode_in_error_nor_of_what_it_does_not_name() -> None:
    """Nor twice when it was recorded on the episode itself."""
    assert positions_covering(elsewhere(child=TWIN)) == []
    tell = elsewhere()
    tell("episode-recorded-in-error", LATER, subject=SECOND)
    assert positions_covering(tell) == []
    other = missing_and_back(BACK)
    other("interview-held", HELD, subject=SECOND, covers=[f"{AUTHORITY}/ME-3"])
    other("interview-held", HELD, covers=[SUBJECT])
    assert positions_covering(other) == []


def test_what_was_retracted_stays_in_the_order_and_is_shown_with_its_retraction() -> None:
    """Facts only: a retracted correction is no fact of the child."""
    tell = missing_and_back(BACK)
    correction = tell("corrected", LATER, target=tell.about(tell[1]), changes={"data": {"mode": "police"}})
    gone = tell("retracted", LATER, target=tell.about(tell[1]))
    tell("retracted", LATER, target=tell.about(correction))
    (story,) = stories(tell)
    assert [(one.entry.position, by.entry.position) for one, by in retracted(story)] == [(2, gone.position)]
    assert [t.entry.position for t in story.facts] == [1]
    assert sorted(t.entry.position for t in story.order) == [1, 2, 3, 4, 5]
    assert assessed(tell).order[:2] == (1, 2)


def test_without_a_retraction_nothing_is_undone() -> None:
    """And the order is that of all entries, corrected ones in their new place."""
    tell = missing_and_back(BACK)
    tell("located", HELD)
    tell("corrected", LATER, target=tell.about(tell[1]), changes={"time": LATER})
    (story,) = stories(tell)
    assert retracted(story) == []
    assert [t.entry.position for t in story.order] == [1, 3, 2, 4]
    assert [t.entry.position for t in story.facts] == [1, 3, 2]


@pytest.mark.parametrize("name", ["episode-reopened", "episode-recorded-in-error"])
def test_a_decision_of_somebody_else_is_no_fact(name: str) -> None:
    """It stays in the order, and is marked."""
    tell = missing_and_back(BACK)
    decision = tell(name, LATER, by=HOME)
    tell("risk-assessed", LATER, scheme="APP-2017", level="low")
    (story,) = stories(tell)
    assert [t.entry.position for t in story.facts] == [1, 2, 4]
    assert story.in_error is None
    assert findings(tell) == {"not_entitled": [(decision.position,)]}


def test_in_error_there_never_was_an_episode_but_what_stood_beside_is_shown() -> None:
    """At every time; the category stays as it was last told."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("returned", BACK)
    tell("located", HELD)
    error = tell("episode-recorded-in-error", LATER)
    (story,) = stories(tell)
    (span,) = story.pictures
    assert story.in_error is not None
    assert story.in_error.entry.position == error.position
    assert (span.start, span.end) == (BEGINNING, FOREVER)
    found = span.value
    assert (found.standing, found.since, found.end_contradicted, found.moves) == ("in_error", None, (), 0)
    assert span.value.category == {"DfE-2014": ("missing", "missing")}
    alone = Telling()
    alone("episode-recorded-in-error", LATER)
    assert [span.value.standing for span in stories(alone)[0].pictures] == ["in_error"]


def test_what_points_at_an_event_that_is_not_there_is_marked_until_it_is() -> None:
    """An acknowledgement of a transfer nobody recorded."""
    tell = missing_and_back(BACK)
    tell("handover-acknowledged", LATER, by=HOST, of=tell.about(("urn:x:lcs", "T1")))
    assert findings(tell) == {"target_unknown": [(3,)]}
    tell("responsibility-transferred", HELD, id_="T1", to=HOST)
    assert findings(tell) == {}


def test_the_persons_other_episodes_in_the_order_of_their_starts() -> None:
    """Those that count: of the same person, not in error, and such that the child was away."""
    tell = missing_and_back(BACK)
    for subject, day, more in (
        (SECOND, 5, {}),
        (f"{AUTHORITY}/ME-3", 3, {}),
        (f"{POLICE}/M-1", 3, {}),
        (f"{AUTHORITY}/ME-4", 3, {"child": TWIN}),
        (f"{AUTHORITY}/ME-5", 3, {}),
    ):
        tell("reported", f"2026-03-0{day}T20:00:00Z", subject=subject, **more)
        tell("returned", f"2026-03-0{day}T22:00:00Z", subject=subject, **more)
    tell("episode-recorded-in-error", LATER, subject=f"{AUTHORITY}/ME-5")
    tell("interview-requested", LATER, subject=f"{AUTHORITY}/ME-6")
    every = stories(tell)
    third, fifth = (
        (start, start, (instant(f"2026-03-0{day}T22:00:00Z"),) * 2)
        for day in (3, 5)
        for start in [instant(f"2026-03-0{day}T20:00:00Z")]
    )
    assert others_of(every[0], every) == [
        (f"{AUTHORITY}/ME-3", *third),
        (f"{POLICE}/M-1", *third),
        (SECOND, *fifth),
    ]
