"""Stored personal values that do not open: served as unreadable, never as withheld, and never as a failure."""

from __future__ import annotations

import pytest

from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from tests.support.http_client import SUBJECT, Api, event
from tests.support.sealed_ledgers import change, flipped

pytest_plugins = ["tests.support.http_fixtures"]

EPISODE = f"/v1/episodes/{SUBJECT}"
HISTORY = f"{EPISODE}/history"
SWAPPED = """
create temp table kept as select * from ledger.{0};
update ledger.{0} v set {1} = k.{1} from kept k where k.{2} = {3} - v.{2}
"""
CHANGED_BLOB = f"update ledger.sealed_values set blob = {flipped('blob', 40)}"
NO_KEY = "update ledger.children set kek_no = 9"
SWAPPED_KEYS = SWAPPED.format("children", "wrapped_key", "no", 3)


@pytest.fixture
def restarted(open_ledger, secrets, credentials):
    """An auditor's client of a service that was started again, so that it remembers no key."""

    def restarted():
        app = create_app(wire(open_ledger(), Settings(name="test", keys=secrets)))
        _, token = credentials.new(("recorder", "auditor"), purpose="audit")
        return Api(app.test_client(), token)

    return restarted


@pytest.fixture
def story(api):
    """A note at position 3, none at 4, one about another child at 5."""
    api.post(event("reported", data={"note": "first"}))
    api.post(event("returned", time="2026-03-02T22:30:00Z"))
    api.post(event("reported", subject="E08000025/ME-2", data={"child": "C2", "note": "second"}))


@pytest.mark.parametrize(
    "tampering",
    [
        SWAPPED.format("sealed_values", "blob", "position", 8),
        CHANGED_BLOB,
        "delete from ledger.sealed_values",
        "update ledger.sealed_values set blob = ''",
        SWAPPED_KEYS,
        NO_KEY,
    ],
)
def test_what_does_not_open_is_unreadable_and_not_withheld(story, restarted, dsn, tampering):
    change(dsn, tampering)
    answer = restarted().get(HISTORY)
    assert answer.status_code == 200
    first, second = answer.get_json()["items"]
    assert (first["unreadable"], first["withheld"]) == (["note"], [])
    assert "note" not in first["event"]["data"]
    assert "unreadable" not in second


def test_what_opens_is_not_unreadable(story, restarted):
    [first, _] = restarted().get(HISTORY).get_json()["items"]
    assert first["event"]["data"]["note"] == "first"
    assert (first["withheld"], "unreadable" in first) == ([], False)


@pytest.mark.parametrize("tampering", [SWAPPED_KEYS, NO_KEY])
@pytest.mark.parametrize("path", [EPISODE, f"{EPISODE}/timeline", HISTORY, "/v1/quality"])
def test_no_answer_fails_where_a_child_does_not_open(story, restarted, dsn, tampering, path):
    change(dsn, tampering)
    assert restarted().get(path).status_code == 200


def test_nothing_is_recorded_about_a_child_whose_key_does_not_open(story, restarted, dsn, recorded):
    change(dsn, NO_KEY)
    answer = restarted().post(event("located", data={"note": "third"}))
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/not-recorded")
    assert recorded() == 5
