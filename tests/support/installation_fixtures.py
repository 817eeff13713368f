"""Installations whose database can be put back to a backup, for the tests of what comes after."""

from __future__ import annotations

import itertools
import os

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.support.databases import end_others
from tests.support.http_client import SUBJECT, event
from tests.support.installations import Installation

_COPIES = itertools.count(1)


@pytest.fixture
def copy_of(postgres):
    """A backup of a database, as another one that is a copy of it; gives its address."""
    made = []

    def copy(dsn):
        made.append(f"copy_{os.getpid()}_{next(_COPIES)}")
        source = conninfo_to_dict(dsn)["dbname"]
        with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
            end_others(connection, source)
        postgres.execute(f"create database {made[-1]} template {source}")
        return postgres.dsn(made[-1])

    yield copy
    for name in made:
        postgres.execute(f"drop database {name} with (force)")


@pytest.fixture
def install(tmp_path):
    """Installations over the same secrets, one after the other; all are closed at the end."""
    made = []

    def install(dsn):
        made.append(Installation(tmp_path, dsn))
        return made[-1]

    yield install
    for each in made:
        each.close()


@pytest.fixture
def lost(dsn, copy_of, install):
    """Sealed at 4 entries and backed up; then 3 more recorded and sealed; then the backup came back.

    Gives the installation on the backup, and the receipts of what is lost.
    """
    first = install(dsn)
    api = first.api()
    for n in range(2):
        api.post(event(id=f"kept-{n}", subject=f"{SUBJECT}{n}"))
    api.get(f"/v1/episodes/{SUBJECT}0")
    assert first.seal() == {"episode": 4, "access": 1}
    backup = copy_of(dsn)
    receipts = [api.post(event(id=f"lost-{n}", subject=f"{SUBJECT}{n}")).get_json() for n in range(3)]
    api.get(f"/v1/episodes/{SUBJECT}0")
    assert first.seal() == {"episode": 7, "access": 2}
    return install(backup), receipts
