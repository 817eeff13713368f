"""Recover: begin a new epoch over a database that came back shorter or different than it was shown (stored-form.md 6).

All happens in one transaction that holds the heads of both logs, so that nothing is recorded or sealed meanwhile. What
is left is measured and a new key is made. The entry that states both becomes the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg

from application.crypto.checkpoint import Checkpoint
from application.crypto.keys import Keys
from application.crypto.signed_note import Note
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.epochs import Survived
from application.merkle_log.rebuilt_tree import RebuiltTree
from application.merkle_log.sealer import SEALING
from application.merkle_log.tree_builder import DatabaseRolledBack, Signers, TreeBuilder
from application.recording.ledger import Ledger
from application.store import tree_rows as tree
from application.store.append import append
from application.store.logs import ACCESSES, EPISODES, LOGS, Log, read_origin
from domain.errors import LedgerError
from domain.facts.ledger_entries import EPOCH_BEGAN

_PATIENCE: Final = "30s"
_LOCKS: Final = "select pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)"
_HEADS: Final = "select epoch, position from ledger.heads order by log for update"
_BEGIN: Final = "update ledger.heads set epoch = %s"
_GO_ON: Final = "delete from ledger.halts"
_LEAVES: Final = "select position, leaf_hash"
_PAGE: Final = 10_000

OnProgress = Callable[[int, int], None]
"""Told how many entries are done, and of how many."""


class CannotRecover(LedgerError):
    """The content of the database contradicts itself: an epoch over it would prove nothing."""


class Recovered(NamedTuple):
    """The epoch that began, or that there was nothing to recover from: then only recording goes on again."""

    epoch: int | None
    position: int | None = None
    """The position of the entry that begins the epoch."""
    lost: int = 0
    """How many entries had been released before and are not there."""


def recover(
    ledger: Ledger,
    dsn: str,
    keys: Path,
    outsides: dict[str, CheckpointFile],
    reason: str,
    on_progress: OnProgress,
) -> Recovered:
    """Begin an epoch, for a reason that is a code. `dsn`: the owner's; `outsides`: by the name of a log.

    Raise CannotRecover, or Refuses where the last checkpoint released cannot be read. Killed at any point it has either
    happened or not; a key that was made meanwhile is never used.
    """
    secrets = Keys.load(keys)

    def signers(log: Log) -> Signers:
        return lambda epoch: secrets.signer(log.origin(ledger.log_name, epoch), epoch)

    with psycopg.connect(dsn, autocommit=True) as connection, connection.transaction():
        before, size = _locked(connection, outsides[EPISODES.name])
        if not any(_came_back(connection, log, signers(log), outsides[log.name]) for log in LOGS):
            connection.execute(_GO_ON)
            return Recovered(None)
        epoch = 1 + max(before, *secrets.later, *map(_epoch_of, outsides.values()))
        left = {log.name: _survived(connection, log, outsides[log.name], on_progress) for log in LOGS}
        renewed = Keys.with_signing_key(keys, epoch, 1)
        connection.execute(_GO_ON)
        connection.execute(_BEGIN, (epoch,))
        position = _record(connection, ledger, renewed, {"epoch": epoch, "reason": reason}, left)
    return Recovered(epoch, position, max(0, left[EPISODES.name].released - size))


def _record(
    connection: psycopg.Connection[Any],
    ledger: Ledger,
    keys: Keys,
    data: dict[str, Any],
    left: dict[str, Survived],
) -> int:
    """Record the entry that begins an epoch; its position."""
    key = keys.verifier_key(EPISODES.origin(ledger.log_name, data["epoch"]), data["epoch"])
    data = {"epoch": data["epoch"], "key": key, **data, **left[EPISODES.name].data()}
    data["access"] = left[ACCESSES.name].data()
    requests = ledger.codec.encode_all([ledger.own_entry(EPOCH_BEGAN, f"epoch-{data['epoch']}", data)])
    [answer] = append(connection, requests)
    assert answer.position is not None  # its number was never used
    return answer.position


def _locked(connection: psycopg.Connection[Any], outside: CheckpointFile) -> tuple[int, int]:
    """Wait until nobody seals or records, and let nobody until the end; the epoch and size of the episode log then."""
    if outside.read() is None:
        raise CannotRecover(f"no checkpoint is kept in {outside.path}: run it where `ledger follow` keeps it")
    connection.execute(f"set local lock_timeout = '{_PATIENCE}'")
    connection.execute(_LOCKS, [SEALING + log.number for log in LOGS])
    (epoch, size), _ = connection.execute(_HEADS).fetchall()
    if size == 0:
        raise CannotRecover("nothing is recorded here: restore a backup first")
    return epoch, size


def _came_back(
    connection: psycopg.Connection[Any], log: Log, signers: Signers, outside: CheckpointFile
) -> bool:
    """Return whether this is another state of a log than was released."""
    try:
        TreeBuilder(connection, log, signers, outside)
    except DatabaseRolledBack:
        return True
    return False


def _epoch_of(outside: CheckpointFile) -> int:
    """The epoch of the last checkpoint released; its signature was checked before."""
    note = outside.read()
    origin = None if note is None else read_origin(Checkpoint.read(Note.read(note)).origin)
    return 0 if origin is None else origin.epoch


def _survived(
    connection: psycopg.Connection[Any], log: Log, outside: CheckpointFile, on_progress: OnProgress
) -> Survived:
    """Return size and root of what is there, from the leaf hashes; they must fit the last checkpoint there is."""
    rebuilt, last = RebuiltTree(), tree.signed(tree.rows_of(connection), log)
    [(size,)] = connection.execute("select position from ledger.heads where log = %s", (log.number,))
    for position, leaf in _leaves(connection, log):
        if position != rebuilt.size + 1:
            break
        rebuilt.add([leaf])
        if rebuilt.size % _PAGE == 0:
            rebuilt.finished()
            on_progress(rebuilt.size, size)
        if last is not None and last.size == rebuilt.size and last.root != rebuilt.root():
            raise CannotRecover(
                f"the first {last.size} entries of the {log.name} log differ from the kept checkpoint."
                " See `ledger verify`, and restore another backup"
            )
    if rebuilt.size != size or (last is not None and last.size > size):
        raise CannotRecover(f"an entry of the {log.name} log is missing after position {rebuilt.size}")
    return Survived.of(size, rebuilt.root(), outside.read())


def _leaves(connection: psycopg.Connection[Any], log: Log) -> Iterator[tuple[int, bytes]]:
    """Every leaf hash with its position, in order, a page at a time."""
    with connection.cursor("leaves") as cursor:
        cursor.itersize = _PAGE
        cursor.execute(f"{_LEAVES} from {log.entries} order by position", binary=True)
        yield from cursor
