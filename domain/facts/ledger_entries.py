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

`extended`: the texts of the rulebooks that it extends, as they were at that time, the nearest first. So an adopted
rulebook stays whole, whatever is adopted later. `adopted_by`: who decided, as a code."""
KEY_CHANGED: Final = "ledger.key-changed.v1"
"""{key, replaces, both_until}: checkpoints over this entry are signed with another key; both are verifier keys.

The first of them is signed with the replaced key too, which so vouches for the change. So is each further one until
`both_until` (RFC 3339, UTC)."""
EPOCH_BEGAN: Final = "ledger.epoch-began.v1"
"""{epoch, key, reason, note, size, root, access: {note?, size, root}}: a recovery.

The ledger goes on from a state that is shorter or other than one released before (stored-form.md 6).

* `note` is the last checkpoint released before, signed in the epoch before.
* `size` and `root` (hex) are the part of the log that is left, to which this entry is the next.
* `key` is the verifier key from here on, and `reason` is a code.
* `access` is the part of that log that is left."""
FORMAT: Final = 1
"""The number of the stored form that this program writes."""


def own_subject(name: str) -> str:
    """Return the stream of a ledger's own entries."""
    return f"{LEDGER}/{name}"
