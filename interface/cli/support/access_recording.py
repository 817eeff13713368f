"""A command that shows children's records is recorded as the service's answers are, before it says anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from application.access.log import AccessContext
from application.answers.disclosures import noting
from application.recording.ledger import Ledger
from domain.facts.ledger_entries import LEDGER
from interface.wiring.record_batches import OPERATOR

_PURPOSE: Final = "operation"
"""The purpose at the command line. Its user holds database and secrets, and that grant says why."""


@contextmanager
def disclosing(ledger: Ledger, command: str) -> Iterator[None]:
    """Record what is shown by answers that are made meanwhile; NotRecorded when it cannot be, and so is not shown."""
    with noting() as shown:
        yield
    ledger.access.record(
        AccessContext(OPERATOR.id, LEDGER, OPERATOR.id, _PURPOSE, f"ledger:{command}"), shown
    )
