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
"""The type of a key that signs notes with Ed25519."""
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

    def signed_as(self, name: str, key_id: bytes) -> list[bytes]:
        """The signatures that say they are of a key."""
        return [each.value for each in self.signatures if (each.name, each.key_id) == (name, key_id)]


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
        return signature_line(self.name, self.verifier.key_id, self.key.sign(text.encode()))

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
        return cls(*read_key(text, _ED25519, "an Ed25519 signature"))

    def __str__(self) -> str:
        return key_text(self.name, _ED25519, self.public)

    @property
    def key_id(self) -> bytes:
        """Four bytes by which a signature says which key it is of."""
        return key_id(self.name, _ED25519, self.public)

    def signed(self, note: Note) -> bool:
        """Return whether this key signed the note. Signatures of others do not matter; a false one of its own does."""
        own = note.signed_as(self.name, self.key_id)
        key = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            for value in own:
                key.verify(value, note.text.encode())
        except InvalidSignature:
            return False
        return bool(own)


def signature_line(name: str, key_id: bytes, value: bytes) -> str:
    """The line that adds a signature to a note."""
    return f"— {name} {base64.b64encode(key_id + value).decode()}\n"


def read_key(text: str, kind: bytes, of: str) -> tuple[str, bytes]:
    """The name and public key in the text of a verifier key of a kind; NotANote says `of` what it is none."""
    found = _KEY.fullmatch(text)
    key = _base64(found[3]) if found else b""
    if found is None or len(key) != 33 or key[:1] != kind:
        raise NotANote(f"this is not the verifier key of {of}: <name>+<key id>+<key>")
    if key_id(found[1], kind, key[1:]).hex() != found[2]:
        raise NotANote("the verifier key is not whole: its id is of another key or name")
    return found[1], key[1:]


def key_text(name: str, kind: bytes, public: bytes) -> str:
    """The text of a verifier key of one kind."""
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(kind + public).decode()}"


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """The id of a key of one kind."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:_ID_SIZE]


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
