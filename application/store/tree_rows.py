"""A log's tree in the database: tiles and checkpoints, read over a connection that the caller gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final, LiteralString, NamedTuple

import psycopg

from application.store.logs import Log
from domain.merkle.tiles import HashesIn, Tile, hash_of, tiles_of
from domain.merkle.tree import HashOf, Subtree

Rows = Callable[[LiteralString, Sequence[Any]], Iterable[tuple[Any, ...]]]
"""Asks a query with its values: `Database.rows`, or `rows_of` a connection."""

_TILES: Final = """
select t.level, t.number, t.hashes from unnest(%s::smallint[], %s::bigint[]) w (level, number)
join ledger.tiles t on t.log = %s and t.level = w.level and t.number = w.number
"""
_SIGNED: Final = (
    "select epoch, size, root, note, released_at is not null from ledger.checkpoints where log = %s"
)
_RELEASED: Final = f"{_SIGNED} and released_at is not null"
_LAST: Final = "order by epoch desc, size desc limit 1"
_COSIGNED: Final = """and (epoch, size) in (
    select epoch, size from ledger.cosignatures where log = %s order by epoch desc, size desc limit 1
)"""
_COSIGNATURES: Final = """
select coalesce(string_agg(line, '' order by witness), '') from ledger.cosignatures
where log = %s and epoch = %s and size = %s
"""


class SignedCheckpoint(NamedTuple):
    """A checkpoint in the database: the note, and what its row says of it."""

    epoch: int
    size: int
    root: bytes
    note: str
    is_released: bool
    """True when it is kept outside the database too, and may be shown."""


def rows_of(connection: psycopg.Connection[Any]) -> Rows:
    """Ask over a connection of one's own."""
    return lambda query, values: connection.execute(query, values, binary=True)


def tiles(rows: Rows, log: Log, wanted: Iterable[Tile]) -> HashesIn:
    """Return the hashes in some tiles, read at once; LookupError for a tile that is missing."""
    return stored_tiles(rows, log, wanted).__getitem__


def stored_tiles(rows: Rows, log: Log, wanted: Iterable[Tile]) -> dict[Tile, bytes]:
    """Return those of some tiles that are stored."""
    addresses = list(wanted)
    found = (
        rows(_TILES, ([t.level for t in addresses], [t.number for t in addresses], log.number))
        if addresses
        else ()
    )
    return {Tile(level, number): hashes for level, number, hashes in found}


def hashes(rows: Rows, log: Log, wanted: Iterable[Subtree]) -> HashOf:
    """Return the hashes of some complete subtrees, from the tiles that they need."""
    hashes_in = tiles(rows, log, tiles_of(wanted))
    return cache(lambda subtree: hash_of(subtree, hashes_in))


def released(rows: Rows, log: Log) -> SignedCheckpoint | None:
    """Return the last checkpoint that may be shown; None before the first."""
    return _first(rows(f"{_RELEASED} {_LAST}", (log.number,)))


def released_at_size(rows: Rows, log: Log, size: int) -> SignedCheckpoint | None:
    """Return the checkpoint of that size that may be shown, if one was signed."""
    return _first(rows(f"{_RELEASED} and size = %s {_LAST}", (log.number, size)))


def cosigned(rows: Rows, log: Log) -> SignedCheckpoint | None:
    """Return the last checkpoint that a witness has cosigned; None before the first."""
    return _first(rows(f"{_RELEASED} {_COSIGNED}", (log.number, log.number)))


def cosignatures(rows: Rows, log: Log, checkpoint: SignedCheckpoint) -> str:
    """Return the lines by which witnesses cosigned a checkpoint; they go behind those of its note."""
    [(lines,)] = rows(_COSIGNATURES, (log.number, checkpoint.epoch, checkpoint.size))
    return str(lines)


def first_released(rows: Rows, log: Log, position: int) -> SignedCheckpoint | None:
    """Return the first checkpoint over a position that may be shown; once signed, it is permanently the same."""
    return _first(rows(f"{_RELEASED} and size >= %s order by size, epoch limit 1", (log.number, position)))


def signed(rows: Rows, log: Log) -> SignedCheckpoint | None:
    """Return the last checkpoint, shown or not."""
    return _first(rows(f"{_SIGNED} {_LAST}", (log.number,)))


def _first(rows: Iterable[tuple[Any, ...]]) -> SignedCheckpoint | None:
    return next((SignedCheckpoint(*row) for row in rows), None)
