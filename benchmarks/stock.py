"""The stock eventsourcing library on the same rows: Application.save over PostgresApplicationRecorder.

It is given what makes it fast: events without aggregates, versions known beforehand, no snapshot, no
cache, its plain JSON, one pooled connection for each few threads. It is given the ledger's indexes too:
besides its own two, one on the sender's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict

from benchmarks import feed
from benchmarks.crowd import Step
from benchmarks.machine import Machine, database_of

_SCHEMA: Final = "stock"
_INDEX: Final = f"""
create sequence {_SCHEMA}.ids;
alter table {_SCHEMA}.stock_events add source_no integer not null default 1,
 add id text not null default 'SIM-1-' || nextval('{_SCHEMA}.ids');
alter table {_SCHEMA}.stock_events add unique (source_no, id);
"""


class Happened:
    """An event as the library takes it: its stream, its version, and what was sent."""

    def __init__(self, originator_id: str, originator_version: int, event: dict[str, Any]) -> None:
        """Remember all three."""
        self.originator_id, self.originator_version, self.event = originator_id, originator_version, event


class Stock(Application[str]):
    """The library as it comes."""

    name = "stock"


@dataclass(frozen=True)
class Save:
    """Save one event a call."""

    dsn: str
    count: int

    def items(self, seed: int) -> Sequence[Happened]:
        """The same events as everybody's, numbered in their streams."""
        versions: dict[str, int] = {}
        made = []
        for event in feed.events(seed, self.count):
            subject = event["subject"]
            versions[subject] = version = versions.get(subject, 0) + 1
            made.append(Happened(f"{subject}#{seed}", version, event))
        return made

    @contextmanager
    def opened(self) -> Iterator[Step]:
        """An application, and its `save`."""
        application = Stock(_environment(self.dsn, create="n"))
        try:
            yield application.save
        finally:
            application.close()


def prepare(machine: Machine, dsn: str) -> None:
    """Let the library make its tables, and add the index on the sender's id."""
    machine.execute(f"create schema {_SCHEMA}", database_of(dsn))
    Stock(_environment(dsn, create="y")).close()
    machine.execute(_INDEX, database_of(dsn))


def _environment(dsn: str, *, create: str) -> dict[str, str]:
    held = {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": held["dbname"],
        "POSTGRES_HOST": held["host"],
        "POSTGRES_PORT": held["port"],
        "POSTGRES_USER": held["user"],
        "POSTGRES_PASSWORD": "none",
        "POSTGRES_SCHEMA": _SCHEMA,
        "POSTGRES_POOL_SIZE": "16",
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": create,
    }
