"""A ledger whose signing key the tests change."""

from __future__ import annotations

import pytest

from interface.wiring.sealers import sealers
from tests.support.rotated_ledger import Installed


@pytest.fixture
def installed(dsn, tmp_path):
    """A ledger of two entries, sealed."""
    made = Installed(dsn, tmp_path / "ledger.keys")
    sealers(made.settings)["episode"].catch_up()
    yield made
    made.ledger.close()
