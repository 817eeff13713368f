"""Checkpoints (C2SP tlog-checkpoint): the size and root of a log's tree, as the text of a signed note."""

from __future__ import annotations

import base64
import re
from typing import Final, NamedTuple, Self

from application.crypto.signed_note import NotANote, Note

_TEXT: Final = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*", re.ASCII)


class Checkpoint(NamedTuple):
    """A log's promise: under its origin, the first `size` entries have this root."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, note: Note) -> Self:
        """The checkpoint that a note is about; lines after its third are others'. Raise NotANote."""
        found = _TEXT.fullmatch(note.text)
        if found is None:
            raise NotANote("this is not a checkpoint, which has origin, size and root on three lines")
        read = cls(found[1], int(found[2]), base64.b64decode(found[3]))
        if not note.text.startswith(read.text):
            raise NotANote("the root of the checkpoint is not written as base64 should be")
        return read

    @property
    def text(self) -> str:
        """As it is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"
