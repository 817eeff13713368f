"""Others vouch for the ledger: a witness, and an authority that stamps; what they gave the inspector gets over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pytest_bdd import given, then, when

from application.crypto.cosignature import Witness
from application.crypto.keys import Keys
from application.crypto.signed_note import Note
from application.crypto.timestamp import TimestampAuthority
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.publisher import Publisher
from application.merkle_log.publishing.target import PublishingTarget
from application.merkle_log.publishing.timestamp_authority import TimestampTarget
from application.merkle_log.publishing.witness import WitnessTarget
from application.store.database import as_role
from features.conftest import Told
from features.driver import Story
from tests.support.http_receiver import Answered, Somebody, listening
from tests.support.timestamp_authority import TestAuthority
from tests.support.witness_server import TestWitness


@pytest.fixture
def witness() -> TestWitness:
    """Another authority's witness, that knows the ledger."""
    return TestWitness("features/1", "features/access/1")


@pytest.fixture
def listens(witness: TestWitness) -> Iterator[Somebody]:
    """The witness, where it is to be reached."""
    with listening(witness.reply) as somebody:
        yield somebody


@pytest.fixture
def authority(tmp_path: Path) -> TestAuthority:
    """An authority that stamps."""
    return TestAuthority(tmp_path)


@given("a witness whom another authority runs")
def runs(listens: Somebody) -> None:
    assert listens.asked == []


@given("the witness takes nothing")
def takes_nothing(listens: Somebody) -> None:
    listens.reply = lambda _: Answered(500)


@given("an authority that stamps what it is shown")
def stamps(authority: TestAuthority) -> None:
    assert authority.certificates.exists()


@given("the ledger's checkpoint was brought to the witness")
@when("the ledger's checkpoint is brought to the witness")
def bring(api: Story, national: Told, witness: TestWitness, listens: Somebody) -> None:
    _bring(api, national, WitnessTarget(Witness.read(witness.verifier), Address(listens.url)))


@when("the ledger's checkpoint is brought to the authority that stamps")
def bring_to_stamp(api: Story, national: Told, authority: TestAuthority) -> None:
    with listening(authority.reply) as somebody:
        _bring(
            api,
            national,
            TimestampTarget(TimestampAuthority.load(str(authority.certificates)), Address(somebody.url)),
        )


def _bring(api: Story, told: Told, place: PublishingTarget) -> None:
    api.sealed()
    with psycopg.connect(as_role(told.dsn, "ledger_follower"), autocommit=True) as connection:
        Publisher(told.dsn, place, 1).step(connection)


@then("the inspector gets a checkpoint that the ledger and the witness have signed, over what the home said")
@then(
    "the inspector gets a checkpoint that the ledger and the witness have signed, over what the authority said"
)
def signed_by_both(api: Story, keys: Keys, witness: TestWitness) -> None:
    note = Note.read(api.witnessed())
    assert keys.signer("features/1").verifier.signed(note)
    assert Witness.read(witness.verifier).cosigned(note) is not None
    assert int(note.text.split("\n")[1]) >= api.position


@then("what the home said is sealed all the same")
def sealed(api: Story) -> None:
    assert api.sealed() >= api.position


@then("whoever runs the ledger is told that the witness takes nothing")
def is_told(api: Story, witness: TestWitness) -> None:
    assert f'ledger_publishing_fails{{log="episode",place="witness {witness.name}"}} 1.0' in api.metrics()


@then("the inspector gets its word by when what the home said was there")
def stamped(api: Story, authority: TestAuthority) -> None:
    said = api.stamp()
    assert said["size"] >= api.position
    assert "Verification: OK" in authority.verify(
        base64.b64decode(said["reply"]), said["checkpoint"].encode()
    )
