"""What was refused is counted, and nothing personal is kept of it (events.md 4)."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.http_client import BATCH, event

pytest_plugins = ["tests.support.http_fixtures"]


@pytest.fixture
def kept(dsn):
    """Reason and pointer of each refusal kept, and whether the event could be recognised."""

    def kept():
        with psycopg.connect(dsn) as connection:
            return connection.execute(
                "select reason, pointer, event_hash is not null from ledger.refusals order by reason"
            ).fetchall()

    return kept


def test_a_refused_event_is_kept_by_reason_and_place(api, kept):
    api.post(event(data={"mode": "by bus"}))
    assert kept() == [("invalid-event", "/data/mode", True)]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"Jane Smith": "x"}, "/data"),
        ({"setting": {"Jane~1Smith": "x"}}, "/data/setting"),
        ({"asserted_by": {"role": ""}}, "/data/asserted_by/role"),
    ],
)
def test_a_member_name_that_nobody_knows_is_not_kept(api, kept, data, pointer):
    assert api.post(event(data=data)).status_code == 422
    assert kept() == [("invalid-event", pointer, True)]


def test_what_cannot_be_told_apart_is_kept_too(api, kept):
    api.post(b"{")
    api.post(b"[]", "text/plain")
    api.post(b"{}", BATCH)
    assert kept() == [("invalid-cloudevent", "", False), ("invalid-json", "", False)]


def test_a_batch_keeps_each_of_its_refusals(api, kept):
    api.batch([event(), event(id=None), event(data={"child": "C2"})])
    assert kept() == [("child-differs", "", True), ("invalid-cloudevent", "/id", False)]


def test_a_role_that_is_missing_is_kept(sign_in, kept):
    sign_in("reader").post(event())
    assert kept() == [("forbidden", "", False)]


def test_a_dry_run_keeps_nothing(api, kept):
    api.post(event(data={"mode": "by bus"}), query="?dry_run=true")
    assert kept() == []


def test_the_same_event_is_recognised_and_hidden(api, dsn):
    bad = event(id="Jonathan", data={"mode": "by bus"})
    api.post(bad)
    api.post(bad)
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select event_hash, refusals::text from ledger.refusals").fetchall()
    assert len({bytes(digest) for digest, _ in rows}) == 1
    assert not any("Jonathan" in row for _, row in rows)
