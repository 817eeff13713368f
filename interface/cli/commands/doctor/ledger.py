"""Checks of what is recorded, and of what is derived from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from application.access.credentials import Credentials
from application.crypto.keys import KeysUnusable
from application.projections.not_assessable import examples
from application.projections.progress import lag
from application.recording.ledger import WrongLedger
from application.store import clock
from application.store import tree_rows as tree
from application.store.database import Database
from application.store.logs import ACCESSES, EPISODES, Log
from interface.cli.commands.doctor.check import Check, bad, ok, warn
from interface.settings import Settings, SettingsError
from interface.wiring.open_ledger import opened

_FAR: Final = 1000
"""Entries behind, from which on a follower seems not to work."""
_SLOW: Final = 60
"""Seconds that an entry waits for a checkpoint, from which on nothing seems to seal."""
_AGE: Final = "select extract(epoch from clock_timestamp() - recorded_at)::float8"
"""Seconds since an entry was recorded."""
_SOON: Final = 14 * 86_400_000_000
"""Microseconds before it expires within which a credential is named."""


def examine(database: Database, settings: Settings) -> Iterator[Check]:
    """Every check of a migrated database."""
    size = int(database.rows("select position from ledger.heads where log = 1")[0][0])
    yield from _halted(database)
    if size == 0:
        yield warn("ledger", "nothing is recorded yet", "`ledger serve` founds it at its first start.")
    else:
        yield _ledger(settings)
        yield _entries(database, size)
        yield _sealed(database, EPISODES, size)
    yield from _accesses(database)
    yield from _following(database)
    yield _indexes(database)
    yield _refusals(database)
    yield _credentials(database)
    yield _size(database)


def _halted(database: Database) -> Iterator[Check]:
    """Said only where it is so: the database came back as another state than was released."""
    for (since,) in database.rows("select since from ledger.halts"):
        yield bad("recording", f"stopped since {since:%Y-%m-%d %H:%M:%S%z}: this is not the state that was released",
                  "Restore a later backup, or `ledger verify`, then `ledger recover`.")  # fmt: skip


def _ledger(settings: Settings) -> Check:
    """Whose ledger it is: that of our name and secrets."""
    try:
        with opened(settings) as ledger:
            ledger.initialise("")  # something is recorded, so this only compares
    except (KeysUnusable, SettingsError):
        return warn("ledger", "not compared: the secrets cannot be read", "See the line on secrets.")
    except WrongLedger as error:
        return bad("ledger", str(error), "Set LEDGER_NAME and LEDGER_KEYS to those that it was founded with.")
    return ok("ledger", f"{settings.name}, founded with these secrets")


def _entries(database: Database, size: int) -> Check:
    """The log ends where its head says, and its clock has not run away."""
    query = (
        "select max(position), extract(epoch from max(recorded_at) - clock_timestamp())::float8 from ledger.entries"
        " where position >= %s"
    )
    last, ahead = database.rows(query, (size,))[0]
    if last != size:
        return bad(
            "entries", f"the head is at {size:,} and the last entry at {last}", "Stop recording, and restore."
        )
    if ahead > 5:
        return bad("entries", f"the last is {ahead:.0f} s ahead of the database's clock",
                   "Nothing is recorded until the clock has come there: set it (NTP).")  # fmt: skip
    return ok("entries", f"{size:,}")


def _accesses(database: Database) -> Iterator[Check]:
    """The access log ends where its head says, and is sealed."""
    query = (
        "select position, coalesce((select max(e.position) from ledger.access_entries e), 0)"
        " from ledger.heads where log = 2"
    )
    size, last = database.rows(query)[0]
    if last == size:
        yield ok("access log", f"{size:,}")
    else:
        yield bad(
            "access log",
            f"the head is at {size:,} and the last entry at {last:,}",
            "Stop serving, and restore.",
        )
    yield _sealed(database, ACCESSES, size)


def _sealed(database: Database, log: Log, size: int) -> Check:
    """Check whether what is recorded in a log comes under a signed checkpoint in time."""
    name = "seal" if log == EPISODES else f"{log.name} seal"
    last = tree.released(database.rows, log)
    sealed = 0 if last is None else last.size
    query = f"{_AGE} from {log.entries} where position = %s"
    waiting = [seconds for (seconds,) in database.rows(query, (sealed + 1,))]
    finding = f"{sealed:,} of {size:,} under a signed checkpoint"
    if waiting and waiting[0] > _SLOW:
        return bad(name, f"{finding}; the next has waited for {waiting[0]:,.0f} s",
                   "Is `ledger follow` running with LEDGER_KEYS? It says what stops it.")  # fmt: skip
    return ok(name, finding)


def _following(database: Database) -> Iterator[Check]:
    """Check whether lists show what is recorded, and whether any episodes are not assessable."""
    found = lag(database)
    finding = f"complete to {found.position:,} of {found.ledger_size:,}"
    if found.behind > _FAR:
        yield warn(
            "follower", finding, "Is `ledger follow` running? It says on standard error what stops it."
        )
    else:
        yield ok("follower", finding)
    if found.aside:
        yield bad("set aside", f"{found.aside} groups of episodes could not be assessed: {_examples(database)}",
                  "Lists show them as of before. Report it; `ledger rebuild` tries again.")  # fmt: skip
    else:
        yield ok("set aside", "nobody")


def _examples(database: Database) -> str:
    """Return where to look: the first few, with the class of the error."""
    return ", ".join(f"{subject} ({error})" for subject, error in examples(database, 5))


def _indexes(database: Database) -> Check:
    query = (
        "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid"
        " where not i.indisvalid and c.relnamespace = any(select oid from pg_namespace where nspname = any(%s))"
    )
    broken = [name for (name,) in database.rows(query, (["ledger", "views"],))]
    if broken:
        return bad("indexes", f"not valid: {', '.join(broken)}", "reindex index … ;")
    return ok("indexes", "all valid")


def _refusals(database: Database) -> Check:
    """Count the refusals of the last day, by reason."""
    rows = database.rows(
        "select reason, count(*) from ledger.refusals where at > now() - interval '1 day' group by 1 order by 2 desc, 1"
    )
    if not rows:
        return ok("refused", "nothing in the last 24 hours")
    text = ", ".join(f"{reason} {count:,}" for reason, count in rows)
    return warn(
        "refused",
        f"in the last 24 hours: {text}",
        "A sender may not notice: ledger.refusals says whose and where.",
    )


def _credentials(database: Database) -> Check:
    """How many are good, and what is odd about them."""
    now = clock.now()
    good = [credential for credential in Credentials(database).list() if credential.valid_at(now)]
    if not good:
        return warn(
            "credentials", "none", "`ledger tokens new` makes one; without any nobody can post or read."
        )
    ending = [each.id for each in good if each.expires_at is not None and each.expires_at < now + _SOON]
    if ending:
        return warn(
            "credentials",
            f"{len(good)} good; ending within 14 days: {', '.join(ending)}",
            "Make new ones in time.",
        )
    wide = [
        each.id
        for each in good
        if each.namespace is None and "recorder" in each.roles and each.label != "trial"
    ]
    if wide:
        return warn(
            "credentials",
            f"{len(good)} good; may post for anybody: {', '.join(wide)}",
            "Give them a --namespace.",
        )
    return ok("credentials", f"{len(good)} good")


def _size(database: Database) -> Check:
    query = (
        "select pg_database_size(current_database()), (select coalesce(sum(pg_total_relation_size(oid)), 0)"
        " from pg_class where relkind = 'r' and relnamespace = to_regnamespace('views_old'))::bigint"
    )
    size, kept = (number / (1 << 20) for number in database.rows(query)[0])
    text = f"{size:,.0f} MiB in the database"
    if kept:
        text += f", {kept:,.0f} of them views from before the last rebuild: `ledger rebuild --drop-old`"
    return ok("size", text)
