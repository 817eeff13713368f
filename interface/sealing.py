"""Sealing as an installation sets it: in whose name, and where each log's last checkpoint is kept outside."""

from __future__ import annotations

from application.keys import Keys
from application.logs import LOGS, Log
from application.outside import Outside
from application.seal import Sealer
from interface.settings import Settings


def sealers(settings: Settings) -> dict[str, Sealer]:
    """A sealer of each log, by a name for it; SettingsError without secrets, of which only the signing key is kept."""
    keys = Keys.load(settings.need_keys())
    dsn, named = settings.need_dsn(), [(log, log.origin(settings.name)) for log in LOGS]
    return {
        origin: Sealer(dsn, log, keys.signer(origin), outside(settings, log), standby=settings.standby)
        for log, origin in named
    }


def outside(settings: Settings, log: Log) -> Outside:
    """Where the greatest checkpoint of a log is kept outside the database."""
    file = settings.outside
    return Outside(file.with_name(f"{file.name}{log.suffix.replace('/', '.')}"))
