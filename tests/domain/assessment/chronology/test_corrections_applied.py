"""What corrections and retractions make of the entries they are about (assessment.md 1, step 2)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.chronology.corrections import CorrectedEntries, apply_corrections
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.ordering import as_recorded, chronology
from domain.facts.value_kinds import EventRef
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
    standing,
)

BACK, MOVED, LATER, STILL_LATER = (f"2026-03-0{day}T22:30:00Z" for day in (1, 2, 6, 7))


def settled(tell: Telling) -> CorrectedEntries:
    """All entries of the one reference, settled."""
    readings = [reading for entry in tell if (reading := as_recorded(entry)) is not None]
    return apply_corrections(readings, Entitlement(chronology(readings), [SUBJECT]))


def corrected(changes: dict[str, Any], **said: Any) -> tuple[str | None, dict[str, Any], bool]:
    """A return corrected: its time, its data and whether anything changed."""
    tell = missing_and_back(BACK, **said)
    tell("corrected", LATER, target=tell.about(tell[1]), changes=changes)
    reading = settled(tell).standing[1]
    assert reading.fact == type(reading.fact).read(reading.data)
    return reading.time, {k: v for k, v in reading.data.items() if k != "child"}, reading.corrected


def test_where_nothing_is_about_another_entry_all_stand_as_they_were_told() -> None:
    """And where nothing else is told, what is about an entry elsewhere is marked."""
    told = settled(missing_and_back(BACK))
    assert ([r.entry.position for r in told.standing], *told[1:]) == ([1, 2], {}, {}, set(), [], {})
    tell = Telling()
    tell("retracted", LATER, target=tell.about(("urn:x:lcs", "R1")))
    assert settled(tell).findings == [("target_unknown", 1)]


@pytest.mark.parametrize(
    ("changes", "time", "data"),
    [
        ({"time": MOVED}, MOVED, {"mode": "police"}),
        ({"data": {"mode": "own_accord"}}, BACK, {"mode": "own_accord"}),
        ({"data": {"mode": None}}, BACK, {}),
        ({"data": {"basis": "witnessed"}}, BACK, {"mode": "police", "basis": "witnessed"}),
        ({"data": {"basis": None}}, BACK, {"mode": "police"}),
        ({"time": MOVED, "data": {"mode": None}}, MOVED, {}),
        (
            {"data": {"happened": {"date": "2026-03-02"}}},
            None,
            {"mode": "police", "happened": {"date": "2026-03-02"}},
        ),
    ],
)
def test_members_change_one_by_one(changes: dict[str, Any], time: str | None, data: dict[str, Any]) -> None:
    """A new value in place of the old one; null removes; the rest stays."""
    assert corrected(changes, mode="police") == (time, data, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"time": None},
        {"data": {"mode": "by_magic"}},
        {"data": {"nothing_of_the_kind": "x"}},
    ],
)
def test_what_would_not_be_valid_changes_nothing(changes: dict[str, Any]) -> None:
    """No time at all; a word of no list; a member that the type has not."""
    assert corrected(changes, mode="police") == (BACK, {"mode": "police"}, False)


def test_groups_merge_also_where_there_was_none() -> None:
    """The placement, told of only by a correction."""
    tell = Telling()
    tell("reported", BACK)
    changes = {"data": {"setting": {"host_authority": HOST, "provider": None}}}
    tell("corrected", LATER, target=tell.about(tell[0]), changes=changes)
    more = {"data": {"setting": {"urn": "SC1"}}}
    tell("corrected", STILL_LATER, target=tell.about(tell[0]), changes=more)
    assert settled(tell).standing[0].data["setting"] == {"host_authority": HOST, "urn": "SC1"}
    gone = {"data": {"setting": None}}
    tell("corrected", "2026-03-08T09:00:00Z", target=tell.about(tell[0]), changes=gone)
    assert "setting" not in settled(tell).standing[0].data


def test_personal_members_are_sealed_and_stay_so() -> None:
    """Nothing that is assessed rests on them; what else is corrected beside them counts."""
    changes = {"data": {"circumstances": "in other words", "category": "missing"}}
    tell = Telling()
    tell("reported", BACK, sealed={"circumstances": "c0"})
    tell("corrected", LATER, target=tell.about(tell[0]), changes=changes)
    data = settled(tell).standing[0].data
    assert (data["category"], data["sealed"]) == ("missing", {"circumstances": "c0"})
    assert "circumstances" not in data


def test_a_link_of_children_can_be_corrected_and_keeps_its_child() -> None:
    """Children are ids here, which no sender could have sent; none may be missing."""
    tell = missing_and_back(BACK)
    link = tell("child-linked", LATER, same_as=TWIN)
    tell("corrected", STILL_LATER, target=tell.about(link), changes={"data": {"decided_by": "manager"}})
    wrong = tell("corrected", STILL_LATER, target=tell.about(link), changes={"data": {"same_as": None}})
    found = settled(tell)
    assert found.standing[2].data["decided_by"] == "manager"
    assert found.standing[2].data["same_as"] == TWIN
    assert found.findings == [("correction_invalid", wrong.position)]


def test_corrections_merge_by_their_own_moment_then_source_then_id() -> None:
    """Not by arrival. One without a beginning comes first, one without an end after one with."""
    tell = missing_and_back(BACK, by=AUTHORITY)
    target = tell.about(tell[1])

    def say(when: str | dict[str, str], mode: str, source: str, id_: str) -> str:
        changes = {"data": {"mode": mode}}
        tell("corrected", when, target=target, changes=changes, source=source, id_=id_)
        return settled(tell).standing[1].data["mode"]

    assert say(LATER, "police", "urn:x:b", "b") == "police"
    assert say(LATER, "own_accord", "urn:x:b", "a") == "police"
    assert say(LATER, "carer", "urn:x:a", "c") == "police"
    assert say({"latest": STILL_LATER}, "other", "urn:x:z", "z") == "police"
    assert say({"earliest": LATER}, "carer", "urn:x:a", "a") == "carer"
    assert say({"earliest": LATER, "latest": STILL_LATER}, "other", "urn:x:z", "z1") == "carer"


def test_of_two_retractions_the_first_by_its_own_moment_is_named() -> None:
    """Both stand; what they retract is undone once."""
    tell = missing_and_back(BACK)
    tell("retracted", STILL_LATER, target=tell.about(tell[1]))
    first = tell("retracted", LATER, target=tell.about(tell[1]))
    found, key = settled(tell), EventRef(*tell[1].key)
    assert [r.entry.position for r in found.standing] == [1, 3, 4]
    assert {k: r.entry.position for k, r in found.undone.items()} == {key: 2}
    assert {k: r.entry.position for k, r in found.retracted_by.items()} == {key: first.position}


def test_one_that_targets_itself_is_a_circle_and_so_is_what_leads_to_one() -> None:
    """What targets the circle from outside is settled before, and takes effect on it in vain."""
    tell = missing_and_back(BACK)
    own = tell("retracted", LATER, id_="A", target=tell.about(("urn:x:lcs", "A")))
    assert settled(tell).findings == [("circular", own.position)]
    assert standing(tell) == "returned"


def test_a_retraction_breaks_a_circle_only_from_outside() -> None:
    """Of two that retract each other, one is itself retracted; they still point at each other."""
    tell = missing_and_back(BACK)
    tell("retracted", LATER, id_="A", target=tell.about(("urn:x:lcs", "B")))
    tell("retracted", LATER, id_="B", target=tell.about(("urn:x:lcs", "A")))
    tell("retracted", LATER, id_="C", target=tell.about(("urn:x:lcs", "A")))
    assert settled(tell).findings == [("circular", 3), ("circular", 4)]
    assert [r.entry.position for r in settled(tell).standing] == [1, 2, 4, 5]


def test_a_correction_that_is_corrected_to_target_what_is_settled_leads_in_a_circle() -> None:
    """Here the one that corrected it."""
    tell = missing_and_back(BACK)
    first = tell("corrected", LATER, target=tell.about(tell[1]), changes={"time": MOVED})
    changes = {"data": {"target": tell.about(("urn:x:lcs", "C2"))}}
    tell("corrected", LATER, id_="C2", target=tell.about(first), changes=changes)
    assert settled(tell).findings == [("circular", first.position)]
    assert settled(tell).standing[1].time == BACK


def test_a_correction_may_be_corrected_to_be_about_another_correction() -> None:
    """It takes effect on that one, whichever comes first by id."""
    for ids in (("A", "B", "C"), ("C", "B", "A"), ("B", "C", "A")):
        tell = missing_and_back(BACK)
        aimed = tell("corrected", LATER, id_=ids[0], target=tell.about(tell[1]), changes={"time": LATER})
        retraction = tell("retracted", LATER, id_=ids[1], target=tell.about(tell[0]))
        changes = {"data": {"target": tell.about(aimed)}}
        tell("corrected", LATER, id_=ids[2], target=tell.about(retraction), changes=changes)
        found = settled(tell)
        assert found.findings == []
        assert [r.entry.position for r in found.standing] == [1, 2, 4, 5]
        assert found.standing[1].time == BACK


def test_what_stands_beside_a_circle_is_settled_once() -> None:
    """A correction of a dispute that is not valid is found once, and so is each other."""
    tell = missing_and_back(BACK)
    dispute = tell("disputed", LATER, by=HOME, source="urn:x:home", target=tell.about(tell[1]))
    wrong = tell("corrected", LATER, target=tell.about(dispute), changes={"data": {"target": None}})
    own = tell("retracted", LATER, id_="A", target=tell.about(("urn:x:lcs", "A")))
    vain = tell("retracted", LATER, by=HOME, source="urn:x:home", target=tell.about(tell[0]))
    assert settled(tell).findings == [
        ("circular", own.position),
        ("correction_invalid", wrong.position),
        ("not_entitled", vain.position),
    ]


def test_while_no_authority_is_named_the_subjects_namespace_settles_disputes() -> None:
    """The police, of their own record."""
    tell, subject = Telling(), f"{POLICE}/M-1"
    tell("reported", BACK, subject=subject, by=POLICE)
    tell("disputed", LATER, subject=subject, by=HOME, target=tell.about(tell[0]))
    tell("dispute-resolved", LATER, subject=subject, by=POLICE, target=tell.about(tell[0]))
    assert assessed(tell, subject).disputes == ()


def test_a_dispute_is_settled_by_the_responsible_authority_alone() -> None:
    """Not by the source of what is disputed, as a correction would be."""
    tell = missing_and_back(BACK, by=HOME, source="urn:x:home")
    target = tell.about(tell[1])
    tell("disputed", LATER, by=POLICE, source="urn:x:police", target=target)
    vain = tell("dispute-resolved", LATER, by=HOME, source="urn:x:home", target=target)
    assert (settled(tell).settled_disputes, findings(tell)["not_entitled"]) == (set(), [(vain.position,)])
    tell("dispute-resolved", LATER, target=target)
    assert settled(tell).settled_disputes == {EventRef(*tell[1].key)}
