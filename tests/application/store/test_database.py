"""The database side of the store: migrations, roles, the clock, and what the function itself refuses."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from application.recording.ledger import Ledger
from application.store.append import Request, append
from application.store.append_access import append_access
from application.store.database import Database, Unreachable, as_role
from application.store.migrate import Migration, MigrationChanged, migrate, migrations
from domain.errors import NotRecorded
from domain.moment import from_datetime
from tests.support.submission_builder import submission
from tests.support.waiting import PATIENCE


def test_migrations_are_applied_once_each(empty_dsn) -> None:
    assert migrate(empty_dsn) == migrations()
    assert migrate(empty_dsn) == []


def test_processes_that_migrate_together_apply_each_once(empty_dsn) -> None:
    program = f"from application.store.migrate import migrate; print(len(migrate({empty_dsn!r})))"
    started = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(3)]
    applied = [int(process.communicate(timeout=PATIENCE)[0]) for process in started]
    assert sorted(applied) == [0, 0, len(migrations())]


def test_a_changed_applied_file_is_refused(dsn) -> None:
    first, *rest = migrations()
    with pytest.raises(MigrationChanged, match=f"migration 0001 \\({first.name}\\) was changed"):
        migrate(dsn, [first._replace(sql=first.sql + "\n-- a comment"), *rest])


def test_a_failing_file_leaves_nothing_behind(dsn) -> None:
    bad = Migration(9999, "bad", "create table ledger.half (n int); select 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(dsn, [*migrations(), bad])
    with psycopg.connect(dsn) as connection:
        assert connection.execute("select to_regclass('ledger.half')").fetchone() == (None,)


@pytest.mark.parametrize("statement", [
    "insert into ledger.entries select * from ledger.entries",
    "update ledger.entries set line = line",
    "delete from ledger.entries",
    "truncate ledger.entries",
    "update ledger.heads set position = 0",
    "insert into ledger.access_entries select * from ledger.access_entries",
    "update ledger.access_entries set line = line",
    "delete from ledger.access_entries",
    "truncate ledger.access_entries",
    "delete from ledger.access_children",
    "delete from ledger.event_ids",
    "update ledger.children set wrapped_key = null",
    "insert into ledger.credentials (id, token_hash, roles) values ('c_x', 'x', '{auditor}')",
    "alter function ledger.append security invoker",
    "create table ledger.mine (n int)",
    "drop table ledger.entries",
])  # fmt: skip
@pytest.mark.parametrize("role", ["ledger_service", "ledger_follower"])
def test_neither_role_can_write_what_is_recorded(ledger: Ledger, dsn, role, statement) -> None:
    with (
        psycopg.connect(as_role(dsn, role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_follower_cannot_append_and_the_public_sees_nothing(ledger: Ledger, dsn) -> None:
    request = ledger.codec.encode(submission())
    with (
        psycopg.connect(as_role(dsn, "ledger_follower")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        append(connection, [request])
    with (
        psycopg.connect(as_role(dsn, "ledger_follower")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        append_access(connection, [request])
    with psycopg.connect(dsn) as connection:
        connection.execute("create role nobody_in_particular; set role nobody_in_particular")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from ledger.entries")


def test_nothing_is_recorded_before_the_founding(open_ledger) -> None:
    assert refused_with(open_ledger()) == "LG003"


def refused_with(ledger: Ledger) -> str | None:
    """The SQLSTATE with which the database declines to decide at all."""
    with pytest.raises(NotRecorded) as refused:
        ledger.record([submission()], dry_run=True)
    return refused.value.__cause__.sqlstate


def test_a_service_clock_that_is_off_is_refused(ledger: Ledger, monkeypatch) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz=None):  # noqa: ARG003
            return datetime.now(UTC) - timedelta(seconds=61)

    monkeypatch.setattr("application.store.sql_call.datetime", Late)
    assert refused_with(ledger) == "LG001"


def test_why_recording_waits_is_said_once_for_those_who_run_it(open_ledger, caplog) -> None:
    unfounded = open_ledger(deadline=0.5)
    with pytest.raises(NotRecorded):
        unfounded.record([submission(note="Ada Byron")])
    [said] = [
        record.getMessage()
        for record in caplog.records
        if record.name == "application.store.group_commit_writer"
    ]
    assert said.startswith("recording waits: ")
    assert "found" in said
    assert "Byron" not in caplog.text


@pytest.mark.parametrize(("ahead", "taken"), [(4, True), (8, False)])
def test_a_database_clock_behind_the_head_is_bridged_or_refused(ledger: Ledger, dsn, ahead, taken) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "update ledger.heads set recorded_at = clock_timestamp() + %s * interval '1 s' where log = 1",
            (ahead,),
        )
        head = connection.execute("select recorded_at from ledger.heads where log = 1").fetchone()[0]
    if taken:
        [outcome] = ledger.record([submission()])
        assert outcome.receipt.recorded_at == from_datetime(head) + 1
    else:
        assert refused_with(ledger) == "LG002"


def test_times_are_written_in_utc_whatever_the_servers_zone(open_ledger, ledger: Ledger, dsn) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("do $$ begin execute format('alter database %I set timezone = ''Asia/Tokyo''',"
                           " current_database()); end $$")  # fmt: skip
    [outcome] = open_ledger().record([submission()])  # its connections begin in that zone
    [(line,)] = ledger.database.rows("select line from ledger.entries where position = 3")
    said = line.split(b'"recorded_at":"')[1].split(b'"')[0].decode()
    assert from_datetime(datetime.fromisoformat(said)) == outcome.receipt.recorded_at
    assert abs(datetime.now(UTC) - datetime.fromisoformat(said)) < timedelta(minutes=1)


def test_the_bytes_sent_are_the_bytes_stored(ledger: Ledger) -> None:
    tail = b'"salt":"x","odd":"\\\\x41 \\u00e9 \\000 \\"q\\" 1.10"}'
    ledger.entries.append([Request("ledger/test", "ledger", "odd", tail, None)])
    [(line,)] = ledger.database.rows("select line from ledger.entries where position = 3")
    assert line.endswith(b'"version":3,' + tail)


def test_a_wrong_request_fails_alone(ledger: Ledger) -> None:
    good = [ledger.codec.encode(submission()) for _ in range(4)]
    stranger = good[1]._replace(id="s", subject="E08000025/X", child="0" * 32, new_children=())
    nul = good[2]._replace(id="nul\0")
    answers = ledger.entries.append([good[0], stranger, good[1], nul, good[2], good[3]])
    assert [a.status for a in answers] == ["recorded", "failed", "recorded", "failed", "recorded", "recorded"]
    assert [a.position for a in answers] == [3, None, 4, None, 5, 6]


def test_a_time_leads_to_the_last_position_recorded_by_then(ledger: Ledger) -> None:
    receipts = [ledger.record([submission()])[0].receipt for _ in range(5)]
    for receipt in receipts:
        asked = "select ledger.position_at(to_timestamp(0) + %s * interval '1 microsecond')"
        assert ledger.database.rows(asked, (receipt.recorded_at,)) == [(receipt.position,)]
        assert ledger.database.rows(asked, (receipt.recorded_at - 1,)) == [(receipt.position - 1,)]
    assert ledger.database.rows("select ledger.position_at('2000-01-01Z')") == [(0,)]


def test_two_writers_that_see_a_child_first_agree_on_its_id(open_ledger, ledger: Ledger) -> None:
    ledgers = [open_ledger() for _ in range(4)]
    for one in ledgers:  # each makes up an id of its own before any is stored
        one.codec.encode_all([submission(child="P-new")])
    with ThreadPoolExecutor(4) as pool:
        sent = [[submission(episode=f"ME-{n}", child="P-new", note="n")] for n in range(4)]
        outcomes = list(pool.map(lambda pair: pair[0].record(pair[1]), zip(ledgers, sent, strict=True)))
    assert {type(o).__name__ for [o] in outcomes} == {"Recorded"}
    assert ledger.database.rows("select count(*) from ledger.children") == [(1,)]
    assert (
        len(
            {ledger.vault.reference(i.hex) for (i,) in ledger.database.rows("select id from ledger.children")}
        )
        == 1
    )


def test_an_atomic_group_with_a_child_known_elsewhere_is_encoded_again(open_ledger, ledger: Ledger) -> None:
    other = open_ledger()
    other.codec.encode_all([submission(child="P-new")])
    ledger.record([submission(child="P-new")])
    outcomes = other.record([submission("child-linked", same_as="P-4", child="P-new"), submission(child="P-new")],
                            atomic=True)  # fmt: skip
    assert {type(o).__name__ for o in outcomes} == {"Recorded"}


def test_refusals_are_noted_and_forgotten_after_ninety_days(ledger: Ledger, dsn) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "insert into ledger.refusals values (now() - interval '91 days', 'c', 'old', '/', null)"
        )
    note = "select ledger.refused(array['c_1'], array['invalid-event'], array['/data'], array[%s::bytea])"
    ledger.database.rows(note, (ledger.keys.refusal_of("s", "1"),))
    assert ledger.database.rows("select reason from ledger.refusals") == [("invalid-event",)]


def test_a_database_that_is_not_there_is_said_so(tmp_path) -> None:
    with pytest.raises(Exception, match="cannot be reached"):
        Database(f"host={tmp_path} dbname=x", patience=0.1).rows("select 1")


@pytest.mark.slow
def test_a_database_that_is_back_after_long_is_found_at_once(postgres, dsn) -> None:
    database = Database(dsn, patience=2.4)
    assert database.rows("select 1") == [(1,)]
    postgres.stop()
    for _ in range(3):
        with pytest.raises(Unreachable):
            database.rows("select 1")
    postgres.start()
    assert database.rows("select 1") == [(1,)]
    database.close()
