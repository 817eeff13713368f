"""Checks of the publishing targets: whether each has the checkpoints, and how far behind it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from application.merkle_log.publishing.delivery_status import DeliveryStatus, reaches
from application.store.database import Database
from application.store.logs import LOGS
from interface.cli.commands.doctor.check import Check, bad, ok, warn
from interface.settings import Settings
from interface.wiring.publishers import places

_NAME: Final = "publishing"
_LONG: Final = 2 * 3600
"""Seconds that a checkpoint may wait; after an hour it is brought, unless nobody does."""
_LOGS: Final = {log.number: log.name for log in LOGS}


def examine(database: Database, settings: Settings) -> Iterator[Check]:
    """A line for each place and log, as `ledger follow` left it: the doctor itself asks nobody outside."""
    found = reaches(database)
    yield from map(_of_place, found)
    known = {reach.place for reach in found}
    for place in places(settings):
        if place.name not in known:
            yield warn(
                _NAME,
                f"nothing was brought to {place.name} yet",
                "Is `ledger follow` running with this setting?",
            )
    if not found and not places(settings):
        yield ok(_NAME, "off: nobody outside has a checkpoint unless they fetch it")


def _of_place(reach: DeliveryStatus) -> Check:
    there = reach.sealed - reach.behind
    finding = f"{reach.place}, {_LOGS[reach.log]} log: {there:,} of {reach.sealed:,} sealed entries"
    if reach.taken_at is not None:
        finding += f", last brought {reach.taken_at:%Y-%m-%d %H:%M:%S%z}"
    if reach.failing_since is not None:
        return bad(_NAME, f"{finding}; failing since {reach.failing_since:%Y-%m-%d %H:%M:%S%z}: {reach.problem}",
                   "It is tried again each minute, and then has the newest. Sealing goes on meanwhile.")  # fmt: skip
    if (reach.waited or 0) > _LONG:
        return bad(_NAME, f"{finding}; what came after it has waited for {reach.waited:,.0f} s",
                   "Is `ledger follow` running with LEDGER_KEYS and with this setting?")  # fmt: skip
    return ok(_NAME, finding)
