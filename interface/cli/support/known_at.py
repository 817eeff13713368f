"""The option --known-at: a time or a position, and the ledger as it was known then."""

from __future__ import annotations

import re
from typing import Final

import click

from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.person_loader import KnownAt
from application.recording.ledger import Ledger
from domain.moment import Instant, instant

_POSITION: Final = re.compile(r"position:(\d{1,15})", re.ASCII)


Known = tuple[int | None, Instant | None]
"""A position, or a time, or neither."""


def read_known_at(_: click.Context, option: click.Parameter, text: str | None) -> Known:
    """Read --known-at; wrong usage when it is neither a position nor a time."""
    if text is None:
        return None, None
    if found := _POSITION.fullmatch(text):
        return int(found[1]), None
    try:
        return None, instant(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}, or position:1234", param=option) from None


def known_in(ledger: Ledger, known_at: Known, rulebook: str | None = None) -> KnownAt | None:
    """Where in a ledger that is, and by which rulebook; None when none of it was given."""
    if known_at == (None, None) and rulebook is None:
        return None
    return EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(*known_at, rulebook)
