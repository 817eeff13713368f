"""Waiting for the database: a part may be started before it, and says so instead of failing."""

from __future__ import annotations

import time
from typing import Final

import click
import psycopg

from application.store.migrate import migrations
from interface.cli.support.answer import say
from interface.cli.support.database_errors import unreachable
from interface.cli.support.exit_status import Failed, NoDatabase
from interface.cli.support.signals import Stop

_PAUSE: Final = 1.0

wait_option = click.option(
    "--wait", default=60.0, show_default=True, metavar="SECONDS", type=click.FloatRange(0),
    help="How long to wait for the database.",
)  # fmt: skip


def wait_for_database(dsn: str, patience: float, *, migrated: bool, stop: Stop) -> None:
    """Return when the database answers and (if asked) has every migration that we hold.

    Raise NoDatabase or Failed after `patience` seconds, with what was missing last; Stopped when that is asked.
    """
    until, announced = time.monotonic() + patience, False
    while (missing := _missing(dsn, migrated=migrated)) is not None:
        if time.monotonic() >= until:
            raise missing
        if not announced:
            say(f"Waiting up to {patience:.0f} s. {missing.message}")
            announced = True
        until_next = time.monotonic() + _PAUSE
        while time.monotonic() < until_next:
            stop.pause()


def _missing(dsn: str, *, migrated: bool) -> Failed | None:
    """Return what is missing now; None when nothing is."""
    try:
        with psycopg.connect(dsn, connect_timeout=5) as connection:
            if not migrated:
                return None
            rows = connection.execute("select max(number) from ledger.migrations").fetchall()
    except psycopg.OperationalError as error:
        return NoDatabase(unreachable(error))
    except psycopg.errors.InsufficientPrivilege:
        return Failed("This login may not read the ledger: grant it ledger_service and ledger_follower.")
    except psycopg.errors.UndefinedTable:
        rows = [(0,)]
    newest = migrations()[-1].number
    if (rows[0][0] or 0) >= newest:
        return None
    return Failed(
        f"This database is at migration {rows[0][0] or 0} and needs {newest}: run `ledger migrate`."
    )
