"""Stored lines under a checkpoint, each with its proof: what of a bundle stands by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from application.access.lines_in_scope import VisibleLine
from application.crypto.signed_note import Verifier
from application.merkle_log.proofs import Inclusion, Proofs
from application.store.tree_rows import SignedCheckpoint
from domain.entries.entry import Entry
from domain.facts.ledger_entries import KEY_CHANGED

ACCESS_FOLDER: Final = "access/"
"""Where the access log's files are in a bundle; the episode log's are at the top."""


class ProvenLines(NamedTuple):
    """Some lines of one log."""

    checkpoint: str
    """The signed note."""
    lines: Sequence[VisibleLine]
    proofs: Sequence[Inclusion]
    """The proof of each line under the checkpoint, in the same order."""

    @classmethod
    def by(cls, proofs: Proofs, checkpoint: SignedCheckpoint, lines: Sequence[VisibleLine]) -> ProvenLines:
        """The lines with their proofs; NotSealed when the checkpoint does not cover them."""
        positions = [line.position for line in lines]
        proved = proofs.inclusion(positions, checkpoint.size) if positions else []
        return cls(checkpoint.note, lines, proved)

    def files(self, folder: str = "") -> Iterator[tuple[str, bytes]]:
        """As they lie in a bundle."""
        yield f"{folder}checkpoint", self.checkpoint.encode()
        yield f"{folder}lines.ndjson", b"".join(line.text + b"\n" for line in self.lines)
        yield from ((f"{folder}proofs/{each.position}", each.tlog_proof().encode()) for each in self.proofs)


def handovers(proofs: Proofs, entries: Mapping[int, Entry], origin: str) -> dict[int, str]:
    """By the position of each change of key in an epoch: its proof under the first checkpoint over it.

    The key before signed that one too, and so vouches for the key that the entry names.
    """
    changes = [
        position
        for position, entry in entries.items()
        if entry.type == KEY_CHANGED and Verifier.read(entry.data["key"]).name == origin
    ]
    return {
        position: proofs.inclusion([position], proofs.first_over(position).size)[0].tlog_proof()
        for position in changes
    }
