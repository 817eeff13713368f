"""What one event must be: the envelope, the type, the time (events.md 1, 4)."""

from __future__ import annotations

import pytest

from domain.errors import FutureEvent, InvalidCloudEvent, InvalidEvent
from domain.moment import instant
from interface.validation import parse_event

NOW = instant("2026-03-02T00:00:00Z")


def event(**attributes):
    """A return, with other attributes; None leaves one out."""
    made = {
        "specversion": "1.0",
        "id": "8f1c",
        "source": "urn:x:lcs",
        "type": "missing-episode.returned.v1",
        "subject": "E08000025/ME-1",
        "time": "2026-03-01T22:30:00+00:00",
        "data": {"child": "C1", "to_setting_type": "childrens_home"},
    } | attributes
    return {name: value for name, value in made.items() if value is not None}


def parsed(event, namespace=None):
    """The submission that the door makes of it."""
    return parse_event(event, principal="c_1", namespace=namespace, now=NOW)


def refused(error, event):
    """The pointers of what is wrong."""
    with pytest.raises(error) as refusal:
        parsed(event)
    return [fault.pointer for fault in refusal.value.faults]


def test_a_submission_is_the_event_as_sent_and_for_whom():
    made = parsed(event())
    assert (made.id, made.source, made.type, made.subject) == (
        "8f1c",
        "urn:x:lcs",
        "missing-episode.returned.v1",
        "E08000025/ME-1",
    )
    assert made.time == "2026-03-01T22:30:00+00:00"
    assert made.data == {"child": "C1", "to_setting_type": "childrens_home"}
    assert (made.by, made.principal, made.expected_version) == ("E08000025", "c_1", None)


def test_a_credential_of_one_organisation_acts_for_it():
    assert parsed(event(), namespace="E23000014").by == "E23000014"


def test_other_attributes_are_taken_and_not_kept():
    assert parsed(event(traceparent="00-x", dataschema="urn:y", n=3)) == parsed(event())


def test_an_attribute_of_null_is_one_that_is_not_set():
    assert refused(InvalidCloudEvent, event() | {"id": None}) == ["/id"]


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject"])
def test_a_cloudevent_without_a_needed_attribute(name):
    assert refused(InvalidCloudEvent, event(**{name: None})) == [f"/{name}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("specversion", 1),
        ("id", ""),
        ("id", "a b"),
        ("id", "x" * 129),
        ("id", "é"),
        ("id", 17),
        ("id", "a\n"),
        ("source", "urn:x y"),
        ("type", ""),
        ("type", ["a"]),
        ("subject", "ME-1"),
        ("subject", "X08000025/ME-1"),
        ("subject", "E08000025/"),
        ("subject", "E08000025/.."),
        ("subject", "E08000025/a/b"),
        ("subject", "ledger/main"),
        ("datacontenttype", "application/xml"),
        ("datacontenttype", "text/jsonp"),
    ],
)
def test_a_malformed_attribute(name, value):
    assert refused(InvalidCloudEvent, event(**{name: value})) == [f"/{name}"]


@pytest.mark.parametrize("value", ["application/json", "application/json; charset=utf-8", "text/x+json"])
def test_data_in_json_by_any_name(value):
    assert parsed(event(datacontenttype=value))


@pytest.mark.parametrize("thing", [None, [], "text", 5, True])
def test_what_is_no_object_is_no_cloudevent(thing):
    assert refused(InvalidCloudEvent, thing) == []


@pytest.mark.parametrize(
    "name", ["missing-episode.returned.v2", "missing-episode.vanished.v1", "ledger.founded.v1"]
)
def test_an_unknown_type_or_version(name):
    assert refused(InvalidEvent, event(type=name)) == ["/type"]


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        ([], ["/data"]),
        ("C1", ["/data"]),
        ({}, ["/data/child"]),
        ({"child": None}, ["/data/child"]),
        ({"child": {"scheme": "x", "reference": "y"}}, ["/data/child"]),
        ({"child": "C1", "colour": "red"}, ["/data/colour"]),
        ({"child": "C1", "Jonathan Doe": 1}, ["/data/?"]),
        ({"child": "C1", "birth_month": "2010-02"}, ["/data/birth_month"]),
        ({"child": "C1", "mode": "by bus"}, ["/data/mode"]),
        ({"child": "C1", "condition": "two words"}, ["/data/condition"]),
        ({"child": "C1", "note": ""}, ["/data/note"]),
        (
            {"child": "C1", "asserted_by": {"role": "a b", "name": "x"}},
            ["/data/asserted_by/name", "/data/asserted_by/role"],
        ),
        ({"child": "C1", "learned_at": "2026-03-01"}, ["/data/learned_at"]),
        ({"child": "C1", "learned_at": {"earliest": None}}, ["/data/learned_at"]),
        (
            {
                "child": "C1",
                "learned_at": {"earliest": "2026-03-01T02:00:00Z", "latest": "2026-03-01T01:00:00Z"},
            },
            ["/data/learned_at"],
        ),
    ],
)
def test_data_that_does_not_fit_its_type(data, pointers):
    assert refused(InvalidEvent, event(data=data)) == pointers


def test_free_words_fit_no_clear_member_and_are_not_repeated():
    with pytest.raises(InvalidEvent) as refusal:
        parsed(event(data={"child": "C1", "condition": "Jonathan cried"}))
    assert "Jonathan" not in f"{refusal.value} {refusal.value.faults}"


def test_data_must_be_there_and_must_be_json():
    assert refused(InvalidEvent, event(data=None)) == ["/data"]
    assert refused(InvalidEvent, event(data_base64="e30=")) == ["/data_base64"]


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-01T22:30:00",
        "2026-03-01",
        "yesterday",
        "2026-02-30T00:00:00Z",
        "2026-03-01T22:30:00.1234567890Z",
        5,
        {},
    ],
)
def test_a_time_that_is_none(time):
    assert refused(InvalidEvent, event(time=time)) == ["/time"]


def test_exactly_one_of_time_and_happened():
    happened = {"child": "C1", "happened": {"date": "2026-03-01"}}
    assert parsed(event(time=None, data=happened)).time is None
    assert refused(InvalidEvent, event(data=happened)) == ["/time"]
    assert refused(InvalidEvent, event(time=None)) == ["/time"]


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999999Z"])
def test_before_2000(time):
    assert refused(InvalidEvent, event(time=time)) == ["/time"]
    assert refused(InvalidEvent, event(time=None, data={"child": "C1", "happened": time})) == [
        "/data/happened"
    ]
    only_latest = {"child": "C1", "happened": {"latest": time}}
    assert refused(InvalidEvent, event(time=None, data=only_latest)) == ["/data/happened"]


def test_the_future_begins_five_minutes_from_now():
    assert parsed(event(time="2026-03-02T00:05:00Z"))
    assert refused(FutureEvent, event(time="2026-03-02T00:05:00.000001Z")) == ["/time"]
    assert refused(FutureEvent, event(time="2090-01-01T00:00:00Z")) == ["/time"]


def test_a_day_that_has_begun_is_not_the_future():
    today = {"child": "C1", "happened": {"date": "2026-03-02"}}
    assert parsed(event(time=None, data=today))
    tomorrow = {"child": "C1", "happened": {"date": "2026-03-03"}}
    assert refused(FutureEvent, event(time=None, data=tomorrow)) == ["/data/happened"]
    open_ended = {"child": "C1", "happened": {"latest": "2027-01-01T00:00:00Z"}}
    assert parsed(event(time=None, data=open_ended))
