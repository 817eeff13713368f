"""Epochs: when a ledger went on from an earlier or another state than it had shown, and what was left of it.

All of it stands in the ledger's own entries: the founding one begins epoch 1, `ledger.epoch-began.v1` each further one
(stored-form.md 6). Within an epoch `ledger.key-changed.v1` says from where on another key signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Note, Verifier
from application.store.line_codec import read_line
from application.store.logs import ACCESSES, EPISODES, Log, read_origin
from application.store.tree_rows import Rows
from domain.facts.ledger_entries import EPOCH_BEGAN, KEY_CHANGED
from domain.moment import FOREVER, Instant, instant

_OWN: Final = """
select line from ledger.entries where stream_no = (select stream_no from ledger.entries where position = 1)
and (position = 1 or position(convert_to(%s, 'UTF8') in line) > 0 or position(convert_to(%s, 'UTF8') in line) > 0)
order by position
"""
_TYPES: Final = (f'"type":"{EPOCH_BEGAN}"', f'"type":"{KEY_CHANGED}"')


class Survived(NamedTuple):
    """The part of a log that was left when an epoch began."""

    size: int
    root: bytes
    note: str | None
    """The last checkpoint that was released before; None where the log had none."""
    released: int
    """So many entries are under that checkpoint."""

    @classmethod
    def of(cls, size: int, root: bytes, note: str | None) -> Self:
        """Raise NotANote when the note is no checkpoint."""
        return cls(size, root, note, 0 if note is None else Checkpoint.read(Note.read(note)).size)

    def data(self) -> dict[str, Any]:
        """For the entry."""
        noted = {} if self.note is None else {"note": self.note}
        return noted | {"size": self.size, "root": self.root.hex()}


class KeyChange(NamedTuple):
    """Another key signs within an epoch, from the checkpoint on that is over the entry that says so."""

    position: int
    key: Verifier
    """In the name of the episode log."""
    both_until: Instant
    """Until then the key before it signs too."""


class Epoch(NamedTuple):
    """An epoch, by its first entry."""

    number: int
    position: int
    key: Verifier
    """In the name of the episode log."""
    reason: str = ""
    survived: Mapping[int, Survived] = {}
    """By the number of a log; nothing for the first epoch."""
    changes: tuple[KeyChange, ...] = ()

    def verifiers(self, log: Log) -> list[Verifier]:
        """Its keys in the name of a log, in the order in which they came."""
        keys = [self.key, *(change.key for change in self.changes)]
        origin = read_origin(self.key.name)
        return keys if origin is None else [key._replace(name=origin.of(log)) for key in keys]

    def signing(self, log: Log, before: int, size: int, now: Instant = FOREVER) -> list[Verifier]:
        """Whose signatures a checkpoint of that size must have, the newest last; `before`: the size of the last one.

        The key before a change signs what first covers it, to vouch for it, and while both shall sign. Changes stand in
        the episode log: in the access log each counts as soon as it is recorded.
        """
        covered = [change for change in self.changes if log != EPISODES or change.position <= size]
        kept = [
            key
            for key, change in zip(self.verifiers(log), covered, strict=False)
            if now < change.both_until or (log == EPISODES and change.position > before)
        ]
        return [*kept, self.verifiers(log)[len(covered)]]


def epochs(rows: Rows) -> list[Epoch]:
    """All of them, in order; none before the founding. LookupError, ValueError or NotANote when one cannot be read."""
    epochs = list[Epoch]()
    for (line,) in rows(_OWN, _TYPES):
        entry = read_line(line)
        if not epochs:
            epochs.append(Epoch(1, entry.position, Verifier.read(entry.data["key"])))
        elif entry.type == EPOCH_BEGAN:
            epochs.append(_began(entry.position, entry.data))
        elif entry.type == KEY_CHANGED:
            epochs[-1] = epochs[-1]._replace(
                changes=(*epochs[-1].changes, _changed(entry.position, entry.data))
            )
    return epochs


def _began(position: int, data: Mapping[str, Any]) -> Epoch:
    survived = {
        log.number: Survived.of(left["size"], bytes.fromhex(left["root"]), left.get("note"))
        for log, left in ((EPISODES, data), (ACCESSES, data["access"]))
    }
    return Epoch(data["epoch"], position, Verifier.read(data["key"]), data["reason"], survived)


def _changed(position: int, data: Mapping[str, Any]) -> KeyChange:
    return KeyChange(position, Verifier.read(data["key"]), instant(data["both_until"]))
