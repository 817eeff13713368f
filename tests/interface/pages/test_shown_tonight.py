"""Tonight as a value: from answers to what the page says, without the web."""

from __future__ import annotations

import pytest

from interface.pages.shown.card import card
from interface.pages.shown.freshness import freshness
from interface.pages.shown.tonight import Answers, board

NOW = "2026-11-30T23:35:52Z"
NAMES = {"E08000025": "Birmingham"}


def at(text):
    """An exact moment."""
    return {"earliest": text, "latest": text}


def item(number=1, **given):
    """An episode of a list: missing, told by one organisation, with nothing else known."""
    return {
        "subject": f"E08000025/ME-{number}",
        "linked": [],
        "child": {"scheme": "E08000025", "reference": f"C-{number}"},
        "standing": "missing",
        "since": at("2026-11-28T16:33:00Z"),
        "end_contradicted": [],
        "end_possibly_contradicted": [],
        "risk": {},
        "police": {},
        "disputes": [],
        "position": 12,
    } | given


def risk(level):
    """A risk as it is now."""
    return {"risk": {"APP-2017": {"first": level, "current": level, "highest": level}}}


def duty(number=1, **given):
    """A duty of a list."""
    return {
        "subject": f"E08000025/ME-{number}",
        "child": {"scheme": "E08000025", "reference": f"C-{number}"},
        "title": "Return interview held",
        "due": at("2026-11-29T12:00:00Z"),
        "verdict": "overdue",
    } | given


def shown(*not_back, back=(), due=(), overdue=(), sources=(), **envelope):
    """The page of these answers."""
    around = {"as_at": NOW, "known_at": 99, "complete_to": 99, "ledger_size": 99} | envelope
    return board(Answers(not_back, back, due, overdue, sources, around), NAMES)


def subjects(page):
    """Each group's id with its episodes, in order."""
    return {group.id: [each.subject.partition("/")[2] for each in group.cards] for group in page.groups}


def test_nobody_missing_is_a_sentence_that_says_what_it_rests_on():
    page = shown()
    assert (page.heading, page.groups) == ("Not back: 0 children", ())
    assert "Nobody is recorded as missing" in page.empty
    assert "That is what 99 entries say" in page.empty


def test_the_heading_counts_children_and_hides_nobody():
    page = shown(
        item(1), item(2, child=item(1)["child"]), item(3, standing="returned", end_contradicted=[7]),
        item(4, standing="returned", end_possibly_contradicted=[8], possibly=True), not_assessable=2,
    )  # fmt: skip
    assert page.heading == "Not back: 2 children"
    assert page.also == ("1 contradicted", "1 more perhaps not back", "2 cannot be worked out")
    assert (
        page.title == "Not back: 2 children, 1 contradicted, 1 more perhaps not back, 2 cannot be worked out"
    )


def test_erased_children_are_counted_and_shown():
    page = shown(item(1, child=None), item(2, child=None))
    assert page.heading == "Not back: 2 children"
    assert page.groups[0].cards[0].child is None


def test_faults_and_contradictions_come_first_then_whereabouts_unknown_then_the_rest():
    page = shown(
        item(1, standing="located"), item(2, standing="away"), item(3), item(4, standing="absence_noticed"),
        item(5, standing="returned", end_contradicted=[7]), item(6, not_assessable=True),
        item(7, standing="returned", end_possibly_contradicted=[8], possibly=True),
    )  # fmt: skip
    assert list(subjects(page)) == ["lost", "contradicted", "unknown", "known", "perhaps"]
    assert subjects(page)["unknown"] == ["ME-3", "ME-4"]


def test_within_a_group_the_risk_decides_and_one_that_is_not_assessed_is_below_high_only():
    levels = ["no_apparent_risk", "low", "medium", None, "high"]
    items = [item(n, **(risk(level) if level else {})) for n, level in enumerate(levels)]
    assert subjects(shown(*items))["unknown"] == ["ME-4", "ME-3", "ME-2", "ME-1", "ME-0"]


def test_at_one_risk_the_longest_absence_comes_first_and_an_unknown_one_before():
    page = shown(item(1), item(2, since=at("2026-11-27T16:33:00Z")), item(3, since={"latest": NOW}))
    assert subjects(page)["unknown"] == ["ME-3", "ME-2", "ME-1"]


def test_of_those_perhaps_not_back_the_latest_comes_first():
    unsure = {"standing": "returned", "end_possibly_contradicted": [8], "possibly": True}
    page = shown(item(1, **unsure | {"since": at("2026-01-01T00:00:00Z")}), item(2, **unsure))
    assert subjects(page)["perhaps"] == ["ME-2", "ME-1"]


