"""Time stamps (RFC 3161): an authority's signed word that some bytes were there at a time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.errors import LedgerError


class NotStamped(LedgerError):
    """An answer is no time stamp over what it should be, or none that the certificates vouch for."""


class TimestampRequest(NamedTuple):
    """The request to an authority."""

    body: bytes
    """The TimeStampReq, with the SHA-256 of the note, and nothing of its text."""
    nonce: int | None
    """A number that its answer must repeat, so that it is no older one."""


class TimestampAuthority(NamedTuple):
    """A time stamping authority, by its certificates."""

    roots: tuple[Certificate, ...]
    """Those that sign themselves: they are trusted."""
    between: tuple[Certificate, ...]
    """Those that lead from them to the one that stamps, unless it sends them itself."""

    @classmethod
    def load(cls, path: str) -> Self:
        """From a file of certificates in PEM; ValueError unless at least one of them signs itself."""
        try:
            held = load_pem_x509_certificates(Path(path).read_bytes())
        except (OSError, ValueError):
            held = []
        roots = tuple(each for each in held if each.issuer == each.subject)
        if not roots:
            raise ValueError("must be a readable file of PEM certificates, one of which signs itself")
        return cls(roots, tuple(each for each in held if each.issuer != each.subject))

    def stamped_at(self, reply: bytes, note: str, nonce: int | None = None) -> datetime:
        """The time of a stamp over a note, UTC; raise NotStamped.

        Certificates must have been good at that time, not now: a stamp outlives them.
        """
        builder = VerifierBuilder(roots=[*self.roots], intermediates=[*self.between], nonce=nonce)
        try:
            answer = decode_timestamp_response(reply)
            builder.build().verify_message(answer, note.encode())
        except (ValueError, VerificationError):
            raise NotStamped(
                "this is no time stamp over the checkpoint that the certificates vouch for"
            ) from None
        return answer.tst_info.gen_time


def question(note: str) -> TimestampRequest:
    """Ask for a stamp over a note, with the certificate of the one who stamps."""
    request = TimestampRequestBuilder(data=note.encode(), hash_algorithm=HashAlgorithm.SHA256).build()
    return TimestampRequest(request.as_bytes(), request.nonce)
