"""Every type, every member: what fits in clear, what is sealed, what is required."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.facts import FACTS, Fact, of_type
from domain.facts.correction_changes import ChangesKind
from domain.facts.fact import Phase
from domain.facts.member_walk import children, granted, mentioned, personal, walk
from domain.facts.members import Member, Nested
from domain.facts.personal_kinds import BirthDate, FreeText
from domain.facts.value_kinds import (
    ChildKind,
    Chosen,
    EventRefKind,
    Kind,
    ListOf,
    MomentKind,
    Number,
    PatternKind,
)

FREE_WORDS = (
    "she ran off",
    "Ran off, again",
    "é",
    "a\nb",
    "she%20ran",
    "x" * 129,
    "local:she ran off",
    "2026-03-01T22:30:00Z she ran",
    "",
)

ENVELOPE = {"child", "happened", "learned_at", "asserted_by", "basis", "handling", "note"}
REQUIRED = {
    "category-assigned": {"scheme", "value"},
    "risk-assessed": {"scheme", "level"},
    "setting-changed": {"setting"},
    "notification-sent": {"recipient_role"},
    "notification-acknowledged": {"recipient_role"},
    "notification-withheld": {"recipient_role"},
    "information-shared": {"what", "recipient_role"},
    "escalated": {"to_role"},
    "ended-otherwise": {"reason"},
    "responsibility-transferred": {"to"},
    "corrected": {"target", "changes"},
    "retracted": {"target"},
    "disputed": {"target"},
    "dispute-resolved": {"target"},
    "child-corrected": {"to"},
    "child-linked": {"same_as"},
    "episodes-linked": {"with", "relation"},
}


def clear_members(
    members: tuple[Member, ...], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Kind]]:
    """Every member that is stored in clear, into objects and lists."""
    for member in members:
        if isinstance(member.kind, Nested):
            yield from clear_members(member.kind.members, (*path, member.name))
        elif not member.personal and not member.derived:
            yield (*path, member.name), member.kind


def around(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A value at a path of objects."""
    inner = value if len(path) == 1 else around(path[1:], value)
    return {path[0]: inner}


@pytest.mark.parametrize("cls", FACTS.values(), ids=FACTS)
def test_no_free_words_fit_any_clear_member(cls: type[Fact]) -> None:
    """Alone, in a list, and as a member of an object of any kind."""
    for path, kind in clear_members(cls.MEMBERS):
        for words in FREE_WORDS:
            for value in (words, [words], {"source": words, "id": "1"}, {"time": words}, {"x": words}):
                faults = cls.faults(around(path, value))
                at = "/data/" + "/".join(path)
                assert any(f.pointer.startswith(at) for f in faults), (path, kind, value)
                assert not any(words and words in f.detail for f in faults), "a fault repeats what was sent"


def test_a_clear_member_has_one_of_the_kinds_that_hold_no_words() -> None:
    """A list, a number, a moment, a child or subject, another event, a code: and nothing else."""
    plain = (Chosen, Number, MomentKind, ChildKind, EventRefKind, PatternKind, ChangesKind)
    for cls in FACTS.values():
        for path, kind in clear_members(cls.MEMBERS):
            kind = kind.item if isinstance(kind, ListOf) else kind  # noqa: PLW2901
            assert isinstance(kind, plain), (cls.NAME, path)


def test_an_interview_covers_at_most_fifty_episodes() -> None:
    """The fifty-first is refused, with what would be right."""
    covers = [f"E08000025/ME-{n}" for n in range(51)]
    for name in ("interview-held", "interview-not-possible"):
        assert FACTS[name].faults({"child": "K-1", "covers": covers[:50]}) == []
        (fault,) = FACTS[name].faults({"child": "K-1", "covers": covers})
        assert (fault.pointer, fault.detail) == ("/data/covers", "must be a list of at most 50 values")


