"""What each measure makes of an episode, told by hand: sure, surely not, cannot tell, or not looked at."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.assessment.spans import at
from domain.measures.counted import counted, counted_at
from domain.measures.definitions import MEASURES, letter, named
from domain.measures.limits import limit_words
from domain.moment import instant
from domain.rulebook import cached, england
from tests.rulebooks import local
from tests.telling import AUTHORITY, HOST, LONG_AFTER, POLICE, SUBJECT, Telling, assessed, missing_and_back

OTHER = f"{AUTHORITY}/ME-2"
YES, NO, UNSURE, APART = "y", "n", "?", "-"


def seen(entries, as_at=LONG_AFTER, subject=SUBJECT):
    """What is counted of an episode as at a time."""
    return counted_at(assessed(entries, subject), england(), instant(as_at))


def state(entries, measure, as_at=LONG_AFTER, subject=SUBJECT):
    """What a measure makes of it."""
    return letter(named(measure)[0], seen(entries, as_at, subject).states)


def group(entries, breakdown, as_at=LONG_AFTER):
    """In which group of a breakdown it is."""
    return getattr(seen(entries, as_at).groups, breakdown)


@pytest.mark.parametrize(
    ("category", "expected"),
    [({"category": "missing"}, YES), ({}, YES), ({"category": "away_without_authorisation"}, NO)],
)
def test_missing_is_not_away(category, expected):
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", **category)
    assert state(tell, "missing-episodes") == state(tell, "children-missing") == expected


def test_of_an_end_without_a_start_nobody_can_tell_whether_the_child_was_missing():
    tell = Telling()
    tell("returned", "2026-03-01T20:00:00Z")
    assert state(tell, "missing-episodes") == UNSURE
    assert state(tell, "interview-offered") == UNSURE


def test_an_episode_in_error_is_not_looked_at():
    tell = missing_and_back()
    tell("episode-recorded-in-error", "2026-03-03T10:00:00Z")
    assert seen(tell) is None
    assert counted(assessed(tell), england()) == ()


def test_nothing_is_offered_before_it_is_and_nothing_in_scope_before_the_end():
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T10:00:00Z")
    assert state(tell, "interview-offered", "2026-03-01T21:00:00Z") == APART
    assert state(tell, "interview-offered", "2026-03-01T23:00:00Z") == NO
    assert state(tell, "interview-offered", "2026-03-02T10:00:00Z") == YES


@pytest.mark.parametrize(
    "fact", ["interview-offered", "interview-accepted", "interview-held", "interview-declined"]
)
def test_what_was_accepted_held_or_declined_was_offered(fact):
    tell = missing_and_back()
    tell(fact, "2026-03-02T10:00:00Z")
    assert state(tell, "interview-offered") == YES


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ({"reason": "remanded", "whereabouts_known": "yes"}, NO),
        ({"reason": "turned_18", "whereabouts_known": "no"}, APART),
        ({"reason": "died"}, APART),
    ],
)
def test_an_interview_is_for_a_child_who_was_found_alive(end, expected):
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    tell("ended-otherwise", "2026-03-02T20:00:00Z", **end)
    assert state(tell, "interview-offered") == expected


def test_away_without_authorisation_is_not_in_scope_of_interviews():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="away_without_authorisation")
    tell("returned", "2026-03-01T22:00:00Z")
    assert state(tell, "interview-offered") == APART


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2026-03-04T22:29:59Z", YES), ("2026-03-04T22:30:00Z", YES), ("2026-03-04T22:30:01Z", NO)],
)
def test_72_hours_are_elapsed_hours_and_the_instant_counts(held, expected):
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-held", held)
    assert state(tell, "interview-within-72h-of-held") == expected
    assert state(tell, "interview-within-72h-of-ended") == expected


def test_72_hours_across_the_change_of_the_clocks():
    tell = missing_and_back("2026-03-28T22:00:00Z")
    tell("interview-held", "2026-03-31T23:00:00+01:00")
    assert state(tell, "interview-within-72h-of-held") == YES


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2026-03-03T12:00:00Z", YES), ("2026-03-04T12:00:00Z", UNSURE), ("2026-03-05T12:00:00Z", NO)],
)
def test_a_return_known_to_the_day_leaves_open_what_hangs_on_the_hour(held, expected):
    tell = Telling()
    tell("reported", "2026-02-27T20:00:00Z")
    tell("returned", {"earliest": "2026-03-01T00:00:00Z", "latest": "2026-03-02T00:00:00Z"})
    tell("interview-held", held)
    assert state(tell, "interview-within-72h-of-held") == expected


def test_an_interview_before_the_return_is_in_time():
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-held", "2026-03-01T21:30:00Z")
    assert state(tell, "interview-within-72h-of-held") == YES


def test_not_held_is_not_held_in_time_of_those_ended_and_not_looked_at_of_those_held():
    tell = missing_and_back()
    assert state(tell, "interview-within-72h-of-ended") == NO
    assert state(tell, "interview-within-72h-of-held") == APART
    assert state(tell, "interview-completed-of-ended") == NO
    assert state(tell, "interview-completed-of-offered") == APART


@pytest.mark.parametrize(
    ("summary", "offered", "held", "in_time", "declined"),
    [
        ({"offered": "yes", "accepted": "yes"}, YES, UNSURE, UNSURE, NO),
        ({"offered": "yes", "accepted": "no"}, YES, NO, NO, UNSURE),
        ({"offered": "no"}, NO, NO, NO, APART),
        ({"offered": "not_known"}, UNSURE, NO, NO, UNSURE),
        ({"offered": "yes", "accepted": "yes", "held": "yes"}, YES, YES, UNSURE, NO),
        ({"offered": "yes", "accepted": "yes", "held": "no"}, YES, NO, NO, NO),
        ({"offered": "not_applicable"}, NO, NO, NO, APART),
    ],
)
def test_a_summary_says_what_it_says_and_leaves_the_rest_open(summary, offered, held, in_time, declined):
    tell = missing_and_back()
    tell("interview-summary-recorded", "2026-04-30T12:00:00Z", **summary)
    assert state(tell, "interview-offered") == offered
    assert state(tell, "interview-completed-of-ended") == held
    assert state(tell, "interview-within-72h-of-ended") == in_time
    found = state(tell, "interview-declined")
    assert found == (UNSURE if offered == UNSURE else declined)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["interview-declined"], YES),
        (["interview-declined", "interview-held"], NO),
        (["interview-attempted", "interview-declined"], YES),
        (["interview-declined", "interview-attempted"], NO),
        (["interview-offered"], NO),
    ],
)
def test_declined_is_the_last_outcome_and_no_answer_is_none(outcomes, expected):
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T08:00:00Z")
    for n, outcome in enumerate(outcomes):
        tell(outcome, f"2026-03-0{n + 3}T10:00:00Z")
    assert state(tell, "interview-declined") == expected


def test_which_outcome_is_the_last_can_be_open():
    tell = missing_and_back()
    tell("interview-declined", "2026-03-03T10:00:00Z")
    tell("interview-held", {"earliest": "2026-03-03T00:00:00Z", "latest": "2026-03-04T00:00:00Z"})
    assert state(tell, "interview-declined") == UNSURE


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("2026-03-02T19:59:59Z", NO), ("2026-03-02T20:00:00Z", YES), ("2026-03-09T20:00:00Z", YES)],
)
def test_24_hours_by_actual_times(returned, expected):
    assert state(missing_and_back(returned), "over-24-hours") == expected


def test_24_hours_of_an_episode_that_goes_on_and_of_one_whose_end_is_known_to_the_day():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    assert state(tell, "over-24-hours", "2026-03-02T19:59:59Z") == NO
    assert state(tell, "over-24-hours", "2026-03-02T20:00:00Z") == YES
    tell("returned", {"earliest": "2026-03-02T00:00:00Z", "latest": "2026-03-03T00:00:00Z"})
    assert state(tell, "over-24-hours") == UNSURE
    assert group(tell, "duration_band") == "not_known"


def test_oversight():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    assert state(tell, "oversight-gap", "2026-03-02T10:00:00Z") == APART
    tell("oversight-recorded", "2026-03-04T10:00:00Z", reviewer_role="team_manager")
    assert state(tell, "oversight-gap", "2026-03-03T10:00:00Z") == YES
    assert state(tell, "oversight-gap", "2026-03-04T10:00:00Z") == NO


def test_who_is_missing_now_and_who_is_located():
    tell = Telling()
    tell("absence-noticed", "2026-03-01T19:00:00Z")
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("located", "2026-03-02T08:00:00Z")
    tell("returned", "2026-03-02T12:00:00Z")
    for as_at, missing, located in (
        ("2026-03-01T19:30:00Z", YES, APART),
        ("2026-03-01T20:30:00Z", YES, APART),
        ("2026-03-02T09:00:00Z", APART, YES),
        ("2026-03-02T13:00:00Z", APART, APART),
    ):
        assert state(tell, "currently-missing", as_at) == missing
        assert state(tell, "located-not-returned", as_at) == located
    assert not seen(tell).open
    assert seen(tell, "2026-03-02T09:00:00Z").open


def test_where_the_return_is_contradicted_nobody_can_tell_who_is_missing():
    tell = missing_and_back()
    tell("location-lost", "2026-03-02T12:00:00Z", source="urn:x:police", by=POLICE)
    assert state(tell, "currently-missing") == UNSURE
    assert seen(tell).open


def test_unresolved_is_no_outcome_by_ten_days_after_the_end():
    tell = missing_and_back("2026-03-01T22:30:00Z")
    assert state(tell, "unresolved", "2026-03-11T22:30:00Z") == APART
    assert state(tell, "unresolved", "2026-03-11T22:30:01Z") == YES
    tell("interview-held", "2026-03-20T10:00:00Z")
    assert state(tell, "unresolved") == YES
    tell("interview-declined", "2026-03-11T22:30:00Z")
    assert state(tell, "unresolved") == NO


def test_unresolved_can_be_open():
    tell = missing_and_back("2026-03-01T22:30:00Z")
    tell("interview-not-possible", {"earliest": "2026-03-11T00:00:00Z", "latest": "2026-03-12T00:00:00Z"})
    assert state(tell, "unresolved") == UNSURE


def test_reconciled_by_a_police_reference_or_a_linked_police_record():
    tell = missing_and_back()
    tell("police-notified", "2026-03-01T20:10:00Z", force=POLICE)
    assert state(tell, "reconciliation") == NO
    linked, given = Telling(tell), Telling(tell)
    linked("episodes-linked", "2026-03-02T10:00:00Z", with_=f"{POLICE}/MIS-1", relation="related")
    assert state(linked, "reconciliation") == YES
    given("police-notified", "2026-03-01T20:20:00Z", sealed={"reference": "00" * 32})
    assert state(given, "reconciliation") == YES


def test_what_only_the_police_have_is_not_the_authoritys_to_reconcile():
    tell = Telling()
    subject = f"{POLICE}/MIS-1"
    tell("police-notified", "2026-03-01T20:10:00Z", subject=subject, by=POLICE)
    assert state(tell, "reconciliation", subject=subject) == APART


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"responsible_authority": AUTHORITY, "host_authority": HOST}, YES),
        ({"responsible_authority": AUTHORITY, "host_authority": AUTHORITY}, NO),
        ({"distance": "at_a_distance"}, YES),
        ({}, UNSURE),
    ],
)
def test_placed_out_of_area(setting, expected):
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting=setting)
    assert state(tell, "placed-out-of-area") == expected


def test_linked_duplicates_are_one_episode():
    tell = missing_and_back()
    police = f"{POLICE}/MIS-1"
    tell("police-notified", "2026-03-01T20:10:00Z", subject=police, by=POLICE, force=POLICE)
    tell("episodes-linked", "2026-03-02T10:00:00Z", with_=police, relation="same_episode")
    found = [e for e in assess(tell, england()) if counted(e, england())]
    assert len(found) == 1
    assert state(tell, "reconciliation") == YES


def test_one_interview_for_several_episodes_is_held_for_each_and_is_one():
    tell = missing_and_back()
    tell("reported", "2026-03-03T20:00:00Z", subject=OTHER)
    tell("returned", "2026-03-03T23:00:00Z", subject=OTHER)
    held = tell(
        "interview-held", "2026-03-05T10:00:00Z", subject=OTHER, covers=[SUBJECT], provider="LISTENING"
    )
    for subject in (SUBJECT, OTHER):
        assert state(tell, "interview-completed-of-ended", subject=subject) == YES
        assert seen(tell, subject=subject).interviews == (held.position,)
    assert state(tell, "interview-within-72h-of-held", subject=OTHER) == YES
    assert state(tell, "interview-within-72h-of-held") == NO
    assert group(tell, "provider") == "LISTENING"


def test_an_interview_of_an_episode_in_error_covers_nothing():
    tell = missing_and_back()
    tell("reported", "2026-03-03T20:00:00Z", subject=OTHER)
    tell("interview-held", "2026-03-05T10:00:00Z", subject=OTHER, covers=[SUBJECT])
    tell("episode-recorded-in-error", "2026-03-06T10:00:00Z", subject=OTHER)
    assert state(tell, "interview-completed-of-ended") == NO


def test_a_retracted_interview_was_not_held():
    tell = missing_and_back()
    held = tell("interview-held", "2026-03-02T10:00:00Z")
    tell("retracted", "2026-03-06T10:00:00Z", target=tell.about(held))
    assert state(tell, "interview-completed-of-ended") == NO
    assert seen(tell).interviews == ()


def test_reopened_it_is_no_longer_ended():
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T10:00:00Z")
    tell("episode-reopened", "2026-03-03T10:00:00Z")
    assert state(tell, "interview-offered", "2026-03-02T12:00:00Z") == YES
    assert state(tell, "interview-offered") == APART


def test_breakdowns_are_as_at_the_start():
    tell = Telling()
    tell(
        "profile-recorded",
        "2026-02-01T10:00:00Z",
        sex="F",
        birth_month="2010-06",
        ethnicity="WBRI",
        exploitation_flag="yes",
        setting={"placement_type": "foster", "legal_status": "C2", "responsible_authority": AUTHORITY},
    )
    tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="APP-2017", level="medium")
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("risk-assessed", "2026-03-01T23:00:00Z", scheme="APP-2017", level="high")
    tell("risk-assessed", "2026-03-02T09:00:00Z", scheme="APP-2017", level="low")
    tell("profile-recorded", "2026-03-02T10:00:00Z", sex="M", setting={"placement_type": "secure"})
    tell("returned", "2026-03-02T10:30:00Z")
    assert seen(tell).groups == (
        "2026-03",
        "foster",
        "not_known",
        "12_to_15",
        "F",
        "missing",
        "medium",
        "high",
        "not_known",
        "WBRI",
        "C2",
        "6_to_24_hours",
        "yes",
    )
    assert seen(tell).authority == AUTHORITY


def test_the_month_is_londons_and_open_when_the_start_may_lie_in_either():
    tell = Telling()
    tell(
        "reported",
        "2026-05-31T23:30:00Z",
        left_at={"earliest": "2026-05-31T23:30:00Z", "latest": "2026-05-31T23:40:00Z"},
    )
    assert group(tell, "month") == "2026-06"
    other = Telling()
    other(
        "reported",
        "2026-05-31T23:30:00Z",
        left_at={"earliest": "2026-05-31T20:30:00Z", "latest": "2026-05-31T23:20:00Z"},
    )
    assert group(other, "month") == "not_known"


def test_the_authority_is_the_one_responsible_at_the_start_wherever_the_case_goes():
    tell = missing_and_back()
    transferred = tell("responsibility-transferred", "2026-03-02T09:00:00Z", to=HOST)
    tell(
        "handover-acknowledged",
        "2026-03-02T10:00:00Z",
        by=HOST,
        source="urn:x:host",
        of=tell.about(transferred),
    )
    assert seen(tell).authority == AUTHORITY


def test_spans_say_the_same_as_a_look_at_any_instant():
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T10:00:00Z")
    tell("interview-held", {"earliest": "2026-03-04T00:00:00Z", "latest": "2026-03-05T00:00:00Z"})
    tell(
        "returned",
        {"earliest": "2026-03-01T21:00:00Z", "latest": "2026-03-02T21:00:00Z"},
        source="urn:x:home",
    )
    episode = assessed(tell)
    spans = counted(episode, england())
    edges = {edge for span in spans for edge in (span.start, span.end)}
    for edge in sorted(edges):
        for instant_ in (edge - 1, edge, edge + 1):
            span = at(spans, instant_)
            assert (None if span is None else span.value) == counted_at(episode, england(), instant_)


def test_every_measure_says_what_it_means_in_one_sentence():
    assert len({measure.id for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.definition.endswith(".")
        assert measure.definition.count(". ") == 0


def between(first, last):
    """A moment somewhere between two."""
    return {"earliest": first, "latest": last}


def test_a_length_that_may_be_just_24_hours_is_open():
    tell = Telling()
    left = between("2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z")
    tell("reported", "2026-03-01T21:00:00Z", left_at=left)
    tell("returned", "2026-03-02T20:00:00Z")
    assert state(tell, "over-24-hours") == UNSURE
    assert group(tell, "duration_band") == "not_known"


def test_how_long_an_episode_lasts_by_now_is_open_while_its_start_is():
    tell = Telling()
    tell("reported", "2026-03-01T21:00:00Z", left_at=between("2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z"))
    assert state(tell, "over-24-hours", "2026-03-02T19:59:59Z") == NO
    assert state(tell, "over-24-hours", "2026-03-02T20:30:00Z") == UNSURE
    assert state(tell, "over-24-hours", "2026-03-02T21:00:00Z") == YES
    spans = counted(assessed(tell), england())
    [over] = named("over-24-hours")
    assert [letter(over, span.value.states) for span in spans] == [NO, UNSURE, YES]


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("2026-03-01T01:59:59Z", "under_6_hours"), ("2026-03-01T02:00:00Z", "6_to_24_hours"),
     ("2026-03-03T20:00:00Z", "3_to_7_days"), ("2026-03-07T20:00:00Z", "over_7_days")],
)  # fmt: skip
def test_bands_of_duration(returned, expected):
    tell = Telling()
    tell("reported", "2026-02-28T20:00:00Z")
    tell("returned", returned)
    assert group(tell, "duration_band") == expected
    assert group(tell, "duration_band", "2026-02-28T21:00:00Z") == "open"


def test_held_on_the_last_instant_at_which_it_may_have_been_in_time_is_open():
    tell = Telling()
    tell("reported", "2026-02-27T20:00:00Z")
    tell("returned", between("2026-03-01T10:00:00Z", "2026-03-01T22:00:00Z"))
    tell("interview-held", "2026-03-04T22:00:00Z")
    assert state(tell, "interview-within-72h-of-held") == UNSURE


def test_ended_again_in_another_way_after_a_reopening():
    tell = missing_and_back()
    tell("episode-reopened", "2026-03-03T10:00:00Z")
    tell("ended-otherwise", "2026-03-04T10:00:00Z", reason="died")
    assert state(tell, "interview-offered") == APART


def test_a_summary_that_leaves_open_whether_it_was_held_resolves_nothing_and_is_no_interview():
    tell = missing_and_back()
    tell(
        "interview-summary-recorded",
        "2026-03-05T12:00:00Z",
        accepted="yes",
        learned_at=between("2026-03-05T12:00:00Z", "2026-03-05T12:00:00Z"),
    )
    assert state(tell, "unresolved") == UNSURE
    assert seen(tell).interviews == ()


def test_an_authority_that_is_named_only_later_is_the_one_at_the_start():
    subject = f"{POLICE}/MIS-1"
    tell = Telling()
    tell("police-notified", "2026-03-01T20:10:00Z", subject=subject, by=POLICE)
    tell(
        "profile-recorded",
        "2026-03-02T10:00:00Z",
        subject=subject,
        setting={"responsible_authority": AUTHORITY, "host_authority": HOST},
    )
    assert seen(tell, "2026-03-01T21:00:00Z", subject)[:2] == ("not_known", "not_known")
    assert seen(tell, LONG_AFTER, subject)[:2] == (AUTHORITY, HOST)


def test_the_host_is_the_one_at_the_start():
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", setting={"host_authority": HOST})
    tell("setting-changed", "2026-03-02T20:00:00Z", setting={"host_authority": "E06000001"})
    assert seen(tell).host == HOST


@pytest.mark.parametrize(
    ("left", "month", "age", "latest"),
    [
        ({"latest": "2026-03-01T19:30:00Z"}, "not_known", "not_known", "2026-03-01T19:30:00Z"),
        ({"earliest": "2026-03-01T19:00:00Z"}, "2026-03", "16_to_17", "2026-03-01T20:00:00Z"),
        (
            between("2026-01-31T19:00:00Z", "2026-03-01T19:00:00Z"),
            "not_known",
            "not_known",
            "2026-03-01T19:00:00Z",
        ),
    ],
)
def test_a_start_of_which_one_end_is_unknown_or_far_away(left, month, age, latest):
    tell = Telling()
    tell("profile-recorded", "2026-01-01T20:00:00Z", birth_month="2010-02")
    tell("reported", "2026-03-01T20:00:00Z", left_at=left)
    assert (group(tell, "month"), group(tell, "age_band")) == (month, age)
    assert seen(tell).started_latest == instant(latest)


def test_the_provider_is_who_held_it_not_who_was_to():
    tell = missing_and_back()
    tell("interview-held", "2026-03-02T12:00:00Z", provider="HELD")
    tell("interview-requested", "2026-03-03T12:00:00Z", provider="ASKED-LATER")
    assert group(tell, "provider") == "HELD"


def by_book(entries, text):
    """What the figure of interviews in time makes of an episode, by a rulebook that extends England's."""
    book = cached(text, england().text)
    [episode] = assess(entries, book)
    this = counted_at(episode, book, instant(LONG_AFTER))
    return letter(named("interview-within-72h-of-ended")[0], this.states), limit_words(book)


