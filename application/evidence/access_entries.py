"""Readings of the records of a bundle's children, from the access log, each proved as the entries are.

They end at a position of the access log, and are proved under the first checkpoint over it. That checkpoint never
changes. So the position alone fixes them, whatever is read afterwards. Making the bundle is such a later reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from application.access.log_queries import AccessEntryView, AccessQueries
from application.access.scope import Scope
from application.evidence.proven_lines import ProvenLines
from application.merkle_log.proofs import NotSealed, Proofs
from application.store.database import Database
from application.store.logs import ACCESSES
from domain.moment import Instant


class AccessEntries(NamedTuple):
    """The readings up to a position of the access log."""

    upto: int
    readings: Sequence[AccessEntryView]
    size: int | None = None
    """The size of the checkpoint under which they are proved; None where nothing was read by then."""
    proved: ProvenLines | None = None


class AccessEntryReader:
    """Looks into the access log of one ledger."""

    def __init__(self, database: Database, name: str) -> None:
        """Say where it is, and the ledger's name."""
        self._accessed, self._proofs = AccessQueries(database), Proofs(database, ACCESSES, name)

    def at(
        self, children: Sequence[str], scope: Scope, recorded: Instant, access_to: int | None
    ) -> AccessEntries:
        """Return the readings of some children, up to a position, by default those recorded by a time.

        NotSealed while no checkpoint covers the latter.
        """
        upto = self._accessed.position_at(recorded) if access_to is None else min(access_to, self._sealed())
        readings = self._accessed.up_to(upto, children, scope)
        if upto == 0:
            return AccessEntries(upto, readings)
        checkpoint = self._proofs.first_over(upto)
        proved = ProvenLines.by(self._proofs, checkpoint, [reading.line for reading in readings])
        return AccessEntries(upto, readings, checkpoint.size, proved)

    def _sealed(self) -> int:
        """How much of the access log is under a checkpoint."""
        try:
            return self._proofs.signed().size
        except NotSealed:
            return 0
