"""The logs of a ledger: each has its own head, tree and checkpoints, all by the same code (stored-form.md 4)."""

from __future__ import annotations

import re
from typing import Final, LiteralString, NamedTuple

_ORIGIN: Final = re.compile(r"([^/\n]+)(/access)?/([1-9][0-9]{0,8})", re.ASCII)


class Log(NamedTuple):
    """One log: its name for people, its number in every table, the table of its entries, and its part of the origin."""

    name: str
    number: int
    entries: LiteralString
    channel: LiteralString
    """The channel on which the database notifies new entries."""
    suffix: str = ""

    def origin(self, name: str, epoch: int = 1) -> str:
        """Return the name under which its checkpoints are signed: the ledger's name, the log, the epoch."""
        return f"{name}{self.suffix}/{epoch}"


EPISODES: Final = Log("episode", 1, "ledger.entries", "ledger_entries")
"""The log of what organisations assert."""
ACCESSES: Final = Log("access", 2, "ledger.access_entries", "ledger_access", "/access")
"""The log of which children's records were disclosed, and to whom."""
LOGS: Final = (EPISODES, ACCESSES)


class Origin(NamedTuple):
    """The parts of an origin."""

    name: str
    log: Log
    epoch: int

    def of(self, log: Log) -> str:
        """Return the origin of a log of the same ledger, in the same epoch."""
        return log.origin(self.name, self.epoch)


def read_origin(origin: str) -> Origin | None:
    """Take an origin apart; None when it is none of ours."""
    found = _ORIGIN.fullmatch(origin)
    return found and Origin(found[1], ACCESSES if found[2] else EPISODES, int(found[3]))
