"""Publishing as an installation sets it: which places its checkpoints are brought to."""

from __future__ import annotations

from functools import partial

import psycopg

from application.merkle_log.publishing import delivery_status as progress
from application.merkle_log.publishing.folder import FolderTarget
from application.merkle_log.publishing.http_post import HttpTarget
from application.merkle_log.publishing.publisher import Publisher
from application.merkle_log.publishing.target import PublishingTarget
from application.merkle_log.publishing.timestamp_authority import TimestampTarget
from application.merkle_log.publishing.witness import WitnessTarget
from application.store.database import as_role
from interface.settings import Settings
from interface.wiring.sealers import signers


def publishers(settings: Settings) -> dict[str, Publisher]:
    """A publisher for each place that is set, by the place's name. Places that no longer are, are forgotten."""
    dsn, set_ = settings.need_dsn(), places(settings)
    with psycopg.connect(as_role(dsn, "ledger_follower")) as connection:
        progress.enrol(connection, [place.name for place in set_])
    return {place.name: Publisher(dsn, place, settings.publishing.every) for place in set_}


def places(settings: Settings) -> list[PublishingTarget]:
    """Every place that is set."""
    given, found = settings.publishing, list[PublishingTarget]()
    if given.folder is not None:
        found.append(FolderTarget(given.folder))
    if given.url is not None:
        found.append(HttpTarget(given.url, partial(signers, settings)))
    found.extend(WitnessTarget(witness, address) for witness, address in given.witnesses)
    if given.stamps is not None and given.authority is not None:
        found.append(TimestampTarget(given.authority, given.stamps))
    return found
