"""The database falls silent under a running service: it answers, says so, and is back as soon as the database is."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from application.access.credentials import Credentials
from application.store.database import Database
from tests.support.http_client import STRUCTURED, SUBJECT, event
from tests.support.http_service import PATIENCE, service
from tests.support.silent_proxy import SilentProxy
from tests.support.waiting import until

pytestmark = pytest.mark.slow

LONG = 20
"""Seconds in which something surely comes that takes ten at most on a machine with nothing else to do."""


@pytest.fixture
def proxy(dsn):
    """A way to the test's database that can fall silent."""
    proxy = SilentProxy(dsn)
    yield proxy
    proxy.close()


@pytest.fixture
def served(dsn, proxy, tmp_path):
    """A service that reaches its database by the proxy, and has connections open."""
    database = Database(dsn, "postgres")
    _, token = Credentials(database).new(["recorder", "reader"], purpose="safeguarding")
    database.close()
    headers = {"Authorization": f"Bearer {token}"}
    limits = httpx.Limits(max_connections=200)
    with (
        service(proxy.dsn, tmp_path) as (_, address),
        httpx.Client(base_url=address, headers=headers, timeout=PATIENCE, limits=limits) as client,
    ):
        assert post(client, "before") == 201
        yield client


def post(client, id_):
    answer = client.post("/v1/events", json=event(id=id_), headers={"Content-Type": STRUCTURED})
    if answer.status_code == 503:
        assert answer.json()["type"] == "/problems/not-recorded"
        assert answer.headers["Retry-After"].isdigit()
    return answer.status_code


def within(seconds, call):
    began = time.monotonic()
    answer = call()
    assert time.monotonic() - began < seconds
    return answer


def test_silent_connections_are_replaced_while_new_ones_work(served, proxy):
    for id_ in ("first", "second"):
        proxy.fall_silent()
        assert within(LONG, lambda id_=id_: post(served, id_)) == 201
        proxy.fall_silent()
        assert within(LONG, lambda: served.get(f"/v1/episodes/{SUBJECT}").status_code) == 200
        proxy.fall_silent()
        assert within(LONG, lambda: served.get("/readyz").status_code) == 200
    history = served.get(f"/v1/episodes/{SUBJECT}/history").json()["items"]
    assert [item["event"]["id"] for item in history] == ["before", "first", "second"]


def test_while_new_connections_are_silent_too_everybody_is_answered(served, proxy):
    proxy.fall_silent(new=True)
    with ThreadPoolExecutor(100) as clients:
        posted = [clients.submit(within, LONG, lambda n=n: post(served, f"event-{n}")) for n in range(100)]
        assert within(LONG, lambda: served.get("/readyz").status_code) == 503
        assert within(LONG, lambda: served.get("/livez").status_code) == 200
        assert {one.result() for one in posted} == {503}
    proxy.recover()
    within(LONG, lambda: until(lambda: served.get("/readyz").status_code == 200))
    within(LONG, lambda: until(lambda: post(served, "after") in {200, 201}))
    assert [post(served, f"event-{n}") in {200, 201} for n in range(3)] == [True] * 3
    history = served.get(f"/v1/episodes/{SUBJECT}/history").json()["items"]
    ids = [item["event"]["id"] for item in history]
    assert len(ids) == len(set(ids))
