"""How far each place is: which checkpoint it took last, which it should have, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import psycopg

from application.merkle_log.publishing.target import Delivery
from application.store import tree_rows as tree
from application.store.database import Database
from application.store.logs import Log
from application.store.tree_rows import SignedCheckpoint

_TAKEN: Final = "select epoch, size from ledger.places where place = %s and log = %s and size is not null"
_NEW: Final = """
select count(*), coalesce(min(released_at) < clock_timestamp() - interval '1 hour', false) from (
    select released_at from ledger.checkpoints
    where log = %s and released_at is not null and (epoch, size) > (%s, %s) order by epoch, size limit %s
) new
"""
"""How many are new, up to as many as one waits for; and whether the first of them has waited for too long."""
_ENROL: Final = """
with gone as (delete from ledger.places where place <> all(%(names)s))
insert into ledger.places (place, log) select n.name, h.log from unnest(%(names)s) n (name), ledger.heads h
on conflict do nothing
"""
_TOOK: Final = """
insert into ledger.places (place, log, epoch, size, taken_at) values (%s, %s, %s, %s, clock_timestamp())
on conflict (place, log) do update set epoch = excluded.epoch, size = excluded.size, taken_at = excluded.taken_at,
    failing_since = null, problem = null
"""
_FAILED: Final = """
insert into ledger.places as p (place, log, failing_since, problem) values (%s, %s, clock_timestamp(), %s)
on conflict (place, log) do update set failing_since = coalesce(p.failing_since, excluded.failing_since),
    problem = excluded.problem
"""
_REACHES: Final = """
select p.place, p.log, coalesce(c.size, 0),
    coalesce(case when p.epoch = c.epoch then greatest(c.size - p.size, 0) else c.size end, 0),
    p.taken_at, p.failing_since, p.problem, extract(epoch from clock_timestamp() - n.released_at)::float8
from ledger.places p left join lateral (
    select c.epoch, c.size from ledger.checkpoints c where c.log = p.log and c.released_at is not null
    order by c.epoch desc, c.size desc limit 1
) c on true left join lateral (
    select n.released_at from ledger.checkpoints n where n.log = p.log and n.released_at is not null
    and (n.epoch, n.size) > (coalesce(p.epoch, 0), coalesce(p.size, 0)) order by n.epoch, n.size limit 1
) n on true order by p.place, p.log
"""


class DeliveryStatus(NamedTuple):
    """How far one place is with one log."""

    place: str
    log: int
    sealed: int
    """Entries under the log's last checkpoint."""
    behind: int
    """So many of them are not under the last checkpoint that the place took."""
    taken_at: datetime | None
    failing_since: datetime | None
    """None while the place takes what it is brought."""
    problem: str | None
    waited: float | None
    """Seconds that the first checkpoint which the place has not got has been there; None when it has all."""


def enrol(connection: psycopg.Connection[Any], names: Sequence[str]) -> None:
    """From here on these are the places; others are forgotten."""
    connection.execute(_ENROL, {"names": list(names)})


def taken(connection: psycopg.Connection[Any], place: str, log: Log) -> Delivery | None:
    """The last checkpoint that a place took; None before the first."""
    return next((Delivery(*row) for row in connection.execute(_TAKEN, (place, log.number))), None)


def due(
    connection: psycopg.Connection[Any], log: Log, before: Delivery | None, every: int
) -> SignedCheckpoint | None:
    """The newest checkpoint, if so many were released since the last one taken, or the first of them an hour ago.

    The first of all is due at once, so that anyone who sets up a target sees whether it works.
    """
    since, wanted = (Delivery(0, 0), 1) if before is None else (before, every)
    [(count, waited)] = connection.execute(_NEW, (log.number, *since, wanted))
    return tree.released(tree.rows_of(connection), log) if waited or count >= wanted else None


def took(connection: psycopg.Connection[Any], place: str, log: Log, checkpoint: SignedCheckpoint) -> None:
    """Remember that a place has a checkpoint."""
    connection.execute(_TOOK, (place, log.number, checkpoint.epoch, checkpoint.size))


def failed(connection: psycopg.Connection[Any], place: str, log: Log, problem: str) -> None:
    """Remember that a place does not take what it is brought, and why."""
    connection.execute(_FAILED, (place, log.number, problem))


def reaches(database: Database) -> list[DeliveryStatus]:
    """How far every place is with each log."""
    return [DeliveryStatus(*row) for row in database.rows(_REACHES)]