def test_the_limit_is_that_of_the_rulebook_s_rule_for_everyone():
    tell = missing_and_back()
    tell("interview-held", "2026-03-04T10:30:00Z")
    own = local()
    everyone = own.replace(f'authorities = ["{AUTHORITY}"]\n', "")
    assert by_book(tell, own) == (YES, "72 h")
    assert by_book(tell, everyone) == (NO, "48 h")
    assert by_book(tell, everyone.replace("limit =", "enabled = false\nlimit =")) == (
        UNSURE,
        "a limit that the rulebook does not have",
    )


def test_a_limit_in_days_is_counted_in_days():
    tell = missing_and_back()
    tell("interview-held", "2026-03-04T23:00:00Z")
    days = local().replace(f'authorities = ["{AUTHORITY}"]\n', "").replace("hours = 48", "days = 3")
    assert by_book(tell, days) == (YES, "3 days")
    assert by_book(tell, days.replace("days = 3", "days = 2")) == (NO, "2 days")


def test_the_limit_is_that_in_force_when_the_child_was_found():
    tell = missing_and_back()
    tell("interview-held", "2026-03-04T10:30:00Z")
    text = local().replace(f'authorities = ["{AUTHORITY}"]\n', "")
    later, earlier = (
        text.replace("limit =", f'in_force_from = "2026-0{month}-01T00:00:00Z"\nlimit =') for month in (4, 2)
    )
    assert by_book(tell, later) == (YES, "72 h or 48 h")
    assert by_book(tell, earlier) == (NO, "72 h or 48 h")
