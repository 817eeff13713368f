"""A reused id names what differs from the recorded event, and nothing of its values."""

from __future__ import annotations

import json

import pytest

from application.store.database import Database
from tests.support.http_client import AUTHORITY, event

pytest_plugins = ["tests.support.http_fixtures"]

FIRST = {
    "id": "once",
    "data": {
        "category": "missing",
        "note": "Their own words.",
        "date_of_birth": "2011-02-03",
        "asserted_by": {"role": "carer", "reference": "Jo Doe"},
        "left_at": "2026-03-01T19:00:00Z",
    },
}
OBJECT = {"scheme": AUTHORITY, "reference": "C1"}


def again(api, time="2026-03-01T22:30:00Z", **data):
    """The pointers of what differs when the first event is sent again with other data; None leaves one out."""
    sent = {name: value for name, value in (FIRST["data"] | data).items() if value is not None}
    answer = api.post(event("reported", id="once", time=time, data=sent))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/id-reused")
    return [error["pointer"] for error in answer.get_json().get("errors", [])]


@pytest.fixture
def first(api):
    """The first event, recorded."""
    assert api.post(event("reported", **FIRST)).status_code == 201
    return api


@pytest.mark.parametrize(
    ("data", "differs"),
    [
        ({"handling": "normal"}, ["/data/handling"]),
        ({"note": "Other words."}, ["/data/note"]),
        ({"note": None}, ["/data/note"]),
        ({"circumstances": "More."}, ["/data/circumstances"]),
        ({"date_of_birth": "2011-02-04"}, ["/data/date_of_birth"]),
        ({"asserted_by": {"role": "carer", "reference": "Jo Roe"}}, ["/data/asserted_by"]),
        ({"left_at": {"latest": "2026-03-01T19:00:00Z"}}, ["/data/left_at"]),
        ({"child": OBJECT}, ["/data/child"]),
        ({"child": "C2"}, ["/data/child"]),
        ({"child": "C2", "category": None}, ["/data/category", "/data/child"]),
        ({"child": OBJECT, "handling": "normal"}, ["/data/child", "/data/handling"]),
    ],
)
def test_each_member_that_differs_is_named(first, data, differs):
    assert again(first, **data) == differs


def test_the_same_time_in_another_offset_does_not_differ(first):
    assert again(first, time="2026-03-01T23:30:00+01:00", handling="normal") == ["/data/handling"]
    assert again(first, left_at="2026-03-01T20:00:00+01:00", handling="normal") == ["/data/handling"]


def test_a_moment_for_a_time_the_child_as_an_object_and_a_default_said_out_loud(first):
    moment = {"happened": "2026-03-01T22:30:00Z", "handling": "normal", "child": OBJECT}
    differs = ["/data/child", "/data/handling", "/data/happened", "/time"]
    assert again(first, time=None, **moment) == differs


def test_another_type_and_subject_are_named(first):
    answer = first.post(event("returned", f"{AUTHORITY}/ME-2", id="once"))
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert {"/type", "/subject", "/data/category", "/data/note"} <= pointers
    assert "/time" not in pointers


def test_no_value_is_repeated(first):
    answer = first.post(event("reported", id="once", data={"note": "Secret words", "category": "other"}))
    text = answer.get_data(as_text=True)
    assert not [word for word in ("Secret", "Their own", "2011", "Jo Doe", "C1") if word in text]


def test_in_a_batch_the_pointers_begin_with_the_index(first):
    changed = event("reported", id="once", data=FIRST["data"] | {"handling": "normal"})
    outcomes = first.batch([event("reported", f"{AUTHORITY}/ME-2"), changed]).get_json()["outcomes"]
    assert [error["pointer"] for error in outcomes[1]["problem"]["errors"]] == ["/1/data/handling"]


def test_another_organisation_learns_nothing(first, sign_in):
    other = sign_in("recorder", namespace="E09000001")
    answer = other.post(event("reported", "E09000001/X", id="once", data=FIRST["data"]))
    assert answer.status_code == 409
    assert "errors" not in answer.get_json()


def test_what_does_not_open_is_not_compared(first, dsn):

    with Database(dsn, "postgres").connection() as connection:
        connection.execute("delete from ledger.sealed_values")
    assert again(first, note="Other words.", handling="normal") == ["/data/handling"]


def test_a_correction_names_its_changes(first):
    correction = {
        "target": {"source": "urn:x:lcs", "id": "once"},
        "changes": {"data": {"note": "Better words."}},
    }
    sent = event("corrected", id="correction", data=correction)
    assert first.post(sent).status_code == 201
    other = json.loads(json.dumps(sent))
    other["data"]["changes"]["data"]["note"] = "Other words."
    errors = first.post(other).get_json()["errors"]
    assert [error["pointer"] for error in errors] == ["/data/changes"]
