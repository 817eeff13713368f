"""Which ledger a command is about: a trial's folder, LEDGER_DSN, or the trial in its usual place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from application.store.database import Database
from interface.settings import Settings, from_environment
from interface.trial.installation import Trial, default_folder


def trial_folder(data: Path | None) -> Path | None:
    """The trial that a command is about; None when LEDGER_DSN says it, or nothing does."""
    if data is None and from_environment().dsn is None and Trial(default_folder(), from_environment()).exists:
        return default_folder()
    return None if data is None else data.absolute()


@contextmanager
def target_ledger(data: Path | None) -> Iterator[Settings]:
    """Yield the settings of a ledger whose database runs, as long as this lasts.

    With --data a trial's: its running database is used, or started temporarily. Otherwise LEDGER_DSN;
    without that the trial in its usual place, if there is one, else SettingsError.
    """
    settings, folder = from_environment(), trial_folder(data)
    if folder is None:
        _reach(settings.need_dsn())
        yield settings
        return
    trial = Trial(folder, settings)
    try:
        trial.join()
        yield trial.settings
    finally:
        trial.stop()


def _reach(dsn: str) -> None:
    """Raise psycopg.OperationalError, which says why, when there is no database: at once."""
    psycopg.connect(dsn, connect_timeout=5).close()


@contextmanager
def owner(settings: Settings) -> Iterator[Database]:
    """The database in the role of the address itself: to manage what the service may only read."""
    database = Database(settings.need_dsn(), role=None)
    try:
        yield database
    finally:
        database.close()
