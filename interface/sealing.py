"""Sealing as an installation sets it: which log, in whose name, and where the last checkpoint is kept outside."""

from __future__ import annotations

from application.keys import Keys
from application.logs import EPISODES
from application.outside import Outside
from application.seal import Sealer
from interface.settings import Settings


def sealer(settings: Settings) -> Sealer:
    """The sealer of the episode log; SettingsError without secrets, of which only the signing key stays in memory."""
    signer = Keys.load(settings.need_keys()).signer(EPISODES.origin(settings.name))
    return Sealer(settings.need_dsn(), EPISODES, signer, Outside(settings.outside), standby=settings.standby)
