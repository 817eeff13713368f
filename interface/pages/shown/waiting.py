"""Waiting: on a card a remark each, and on Tonight the messages that nobody acknowledged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.moment import Instant
from interface.pages import words
from interface.pages.shown.names import name

Json = Mapping[str, Any]
_DONE: Final = {"notification": "Told", "escalation": "Escalated to", "handover": "Handed over to"}
"""The kinds that somebody has to acknowledge."""
_LATE: Final = {"action": "An agreed action", "risk_review": "The risk review"}


def is_message(waiting: Json) -> bool:
    """Return whether it is a message, and not something whose time has passed."""
    return waiting["kind"] in _DONE


def in_words(waiting: Json, names: Mapping[str, str]) -> str:
    """Return what was sent to whom, or what is late, as a sentence without its end."""
    kind, role = waiting["kind"], words.plain(waiting["role"]) if "role" in waiting else ""
    if kind not in _DONE:
        return f"{_LATE[kind]}{f' of {role}' if role else ''} is past its time"
    to = name(waiting["to"], names).text if "to" in waiting else role
    channel = f" by {words.plain(waiting['channel'])}" if "channel" in waiting else ""
    return f"{_DONE[kind]} {to}{channel}, not acknowledged"


def silence(waiting: Json, now: Instant) -> str:
    """Return for how long nothing was said, as the beginning of a sentence with the time."""
    length = words.between(words.elapsed(waiting["since"], now))
    return f"{length} without a reply, since" if length else "without a reply, since"
