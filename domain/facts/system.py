"""System entries: what the ledger itself records, as source and by `ledger`, about no child.

They are never posted. Their text is public; they stand on the stream `ledger/<name>`.
"""

from __future__ import annotations

from typing import Final

LEDGER: Final = "ledger"
"""The source, principal and namespace of the ledger's own entries."""
FOUNDED: Final = "ledger.founded.v1"
"""Position 1: {name, format, key}: the log's name, the format's number, the signed-note verifier key."""
RULEBOOK_ADOPTED: Final = "ledger.rulebook-adopted.v1"
"""{id, version, text, extended?, adopted_by?}: a rulebook, whole; verdicts as known from here on are judged by it.

`extended`: the texts of the rulebooks that it extends, as they were then, the nearest first, so that what was adopted
stays whole whatever is adopted later. `adopted_by`: who decided, as a code."""
FORMAT: Final = 1
"""The number of the stored form that this program writes."""


def own_subject(name: str) -> str:
    """The stream of a ledger's own entries."""
    return f"{LEDGER}/{name}"
