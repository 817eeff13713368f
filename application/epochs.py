"""Epochs: when a ledger went on from an earlier or another state than it had shown, and what was left of it.

All of it stands in the ledger's own entries: the founding one begins epoch 1, `ledger.epoch-began.v1` each further one
(stored-form.md 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

from application.checkpoint import Checkpoint
from application.logs import ACCESSES, EPISODES, Log, read_origin
from application.note import Note, Verifier
from application.store.codec import read_line
from application.store.tree import Rows
from domain.facts.system import EPOCH_BEGAN

_OWN: Final = """
select line from ledger.entries where stream_no = (select stream_no from ledger.entries where position = 1)
and (position = 1 or position(convert_to(%s, 'UTF8') in line) > 0) order by position
"""
_TYPE: Final = f'"type":"{EPOCH_BEGAN}"'


class Survived(NamedTuple):
    """What was left of a log when an epoch began."""

    size: int
    root: bytes
    note: str | None
    """The last checkpoint that had been released before, above which or beside which this is; None: of the log none."""
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


class Epoch(NamedTuple):
    """An epoch, by its first entry."""

    number: int
    position: int
    key: Verifier
    """In the name of the episode log."""
    reason: str = ""
    survived: Mapping[int, Survived] = {}
    """By the number of a log; nothing for the first epoch."""

    def verifier(self, log: Log) -> Verifier:
        """The key in the name of a log."""
        origin = read_origin(self.key.name)
        return self.key if origin is None else self.key._replace(name=origin.of(log))


def epochs(rows: Rows) -> list[Epoch]:
    """All of them, in order; none before the founding. LookupError, ValueError or NotANote when one cannot be read."""
    entries = [read_line(line) for (line,) in rows(_OWN, (_TYPE,))]
    founding = [Epoch(1, each.position, Verifier.read(each.data["key"])) for each in entries[:1]]
    return founding + [_began(each.position, each.data) for each in entries[1:] if each.type == EPOCH_BEGAN]


def _began(position: int, data: Mapping[str, Any]) -> Epoch:
    survived = {
        log.number: Survived.of(left["size"], bytes.fromhex(left["root"]), left.get("note"))
        for log, left in ((EPISODES, data), (ACCESSES, data["access"]))
    }
    return Epoch(data["epoch"], position, Verifier.read(data["key"]), data["reason"], survived)
