"""Whatever a client does to its own connection: it is told what was wrong, and others are served."""

from __future__ import annotations

import json
import resource
from contextlib import ExitStack

import httpx
import pytest

from application.access.credentials import Credentials
from application.store.database import Database
from tests.support.http_client import STRUCTURED, event
from tests.support.http_service import PATIENCE, service
from tests.support.raw_http import RawClient, request

SECONDS = 4
"""What a request may take here."""
TYPE = ("Content-Type", STRUCTURED)


@pytest.fixture(scope="module")
def served(databases, tmp_path_factory):
    """A service that gives a request few seconds and takes few connections: its address, and a recorder's token."""
    dsn = databases.take()
    database = Database(dsn, "postgres")
    _, token = Credentials(database).new(["recorder"])
    database.close()
    settings = {"REQUEST_SECONDS": str(SECONDS), "CONNECTIONS": "1100"}
    with service(dsn, tmp_path_factory.mktemp("edge"), **settings) as (_, address):
        yield address, ("Authorization", f"Bearer {token}")
    databases.give_back(dsn)


@pytest.fixture(scope="module", autouse=True)
def _many_files():
    """Room for a thousand sockets in this process."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def connect(served):
    """Connect to the service; everything is closed after the test."""
    with ExitStack() as closing:

        def connect(*parts, buffer=None):
            client = RawClient(served[0], buffer)
            closing.callback(client.close)
            return client.send(*parts)

        yield connect


@pytest.fixture
def head(served):
    """The head of a POST of an event of 500 bytes."""
    return request("POST", "/v1/events", (served[1], TYPE, ("Content-Length", 500)))


def problem(answer, status, kind):
    """It is this problem, in the form of all."""
    found, headers, body = answer
    document = json.loads(body)
    assert (found, document["status"], document["type"]) == (status, status, f"/problems/{kind}")
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert document["instance"] == f"urn:uuid:{headers['correlation-id']}"
    return headers


def recorded(served):
    """Return the status of a POST by somebody else."""
    address, token = served
    answer = httpx.post(f"{address}/v1/events", json=event(), headers=dict([token, TYPE]), timeout=PATIENCE)
    return answer.status_code


@pytest.mark.slow
def test_a_thousand_connections_that_stop_within_a_body_hold_nobody_up(served, connect, head):
    silent = [connect(head, b'{"specversion"') for _ in range(1000)]
    assert [recorded(served) for _ in range(5)] == [201] * 5
    for client in silent:
        assert problem(client.answer(), 408, "too-slow")["connection"] == "close"
        assert client.answer() is None
    assert recorded(served) == 201


@pytest.mark.parametrize("sent", [b"P", b"POST /v1/events HTTP/1.1\r\nHost:", b"\r\n"])
def test_half_a_head_is_told_that_it_was_too_slow(connect, sent):
    problem(connect(sent).answer(), 408, "too-slow")


def test_who_says_nothing_is_told_nothing(connect):
    assert connect().ended() == b""


def test_a_body_that_trickles_is_refused_though_it_never_stops(connect, head):
    client = connect(head)
    client.socket.settimeout(0.05)
    while client.send(b" "):
        try:
            if client._receive():
                break
        except TimeoutError:
            pass
    client.socket.settimeout(PATIENCE)
    problem(client.answer(), 408, "too-slow")


@pytest.mark.slow
def test_who_does_not_read_answers_is_cut_off(served, connect):
    client = connect(request("GET", "/openapi.json") * 200, buffer=4096)
    client.socket.settimeout(0.1)
    assert recorded(served) == 201
    client.socket.settimeout(PATIENCE)
    sent_until_reset(client)
    assert recorded(served) == 201


def sent_until_reset(client):
    """Send, and read nothing, until the other side has closed the connection."""
    try:
        while True:
            client.socket.sendall(b"x" * 65536)
    except (BrokenPipeError, ConnectionResetError):
        pass


def test_when_there_are_too_many_the_one_that_keeps_us_waiting_longest_makes_room(served, connect, head):
    for _ in range(1300):
        connect(head)
    assert recorded(served) == 201


BOTH_LENGTHS = b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /v1/events HTTP/1.1\r\nHost: a\r\n" + BOTH_LENGTHS + b"\r\n0\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: a\r\nName : value\r\n\r\n",
        b"GET / v1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"nothing of the kind\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_as_everything_else_is(served, connect, sent):
    client = connect(sent)
    assert problem(client.answer(), 400, "invalid-request")["connection"] == "close"
    assert client.answer() is None
    assert recorded(served) == 201


@pytest.mark.parametrize(
    "sent", [request("GET", "/" + "a" * 40_000), request("GET", "/livez", [("X", "a" * 2_000_000)])]
)
def test_a_head_of_any_length_is_not_read(connect, sent):
    problem(connect(sent).answer(), 431, "head-too-large")


def test_requests_that_are_sent_together_are_answered_in_order(connect):
    client = connect(request("GET", "/livez") + request("GET", "/nowhere") + request("GET", "/livez"))
    assert [client.answer()[0] for _ in range(3)] == [200, 404, 200]


def test_a_request_is_answered_although_nonsense_follows(connect):
    client = connect(request("GET", "/readyz") + b"nonsense\r\n\r\n")
    assert client.answer()[0] == 200
    assert client.answer() is None


def test_a_client_that_asks_for_another_protocol_stays_with_this_one(served, connect):
    body = json.dumps(event()).encode()
    asks = [
        served[1],
        TYPE,
        ("Connection", "Upgrade, HTTP2-Settings"),
        ("Upgrade", "h2c"),
        ("HTTP2-Settings", "AAMAAABk"),
    ]
    client = connect(request("POST", "/v1/events", asks, body))
    assert client.answer()[0] == 201
    assert client.send(request("GET", "/livez")).answer()[0] == 200


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(served, connect):
    body = json.dumps(event()).encode()
    asks = [served[1], TYPE, ("Expect", "100-continue"), ("Content-Length", len(body))]
    client = connect(request("POST", "/v1/events", asks))
    assert client.answer()[0] == 100
    assert client.send(body).answer()[0] == 201


def test_a_header_with_an_underscore_passes_for_no_other(served, connect):
    client = connect(
        request("POST", "/v1/events", [("Authorization_", "x"), ("Content_Type", STRUCTURED)], b"{}")
    )
    problem(client.answer(), 401, "unauthenticated")


def test_a_target_with_its_host_is_the_same_route(connect):
    assert connect(request("GET", "http://ledger.example/livez")).answer()[0] == 200
