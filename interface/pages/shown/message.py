"""Pages that say why nothing is shown, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interface.pages.shown.frame import SIGN_IN, TONIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Why nothing is shown."""

    status: int
    heading: str
    sentences: tuple[str, ...]
    link: tuple[str, str]
    """Where to go on: a text and an address."""


_SAID: Final = {
    "unauthenticated": ("You are signed out", "Nothing is shown. Sign in again to read on."),
    "forbidden": ("This page is not for your role", "Nothing is shown. Go back, or open another page."),
    "not-found": ("Not found", "There is no such page or episode, or it is not yours to see."),
    "invalid-query": (
        "The address is not right",
        "Something after the question mark is unknown. Open the page again.",
    ),
    "rate-limited": ("Too many requests", "Wait a second, then look again."),
    "not-recorded": (
        "Nothing is shown because it cannot be recorded",
        "The ledger does not answer, or cannot record that you read. Ring the people on duty. Then look again.",
    ),
    "behind": ("The lists are not complete yet", "Wait some seconds, then look again."),
    "internal": ("A fault of ours", "Nothing is shown. Tell the operator the reference below. Ring."),
}
_OTHER: Final = ("This cannot be shown", "The request is not one that a page sends. Open the page again.")


def message(reason: str, status: int) -> Message:
    """Return the page for a refusal or a fault, by its reason."""
    heading, sentence = _SAID.get(reason, _OTHER)
    link = ("Sign in", SIGN_IN) if reason == "unauthenticated" else ("Open Tonight", TONIGHT)
    return Message(status=status, heading=heading, sentences=(sentence,), link=link)