def test_personal_members_are_those_that_the_vocabulary_marks() -> None:
    """Names of personal members, by type; the envelope's note and reference apart."""
    found = {
        cls.NAME: {m.name for m in cls.MEMBERS if m.personal} - {"note"}
        for cls in FACTS.values()
        if {m.name for m in cls.MEMBERS if m.personal} - {"note"}
    }
    assert found == {
        "reported": {"date_of_birth", "circumstances"},
        "police-notified": {"reference"},
        "category-assigned": {"reason"},
        "profile-recorded": {"date_of_birth"},
        "strategy-discussion-held": {"decisions"},
        "oversight-recorded": {"decision"},
        "action-agreed": {"action"},
        "sighting-reported": {"place"},
        "located": {"place"},
        "corrected": {"reason"},
        "retracted": {"reason"},
        "child-corrected": {"reason"},
        "episode-recorded-in-error": {"reason"},
    }


@pytest.mark.parametrize("cls", FACTS.values(), ids=FACTS)
def test_every_type_has_the_envelope_and_requires_few_members(cls: type[Fact]) -> None:
    """Loosening later is harmless, tightening is not."""
    assert {m.name for m in cls.MEMBERS} >= ENVELOPE
    assert next(m.name for m in cls.MEMBERS) == "child"
    assert {m.name for m in cls.MEMBERS if m.required} == {"child"} | REQUIRED.get(cls.NAME, set())
    assert (cls.__doc__ or "").strip().endswith(".")
    assert of_type(cls.TYPE) is cls


def test_all_fifty_five_types_are_there() -> None:
    """The vocabulary is complete, and each type is in its phase."""
    assert len(FACTS) == 55
    phases = {phase: {name for name, cls in FACTS.items() if phase == cls.PHASE} for phase in Phase}
    starts = {"absence-noticed", "reported", "police-notified", "episode-recorded-later"}
    assert phases[Phase.START] == starts
    assert phases[Phase.END] == {"returned", "ended-otherwise"}
    assert phases[Phase.AWAY] == {
        "sighting-reported",
        "located",
        "location-lost",
        "status-interrupted",
        "interruption-ended",
    }
    assert len(phases[Phase.RECORD]) == 8


@pytest.mark.parametrize("value", ["local:other-word", "not_known", "other", "missing"])
def test_lists_are_open(value: str) -> None:
    """A word that we did not foresee is recorded, not refused."""
    assert FACTS["reported"].faults({"child": "C-1", "category": value}) == []


@pytest.mark.parametrize("value", ["perhaps", "local:maybe", "other", "YES"])
def test_answers_are_closed(value: str) -> None:
    """Yes, no, not_known, not_asked, withheld."""
    assert FACTS["located"].faults({"child": "C-1", "safe": value})


def test_what_is_wrong_is_said_with_its_place() -> None:
    """All faults at once, by JSON pointer."""
    faults = FACTS["category-assigned"].faults(
        {"scheme": "DfE 2014", "spelt": 1, "asserted_by": {"role": "a b"}, "child": "."}
    )
    assert [f.pointer for f in faults] == [
        "/data/asserted_by/role",
        "/data/child",
        "/data/scheme",
        "/data/spelt",
        "/data/value",
    ]


def test_a_list_says_which_of_its_values_is_wrong() -> None:
    """And is bounded."""
    held = FACTS["interview-held"]
    assert [f.pointer for f in held.faults({"child": "C-1", "reasons": ["bullying", "it was dull"]})] == [
        "/data/reasons/1"
    ]
    assert held.faults({"child": "C-1", "reasons": ["bullying"] * 101})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"child": "C-2"},
        {"data": {"child": "C-2"}},
        {"data": {"not_a_member": "x"}},
        {"data": {"mode": "walked in by himself"}},
        {"data": {"setting": {"provider": "Oak House"}}},
        {"time": "yesterday"},
        {"time": "2026-03-01T22:30:00Z", "data": {"happened": {"date": "2026-03-01"}}},
        {"data": []},
    ],
)
def test_changes_that_no_type_could_take_are_refused(changes: dict[str, Any]) -> None:
    """Without knowing the target: no free words in clear, no child, no unknown member."""
    faults = FACTS["corrected"].faults(
        {"child": "C-1", "target": {"source": "s", "id": "1"}, "changes": changes}
    )
    assert faults
    assert all(f.pointer.startswith("/data/changes") for f in faults)


