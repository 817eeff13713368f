"""Checks of the PostgreSQL server, whatever is recorded there."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from application.store.database import Database, Unreachable
from application.store.migrate import migrations as held
from interface.cli.commands.doctor.check import Check, bad, ok, warn
from interface.cli.support.database_errors import refusal

_MUST_BE_ON = ("fsync", "full_page_writes")
_LARGE_SORT = """
set local work_mem = '64kB';
select count(*) from (select n from generate_series(1, 20000) n order by md5(n::text) offset 1) sorted
"""
"""About 1 MiB in a temporary file."""
_ROLES = ("ledger_service", "ledger_follower")


def examine(database: Database) -> Iterator[Check]:
    """Every check of the server."""
    yield _version(database)
    yield _safety(database)
    yield _writing(database)
    yield _checksums(database)
    yield _clock(database)
    yield _connections(database)
    yield _roles(database)


def _value(database: Database, setting: str) -> str:
    return str(database.rows("select current_setting(%s)", (setting,))[0][0])


def _version(database: Database) -> Check:
    number = int(_value(database, "server_version_num"))
    finding = f"PostgreSQL {_value(database, 'server_version')}"
    if number < 150000:
        return bad("version", finding, "The ledger needs PostgreSQL 15 or newer.")
    return ok("version", finding)


def _safety(database: Database) -> Check:
    """Check whether what is acknowledged is on disk."""
    off = [name for name in (*_MUST_BE_ON, "synchronous_commit") if _value(database, name) == "off"]
    if off:
        return bad("on disk", f"{', '.join(off)} off", "What was acknowledged can be lost: turn it on.")
    return ok("on disk", f"fsync on, synchronous_commit {_value(database, 'synchronous_commit')}")


def _writing(database: Database) -> Check:
    """Check that the server takes writes, and has room: a large sort writes a temporary file, and leaves nothing."""
    try:
        with database.connection() as connection, connection.transaction():
            if connection.execute("show transaction_read_only").fetchone() == ("on",):
                return bad(
                    "writing",
                    "the database is read-only",
                    "Connect to the primary, or find out what made it so.",
                )
            connection.execute(_LARGE_SORT)
    except (Unreachable, psycopg.Error) as error:
        if (refused := refusal(error)) is None:
            raise
        return bad("writing", *refused)
    return ok("writing", "the database takes writes, and has room for a temporary file")


def _checksums(database: Database) -> Check:
    if _value(database, "data_checksums") == "on":
        return ok("checksums", "on")
    return warn("checksums", "off", "A disk that returns wrong bytes is not noticed: see pg_checksums.")


def _clock(database: Database) -> Check:
    """The difference of the clocks in seconds; above 60 nothing is recorded."""
    began = time.time()
    [(theirs,)] = database.rows("select extract(epoch from clock_timestamp())::float8")
    apart = theirs - (began + time.time()) / 2
    finding = f"the database's is {abs(apart):.1f} s {'ahead of' if apart > 0 else 'behind'} ours"
    if abs(apart) > 60:
        return bad("clocks", finding, "Above 60 s nothing is recorded: set the clocks (NTP).")
    return warn("clocks", finding, "Set the clocks (NTP).") if abs(apart) > 5 else ok("clocks", finding)


def _connections(database: Database) -> Check:
    used, most = database.rows(
        "select count(*), current_setting('max_connections')::int from pg_stat_activity"
    )[0]
    finding = f"{used} of {most} connections"
    if used > 0.8 * most:
        return warn("connections", finding, "Raise max_connections, or look who holds them.")
    return ok("connections", finding)


def _roles(database: Database) -> Check:
    """The roles are there and ours to take, and the service's cannot write entries past the append."""
    there = {
        name
        for (name,) in database.rows("select rolname from pg_roles where rolname = any(%s)", (list(_ROLES),))
    }
    if missing := [name for name in _ROLES if name not in there]:
        return bad("roles", f"{', '.join(missing)} missing", "Run `ledger migrate` as the database's owner.")
    denied = [name for name in _ROLES if not database.rows("select pg_has_role(%s, 'member')", (name,))[0][0]]
    if denied:
        return bad(
            "roles",
            f"{', '.join(denied)} not granted to us",
            f"grant {', '.join(denied)} to the service's login;",
        )
    query = (
        "select bool_or(has_table_privilege(%s, to_regclass(log), 'insert, update, delete, truncate'))"
        " from unnest(array['ledger.entries', 'ledger.access_entries']) log"
    )
    if database.rows(query, (_ROLES[0],))[0][0]:
        return bad(
            "roles",
            f"{_ROLES[0]} may write entries directly",
            "Revoke it: the append function is the only way.",
        )
    return ok("roles", "the service may read and append, and nothing else")


def migrations(database: Database) -> Check:
    """The database has exactly the migrations that this release holds."""
    try:
        applied = dict(database.rows("select number, sha256 from ledger.migrations"))
    except psycopg.errors.UndefinedTable:
        applied = {}
    missing = [each.number for each in held() if each.number not in applied]
    changed = [each.number for each in held() if applied.get(each.number, each.sha256) != each.sha256]
    if missing or changed:
        finding = "; ".join(
            f"{what} {numbers}" for what, numbers in (("missing", missing), ("changed", changed)) if numbers
        )
        return bad(
            "migrations", finding, "Run `ledger migrate`." if missing else "Restore the files as released."
        )
    newer = sorted(set(applied) - {each.number for each in held()})
    if newer:
        return warn("migrations", f"of a newer release: {newer}", "Bring this program to the same release.")
    return ok("migrations", f"all {len(applied)} applied")
