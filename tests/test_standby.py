"""LEDGER_DURABILITY=standby on two real servers: what is acknowledged, the standby has."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from application.access.credentials import Credentials
from application.crypto.keys import Keys
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.recording.ledger import Ledger
from application.recording.outcomes import Duplicate, Recorded
from application.store.database import Database
from application.store.logs import EPISODES
from application.store.migrate import migrate
from domain.errors import NotRecorded
from domain.rules.rulebook import england
from interface.cli import main
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from tests.support.http_client import ALL_ROLES, SUBJECT, Api, event
from tests.support.primary_and_standby import Pair, rows, standby_of
from tests.support.submission_builder import submission
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.slow

_NUMBERS = itertools.count(1)
HASTE = 1.0
"""Seconds for which somebody tries who is not to get an answer."""
ENTRIES = "select position, convert_from(line, 'UTF8') from ledger.entries order by position"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two servers with the database `ledger`, migrated, to copy the tests' own from."""
    made = Pair(tmp_path_factory.mktemp("pair"))
    try:
        migrate(made.primary.dsn)
        yield made
    finally:
        made.remove()


@pytest.fixture
def database(pair):
    """The name of a migrated database of the pair's, in which nothing is recorded."""
    name = f"t{next(_NUMBERS)}"
    rows(make_conninfo(pair.primary.dsn, dbname="postgres"), f"create database {name} template ledger")
    return name


@pytest.fixture
def opened(pair, database, keys):
    """Open a ledger, which is founded, and acknowledges only what a standby has; `deadline` in seconds."""
    held = []

    def open_(deadline=PATIENCE):
        held.append(Ledger(pair.dsn(database), keys, "test", standby=True, deadline=deadline))
        return held[-1]

    open_().initialise(england().text)
    yield open_
    for ledger in held:
        ledger.close()


@pytest.fixture
def served(pair, database):
    """Serve a ledger to somebody with every role."""
    with closing(Database(pair.dsn(database), None)) as owner:
        _, token = Credentials(owner).new(ALL_ROLES)
    return lambda ledger: Api(create_app(wire(ledger, Settings())).test_client(), token)


def kept(server, database):
    """Every entry's position and line, as a server shows them."""
    return rows(make_conninfo(server.dsn, dbname=database), ENTRIES)


def test_what_is_acknowledged_is_on_the_standby(pair, database, opened):
    [outcome] = opened().record([submission()])
    assert isinstance(outcome, Recorded)
    pair.replayed()
    assert kept(pair.standby, database) == kept(pair.primary, database)
    assert len(kept(pair.standby, database)) == 3


def test_without_the_standby_nothing_is_written_and_who_asks_is_told_why(pair, database, opened, served):
    api, hasty, sent = served(opened()), served(opened(HASTE)), event(id="e1")
    assert api.post(event(id="e0")).status_code == 201
    pair.stop_standby()
    try:
        refused, unread = hasty.post(sent), hasty.get(f"/v1/episodes/{SUBJECT}", Purpose="audit")
        written = kept(pair.primary, database)
    finally:
        pair.start_standby()
    assert refused.status_code == 503
    assert refused.get_json()["type"] == "/problems/not-recorded"
    assert refused.get_json()["detail"] == "No synchronous standby is in place; send the same again."
    assert (unread.status_code, unread.get_json()["type"]) == (503, "/problems/not-recorded")
    assert len(written) == 3, "nothing since the standby has gone"
    assert api.post(sent).status_code == 201
    assert len(kept(pair.primary, database)) == 4
    assert api.get(f"/v1/episodes/{SUBJECT}", Purpose="audit").status_code == 200


def test_a_cancelled_wait_acknowledges_nothing_and_the_same_again_is_recorded_once(pair, database, opened):
    ledger, hasty, sent = opened(), opened(HASTE), submission()
    with ThreadPoolExecutor(1) as pool, pair.held():
        answer = pool.submit(hasty.record, [sent])
        first = pair.cancel("ledger.append")
        until(lambda: pair.waiting() not in ([], [first]))  # it was sent again, and waits again
        with pytest.raises(NotRecorded):
            answer.result()
        assert len(kept(pair.primary, database)) == 3, "PostgreSQL itself called it a success"
    [outcome] = ledger.record([sent])
    assert isinstance(outcome, Duplicate)
    assert outcome.receipt.position == 3
    assert len(kept(pair.primary, database)) == 3


def test_a_wait_that_ends_because_nobody_is_to_be_waited_for_acknowledges_nothing(pair, database, opened):
    ledger, hasty, sent = opened(), opened(HASTE), submission()
    try:
        with ThreadPoolExecutor(1) as pool, pair.held():
            answer = pool.submit(hasty.record, [sent])
            until(pair.waiting)
            pair.wait_for("")
            with pytest.raises(NotRecorded):
                answer.result()
    finally:
        pair.wait_for("node_b")
    assert isinstance(ledger.record([sent])[0], Duplicate)
    assert len(kept(pair.primary, database)) == 3


