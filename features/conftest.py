"""The specification runs against the real application, over HTTP, on a real PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from pytest_bdd import given

from application.access.credentials import Credentials
from application.store.database import Database
from domain.rules.rulebook import england
from features.driver import AUDITOR, MANAGER, OFFICER, OPERATOR, Story
from features.local_rules import OWN_RULES
from features.served_ledger import serving
from features.spoken_words import AUTHORITY, ORGANISATIONS
from tests.conftest import Server, keys, postgres, secrets  # noqa: F401  fixtures

_STORIES = itertools.count(1)


class Told(NamedTuple):
    """A ledger to tell stories to: a hand on the running service, and a token for whoever speaks or asks."""

    http: httpx.Client
    tokens: Mapping[str, str]
    dsn: str
    """The owner's address of its database."""

    def story(self) -> Story:
        """Begin one."""
        return Story(self.http, self.tokens, next(_STORIES))


@pytest.fixture(scope="session")
def national(postgres: Server, secrets: Path) -> Iterator[Told]:
    """The one ledger of nearly all stories, judged by the rules of England."""
    with _ledger(postgres, secrets, "features", england().text) as told:
        yield told


@pytest.fixture
def apart(postgres: Server, secrets: Path) -> Iterator[Told]:
    """A ledger for one story, which may adopt other rules."""
    with _ledger(postgres, secrets, f"features_{next(_STORIES)}", england().text) as told:
        yield told


@pytest.fixture(scope="session")
def own(postgres: Server, secrets: Path) -> Iterator[Told]:
    """The ledger of an authority that has rules of its own."""
    with _ledger(postgres, secrets, "features_own", OWN_RULES) as told:
        yield told


@contextmanager
def _ledger(postgres: Server, secrets: Path, name: str, rulebook: str) -> Iterator[Told]:
    postgres.execute(f"create database {name} template migrated")
    dsn = postgres.dsn(name)
    with serving(dsn, secrets, rulebook) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Told(client, _tokens(dsn), dsn)


def _tokens(dsn: str) -> Mapping[str, str]:
    """A token for each organisation, good for its own system only, and one for an auditor of everything."""
    database = Database(dsn, "postgres")
    credentials = Credentials(database)
    made = {AUDITOR: credentials.new(["auditor", "manager"], purpose="audit")[1]}
    made[MANAGER] = credentials.new(["manager"], namespace=AUTHORITY, purpose="oversight")[1]
    made[OPERATOR] = credentials.new(["administrator"])[1]
    made[OFFICER] = credentials.new(["manager"], namespace=AUTHORITY)[1]
    for who, (namespace, source) in ORGANISATIONS.items():
        made[who] = credentials.new(
            ["recorder", "reader"], namespace=namespace, sources=[source], purpose="safeguarding"
        )[1]
    database.close()
    return made


@pytest.fixture
def api(national: Told) -> Story:
    """One story: told to the ledger and asked about, in its users' words."""
    return national.story()


@given("the authority has rules of its own", target_fixture="api")
def own_rules(own: Told) -> Story:
    """The same, where the authority set some rules itself."""
    return own.story()
