"""A sealer on the test's ledger, for the tests of what is sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.crypto.keys import Keys
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.recording.ledger import Ledger
from application.store.logs import ACCESSES, EPISODES
from tests.support.sealed_ledgers import record


@pytest.fixture
def outside(tmp_path: Path) -> CheckpointFile:
    """Where the last checkpoint is kept outside the database."""
    return CheckpointFile(tmp_path / "checkpoint")


@pytest.fixture
def sealer(dsn: str, keys: Keys, ledger: Ledger, outside: CheckpointFile) -> Sealer:
    """A sealer that works when it is told to."""
    return Sealer(dsn, EPISODES, lambda epoch: keys.signer(EPISODES.origin("test", epoch), epoch), outside)


@pytest.fixture
def access_outside(tmp_path: Path) -> CheckpointFile:
    """Where the access log's last checkpoint is kept."""
    return CheckpointFile(tmp_path / "checkpoint.access")


@pytest.fixture
def access_sealer(dsn: str, keys: Keys, ledger: Ledger, access_outside: CheckpointFile) -> Sealer:
    """A sealer of the access log."""
    return Sealer(
        dsn, ACCESSES, lambda epoch: keys.signer(ACCESSES.origin("test", epoch), epoch), access_outside
    )


@pytest.fixture
def sealed(ledger, sealer):
    """A ledger of 605 entries, sealed in three steps, the last three not yet."""
    for count in (150, 150, 300):
        record(ledger, count)
        sealer.catch_up()
    record(ledger, 3)
    return ledger
