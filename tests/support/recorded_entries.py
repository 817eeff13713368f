"""What is recorded, read back as a test asks for it."""

from __future__ import annotations

from application.recording.ledger import Ledger
from application.recording.outcomes import RefusedOutcome
from application.store.line_codec import read_line
from domain.entries.entry import Entry


def lines(ledger: Ledger) -> list[bytes]:
    """Every stored line, in order of position."""
    return [line for (line,) in ledger.database.rows("select line from ledger.entries order by position")]


def entries(ledger: Ledger) -> list[Entry]:
    """Every entry that is not the ledger's own."""
    return [read_line(line) for line in lines(ledger)][2:]


def reasons(outcomes: list[object]) -> list[str]:
    """What became of each: the name of the outcome, or the reason of the refusal."""
    return [o.problem.reason if isinstance(o, RefusedOutcome) else type(o).__name__.lower() for o in outcomes]
