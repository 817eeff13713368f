"""What verifying finds in a ledger."""

from __future__ import annotations

import psycopg

from application.store.database import as_role
from application.store.logs import EPISODES
from application.verification.epoch_history import TrustAnchors
from application.verification.ledger import verify


def verified(dsn, trusted=None, keys=None):
    """The report; with the secrets, if they are given."""
    with psycopg.connect(as_role(dsn, "ledger_service"), autocommit=True) as connection:
        return verify(connection, EPISODES, trusted or TrustAnchors(), lambda *_: None, keys)


def found(dsn, trusted=None, keys=None):
    """Kind and position of what disagrees."""
    return {finding.kind: finding.position for finding in verified(dsn, trusted, keys).findings}
