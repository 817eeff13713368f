"""Cursors: where a list goes on. Opaque to its holder, and checked when it comes back.

A cursor carries what its pages have in common, so that all pages are of one list. That is both times, and a checksum of
the filters and of the reader's scope. It ends with a checksum of its own bytes and has one form. A damaged cursor is
refused, never read as another.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any, Final, TypeVar

import msgspec

from domain.errors import Fault, InvalidQuery
from domain.moment import BEGINNING, FOREVER, Instant

_SUM: Final = 4
"""Bytes of the checksum; it finds every change of up to 32 bits in a row."""
_TIMES: Final[Instant] = 2**53
"""Every time that is read lies between this and its negative: the years 1684 to 2255."""
K = TypeVar("K")


class InvalidCursor(InvalidQuery):
    """It was not made here, or for another list."""


class Cursor(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """Where a list goes on, and which list it is."""

    of: int
    """A checksum of the list's name, filters and scope."""
    as_at: Instant
    known_at: int | None
    """A past position; None for the views as they are."""
    after: list[Any]
    """The key of the last item, or of the last person replayed."""
    known_as: int | None = None
    """A checksum of the `known_at` that the first page was asked with, as it was said; None when none was."""

    def check(self, as_at: Instant | None, known_as: int | None) -> None:
        """Raise InvalidCursor when a time is named that is not this list's; to name none is to go on."""
        if as_at not in {None, self.as_at} or known_as not in {None, self.known_as}:
            raise _invalid("is of a list as at, or as known at, another time")

    def key(self, of: type[K]) -> K:
        """`after`, as a key of this kind; raise InvalidCursor unless a database can hold it."""
        if not all(map(_sound, self.after)):
            raise _invalid()
        try:
            return msgspec.convert(self.after, of)
        except msgspec.ValidationError:
            raise _invalid() from None


def checksum(*of: object) -> int:
    """A checksum of what makes it one list: the same for equal values."""
    return zlib.crc32(repr(of).encode())


def write(cursor: Cursor) -> str:
    """The cursor as text for a query."""
    packed = msgspec.msgpack.encode(cursor)
    return _spelt(packed + _sum(packed))


def read(text: str, of: int) -> Cursor:
    """The cursor in a query; raise InvalidCursor unless it is of this list."""
    try:
        sent = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        packed = sent[:-_SUM]
        cursor = msgspec.msgpack.decode(packed, type=Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise _invalid() from None
    whole = sent[-_SUM:] == _sum(packed) and _spelt(sent) == text
    if not (whole and cursor.of == of and abs(cursor.as_at) < _TIMES and _sound(cursor.known_at)):
        raise _invalid()
    return cursor


def _sum(packed: bytes) -> bytes:
    return zlib.crc32(packed).to_bytes(_SUM)


def _spelt(sent: bytes) -> str:
    return base64.urlsafe_b64encode(sent).rstrip(b"=").decode()


def _sound(value: object) -> bool:
    """Return whether a member is what a key may hold: an instant or a smaller number, text without NUL, nothing."""
    if isinstance(value, int):
        return BEGINNING <= value <= FOREVER
    return value is None or (isinstance(value, str) and "\0" not in value)


def _invalid(what: str = "must be the `next` of an answer to the same question") -> InvalidCursor:
    return InvalidCursor(f"The parameter cursor {what}.", (Fault("/cursor", what),))
