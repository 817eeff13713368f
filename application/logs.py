"""The logs of a ledger: each has its own head, tree and checkpoints, all by the same code (stored-form.md 4)."""

from __future__ import annotations

from typing import Final, NamedTuple

from psycopg import sql


class Log(NamedTuple):
    """One log: its number in every table that has one, the table of its entries, and its part of the origin."""

    number: int
    entries: sql.Identifier
    suffix: str = ""

    def origin(self, name: str, epoch: int = 1) -> str:
        """The name under which its checkpoints are signed: the ledger's name, the log, the epoch."""
        return f"{name}{self.suffix}/{epoch}"


EPISODES: Final = Log(1, sql.Identifier("ledger", "entries"))
"""What organisations assert."""