def test_each_number_is_as_many_rows_as_its_link_leads_to():
    page = shown(
        item(1), item(2), item(3, standing="away"), due=[duty()], overdue=[duty(1), duty(1), duty(2)]
    )
    found = {number.href: number.rows for number in page.numbers}
    assert found == {"#unknown": 2, "#known": 1, "#waiting": 0, "#due": 1, "#overdue": 2}
    assert {f"#{group.id}": len(group.cards) for group in page.groups}.items() <= found.items()


def test_a_card_says_who_how_long_and_whose():
    found = card(
        item(linked=["E23999001/MP-9"], responsible_authority="E08000025", host_authority="E10999001",
             last_seen=at("2026-11-28T14:20:00Z"), **risk("medium")),
        1_796_081_752_000_000, NAMES,
    )  # fmt: skip
    assert (found.child.text, found.episode.text, found.episode.of.text) == ("C-1", "ME-1", "Birmingham")
    assert [(other.text, other.of) for other in found.others] == [("MP-9", ("E23999001", True))]
    assert (found.away, found.since.text, found.since.at.text) == (
        "2 days 7 h",
        "Missing since",
        "Sat 28 Nov 16:33",
    )
    assert (found.responsible.text, found.host) == ("Birmingham", ("E10999001", True))
    assert [tag.text for tag in found.tags] == ["Missing", "Medium risk"]


def test_a_card_says_who_saw_the_child_where_the_child_lives_and_what_was_heard_last():
    found = card(
        item(last_seen=at("2026-11-28T14:20:00Z"), last_seen_by="responsible_adult", age_band="12_to_15",
             placement={"type": "childrens_home", "urn": "SC123456", "distance": "at_a_distance"},
             last_heard={"at": at("2026-11-30T09:35:52Z"), "by": "E08000025", "position": 9,
                         "type": "missing-episode.sighting-reported.v1"}),
        1_796_081_752_000_000, NAMES,
    )  # fmt: skip
    assert found.last_seen_by == "by a responsible adult"
    assert found.about == ("12 to 15 years", "Childrens home", "At a distance", "home SC123456")
    assert found.heard == ("14 h 0 min", "sighting reported", ("Birmingham", False))


@pytest.mark.parametrize(("by", "words"), [(None, ""), ("not_known", ""), ("other", "by somebody else")])
def test_nobody_is_invented_who_saw_the_child(by, words):
    assert card(item(last_seen_by=by), 0, NAMES).last_seen_by == words


def waits(kind, since="2026-11-30T09:35:52Z", **given):
    """An episode's message that waits."""
    return {"position": 5, "kind": kind, "since": at(since)} | given


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        (waits("notification", role="edt", channel="e-mail"), "Told edt by e mail, not acknowledged:"),
        (waits("escalation", role="head_of_service"), "Escalated to head of service, not acknowledged:"),
        (waits("handover", to="E08000025"), "Handed over to Birmingham, not acknowledged:"),
        (waits("action", role="iro"), "An agreed action of iro is past its time:"),
        (waits("action"), "An agreed action is past its time:"),
        (waits("risk_review"), "The risk review is past its time:"),
    ],
)
def test_a_card_names_each_message_and_each_review_that_waits(waiting, sentence):
    said = card(item(waiting=[waiting]), 1_796_081_752_000_000, NAMES).missing
    assert (sentence, "Mon 30 Nov 09:35") in [(each.text, each.at and each.at.text) for each in said]


def test_the_longest_silence_is_first_and_what_is_late_is_no_message():
    page = shown(
        item(1, waiting=[waits("notification", role="edt"), waits("risk_review")]),
        item(2, waiting=[waits("escalation", "2026-11-30T08:35:52Z", role="ad")]),
    )
    assert [(line.subject[-1], line.how, line.when.text) for line in page.waiting] == [
        ("2", "15 h 0 min without a reply, since", "Mon 30 Nov 08:35"),
        ("1", "14 h 0 min without a reply, since", "Mon 30 Nov 09:35"),
    ]
    assert {number.href: number.rows for number in page.numbers}["#waiting"] == 2


def test_a_host_that_is_the_responsible_authority_is_not_named_twice():
    assert card(item(responsible_authority="E08000025", host_authority="E08000025"), 0, NAMES).host is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"standing": "absence_noticed"},
            "Noticed absent, and nothing recorded since of a report or of coming back",
        ),
        ({}, "Not recorded: the police were told"),
        ({"police": {"reported": "yes"}}, "Police told; not recorded whether they accepted it"),
        ({}, "Not recorded: a risk assessment"),
        ({}, "Not recorded: when the child was last seen"),
        ({}, "Not recorded: the responsible authority"),
    ],
)
def test_what_is_not_recorded_is_stated(given, sentence):
    assert sentence in [remark.text for remark in card(item(**given), 0, NAMES).missing]


