"""The published JSON Schemas say what the door says (events.md 2, "defined once")."""

from __future__ import annotations

import copy
import json

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
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
from domain.moment import instant
from interface.http.contract.event_schemas import event_schema
from interface.validation import parse_event
from interface.validation.event_data import data_schema

pytest_plugins = ["tests.support.http_fixtures"]

NOW = instant("2030-01-01T00:00:00Z")
CHECKERS = {
    name: jsonschema.Draft202012Validator(
        event_schema(name), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for name in FACTS
}
SECOND_OPINION = {
    name: jsonschema_rs.Draft202012Validator(event_schema(name), validate_formats=True) for name in FACTS
}


def door_takes(event):
    """Whether the door takes it."""
    try:
        parse_event(event, principal="c", namespace=None, now=NOW)
    except Refused:
        return False
    return True


def event(name, data, **attributes):
    """An event of a type; None leaves an attribute out."""
    made = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": FACTS[name].TYPE, "subject": "E08000025/A",
            "time": "2026-03-01T00:00:00Z", "data": data} | attributes  # fmt: skip
    return {key: value for key, value in made.items() if value is not None}


TIMES = st.sampled_from(["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.123456+01:00", "2026-02-28t12:30:59z"])
MOMENTS = TIMES | st.fixed_dictionaries({"latest": TIMES}) | st.just({"date": "2026-03-01"})
REFERENCES = st.from_regex(r"[A-Za-z0-9._:~-]{1,64}", fullmatch=True).filter(lambda r: r not in {".", ".."})


NAMED_CHILDREN = st.fixed_dictionaries({"scheme": st.just("E08000025"), "reference": REFERENCES})
FITTING = {
    Nested: lambda kind: objects(kind.members),
    ListOf: lambda kind: st.lists(fitting(kind.item), max_size=3),
    ChangesKind: lambda _: st.just({"data": {"mode": "police"}}) | TIMES.map(lambda t: {"time": t}),
    TimeKind: lambda _: TIMES,
    MomentKind: lambda _: MOMENTS,
    ChildKind: lambda _: REFERENCES | NAMED_CHILDREN,
    EventRefKind: lambda _: st.fixed_dictionaries({"source": st.just("urn:x"), "id": REFERENCES}),
    Chosen: lambda kind: st.sampled_from(list(kind.allowed)),
    PatternKind: lambda kind: st.from_regex(rf"\A(?:{kind.pattern})\Z").filter(kind.fits),
    Number: lambda _: st.integers(0, 2**53),
    FreeText: lambda _: st.just("some words"),
    BirthDate: lambda _: st.just("2010-02-14"),
}


def fitting(kind):
    """Values that fit a kind of member."""
    return FITTING[type(kind)](kind)


def objects(members):
    """Objects with the required members and some of the others."""
    sent = [m for m in members if not m.derived and m.name != "happened"]
    return st.fixed_dictionaries(
        {m.name: fitting(m.kind) for m in sent if m.required},
        optional={m.name: fitting(m.kind) for m in sent if not m.required},
    )


EVENTS = st.sampled_from(sorted(FACTS)).flatmap(
    lambda name: objects(FACTS[name].MEMBERS).map(lambda data: (name, event(name, data)))
)
JUNK = st.sampled_from(
    [None, True, 0, -1, 2**60, "", "a b", "é", "x" * 65, "x" * 200, "..", "not_known", "local:x",
     "2026-03-01T00:00:00", "2026-13-01T00:00:00Z", [], [[]], ["a b"], {}, {"a": 1}, {"date": "2026-02-30"},
     {"earliest": "x"}, {"scheme": "E08000025", "reference": "."}, {"source": "a"}]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_what_the_class_allows_both_take(made):
    name, sent = made
    assert door_takes(sent), sent
    CHECKERS[name].validate(sent)
    assert SECOND_OPINION[name].is_valid(sent)


def _paths(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))


@settings(max_examples=150, deadline=None)
@given(EVENTS, JUNK, st.data())
def test_what_is_spoilt_both_refuse_or_both_take(made, junk, data):
    name, sent = made
    spoilt = copy.deepcopy(sent)
    path = data.draw(st.sampled_from(sorted(p for p in _paths(sent) if "changes" not in p)))
    holder = spoilt
    for step in path[:-1]:
        holder = holder[step]
    if data.draw(st.booleans()):
        holder[path[-1]] = junk
    elif data.draw(st.booleans()):
        del holder[path[-1]]
    else:
        holder["colour"] = junk
    agreed(name, spoilt)


