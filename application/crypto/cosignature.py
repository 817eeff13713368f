"""Cosignatures (C2SP tlog-cosignature): that a witness saw a log only grow up to a checkpoint, and when."""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from application.crypto.signed_note import Note, key_id, key_text, read_key, signature_line

_ED25519: Final = b"\x04"
"""The type of a key that cosigns with Ed25519."""
_TIME: Final = 8
"""Bytes of the time before the signature proper, big-endian."""
_LAST: Final = 7_258_118_400
"""The year 2200, in seconds since 1970: no clock says that, and no date here goes beyond it."""


class Cosignature(NamedTuple):
    """A witness's signature of a checkpoint."""

    cosigned_at: int
    """Seconds since 1970, UTC, by the witness's clock."""
    line: str
    """The line that adds it to the checkpoint's note."""


class Witness(NamedTuple):
    """A witness's name and public key. As text: `<name>+<key id>+<type and key in base64>`."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From its text; raise NotANote."""
        return cls(*read_key(text, _ED25519, "a witness (cosignature/v1 with Ed25519)"))

    def __str__(self) -> str:
        return key_text(self.name, _ED25519, self.public)

    def cosigned(self, note: Note) -> Cosignature | None:
        """The cosignature of this witness on a note; None when there is none, or one that is false."""
        own_id = key_id(self.name, _ED25519, self.public)
        for value in note.signed_as(self.name, own_id)[:1]:
            at = int.from_bytes(value[:_TIME])
            signed_bytes = f"cosignature/v1\ntime {at}\n{note.text}".encode()
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(value[_TIME:], signed_bytes)
            except InvalidSignature:
                return None
            return Cosignature(at, signature_line(self.name, own_id, value)) if at < _LAST else None
        return None