def test_changes_replace_remove_and_merge() -> None:
    """Null occurs here only."""
    changes = {
        "time": "2026-03-01T22:30:00Z",
        "data": {"mode": None, "setting": {"provider": None, "urn": "SC1"}},
    }
    sent = {"child": "C-1", "target": {"source": "s", "id": "1"}, "changes": changes}
    assert FACTS["corrected"].faults(sent) == []
    assert FACTS["returned"].faults({"child": "C-1", "mode": None})


def test_personal_values_are_found_wherever_they_stand() -> None:
    """In objects, and in the changes of a correction; a code stays readable where some type has it in clear."""
    data = {
        "child": "C-1",
        "note": "n",
        "asserted_by": {"role": "r", "reference": "J"},
        "target": {"source": "s", "id": "1"},
        "changes": {
            "data": {
                "note": "better",
                "reason": "free words",
                "place": None,
                "asserted_by": {"reference": "K"},
            }
        },
    }
    found = {"/".join(f.path): f.value for f in personal(FACTS["corrected"], data)}
    assert found == {
        "note": "n",
        "asserted_by/reference": "J",
        "changes/data/note": "better",
        "changes/data/reason": "free words",
        "changes/data/asserted_by/reference": "K",
    }
    coded = data | {"changes": {"data": {"reason": "died"}}}
    assert "changes/data/reason" not in {"/".join(f.path) for f in personal(FACTS["corrected"], coded)}


def test_children_grants_and_mentions_follow_from_the_declarations() -> None:
    """What is replaced by an id, who may see, and what is indexed."""
    link = {"child": "C-1", "with": "E23000014/M1", "relation": "same_episode", "lead": "E08000025/1"}
    assert mentioned(walk(FACTS["episodes-linked"], link)) == {"E23000014/M1", "E08000025/1"}
    covers = {"child": "C-1", "covers": ["E08000025/1", "E08000025/2"]}
    assert mentioned(walk(FACTS["interview-held"], covers)) == {"E08000025/1", "E08000025/2"}
    setting = {
        "child": "C-1",
        "setting": {"host_authority": "E09000001", "responsible_authority": "E08000025"},
    }
    assert granted(walk(FACTS["reported"], setting)) == {"E09000001", "E08000025"}
    assert granted(walk(FACTS["interview-allocated"], {"child": "C-1", "provider": "ORG-NYAS"})) == {
        "ORG-NYAS"
    }
    assert granted(walk(FACTS["interview-allocated"], {"child": "C-1", "provider": "nyas"})) == set()
    twins = {"child": "C-1", "to": {"scheme": "E08000025", "reference": "C-2"}}
    assert [f.path for f in children(FACTS["child-corrected"], twins)] == [("child",), ("to",)]


def test_birth_month_is_never_taken_from_a_sender() -> None:
    """The ledger derives it from the date of birth."""
    assert FACTS["reported"].faults({"child": "C-1", "birth_month": "2010-02"})
    assert isinstance(next(m.kind for m in FACTS["reported"].MEMBERS if m.name == "date_of_birth"), BirthDate)
    assert FACTS["reported"].faults({"child": "C-1", "date_of_birth": "2010-02-30"})
    assert not FreeText().fits("")


@pytest.mark.parametrize(
    "basis", ["agreement", "court_order", "statute", "witnessed", "document", "not_known"]
)
def test_a_transfer_says_on_what_ground_or_how_it_is_known(basis: str) -> None:
    """Its own member has the name of one that every type takes: neither meaning is refused."""
    data = {"child": "C1", "to": "E08000025", "basis": basis}
    assert FACTS["responsibility-transferred"].faults(data) == []
