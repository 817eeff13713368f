"""The lists of the test's ledger, and a follower that brings them up to date."""

from __future__ import annotations

import pytest

from application.projections.follower import Follower
from application.queries.lists.episodes_and_obligations import Lists


@pytest.fixture
def lists(ledger) -> Lists:
    """What can be listed, as far as it was followed."""
    return Lists(ledger.database, ledger.vault)


@pytest.fixture
def follow(dsn):
    """Follows up to the last entry."""
    return Follower(dsn).catch_up
