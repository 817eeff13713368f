"""Checks that need no database: secrets, settings, space."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from application.access.spool import Spool
from application.crypto.keys import Keys, KeysUnusable
from interface.cli.commands.doctor.check import Check, bad, ok, warn
from interface.settings import Settings

_GIB: Final = 1 << 30
_LEAST: Final = 1 * _GIB
_LITTLE: Final = 10 * _GIB


def secrets(settings: Settings) -> Check:
    """The secrets file is there, is one, and nobody else can read it."""
    if settings.keys is None:
        return bad("secrets", "LEDGER_KEYS is not set", "Name the file that `ledger keys new FILE` made.")
    try:
        Keys.load(settings.keys)
    except KeysUnusable as error:
        return bad("secrets", str(error), "Nothing can be recorded or opened without it.")
    return ok("secrets", f"{settings.keys}, mode 0600")


def durability(settings: Settings) -> Check:
    """Say what an acknowledgement promises."""
    if settings.standby:
        return ok("durability", "standby: acknowledged when a synchronous standby has it too")
    return ok("durability", "local: acknowledged when this database has it on disk; a failover is a restore")


def break_glass(settings: Settings) -> Check:
    """Check whether answers may be given that the access log cannot take, and whether some were."""
    folder = settings.access.spool
    if folder is None:
        return ok("break glass", "off: what the access log cannot take is not shown")
    if waiting := Spool(folder).count():
        return bad("break glass", f"{waiting:,} disclosures in {folder} are not in the access log",
                   "`ledger serve` records them as soon as it can; its log says what stops it.")  # fmt: skip
    return ok("break glass", f"on: {folder}, where nothing waits")


def space(folder: Path) -> Check:
    """Room on the disk of the trial's database, in GiB."""
    free = shutil.disk_usage(folder).free
    finding = f"{free / _GIB:.1f} GiB free for {folder}"
    if free < _LEAST:
        return bad("disk space", finding, "Recording stops when the disk is full: make room.")
    return warn("disk space", finding, "Make room in time.") if free < _LITTLE else ok("disk space", finding)
