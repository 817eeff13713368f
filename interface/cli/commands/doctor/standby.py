"""Check of the standbys: whether one has all that is acknowledged."""

from __future__ import annotations

from typing import Final

import psycopg

from application.store.database import Database
from application.store.standby import MISSING, require_standby
from interface.cli.commands.doctor.check import Check, bad, ok
from interface.settings import Settings

_NAMES: Final = "select application_name, coalesce(sync_state, 'unknown') from pg_stat_replication order by 1"


def examine(database: Database, settings: Settings) -> Check:
    """Who is connected, and how; bad when a synchronous one is asked for and is not in place."""
    names = [f"{name} ({state})" for name, state in database.rows(_NAMES)]
    finding = ", ".join(names) or "none connected"
    if not settings.standby:
        return ok("standby", finding)
    try:
        with database.connection() as connection:
            require_standby(connection)
    except psycopg.Error as error:
        if error.sqlstate != MISSING:
            raise
        return bad("standby", f"{error.diag.message_primary}: {finding}",
                   "Nothing is acknowledged until then: look at it, and at synchronous_standby_names.")  # fmt: skip
    return ok("standby", finding)
