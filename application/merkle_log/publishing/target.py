"""A place outside that checkpoints are brought to."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import psycopg

from application.store.logs import Log
from application.store.tree_rows import SignedCheckpoint
from domain.errors import LedgerError


class DeliveryFailed(LedgerError):
    """A place did not take a checkpoint. The sentence says why: without its address, and without what it answered."""


class Delivery(NamedTuple):
    """The last checkpoint of a log that a place took."""

    epoch: int
    size: int


class PublishingTarget(Protocol):
    """Somewhere outside. What it is brought twice does no harm: nobody knows what became of an interrupted try."""

    @property
    def name(self) -> str:
        """For people, logs and metrics; nothing of its address."""

    def take(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        checkpoint: SignedCheckpoint,
        before: Delivery | None,
    ) -> None:
        """Bring it a released checkpoint; return when it is there. Raise NotTaken or OSError.

        `before`: the last that it took, if any. The connection is the follower's, in autocommit.
        """