def test_nothing_is_sealed_or_shown_that_the_standby_does_not_have(pair, database, opened, keys, tmp_path):
    ledger, outside = opened(), CheckpointFile(tmp_path / "checkpoint")
    sealer = Sealer(pair.dsn(database), EPISODES, lambda _: keys.signer(ledger.origin), outside, standby=True)
    pair.stop_standby()
    try:
        with pytest.raises(psycopg.Error, match="no synchronous standby is in place"):
            sealer.catch_up()
    finally:
        pair.start_standby()
    assert rows(make_conninfo(pair.primary.dsn, dbname=database), "select from ledger.checkpoints") == []
    with ThreadPoolExecutor(1) as pool, pair.held():
        sealed = pool.submit(sealer.catch_up)
        pair.cancel("ledger.seal")
        pair.cancel("pg_logical_emit_message")
        with pytest.raises(psycopg.OperationalError, match="not known to be durable"):
            sealed.result()
        assert outside.read() is None
    assert sealer.catch_up() == 2
    assert outside.read() is not None


def test_a_session_whose_commits_wait_for_nobody_is_refused(pair, database, keys):
    dsn = make_conninfo(pair.dsn(database), options="-c synchronous_commit=local")
    ledger = Ledger(dsn, keys, "test", standby=True, deadline=HASTE)
    with pytest.raises(NotRecorded, match="synchronous_commit is local"):
        ledger.initialise(england().text)
    ledger.close()
    assert kept(pair.primary, database) == []


def test_an_owner_who_cannot_see_the_standbys_is_told_what_to_grant(dsn, keys):
    rows(dsn, "create role ledger_plain nologin")
    rows(dsn, "alter function ledger.require_standby owner to ledger_plain")
    ledger = Ledger(dsn, keys, "test", standby=True, deadline=HASTE)
    try:
        with pytest.raises(NotRecorded, match="grant pg_read_all_stats"):
            ledger.initialise(england().text)
    finally:
        ledger.close()
        rows(dsn, "reassign owned by ledger_plain to postgres")
        rows(dsn, "drop role ledger_plain")


def test_after_a_crash_and_a_promotion_all_that_was_acknowledged_is_there(tmp_path, keys):
    pair = Pair(tmp_path)
    try:
        migrate(pair.primary.dsn)
        ledger = Ledger(pair.dsn("ledger"), keys, "test", standby=True, deadline=PATIENCE)
        hasty = Ledger(pair.dsn("ledger"), keys, "test", standby=True, deadline=HASTE)
        ledger.initialise(england().text)
        sent = [submission(episode=f"ME-{n}") for n in range(20)]
        receipts = [ledger.record([one])[0].receipt for one in sent]
        unsure = submission()
        with pair.held(), pytest.raises(NotRecorded):
            hasty.record([unsure])
        pair.lose_primary()
        with pytest.raises(NotRecorded):  # not even a duplicate: the new primary has no standby yet
            hasty.record(sent)
        third = standby_of(pair.standby, tmp_path / "c", "node_c")
        try:
            pair.wait_for("node_c", pair.standby)
            outcomes = ledger.record([*sent, unsure])
            assert [outcome.receipt for outcome in outcomes[:-1]] == receipts
            assert all(isinstance(outcome, Duplicate) for outcome in outcomes[:-1])
            positions = [position for position, _ in kept(pair.standby, "ledger")]
            assert positions == list(range(1, 24))
            for opened in (ledger, hasty):
                opened.close()
        finally:
            third.remove()
    finally:
        pair.remove()


def test_the_doctor_says_which_promise_is_made_and_whether_the_standby_is_there(
    pair, database, tmp_path, monkeypatch, capsys
):
    Keys.new(tmp_path / "ledger.keys")
    monkeypatch.setenv("LEDGER_DSN", pair.dsn(database))
    monkeypatch.setenv("LEDGER_KEYS", str(tmp_path / "ledger.keys"))

    def checks():
        main(["doctor", "--json"])
        found = json.loads(capsys.readouterr().out)["checks"]
        by_name = {check["name"]: (check["level"], check["finding"]) for check in found}
        return by_name["durability"], by_name["standby"]

    local, there = checks()
    assert "a failover is a restore" in local[1]
    assert there == ("ok", "node_b (sync)")
    monkeypatch.setenv("LEDGER_DURABILITY", "standby")
    promise, there = checks()
    assert "synchronous standby has it too" in promise[1]
    assert there == ("ok", "node_b (sync)")
    pair.stop_standby()
    try:
        assert checks()[1] == ("bad", "no synchronous standby is in place: none connected")
    finally:
        pair.start_standby()
