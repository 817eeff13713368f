"""Signed notes (C2SP signed-note): a text, a blank line, and a line for each Ed25519 signature over the text."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import LedgerError

_ED25519: Final = b"\x01"
"""The type of an Ed25519 key."""
_ID_SIZE: Final = 4
_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+=*)")
_KEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")
_LONGEST: Final = 100_000
"""Characters of a note at most: what is longer was not made for reading."""


class NotANote(LedgerError):
    """A text is not what it should be: a signed note, a checkpoint, a verifier key."""


class Signature(NamedTuple):
    """One line of a note: whose it says it is."""

    name: str
    key_id: bytes
    value: bytes


class Note(NamedTuple):
    """A text, which ends with a line feed, and what was signed over it. Nothing is checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, note: str) -> Self:
        """Take a note apart; raise NotANote."""
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n") or len(note) > _LONGEST or not _plain(note):
            raise NotANote("this is not a signed note: a text, a blank line, and signatures")
        return cls(f"{text}\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


class Signer(NamedTuple):
    """Who signs, with what."""

    name: str
    key: Ed25519PrivateKey
    """The first key of its time, by which it is known."""
    later: tuple[Ed25519PrivateKey, ...] = ()
    """Those that came after it, by rotation."""

    @property
    def verifier(self) -> Verifier:
        """Who can check it."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note of a text that ends with a line feed."""
        return f"{text}\n{self.line(text)}"

    def line(self, text: str) -> str:
        """The line that adds this signature to a note of a text."""
        value = base64.b64encode(self.verifier.key_id + self.key.sign(text.encode())).decode()
        return f"— {self.name} {value}\n"

    def each(self) -> list[Self]:
        """One signer for each key, in the order in which they came."""
        return [self._replace(key=key, later=()) for key in (self.key, *self.later)]


class Verifier(NamedTuple):
    """A signer's name and public key. As text: `<name>+<key id>+<type and key in base64>`."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From its text; raise NotANote."""
        found = _KEY.fullmatch(text)
        key = _base64(found[3]) if found else b""
        if found is None or len(key) != 33 or key[:1] != _ED25519:
            raise NotANote("this is not the verifier key of an Ed25519 signature: <name>+<key id>+<key>")
        read = cls(found[1], key[1:])
        if read.key_id.hex() != found[2]:
            raise NotANote("the verifier key is not whole: its id is of another key or name")
        return read

    def __str__(self) -> str:
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @property
    def key_id(self) -> bytes:
        """Four bytes by which a signature says which key it is of."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_SIZE]

    def signed(self, note: Note) -> bool:
        """Whether this key signed the note. Signatures of others do not matter; a false one of its own does."""
        own = [s.value for s in note.signatures if (s.name, s.key_id) == (self.name, self.key_id)]
        key = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            for value in own:
                key.verify(value, note.text.encode())
        except InvalidSignature:
            return False
        return bool(own)


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    value = _base64(found[2]) if found else b""
    if found is None or len(value) <= _ID_SIZE:
        raise NotANote("a line of signature is not `— <name> <base64>`")
    return Signature(found[1], value[:_ID_SIZE], value[_ID_SIZE:])


def _base64(text: str) -> bytes:
    """Its bytes; none, unless it is exactly how they are written."""
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return value if base64.b64encode(value).decode() == text else b""


def _plain(text: str) -> bool:
    """Without control characters but line feeds."""
    return all(character == "\n" or character >= " " for character in text)
