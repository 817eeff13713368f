"""What the tests of publishing have in common: a publisher's connection, and what became of what it did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from application.crypto.keys import Keys
from application.merkle_log.publishing.delivery_status import DeliveryStatus, reaches
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.http_post import HttpTarget
from application.merkle_log.publishing.publisher import Publisher
from application.merkle_log.publishing.target import PublishingTarget
from application.merkle_log.tree_builder import Signers
from application.recording.ledger import Ledger
from application.store.database import as_role
from application.store.logs import EPISODES, Log
from interface.cli import main
from tests.support.sealed_ledgers import record


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection in the follower's role."""
    with psycopg.connect(as_role(dsn, "ledger_follower"), autocommit=True) as opened:
        yield opened


@pytest.fixture
def publish(dsn: str, connection: psycopg.Connection[Any]) -> Callable[..., bool]:
    """Bring a place what is due now; whether it took it."""

    def publish(place: PublishingTarget, every: int = 1) -> bool:
        return Publisher(dsn, place, every).step(connection)

    return publish


@pytest.fixture
def seal(ledger: Ledger, sealer: Any) -> Callable[..., int]:
    """Record some entries and seal them; how many are sealed then."""

    def seal(count: int = 1) -> int:
        record(ledger, count)
        return sealer.catch_up()

    return seal


@pytest.fixture
def reach(ledger: Ledger) -> Callable[..., DeliveryStatus]:
    """How far a place is with a log."""

    def reach(place: str, log: Log = EPISODES) -> DeliveryStatus:
        return next(
            each for each in reaches(ledger.database) if (each.place, each.log) == (place, log.number)
        )

    return reach


@pytest.fixture
def post(keys: Keys) -> Callable[[str], HttpTarget]:
    """Posting to an address."""

    def signers(log: Log) -> Signers:
        return lambda epoch: keys.signer(log.origin("test", epoch), epoch)

    return lambda url: HttpTarget(Address(url), signers)


@pytest.fixture
def verify(
    dsn: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    """The command: its status, and what it says with --json."""
    monkeypatch.setenv("LEDGER_DSN", dsn)

    def verify(*options: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["verify", "--json", *map(str, options)])
        said = capsys.readouterr()
        return status, json.loads(said.out) if said.out else said.err

    return verify
