"""The frame of every page: who reads, why, and where one may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from application.access.sessions import Session
from interface.pages import words

TONIGHT: Final = "/pages"
ME: Final = "/pages/me"
SIGN_IN: Final = "/pages/sign-in"
SIGN_OUT: Final = "/pages/sign-out"
PURPOSE: Final = "/pages/purpose"
_OVERSEERS: Final = frozenset({"manager", "auditor", "administrator"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the navigation."""

    text: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The parts around a page. Before sign-in there is no reader."""

    title: str
    version: str
    styles: Sequence[str]
    icon: str
    reader: str = ""
    purpose: str = ""
    links: tuple[Link, ...] = ()
    trial: bool = False
    form_token: str = ""
    recorded: bool = False
    """The page shows children's records, and this reading is in the access log."""


def landing(session: Session) -> str:
    """Return the page on which a person begins."""
    return TONIGHT if session.credential.roles & _OVERSEERS else ME


def links(session: Session, here: str) -> tuple[Link, ...]:
    """Return the pages that a person may open."""
    tonight = [("Tonight", TONIGHT)] if session.credential.roles & _OVERSEERS else []
    return tuple(
        Link(text=text, href=href, here=href == here) for text, href in (*tonight, ("My session", ME))
    )


def reader(session: Session) -> str:
    """Return who reads, and for which organisation."""
    return f"{session.name}, {session.organisation}"


def purpose(session: Session) -> str:
    """Return why, in words; empty where it was not said yet."""
    return words.plain(session.credential.purpose or "")
