"""Time stamps in the database, read over a connection that the caller gives."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from application.store.logs import Log
from application.store.tree_rows import Rows

_STAMPED: Final = """
select c.size, c.note, s.stamped_at, s.reply from ledger.timestamps s join ledger.checkpoints c using (log, epoch, size)
where s.log = %s
"""
_FIRST: Final = f"{_STAMPED} and s.size >= %s order by s.size, s.epoch desc limit 1"
_LAST: Final = f"{_STAMPED} order by s.epoch desc, s.size desc limit 1"


class StampedCheckpoint(NamedTuple):
    """A checkpoint and the time stamp over its note."""

    size: int
    note: str
    stamped_at: datetime
    reply: bytes
    """The authority's answer whole (TimeStampResp)."""


def first_over(rows: Rows, log: Log, position: int) -> StampedCheckpoint | None:
    """Return the earliest time stamp over a position: proof that it was recorded by then. None when there is none."""
    return next((StampedCheckpoint(*row) for row in rows(_FIRST, (log.number, position))), None)


def last(rows: Rows, log: Log) -> StampedCheckpoint | None:
    """Return the latest time stamp of all; None before the first."""
    return next((StampedCheckpoint(*row) for row in rows(_LAST, (log.number,))), None)
