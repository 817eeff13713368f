"""A time stamping authority as a place (RFC 3161): it says when a checkpoint was there, by a clock that is not ours."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.crypto.timestamp import TimestampAuthority, question
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.target import Delivery, DeliveryFailed
from application.store.logs import Log
from application.store.tree_rows import SignedCheckpoint

_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"
_KEEP: Final = """
insert into ledger.timestamps (log, epoch, size, stamped_at, reply) values (%s, %s, %s, %s, %s) on conflict do nothing
"""


class TimestampTarget:
    """One authority, asked for stamps over the stored notes."""

    name: Final = "time stamps"

    def __init__(self, authority: TimestampAuthority, address: Address) -> None:
        """Say by which certificates its answers are checked, and where it is."""
        self._authority, self._address = authority, address

    def take(
        self,
        connection: psycopg.Connection[Any],
        log: Log,
        checkpoint: SignedCheckpoint,
        before: Delivery | None,
    ) -> None:
        """Have the checkpoint stamped, and keep the answer with it."""
        del before
        request = question(checkpoint.note)
        answer = self._address.post(request.body, {"Content-Type": _QUERY})
        if answer.status != 200 or answer.media_type != _REPLY:
            raise DeliveryFailed(f"the answer was {answer.status}, and no {_REPLY}")
        at = self._authority.stamped_at(answer.body, checkpoint.note, request.nonce)
        connection.execute(_KEEP, (log.number, checkpoint.epoch, checkpoint.size, at, answer.body))
