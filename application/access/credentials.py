"""Credentials: who may do what, by a token that is never stored (design.md 7).

A token is 256 random bits; the database holds its SHA-256. The service's role may only read them;
making and revoking needs the owner's connection.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from application.store.clock import now
from application.store.database import Database
from domain.errors import LedgerError
from domain.moment import Instant, from_datetime, to_datetime

ROLES: Final = ("recorder", "reader", "manager", "auditor", "administrator")
_PREFIX: Final = "ledger_"
_CACHED: Final = 3.0
"""Seconds for which a found credential is believed: as long a revocation may take to work."""
_COLUMNS: Final = (
    "id, namespace, sources, roles, authorities, purpose, label, created_at, expires_at, revoked_at"
)


class UnknownRole(LedgerError):
    """A role that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Who acts. `id` is the principal of a line. Times are microseconds, UTC.

    No namespace: acts for the subject's and is good for all. No sources, no authorities: any.
    """

    id: str
    namespace: str | None
    sources: tuple[str, ...] | None
    roles: frozenset[str]
    authorities: tuple[str, ...] | None
    purpose: str | None = None
    """A code that stands for the reader's purpose when a request gives none."""
    label: str | None = None
    created_at: Instant = 0
    expires_at: Instant | None = None
    revoked_at: Instant | None = None

    def valid_at(self, at: Instant) -> bool:
        """Return whether it is neither revoked nor expired at an instant."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


class Credentials:
    """The credentials of a ledger. Give a Database in the role that the use needs."""

    def __init__(self, database: Database) -> None:
        """Remember where they are kept."""
        self._database = database
        self._found: dict[bytes, tuple[float, Credential | None]] = {}
        self._lock = threading.Lock()

    def new(  # noqa: PLR0913  each says one thing that the credential may or may not
        self,
        roles: Sequence[str],
        *,
        namespace: str | None = None,
        sources: Sequence[str] | None = None,
        authorities: Sequence[str] | None = None,
        purpose: str | None = None,
        label: str | None = None,
        expires_at: Instant | None = None,
    ) -> tuple[Credential, str]:
        """Make a credential and its token, which is shown now and never again."""
        if not roles or not set(roles) <= set(ROLES):
            raise UnknownRole(f"roles are {', '.join(ROLES)}")
        token = _PREFIX + secrets.token_urlsafe(32)
        until = None if expires_at is None else to_datetime(expires_at)
        [row] = self._database.rows(
            "insert into ledger.credentials (id, token_hash, namespace, sources, roles, authorities, purpose, label,"  # noqa: S608  our own column names
            f" expires_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning {_COLUMNS}",
            ("c_" + secrets.token_hex(6), _hash(token), namespace, _list(sources), sorted(set(roles)),
             _list(authorities), purpose, label, until),
        )  # fmt: skip
        return _credential(row), token

    def list(self) -> list[Credential]:
        """Every credential, revoked and expired ones too, in the order made."""
        rows = self._database.rows(f"select {_COLUMNS} from ledger.credentials order by created_at, id")  # noqa: S608  our own column names
        return [_credential(row) for row in rows]

    def revoke(self, *ids: str) -> int:
        """Revoke credentials from now on; how many of them were good until now."""
        rows = self._database.rows(
            "update ledger.credentials set revoked_at = now() where id = any(%s) and revoked_at is null returning id",
            (list(ids),),
        )
        with self._lock:
            self._found.clear()
        return len(rows)

    def revoke_labelled(self, label: str) -> int:
        """Revoke every credential of that label; how many of them were good until now."""
        return self.revoke(*(c.id for c in self.list() if c.label == label and c.revoked_at is None))

    def find(self, token: str) -> Credential | None:
        """The credential of a token, if it is good now; a revocation works within three seconds."""
        key = _hash(token)
        known = self._found.get(key)
        if known is None or known[0] < time.monotonic():
            query: LiteralString = f"select {_COLUMNS} from ledger.credentials where token_hash = %s"  # noqa: S608
            rows = self._database.rows(query, (key,))
            known = (time.monotonic() + _CACHED, _credential(rows[0]) if rows else None)
            self._remember(key, known)
        found = known[1]
        return found if found is not None and found.valid_at(now()) else None

    def _remember(self, key: bytes, known: tuple[float, Credential | None]) -> None:
        """Keep what was found; forget all at ten thousand, so that guessing fills no memory."""
        with self._lock:
            if len(self._found) >= 10_000:
                self._found.clear()
            self._found[key] = known


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _list(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _credential(row: tuple[Any, ...]) -> Credential:
    """Read one row of _COLUMNS."""
    id_, namespace, sources, roles, authorities, purpose, label, *times = row
    created_at, expires_at, revoked_at = (None if t is None else from_datetime(t) for t in times)
    return Credential(
        id=id_,
        namespace=namespace,
        sources=None if sources is None else tuple(sources),
        roles=frozenset(roles),
        authorities=None if authorities is None else tuple(authorities),
        purpose=purpose,
        label=label,
        created_at=created_at or 0,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
