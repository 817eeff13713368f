"""My session: who I am here, what I may see, until when."""

from __future__ import annotations

from dataclasses import dataclass

from application.access.sessions import Session
from domain.moment import Instant
from interface.pages import words
from interface.pages.words import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The session of the reader."""

    name: str
    organisation: str
    roles: str
    purpose: str
    ends: Said


def me(session: Session, now: Instant) -> Me:
    """Return the session in words."""
    credential = session.credential
    return Me(
        name=session.name,
        organisation=session.organisation,
        roles=", ".join(sorted(credential.roles)),
        purpose=words.plain(credential.purpose or "not said yet"),
        ends=words.time(session.ends_at, now),
    )
