"""Sessions of people who read pages in a browser. Only the hash of a session's token is stored (decision 59)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from application.access.credentials import Credential
from application.store.database import Database
from domain.moment import Instant, from_datetime

LONGEST: Final = 200
"""No token of ours is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A live session: who reads, as whom and why. Its token is never printed."""

    credential: Credential
    """The rights of the person; its purpose is the one chosen in this session, None until then."""
    name: str
    organisation: str
    trial: bool
    """The person is made up, and may change into another one."""
    ends_at: Instant
    form_token: str
    """Stands in each form of the session: another site does not know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A made-up person of a trial, for its chooser."""

    id: str
    name: str
    organisation: str


class Sessions:
    """The sessions of a ledger, in the service's role."""

    def __init__(self, database: Database) -> None:
        """Remember where they are."""
        self._database = database

    def find(self, token: str) -> Session | None:
        """Return the session of a token if it is live, and note that it is used."""
        rows = self._database.rows("select * from ledger.use_session(%s)", (_hash(token),))
        if not rows:
            return None
        id_, name, organisation, namespace, roles, authorities, trial, purpose, ends_at = rows[0]
        credential = Credential(
            id=id_,
            namespace=namespace,
            sources=(),
            roles=frozenset(roles),
            authorities=None if authorities is None else tuple(authorities),
            purpose=purpose,
        )
        return Session(
            credential=credential,
            name=name,
            organisation=organisation,
            trial=trial,
            ends_at=from_datetime(ends_at),
            form_token=_form_token(token),
        )

    def link_is_good(self, link: str) -> bool:
        """Return whether a link would open a session now."""
        return self._true("select ledger.link_is_good(%s)", _hash(link))

    def personas(self) -> list[Persona]:
        """Return the made-up people of a trial, in the order of their making."""
        rows = self._database.rows(
            "select id, name, organisation from ledger.persons where trial and ended_at is null order by id"
        )
        return [Persona(id=id_, name=name, organisation=organisation) for id_, name, organisation in rows]

    def open(self, by: str, person: str) -> str | None:
        """Open a session by a link, or by a session of a trial, which ends; return its token, None when refused."""
        if not (person.isascii() and person.isprintable()):
            return None  # the database could not even be asked
        token = secrets.token_urlsafe(32)
        opened = self._true("select ledger.open_session(%s, %s, %s)", _hash(by), person, _hash(token))
        return token if opened else None

    def set_purpose(self, token: str, purpose: str) -> bool:
        """Remember why the person reads; False when the session is over."""
        return self._true("select ledger.set_session_purpose(%s, %s)", _hash(token), purpose)

    def end(self, token: str) -> bool:
        """End a session; False when it was over."""
        return self._true("select ledger.end_session(%s)", _hash(token))

    def _true(self, query: str, *values: bytes | str) -> bool:
        with self._database.connection() as connection:
            row = connection.execute(query.encode(), values).fetchone()
        return row is not None and bool(row[0])


def _hash(token: str) -> bytes:
    return hashlib.sha256(token[:LONGEST].encode(errors="replace")).digest()


def _form_token(token: str) -> str:
    return hmac.new(token.encode(errors="replace"), b"form", hashlib.sha256).hexdigest()
