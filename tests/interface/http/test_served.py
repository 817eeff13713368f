"""The service as it is run: `ledger serve` on a socket, the CloudEvents SDK, large and chunked bodies."""

from __future__ import annotations

import http.client
import itertools
import json
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from application.access.credentials import Credentials
from application.store.database import Database
from tests.support.http_client import AUTHORITY, BATCH, STRUCTURED, event
from tests.support.http_service import PATIENCE, service
from tests.support.waiting import until

_EPISODES = itertools.count(1)


@pytest.fixture(scope="module")
def served(databases, tmp_path_factory):
    """The address of the one running service of these tests, and a token for everything."""
    dsn = databases.take()
    database = Database(dsn, "postgres")
    _, token = Credentials(database).new(["recorder", "reader", "manager", "auditor"], purpose="safeguarding")
    database.close()
    headers = {"Authorization": f"Bearer {token}"}
    with (
        service(dsn, tmp_path_factory.mktemp("served")) as (_, address),
        httpx.Client(base_url=address, headers=headers, timeout=PATIENCE) as client,
    ):
        yield client
    databases.give_back(dsn)


@pytest.fixture
def subject():
    """An episode of which nothing is recorded yet."""
    return f"{AUTHORITY}/ME-{next(_EPISODES)}"


def told(subject, name, at, **data):
    """An event of the official SDK."""
    attributes = {"type": f"missing-episode.{name}.v1", "source": "urn:x:sdk", "subject": subject, "time": at}
    return CloudEvent(attributes=attributes, data={"child": "C1"} | data)


def story(subject):
    """An episode from report to interview."""
    note = "caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    return (
        told(subject, "reported", datetime(2026, 3, 1, 22, 30, tzinfo=UTC), category="missing", note=note),
        told(subject, "located", datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),
        told(subject, "returned", datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)),
        told(subject, "interview-held", datetime(2026, 3, 3, 15, 0, tzinfo=UTC)),
    )


@pytest.mark.parametrize("mode", [to_structured_event, to_binary_event])
def test_the_official_sdk_tells_a_story(served, subject, mode):
    for n, message in enumerate(map(mode, story(subject)), start=1):
        answer = served.post("/v1/events", headers=message.headers, content=message.body)
        assert (answer.status_code, answer.json()["version"]) == (201, n), answer.text
        again = served.post("/v1/events", headers=message.headers, content=message.body)
        assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    assert served.get(f"/v1/episodes/{subject}").json()["standing"] == "returned"
    duties = served.get(f"/v1/episodes/{subject}/timeline").json()["obligations"]
    assert {o["verdict"] for o in duties if o["rule"] == "return-interview-held"} == {"met"}
    first = served.get(f"/v1/episodes/{subject}/history").json()["items"][0]
    assert first["event"]["data"]["note"] == "café"


def test_both_modes_of_the_sdk_are_one_event(served, subject):
    sent = story(subject)[0]
    for mode in (to_structured_event, to_binary_event):
        message = mode(sent)
        answer = served.post("/v1/events", headers=message.headers, content=message.body)
    assert (answer.status_code, answer.json()["status"]) == (200, "duplicate")


def test_a_time_that_the_sdk_adds_by_itself_is_explained(served, subject):
    made = CloudEvent(
        attributes={"type": "missing-episode.returned.v1", "source": "urn:x:sdk", "subject": subject},
        data={"child": "C1", "happened": {"date": "2026-03-02"}},
    )
    message = to_structured_event(made)
    answer = served.post("/v1/events", headers=message.headers, content=message.body)
    assert answer.status_code == 422
    assert "left out" in answer.json()["errors"][0]["detail"]


def test_a_batch_of_sdk_events(served, subject):
    body = b"[" + b",".join(to_structured_event(e).body for e in story(subject)) + b"]"
    answer = served.post("/v1/events", headers={"Content-Type": BATCH}, content=body)
    assert (answer.status_code, answer.json()["recorded"]) == (200, 4)


def test_a_body_without_its_length_is_taken(served, subject):
    body = json.dumps(event(subject=subject)).encode()
    answer = served.post(
        "/v1/events", headers={"Content-Type": STRUCTURED}, content=iter([body[:10], body[10:]])
    )
    assert answer.status_code == 201


@pytest.mark.parametrize(("content_type", "size"), [(STRUCTURED, 2_000_000), (BATCH, 17 * 2**20)])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused_however_it_is_sent(served, subject, content_type, size, chunked):
    body = b" " * size
    content = (body[at : at + 65536] for at in range(0, size, 65536)) if chunked else body
    answer = served.post("/v1/events", headers={"Content-Type": content_type}, content=content)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert answer.headers["Connection"] == "close"  # or the next request meets a connection that is ending
    after = served.post("/v1/events", json=event(subject=subject), headers={"Content-Type": STRUCTURED})
    assert after.status_code == 201


def test_who_does_not_look_up_before_all_is_sent_reads_the_refusal_too(served):
    connection = http.client.HTTPConnection(served.base_url.host, served.base_url.port, timeout=PATIENCE)
    headers = {"Authorization": served.headers["Authorization"], "Content-Type": BATCH}
    connection.request("POST", "/v1/events", b" " * (40 * 2**20), headers)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_far_over_the_limit_is_not_waited_for(served):
    connection = http.client.HTTPConnection(served.base_url.host, served.base_url.port, timeout=PATIENCE)
    connection.putrequest("POST", "/v1/events")
    connection.putheader("Authorization", served.headers["Authorization"])
    connection.putheader("Content-Type", STRUCTURED)
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders(b"{")
    assert connection.getresponse().status == 413
    connection.close()


def test_headers_are_known_in_any_case_and_non_ascii_ones_are_refused(served, subject):
    sent = event(subject=subject)
    headers = {f"cE-{n.upper()}": v for n, v in sent.items() if n != "data"}
    assert served.post("/v1/events", headers=headers, json=sent["data"]).status_code == 201
    raw = {**headers, "cE-SUBJECT": f"{AUTHORITY}/caf\xe9".encode("latin-1")}
    answer = served.post("/v1/events", headers=raw, json=sent["data"])
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-cloudevent")


def test_who_hangs_up_and_sends_again_is_recorded_once(served, subject):
    body = json.dumps(event(subject=subject)).encode()
    for _ in range(5):
        connection = http.client.HTTPConnection(served.base_url.host, served.base_url.port, timeout=PATIENCE)
        headers = {"Authorization": served.headers["Authorization"], "Content-Type": STRUCTURED}
        connection.request("POST", "/v1/events", body, headers)
        connection.close()
    answer = served.post("/v1/events", content=body, headers={"Content-Type": STRUCTURED})
    assert answer.status_code in {200, 201}
    assert answer.json()["version"] == 1
    assert len(served.get(f"/v1/episodes/{subject}/history").json()["items"]) == 1


def test_the_workers_of_a_killed_service_end_too_and_leave_its_port(dsn, tmp_path):
    with service(dsn, tmp_path) as (process, address):
        process.kill()
        until(lambda: not answers(address))


def answers(address):
    """Whether anybody listens there."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/livez", timeout=PATIENCE).status_code == 200
    return False
