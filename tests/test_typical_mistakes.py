"""Each mistake in docs/connecting.md is made, and gets the answer that stands there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.http_client import AUTHORITY, BATCH, STRUCTURED, Api, event
from tests.support.repository import DOCS

pytest_plugins = ["tests.support.http_fixtures"]

AHEAD = "ten minutes ahead"
"""Stands for that time when the event is sent: a long run would overtake one of now."""
MOMENT = {"happened": {"date": "2026-03-01"}}
BINARY = "application/json"
MISTAKES = {
    "a structured event as `application/json`": {"body": event(), "content_type": BINARY},
    "a list of events as one event": {"body": [event()]},
    "one event as a batch": {"body": event(), "content_type": BATCH},
    "no `id`": {"body": event(id=None)},
    "an `id` with a space in it": {"body": event(id="a b")},
    "a `subject` without a namespace": {"body": event(subject="ME-1")},
    "a misspelt type, `retuned`": {"body": event("retuned")},
    "a misspelt member, `categroy`": {"body": event("reported", data={"categroy": "missing"})},
    "no `child`": {"body": event() | {"data": {}}},
    "a child that is a number, `12345`": {"body": event(data={"child": 12345})},
    "a time without an offset": {"body": event(time="2026-03-01T19:30:00")},
    "a day as `time`": {"body": event(time="2026-03-01")},
    "a day as `happened`": {"body": event(time=None, data={"happened": "2026-03-01"})},
    "both `time` and `happened`": {"body": event(data=MOMENT)},
    "neither `time` nor `happened`": {"body": event(time=None)},
    "a word that is not in the list": {"body": event(data={"mode": "taxi"})},
    "a sentence where a code belongs": {"body": event(data={"condition": "Tired and cold."})},
    "empty text for an unknown value": {"body": event(data={"note": ""})},
    "`null` for an unknown value": {"body": event(data={"mode": None})},
    "a time ten minutes ahead": {"body": event(time=AHEAD)},
    "an `id` again with one member more": {"body": event(id="recorded", data={"handling": "normal"})},
    "an event of another child": {"body": event(data={"child": "C2"})},
    "a `source` that is not the token's": {"body": event(source="urn:x:other")},
    "an event of another organisation's episode": {"body": event(subject="E09000001/ME-1")},
    "no token": {"body": event(), "headers": {"Authorization": ""}},
    "`?dryrun=true`": {"body": event(), "query": "?dryrun=true"},
    "`If-Match: *`": {"body": event(), "headers": {"If-Match": "*"}},
    "a batch of 1,001 events": {"body": [event()] * 1001, "content_type": BATCH},
    "a compressed body": {"body": event(), "headers": {"Content-Encoding": "gzip"}},
}


def documented():
    """The rows of the table, by what is sent."""
    section = (
        (DOCS / "connecting.md")
        .read_text("utf-8")
        .partition("### Typical mistakes\n")[2]
        .partition("\n### ")[0]
    )
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")][1:]
    return {sent.strip(): [cell.strip() for cell in answer] for sent, *answer in rows}


TABLE = documented()


def test_every_mistake_that_is_shown_is_made_here():
    assert TABLE.keys() == MISTAKES.keys()


@pytest.fixture
def sender(sign_in) -> Api:
    """A case system of one authority, which has recorded one event."""
    sender = sign_in("recorder", namespace=AUTHORITY, sources=["urn:x:lcs"])
    assert sender.post(event(id="recorded")).status_code == 201
    return sender


@pytest.mark.parametrize("sent", TABLE)
def test_a_mistake_gets_the_answer_that_is_shown(sender, recorded, sent):
    status, reason, place, says = TABLE[sent]
    given, before = {"content_type": STRUCTURED, "query": "", "headers": {}} | MISTAKES[sent], recorded()
    answer = sender.client.post(
        f"/v1/events{given['query']}",
        data=json.dumps(given["body"]).replace(
            AHEAD, (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
        ),
        content_type=given["content_type"],
        headers=sender.headers | given["headers"],
    )
    problem = answer.get_json()
    faults = problem.get("errors", [])
    assert (answer.status_code, problem["type"]) == (int(status), f"/problems/{reason.strip('`')}")
    assert [fault["pointer"] for fault in faults] == ([place.strip("`")] if place else [])
    assert says in problem["detail"] + "".join(fault["detail"] for fault in faults)
    assert recorded() == before
