"""The class's own check never differs from the marshmallow schema of its type (events.md 2, "defined once").

The inputs are made up from the declarations, by a seed: each member of each type with each junk, and some that are
spoilt at any depth. That is 38,000.
"""

from __future__ import annotations

import random

import pytest

from domain.facts import FACTS
from domain.facts.correction_changes import ChangesKind
from domain.facts.members import Nested
from domain.facts.personal_kinds import BirthDate, FreeText
from domain.facts.value_kinds import (
    ChildKind,
    Chosen,
    EventRefKind,
    ListOf,
    MomentKind,
    Number,
    PatternKind,
    TimeKind,
)
from interface.validation.event_data import data_faults, data_schema

EACH = 100
"""Inputs of each type that are spoilt at a depth that is drawn."""
TIMES = ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.1234567+01:00", "2026-02-28t12:30:59z"]
TEXTS = [
    "a", "E08000025", "ORG-A1", "E08000025/ME-1", "1.0", "x" * 64, "x" * 65, "x" * 128, "x" * 129, "a b", "é",
    "..", "\n", "a\n", "", "local:x", "local:x y", "2010-02", "not_known", "yes", "missing",
]  # fmt: skip
JUNK = [
    None, True, False, 0, -1, 1.0, 1.5, 2**53, 2**53 + 1, [], [[]], [None], {}, {"a": 1}, {"child": "C1"},
    *TEXTS, *TIMES, "2026-03-01", "2026-13-01T00:00:00Z", "2026-03-01T00:00:00.1234567890Z",
    {"date": "2026-03-01"}, {"date": "2026-02-30"}, {"earliest": TIMES[0]}, {"latest": 1},
    {"earliest": TIMES[0], "latest": TIMES[2]}, {"scheme": "E08000025", "reference": "."},
    {"scheme": "E08000025", "reference": "C1"}, {"scheme": "E08000025", "reference": "C1", "x": 1},
    {"source": "a", "id": "b"}, {"source": "a"}, {"time": TIMES[0]}, {"data": {"mode": None}}, {"data": []},
    {"time": TIMES[0], "data": {"happened": TIMES[0]}}, ["E08000025/A"] * 100, ["E08000025/A"] * 101,
    "2010-02-14", "2010-02-30", "20100214",
]  # fmt: skip


FITTING = {
    Nested: lambda kind, draw: data(kind.members, draw),
    ListOf: lambda kind, draw: [fitting(kind.item, draw) for _ in range(draw.randrange(3))],
    ChangesKind: lambda _, draw: draw.choice(
        [{"data": {"mode": "police", "note": "words"}}, {"time": TIMES[0]}]
    ),
    TimeKind: lambda _, draw: draw.choice(TIMES),
    MomentKind: lambda _, draw: draw.choice([*TIMES, {"latest": TIMES[0]}, {"date": "2026-03-01"}]),
    ChildKind: lambda _, draw: draw.choice(["C1", "x" * 64, {"scheme": "E08000025", "reference": "C1"}]),
    EventRefKind: lambda _, __: {"source": "urn:x", "id": "1"},
    Chosen: lambda kind, draw: draw.choice(kind.allowed),
    PatternKind: lambda kind, draw: draw.choice([text for text in TEXTS if kind.fits(text)]),
    Number: lambda _, draw: draw.choice([0, 7, 2**53]),
    FreeText: lambda _, __: "some words",
    BirthDate: lambda _, __: "2010-02-14",
}


def fitting(kind, draw):
    """A value that a kind takes; a text of a pattern is found among those that there are."""
    return FITTING[type(kind)](kind, draw)


def data(members, draw):
    """An object with the required members and some of the others."""
    sent = [m for m in members if not m.derived and (m.required or draw.random() < 0.4)]
    return {m.name: fitting(m.kind, draw) for m in sent}


def spoil(value, draw):
    """The same with one member replaced, taken away or added, at some depth."""
    holder = value
    while isinstance(inner := draw.choice(list(holder.values()) or [None]), dict) and draw.random() < 0.7:
        holder = inner
    name = draw.choice([*holder, "colour"])
    if draw.random() < 0.2:
        holder.pop(name, None)
    else:
        holder[name] = draw.choice(JUNK)
    return value


def agree(name, sent):
    """The class, the schema and the faults that a sender gets say the same of a `data`; whether it is refused."""
    refused = bool(FACTS[name].faults(sent))
    assert bool(data_schema(name).validate(sent)) == refused, sent
    assert bool(data_faults(name, sent)) == refused, sent
    return refused


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_class_and_the_schema_say_the_same_of_every_member_with_every_junk(name):
    draw, members = random.Random(name), FACTS[name].MEMBERS
    for member in members:
        good = data(members, draw)
        assert not agree(name, good)
        assert sum(agree(name, good | {member.name: junk}) for junk in JUNK) > len(JUNK) / 4


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_class_and_the_schema_say_the_same_of_data_spoilt_at_any_depth(name):
    draw, members = random.Random(name), FACTS[name].MEMBERS
    assert sum(agree(name, spoil(data(members, draw), draw)) for _ in range(EACH)) > EACH / 4


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_what_is_no_object_is_refused_by_both(junk):
    assert bool(FACTS["returned"].faults(junk)) == bool(data_schema("returned").validate(junk))
