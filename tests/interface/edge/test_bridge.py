"""Answers that are streamed, clients that do not read them, and a stop while something is in flight."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.edge_application import CHUNK, edge
from tests.support.http_service import PATIENCE
from tests.support.raw_http import RawClient, request
from tests.support.waiting import until

MIB = 2**20


@pytest.fixture
def one_thread(tmp_path, monkeypatch):
    """A server with a single thread, which gives a client two seconds."""
    with edge(tmp_path, monkeypatch, threads=1, seconds=2) as server:
        yield server.ready()


def test_a_stream_arrives_whole_and_takes_no_memory(one_thread):
    one_thread.get("/stream?chunks=10")
    before = int(one_thread.get("/memory").text)
    with httpx.stream("GET", f"{one_thread.address}/stream?chunks=1000", timeout=PATIENCE) as answer:
        assert answer.headers["transfer-encoding"] == "chunked"
        assert sum(map(len, answer.iter_bytes())) == 1000 * len(CHUNK)
    assert int(one_thread.get("/memory").text) - before < 32 * MIB


@pytest.mark.slow
def test_who_does_not_read_a_stream_holds_no_thread_and_is_cut_off(one_thread, tmp_path):
    slow = [RawClient(one_thread.address, buffer=4096) for _ in range(8)]
    for client in slow:
        client.send(request("GET", "/stream?chunks=100000"))
    assert one_thread.get("/quick").text == "quick"
    assert int(one_thread.get("/memory").text) < 512 * MIB
    until((tmp_path / "closed").exists)
    for client in slow:
        assert b"\r\n0\r\n\r\n" not in client.ended()[-16:]  # nobody takes it for the whole
    assert one_thread.get("/quick").text == "quick"


def test_a_stream_that_fails_is_seen_to_be_cut_off(one_thread):
    with pytest.raises(httpx.RemoteProtocolError):
        one_thread.get("/stream?chunks=3&failing=1")
    assert one_thread.get("/quick").text == "quick"


def test_a_client_that_leaves_ends_its_stream(one_thread, tmp_path):
    client = RawClient(one_thread.address).send(request("GET", "/stream?chunks=100000"))
    client.answer()
    client.close()
    until((tmp_path / "closed").exists)


def test_what_is_in_flight_is_answered_before_the_server_stops(tmp_path, monkeypatch):
    with edge(tmp_path, monkeypatch) as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.ready().get, "/slow")
        until((tmp_path / "begun").exists)
        server.stop.set()
        until(lambda: _refused(server))
        (tmp_path / "go").touch()
        assert waiting.result().text == "slow"


def _refused(server):
    """Return whether nobody takes new connections. Those that wait in the queue of the socket are not answered."""
    try:
        httpx.get(f"{server.address}/quick", timeout=0.2)
    except httpx.TransportError:
        return True
    return False
