"""The story of an episode as a value: from a report to what the page says, without the web."""

from __future__ import annotations

import pytest

from domain.moment import instant
from interface.pages.shown.duty import duties
from interface.pages.shown.entry import entry, title
from interface.pages.shown.story import MOST, story

NOW = "2026-11-30T23:35:52Z"
NAMES = {"E08000025": "Birmingham"}


def step(position=7, type_="reported", data=None, **given):
    """An entry of a history."""
    return {
        "position": position,
        "recorded_at": "2026-11-30T20:00:00Z",
        "type": f"missing-episode.{type_}.v1",
        "by": "E08000025",
        "event": {"time": "2026-11-30T19:00:00Z", "data": data or {}},
        "withheld": [],
        "findings": [],
        "standing": {"before": "missing", "after": "missing"},
        "verdicts": [],
        "targeted_by": [],
    } | given


def shown(**given):
    """How that entry is shown."""
    return entry(step(**given), instant(NOW), NAMES, {"held": "Return interview held"})


def duty(verdict="overdue", **given):
    """A duty of a timeline."""
    return {
        "rule": "held",
        "rule_version": 3,
        "title": "Return interview held",
        "source": "Guidance",
        "accountable": {"role": "responsible_authority", "holder": "E08000025"},
        "verdict": verdict,
        "possibly": False,
        "explanation": "No interview has been held.",
        "evidence": [],
    } | given


def report(*steps, **episode):
    """A report of an episode that is missing."""
    return {
        "subject": "E08000025/ME-1",
        "steps": list(steps),
        "obligations": [],
        "episode": {
            "subject": "E08000025/ME-1", "linked": [], "child": {"scheme": "E08000025", "reference": "C-1"},
            "standing": "missing", "since": {"earliest": "2026-11-30T16:33:00Z", "latest": "2026-11-30T16:33:00Z"},
            "end_contradicted": [], "end_possibly_contradicted": [], "risk": {}, "police": {}, "disputes": [],
            "position": 7, "as_at": NOW, "known_at": 7, "ledger_size": 9,
        } | episode,
    }  # fmt: skip


def test_an_entry_says_what_when_by_whom_and_on_what_basis():
    said = {"asserted_by": {"organisation": "E08000025", "role": "social_worker"}, "basis": "told_by"}
    found = shown(data=said)
    assert (found.title, found.happened.text, found.by.text) == ("Reported", "Mon 30 Nov 19:00", "Birmingham")
    assert found.how == "social worker, told by"
    assert found.recorded.text == "Mon 30 Nov 2026, 20:00:00"
    assert found.then == "?known_at=position:7&as_at=2026-11-30T20:00:00Z"


def test_types_are_words():
    assert [title(f"missing-episode.{t}.v1") for t in ("police-notified", "episodes-linked")] == [
        "Police notified", "Episodes linked"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "text"),
    [
        ({"date": "2026-11-29"}, "on Sun 29 Nov, time not known"),
        ({"latest": "2026-11-29T10:00:00Z"}, "by Sun 29 Nov 10:00"),
    ],
)
def test_an_uncertain_time_of_happening_is_said_as_such(happened, text):
    assert shown(data={"happened": happened}).happened.text == text


def test_a_late_entry_says_how_late_and_one_in_time_does_not():
    late = [{"finding": "recorded_late", "positions": [7]}]
    assert (shown().late, shown(findings=late).late) == ("", "1 h 0 min late")


def test_changes_are_named_with_before_and_after():
    moved = [
        {"rule": "held", "trigger": 7, "before": "overdue", "after": "met"},
        {"rule": "other-rule", "trigger": 7, "after": "due"},
        {"rule": "held", "trigger": 8, "before": "due"},
    ]
    assert shown(standing={"before": "absence_noticed", "after": "missing"}, verdicts=moved).changes == (
        "Standing: absence noticed → missing",
        "Return interview held: overdue → met",
        "Other rule: due, a new duty",
        "Return interview held: due, no duty any more",
    )


def test_withheld_and_unreadable_are_never_the_one_for_the_other():
    assert shown(withheld=["note"], unreadable=["setting/address"]).withheld == (
        "Note: withheld, not for your role",
        "Setting, address: cannot be opened, by a fault of ours",
    )


def test_values_are_words_codes_are_marked_and_peoples_own_words_stand_apart():
    found = shown(data={"reported_by": "home_staff", "setting": {"urn": "URN-SC9"}, "told": ["E08000025", True],
                        "seen_at": "2026-11-30T19:00:00Z", "note": "Went to_the shop"})  # fmt: skip
    assert [(fact.label, *fact.value) for fact in found.facts] == [
        ("Reported by", "home staff", False),
        ("Setting, urn", "URN-SC9", True),
        ("Told", "Birmingham", False),
        ("Told", "yes", False),
        ("Seen at", "Mon 30 Nov 19:00", False),
    ]
    assert [(fact.label, fact.value.text) for fact in found.texts] == [("Note", "Went to_the shop")]


def test_a_retracted_entry_is_marked_with_who_retracted_it():
    about = [{"position": 9, "type": "missing-episode.retracted.v1", "by": "E08000025"}]
    found = shown(targeted_by=about)
    assert found.is_retracted
    assert found.mentions == (("Retracted by", 9),)
    assert not shown(targeted_by=[about[0] | {"type": "missing-episode.corrected.v1"}]).is_retracted


def test_duties_come_worst_first_with_their_sentence_and_their_entries():
    given = [
        duty("met"),
        duty("due"),
        duty("due", possibly=True),
        duty("cannot_tell"),
        duty("overdue"),
        duty("new_one"),
    ]
    found = duties(given, NAMES)
    assert [each.tag.text for each in found] == [
        "Overdue",
        "Possibly overdue",
        "Cannot tell",
        "Due",
        "Met",
        "New one",
    ]
    rests = [{"position": 5, "role": "started"}] * 2 + [{"position": 6, "role": "satisfied"}]
    [one] = duties([duty(evidence=rests)], NAMES)
    assert one.rests_on == (("started it", 5), ("met it", 6))
    assert (one.role, one.holder.text) == ("responsible authority", "Birmingham")


def test_the_bar_says_what_is_known_and_nothing_of_what_is_not():
    terms = {term.term: term.text.text for term in story(report(), NAMES, is_past=False).terms}
    assert terms == {
        "Stands": "Missing since",
        "Police": "not recorded that they were told",
        "For": "7 h 2 min",
    }


def test_a_past_page_names_both_times_and_one_before_the_first_entry_says_so():
    past = story(report(standing="nothing"), NAMES, is_past=True).past
    assert past.startswith(
        "What the ledger had been told by entry 7, of how things stood on Mon 30 Nov 2026, 23:35:52"
    )
    assert "Nothing was recorded for that time" in past
    assert story(report(), NAMES, is_past=False).past == ""


def test_an_erased_child_is_named_as_erased():
    assert story(report(child=None), NAMES, is_past=False).heading == "Child erased"


def test_of_thousands_of_entries_the_last_are_shown_and_the_page_says_so():
    found = story(report(*(step(position) for position in range(1, MOST + 50))), NAMES, is_past=False)
    assert (len(found.entries), found.entries[-1].position) == (MOST, MOST + 49)
    assert found.left_out == f"The last {MOST} of {MOST + 49} entries are shown here."
    assert found.positions == {each.position for each in found.entries}
