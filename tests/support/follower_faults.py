"""An entry that no program of ours would have made, and how it becomes readable again."""

from __future__ import annotations

import psycopg

from application.recording.ledger import Ledger
from tests.support.projection_stories import event


def poison(ledger: Ledger, subject: str, child: str) -> None:
    """Record, past the door, an entry that no program of ours would have made."""
    request = ledger.codec.encode(event("reported", subject, 5, child))
    [answer] = ledger.entries.append(
        [request._replace(tail=request.tail.replace(b'"time":"2', b'"time":"x'))]
    )
    assert answer.status == "recorded"


def heal(dsn: str) -> None:
    """As if a newer program could read it."""
    with psycopg.connect(dsn) as owner:
        owner.execute(
            "update ledger.entries set line = convert_to(replace(convert_from(line, 'UTF8'), %s, %s), 'UTF8')",
            ('"time":"x', '"time":"2'),
        )
