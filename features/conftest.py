"""The specification runs against the real application, over HTTP, on a real PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import httpx
import pytest

from application.credentials import Credentials
from application.keys import Keys
from application.store.database import Database
from features.serving import serving
from features.story import AUDITOR, MANAGER, Story
from features.words import AUTHORITY, ORGANISATIONS
from tests.conftest import Server, keys, postgres  # noqa: F401  fixtures

_STORIES = itertools.count(1)


@pytest.fixture(scope="session")
def features_dsn(postgres: Server) -> str:
    """The owner's address of the one database of all stories."""
    postgres.execute("create database features template migrated")
    return postgres.dsn("features")


@pytest.fixture(scope="session")
def http(features_dsn: str, keys: Keys) -> Iterator[httpx.Client]:
    """A hand on the running service."""
    with serving(features_dsn, keys) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def tokens(features_dsn: str) -> Mapping[str, str]:
    """A token for each organisation, good for its own system only, and one for an auditor of everything."""
    database = Database(features_dsn, "postgres")
    credentials = Credentials(database)
    made = {AUDITOR: credentials.new(["auditor", "manager"])[1]}
    made[MANAGER] = credentials.new(["manager"], namespace=AUTHORITY)[1]
    for who, (namespace, source) in ORGANISATIONS.items():
        made[who] = credentials.new(["recorder", "reader"], namespace=namespace, sources=[source])[1]
    database.close()
    return made


@pytest.fixture
def api(http: httpx.Client, tokens: Mapping[str, str]) -> Story:
    """One story: told to the ledger and asked about, in its users' words."""
    return Story(http, tokens, next(_STORIES))
