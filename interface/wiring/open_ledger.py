"""From settings to the ledger that they name: one place, for every part that opens one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from application.crypto.keys import Keys
from application.recording.ledger import Ledger
from interface.settings import Settings


def ledger_of(settings: Settings, *, statement_seconds: int | None = None) -> Ledger:
    """Return the ledger of these settings, not connected yet. SettingsError when they do not say which."""
    return Ledger(
        settings.need_dsn(),
        Keys.load(settings.need_keys()),
        settings.name,
        spool=settings.access.spool,
        standby=settings.standby,
        statement_seconds=statement_seconds,
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Ledger]:
    """The ledger of these settings, for a while. SettingsError when they do not say which."""
    ledger = ledger_of(settings)
    try:
        yield ledger
    finally:
        ledger.close()
