"""Suite: a proof as the tree grows, and verifying against reading and hashing the same lines."""

from __future__ import annotations

import os
import random
import time
from contextlib import ExitStack
from hashlib import sha256
from typing import Final

import psycopg

from application.crypto.checkpoint import Checkpoint
from application.merkle_log.proofs import Proofs
from application.store.database import Database, as_role
from application.store.logs import EPISODES
from application.verification.epoch_history import TrustAnchors
from application.verification.ledger import verify
from benchmarks import feed
from benchmarks.filling import year
from benchmarks.machine import Machine
from benchmarks.rounds import Against, Measured, Suite, arm
from domain.merkle import tree as merkle
from domain.merkle.tiles import Tile, grown, hash_of
from domain.merkle.tree import HASH_SIZE
from interface.wiring.record_batches import batches, record
from interface.wiring.sealers import sealer

_FEW, _MANY = 10_000, 10_000_000
_STEP: Final = 1 << 18
_PER_SECOND: Final = 10_000
_PAGE: Final = 2_000


def suite(machine: Machine, seconds: float, stack: ExitStack) -> Suite:
    """Two trees of random leaves, which have no entries, and one ledger of real ones."""
    few, many = (_proofs(machine, size, stack) for size in (_FEW, _MANY))
    entries = int(_PER_SECOND * seconds)
    dsn = _sealed(machine, entries)
    return Suite(
        "Prove and verify",
        "proofs or entries",
        {
            "proof, 10k": f"Proofs.inclusion of a random leaf of {_FEW:,}, one at a time",
            "proof, 10,000k": f"the same of {_MANY:,}",
            "read and hash": f"pages of {_PAGE:,} lines by position, SHA-256 of each",
            "verify": f"ledger verify of {entries:,} entries, all of them sealed",
        },
        (
            arm("proof, 10k", lambda: _prove(few, _FEW, seconds / 2)),
            arm("proof, 10,000k", lambda: _prove(many, _MANY, seconds / 2)),
            arm("read and hash", lambda: _read(dsn)),
            arm("verify", lambda: _verify(dsn)),
        ),
        (Against("proof, 10,000k", "proof, 10k", 0.5), Against("verify", "read and hash", 0.4)),
    )


def _proofs(machine: Machine, size: int, stack: ExitStack) -> Proofs:
    """A tree of so many random leaves, under one checkpoint."""
    dsn, tiles = machine.new_ledger(), dict[Tile, bytes]()
    with psycopg.connect(dsn, autocommit=True) as owner:
        for before in range(0, size, _STEP):
            leaves = os.urandom(HASH_SIZE * min(_STEP, size - before))
            fresh = grown(before, leaves, tiles.__getitem__)
            tiles = {
                tile: hashes for tile, hashes in {**tiles, **fresh}.items() if tile.level or tile in fresh
            }
            _store(owner, fresh)
        with machine.opened(dsn) as ledger:
            signer = ledger.keys.signer(ledger.origin)
        root = merkle.root(size, lambda subtree: hash_of(subtree, tiles.__getitem__))
        note = signer.sign(Checkpoint(signer.name, size, root).text)
        row = "insert into ledger.checkpoints values (1, 1, %s, %s, %s, now(), now())"
        owner.execute(row, (size, root, note))
    database = Database(dsn)
    stack.callback(database.close)
    return Proofs(database, EPISODES, signer.name)


def _store(owner: psycopg.Connection, tiles: dict[Tile, bytes]) -> None:
    """Write tiles as the sealer's function would."""
    row = (
        "insert into ledger.tiles values (1, %s, %s, %s)"
        " on conflict (log, level, number) do update set hashes = excluded.hashes"
    )
    with owner.cursor() as cursor:
        cursor.executemany(row, [(tile.level, tile.number, hashes) for tile, hashes in tiles.items()])


def _prove(proofs: Proofs, size: int, seconds: float) -> Measured:
    positions, began, millis = random.Random(1), time.monotonic(), list[float]()
    while (before := time.monotonic()) < began + seconds:
        [found] = proofs.inclusion([positions.randint(1, size)])
        assert found.checkpoint is not None
        millis.append(1000 * (time.monotonic() - before))
    return Measured(len(millis) / (time.monotonic() - began), tuple(sorted(millis)))


def _sealed(machine: Machine, entries: int) -> str:
    """A ledger of a simulated year, sealed in some steps."""
    dsn = machine.new_ledger()
    with machine.opened(dsn) as ledger:
        for number, batch in enumerate(batches(year(feed.seed(), entries), 1000)):
            record(ledger, batch)
            if number % 2:
                sealer(machine.settings(dsn)).catch_up()
    sealer(machine.settings(dsn)).catch_up()
    return dsn


def _read(dsn: str) -> Measured:
    query = "select position, line from ledger.entries where position > %s order by position limit %s"
    count = position = 0
    began = time.monotonic()
    with psycopg.connect(as_role(dsn, "ledger_service"), autocommit=True) as connection:
        while rows := connection.execute(query, (position, _PAGE), binary=True).fetchall():
            for _, line in rows:
                sha256(line).digest()
            count, position = count + len(rows), rows[-1][0]
    return Measured(count / (time.monotonic() - began))


def _verify(dsn: str) -> Measured:
    began = time.monotonic()
    with psycopg.connect(as_role(dsn, "ledger_service"), autocommit=True) as connection:
        report = verify(connection, EPISODES, TrustAnchors(), lambda *_: None)
    if report.findings or report.sealed != report.entries:
        raise RuntimeError(f"the ledger does not agree with itself: {report.findings}")
    return Measured(report.entries / (time.monotonic() - began))
