"""A command that shows children's records is recorded as the service's answers are, before it says anything."""

from __future__ import annotations

from typing import Final

from application.access.log import AccessContext
from application.answers.as_json import Json
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer
from application.recording.ledger import Ledger
from domain.facts.ledger_entries import LEDGER
from interface.wiring.record_batches import OPERATOR

_PURPOSE: Final = "operation"
"""The purpose at the command line. Its user holds database and secrets, and that grant says why."""


def record_access(ledger: Ledger, command: str, disclosed: DisclosedRecords) -> None:
    """Record what a command is about to show; NotRecorded when it cannot be, and so must not be shown."""
    reading = AccessContext(OPERATOR.id, LEDGER, OPERATOR.id, _PURPOSE, f"ledger:{command}")
    ledger.access.record(reading, disclosed)


def recorded(ledger: Ledger, command: str, found: DisclosingAnswer) -> Json:
    """Return an answer once what it discloses is recorded; NotRecorded as above."""
    record_access(ledger, command, found.disclosed)
    return found.json
