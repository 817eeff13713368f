"""What is asked over HTTP and cannot be meant: each names the parameter, and says what would be right."""

from __future__ import annotations

import pytest

from application.projections.follower import Follower
from tests.support.http_client import SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

BACKWARDS = "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"
EMPTY = "from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z"


@pytest.fixture
def told(api, dsn):
    """One child, back. The position."""
    api.post(event("reported", time="2026-03-01T22:00:00Z"))
    api.post(event("returned", time="2026-03-01T23:00:00Z"))
    return Follower(dsn).catch_up()


@pytest.mark.parametrize(
    ("path", "pointer", "words"),
    [
        (f"episodes?{BACKWARDS}", "/to", "ends before it starts: give a `to` that is later"),
        (f"episodes?{EMPTY}", "/to", "ends before it starts"),
        (f"measures?{BACKWARDS}", "/to", "ends before it starts"),
        (f"access/summary?{BACKWARDS}", "/to", "ends before it starts"),
        ("episodes?as_at=2026-03-01T21:59:59Z", "/as_at", "Give a later time."),
        ("obligations?as_at=2026-03-01T21:59:59Z", "/as_at", "No episode had started by `as_at`."),
        ("quality?as_at=2026-03-01T21:59:59Z", "/as_at", "No episode had started by `as_at`."),
        ("measures?as_at=2026-03-01T21:59:59Z", "/as_at", "No episode had started by `as_at`."),
        ("measures?as_at=1999-01-01T00:00:00Z", "/from", "before 2000"),
        ("measures?set=survey&group_by=month", "/set", "neither group_by nor measure"),
        ("measures/repeat/episodes?group=x", "/group", "needs group_by as well"),
        ("episodes?cursor=AAAA", "/cursor", "must be the `next` of an answer to the same question"),
        ("obligations/changes?to=3", "/from", "is needed: a position"),
        ("obligations/changes?from=3", "/to", "is needed: a position"),
        ("obligations/changes?from=4&to=3", "/from", "must not be after to"),
        ("obligations/changes?from=1&to=99", "/to", "past the last entry, which is entry 4"),
        ("ledger/consistency?to=3", "/from", "must be given: the size of a checkpoint that you kept"),
        ("ledger?size=3", "/size", "is not a parameter of this route; it takes none"),
        ("ledger/checkpoint?size=3", "/size", "is not a parameter of this route; it takes witnessed"),
        ("access/checkpoint?size=3", "/size", "is not a parameter of this route; it takes witnessed"),
    ],
)
def test_it_is_refused_by_name_with_what_would_be_right(api, told, path, pointer, words):
    answer = api.get(f"/v1/{path}")
    body = answer.get_json()
    assert (answer.status_code, body["type"]) == (400, "/problems/invalid-query")
    assert words in body["detail"]
    assert pointer in [error["pointer"] for error in body["errors"]]


def test_an_episode_that_was_not_known_then_says_so(api, told):
    for more in ("", "/history", "/timeline"):
        answer = api.get(f"/v1/episodes/{SUBJECT}{more}?known_at=position:2")
        assert answer.status_code == 404
        assert answer.get_json()["detail"] == "There is no such episode, as known at position 2."
    detail = api.get(f"/v1/episodes/{SUBJECT}0").get_json()["detail"]
    assert detail == "There is no such episode."


@pytest.mark.parametrize("tag", ["*", "3", 'W/"3"', '"x"'])
def test_a_header_is_named_too(api, tag):
    answer = api.post(event(), headers={"If-Match": tag})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/If-Match"]


def test_as_at_the_beginning_of_the_first_episode_is_answered(api, told):
    found = api.get("/v1/episodes?as_at=2026-03-01T22:00:00Z").get_json()
    assert [item["standing"] for item in found["items"]] == ["missing"]


def test_an_empty_ledger_is_answered_as_at_any_time(api, dsn):
    Follower(dsn).catch_up()
    assert api.get("/v1/episodes?as_at=2026-03-01T22:00:00Z").get_json()["items"] == []


def test_a_route_that_is_not_there_says_where_to_look(api):
    answer = api.get("/v1/episode")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "/problems/not-found")
    assert answer.get_json()["detail"] == "There is no such route: /docs lists the routes."


def test_a_method_that_is_not_taken_says_which_are(api):
    answer = api.client.put("/v1/events", headers=api.headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.get_json()["detail"] == "This route takes POST."
    answer = api.client.delete(f"/v1/episodes/{SUBJECT}", headers=api.headers)
    assert answer.get_json()["detail"] == "This route takes GET, HEAD."