def agreed(name, sent):
    """The door and both validators say the same; so do the class and the schema that the door asks."""
    if "data" in sent:
        assert bool(FACTS[name].faults(sent["data"])) == bool(data_schema(name).validate(sent["data"])), sent
    verdicts = door_takes(sent), CHECKERS[name].is_valid(sent), SECOND_OPINION[name].is_valid(sent)
    assert len(set(verdicts)) == 1, (verdicts, sent)


HAND_MADE = [
    event("returned", {"child": "C1"}),
    event("returned", {"child": "C1"}, traceparent="x", n=1),
    event("returned", {"child": "C1"}, datacontenttype="application/json"),
    event("returned", {"child": "C1"}, datacontenttype="text/plain"),
    event("returned", {"child": "C1"}, data_base64="e30="),
    event("returned", {"child": "C1", "happened": {"date": "2026-03-01"}}),
    event("returned", {"child": "C1", "happened": {"date": "2026-03-01"}}, time=None),
    event("returned", {"child": "C1"}, time=None),
    event("returned", {"child": "C1"}, time="2026-03-01T00:00:00.1234567Z"),
    event("returned", {"child": "C1"}, time="2026-03-01T00:00:00.1234567890Z"),
    event("returned", {"child": "C1"}, time="2026-03-01T00:00:00"),
    event("returned", {"child": "C1"}, time="2026-02-30T00:00:00Z"),
    event("returned", {"child": "C1"}, time="2026-03-01T24:00:00Z"),
    event("returned", {"child": "C1"}, time="2026-03-01T00:00:00+24:00"),
    event("returned", {"child": "C1"}, specversion="0.3"),
    event("returned", {"child": "C1", "learned_at": {}}),
    event(
        "returned", {"child": "C1", "learned_at": {"date": "2026-03-01", "latest": "2026-03-01T00:00:00Z"}}
    ),
    event("returned", {"child": {"scheme": "E08000025"}}),
    event("returned", {"child": {"scheme": "X", "reference": "C1"}}),
    event("returned", {"child": ".."}),
    event("returned", {"child": "C1", "mode": "local:by-bus"}),
    event("returned", {"child": "C1", "mode": "local:by bus"}),
    event("returned", {"child": "C1", "asserted_by": {"role": "x", "reference": "any words"}}),
    event("reported", {"child": "C1", "date_of_birth": "2010-02-30"}),
    event("reported", {"child": "C1", "date_of_birth": "20100214"}),
    event("reported", {"child": "C1", "birth_month": "2010-02"}),
    event("reported", {"child": "C1", "setting": {"looked_after": "maybe"}}),
    event("oversight-recorded", {"child": "C1", "seen_to_position": 2**53 + 1}),
    event("oversight-recorded", {"child": "C1", "seen_to_position": True}),
    event("interview-held", {"child": "C1", "covers": ["E08000025/A"] * 101}),
    event("risk-assessed", {"child": "C1", "scheme": "APP-2017"}),
    event("corrected", {"child": "C1", "target": {"source": "a", "id": "b"}, "changes": {}}),
    event(
        "corrected",
        {"child": "C1", "target": {"source": "a", "id": "b"}, "changes": {"data": {"child": "x"}}},
    ),
    event(
        "corrected",
        {"child": "C1", "target": {"source": "a", "id": "b"}, "changes": {"data": {"mode": None}}},
    ),
]


@pytest.mark.parametrize("sent", HAND_MADE, ids=range(len(HAND_MADE)))
def test_hand_made(sent):
    agreed(sent["type"].split(".")[1], sent)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_type_is_served_and_is_a_schema(app, name):
    answer = app.test_client().get(f"/v1/schemas/{FACTS[name].TYPE}")
    assert answer.mimetype == "application/schema+json"
    schema = answer.get_json()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema == json.loads(json.dumps(event_schema(name)))


def test_all_types_are_listed(app):
    listed = app.test_client().get("/v1/schemas").get_json()["types"]
    assert {item["type"] for item in listed} == {cls.TYPE for cls in FACTS.values()}
    assert all(app.test_client().get(item["schema"]).status_code == 200 for item in listed[:3])
