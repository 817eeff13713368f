"""Suite: how fast leaves are sealed, and what sealing costs those who post."""

from __future__ import annotations

import multiprocessing
import threading
import time
from contextlib import ExitStack
from typing import Final

from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.store.logs import EPISODES
from benchmarks import posting
from benchmarks.machine import Machine, database_of
from benchmarks.rounds import Against, Measured, Suite, arm
from benchmarks.serving import serving
from interface.settings import Settings
from interface.wiring.sealers import sealer

_PER_SECOND: Final = 200_000
"""Leaves for each second of an arm."""
_ENTRIES: Final = """
insert into ledger.entries (position, stream_no, version, recorded_at, line, leaf_hash)
select n, 100 + n / 16, n % 16, now(), l.line, sha256('\\x00'::bytea || l.line) from generate_series(3, {0} + 2) n
cross join lateral (select convert_to(rpad(n::text, 600, 'x'), 'UTF8') as line) l;
update ledger.heads set position = {0} + 2;
analyze ledger.entries
"""
_UNSEALED: Final = "delete from ledger.tiles; delete from ledger.checkpoints"


def suite(machine: Machine, seconds: float, stack: ExitStack) -> Suite:
    """Three ledgers: one to seal, one that is sealed while others post to it, and one that is not."""
    full, alone, sealed = (machine.new_ledger() for _ in range(3))
    leaves = int(_PER_SECOND * seconds)
    machine.execute(_ENTRIES.format(leaves), database_of(full))
    off, on = (stack.enter_context(serving(machine, dsn, workers=1)) for dsn in (alone, sealed))
    _start(machine.settings(sealed), stack)
    return Suite(
        "Seal, and post meanwhile",
        "leaves or requests",
        {
            "sealing": f"Sealer.catch_up over {leaves:,} entries, 1 process",
            "POST": "one event, 32 in flight, nothing seals",
            "POST, sealed": "the same, a sealer beside it",
        },
        (
            arm("sealing", lambda: _seal(machine, full, leaves)),
            arm("POST", lambda: posting.post(off, seconds)),
            arm("POST, sealed", lambda: posting.post(on, seconds)),
        ),
        (Against("sealing", "POST", 20), Against("POST, sealed", "POST", 0.9)),
    )


def _seal(machine: Machine, dsn: str, leaves: int) -> Measured:
    """From nothing to everything."""
    machine.execute(_UNSEALED, database_of(dsn))
    settings = machine.settings(dsn)
    with machine.opened(dsn) as ledger:
        signer = ledger.keys.signer(ledger.origin)
    outside = CheckpointFile(settings.outside)
    outside.path.unlink(missing_ok=True)
    began = time.monotonic()
    if Sealer(dsn, EPISODES, lambda _: signer, outside).catch_up() < leaves:
        raise RuntimeError("not everything was sealed")
    return Measured(leaves / (time.monotonic() - began))


def _start(settings: Settings, stack: ExitStack) -> None:
    """A process that does nothing but seal, as long as the stack."""
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(settings,), daemon=True)
    process.start()
    stack.callback(process.terminate)


def _run(settings: Settings) -> None:
    sealer(settings).run(threading.Event())