def test_what_is_recorded_is_not_called_missing():
    full = item(police={"reported": "yes", "accepted": "yes"}, last_seen=at(NOW), responsible_authority="x",
                **risk("low"))  # fmt: skip
    assert card(full, 0, NAMES).missing == ()


@pytest.mark.parametrize(
    ("given", "tag", "sentence"),
    [
        (
            {"standing": "returned", "end_contradicted": [7]},
            "Contradicted",
            "Recorded as over, and entry 7 reports the child away after that. A correction or",
        ),
        (
            {"standing": "returned", "end_possibly_contradicted": [7, 1200]},
            "Possibly contradicted",
            "Entries 7, 1,200 report the child away, perhaps after that. The exact times would settle it.",
        ),
        (
            {"not_assessable": True},
            "Cannot be worked out",
            "This episode cannot be worked out, by a fault of ours. Ring. It is shown as of entry 12.",
        ),
    ],
)
def test_a_fault_is_named_with_what_would_settle_it(given, tag, sentence):
    found = card(item(**given), 0, NAMES)
    assert found.tags[0].text == tag
    [remark] = found.wrong
    assert remark.text.startswith(sentence)


def test_a_child_recorded_as_back_has_no_running_absence():
    assert card(item(standing="returned", end_contradicted=[7]), 0, NAMES).away == ""


def test_duties_of_one_episode_are_one_line_and_the_latest_to_fall_overdue_is_first():
    page = shown(overdue=[duty(1), duty(2), duty(1, title="Offered", verdict="due")])
    assert [(line.episode.text, line.titles) for line in page.overdue] == [
        ("ME-1", ("Return interview held", "Offered (possibly)")), ("ME-2", ("Return interview held",))
    ]  # fmt: skip
    assert page.overdue[0].how == "35 h 35 min over, due"


@pytest.mark.parametrize(
    ("complete_to", "size", "level", "sentence"),
    [
        (99, 99, "fresh", ""),
        (98, 99, "behind", "1 entry is not in this page yet"),
        (85, 99, "behind", "14 entries are not in this page yet"),
        (99, 2000, "late", "1,901 entries are not in this page yet: it is as of entry 99"),
    ],
)
def test_the_freshness_line_says_what_is_not_in_it_yet(complete_to, size, level, sentence):
    line = freshness({"as_at": NOW, "complete_to": complete_to, "ledger_size": size}, [])
    assert (line.level, line.behind) == (level, sentence)


def test_a_silent_system_is_named_with_its_habit_and_a_talking_one_is_not():
    heard = {"recorded_at": "2026-11-27T10:00:00Z", "position": 5}
    sources = [
        {"source": "urn:x:oak", "last_entry": heard, "habit_days": 1, "silent": True},
        {"source": "urn:x:lcs", "last_entry": heard, "habit_days": 7, "silent": False},
    ]
    line = shown(sources=sources).fresh
    assert line.silence == "1 system has fallen silent"
    assert [(s.source, s.since.text, s.usual) for s in line.silent] == [
        ("urn:x:oak", "Fri 27 Nov 10:00", "usually every day")
    ]


def test_who_came_back_last_is_first_with_how_and_the_next_duty():
    page = shown(back=[
        item(1, standing="returned", since=at("2026-11-30T10:00:00Z"), next_due=at("2026-12-03T10:00:00Z"),
             responsible_authority="E08000025"),
        item(2, standing="ended", since=at("2026-11-30T20:00:00Z")),
        item(3, standing="returned", since={"latest": "2026-11-30T22:00:00Z"}),
    ])  # fmt: skip
    assert [(line.subject[-1], line.how, line.when.text) for line in page.back] == [
        ("2", "ended without a return", "Mon 30 Nov 20:00"),
        ("1", "returned", "Mon 30 Nov 10:00"),
        ("3", "returned", "by Mon 30 Nov 22:00"),
    ]
    assert (page.back[1].responsible.text, page.back[1].next_due.text) == ("Birmingham", "Thu 3 Dec 10:00")
    assert (page.back[0].responsible, page.back[0].next_due) == (None, None)


def test_the_questions_name_both_times_of_the_page():
    assert all(f"as_at={NOW}&known_at=position:99" in question for question in shown().questions)
