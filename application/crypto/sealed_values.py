"""Sealed values: a line commits to a personal value, which is encrypted next to it (stored-form.md 2).

A disclosure is the exact bytes `["<salt>","<path>",<value>]`, and the line holds its commitment. The disclosures
of one entry are encrypted together under the child's data key. Anyone who holds a disclosure can show that the
line commits to it, without any key.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORM: Final = b"\x01"
_NONCE: Final = 12
_BLOCK: Final = 256
_SALT: Final = 16


class CannotOpen(ValueError):
    """The sealed bytes do not open under this key for this entry: another key, another entry, or altered."""


class Disclosure(NamedTuple):
    """A personal value of an entry: the exact bytes that are committed to, its path and its value."""

    text: bytes
    path: str
    value: Any

    def __repr__(self) -> str:
        """The path only: a disclosure is personal."""
        return f"Disclosure({self.path})"


def disclose(path: str, value: Any) -> bytes:
    """A new disclosure of a value at a path of `data`, with a salt of its own."""
    return compact([salt(), path, value])


def commitment(disclosure: bytes) -> str:
    """Return what the line holds for a disclosure: its SHA-256 in base64url, 43 characters."""
    return base64url(hashlib.sha256(disclosure).digest())


def salt() -> str:
    """Sixteen random bytes in base64url, 22 characters."""
    return base64url(os.urandom(_SALT))


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value: Any) -> bytes:
    """JSON without spaces, in UTF-8, escaped only where JSON must be."""
    return msgspec.json.encode(value)


def join(disclosures: Iterable[bytes]) -> bytes:
    """Disclosures as one JSON array that keeps the bytes of each."""
    return b"[" + b",".join(disclosures) + b"]"


def split(array: bytes) -> list[Disclosure]:
    """The disclosures of such an array, each with its exact bytes."""
    raw = msgspec.json.decode(array, type=list[msgspec.Raw])
    return [Disclosure(bytes(text), *msgspec.json.decode(text)[1:]) for text in raw]


def seal(key: AESGCM, plain: bytes, about: list[str]) -> bytes:
    """Encrypt JSON, padded with spaces to a multiple of 256 bytes, bound to what it is about."""
    nonce = os.urandom(_NONCE)
    padded = plain + b" " * (-len(plain) % _BLOCK)
    return _FORM + nonce + key.encrypt(nonce, padded, compact(about))


def unseal(key: AESGCM, blob: bytes, about: list[str]) -> bytes:
    """Return what was sealed, without its padding; raise CannotOpen when key, bytes or `about` differ."""
    if blob[:1] != _FORM:
        raise CannotOpen("this program cannot read this form of seal")
    try:
        return key.decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], compact(about)).rstrip(b" ")
    except InvalidTag:
        raise CannotOpen("it does not open under this key for this entry") from None
