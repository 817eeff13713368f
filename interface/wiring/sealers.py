"""Sealing as an installation sets it: in whose name, and where each log's last checkpoint is kept outside."""

from __future__ import annotations

from application.crypto.keys import Keys
from application.crypto.signed_note import Signer
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.merkle_log.tree_builder import Signers
from application.store.logs import EPISODES, LOGS, Log
from interface.settings import Settings


def sealers(settings: Settings) -> dict[str, Sealer]:
    """A sealer of each log, by the log's name; SettingsError or KeysUnusable without secrets."""
    return {log.name: sealer(settings, log) for log in LOGS}


def sealer(settings: Settings, log: Log = EPISODES) -> Sealer:
    """The sealer of one log; SettingsError or KeysUnusable without secrets, of which none stay in memory."""
    who = signers(settings, log)
    who(1)  # says at once what is wrong with the secrets
    return Sealer(settings.need_dsn(), log, who, outside(settings, log), standby=settings.standby)


def signers(settings: Settings, log: Log) -> Signers:
    """Return who signs for a log, by epoch. The file is read each time, since an epoch that begins adds a key to it."""

    def signer(epoch: int) -> Signer:
        return Keys.load(settings.need_keys()).signer(log.origin(settings.name, epoch), epoch)

    return signer


def outside(settings: Settings, log: Log) -> CheckpointFile:
    """Where the greatest checkpoint of a log is kept outside the database."""
    file = settings.outside
    return CheckpointFile(file.with_name(f"{file.name}{log.suffix.replace('/', '.')}"))
