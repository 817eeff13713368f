"""The secrets of a ledger, in one file outside its database, and what is made from them.

A secret is only ever used through a method here; none shows in a repr, a log or an error.
"""

from __future__ import annotations

import base64
import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.crypto.durable_file import write_durably
from application.crypto.signed_note import Signer
from domain.errors import LedgerError

_FORMAT: Final = 1
_SIZE: Final = 32


class KeysUnusable(LedgerError):
    """The secrets file is missing, readable by others, or not what `ledger keys new` made."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The secrets: 32 bytes each. `keks` are key-encryption keys by number; the highest wraps what is new."""

    keks: Mapping[int, bytes]
    lookup: bytes
    fingerprint: bytes
    refusal: bytes
    signing: bytes
    later: Mapping[int, Sequence[bytes]] = field(default_factory=dict, kw_only=True)
    """The signing keys that came later, by epoch: of the first all after `signing`, of a further one all."""

    def __repr__(self) -> str:
        """Nothing of the secrets."""
        return f"Keys({len(self.keks)} key-encryption keys)"

    @classmethod
    def new(cls, path: Path) -> Self:
        """Make new secrets and write them to a file of mode 0600 that must not exist yet."""
        made = cls({1: os.urandom(_SIZE)}, *(os.urandom(_SIZE) for _ in range(4)))
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeysUnusable(f"{path} exists already; secrets are never written over") from None
        with os.fdopen(number, "w", encoding="ascii") as file:
            json.dump(made.as_json(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return made

    @classmethod
    def with_signing_key(cls, path: Path, epoch: int, number: int) -> Self:
        """The secrets of a file, with the signing key of that number in an epoch: made, unless it is there.

        So a process that was killed after making the key can ask for it again. KeysUnusable when it cannot be written.
        """
        with _alone(path.parent):
            held = cls.load(path)
            if len(held.signing_keys(epoch)) >= number:
                return held
            later = [*held.later.get(epoch, ()), os.urandom(_SIZE)]
            made = replace(held, later={**held.later, epoch: later})
            try:
                write_durably(path, json.dumps(made.as_json(), indent=1), 0o600)
            except OSError as error:
                raise KeysUnusable(
                    f"{path} cannot be written ({error.strerror}), and a new key must be"
                ) from error
        return made

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the secrets from their file; raise KeysUnusable with a sentence when that cannot be."""
        try:
            if path.stat().st_mode & 0o077:
                raise KeysUnusable(f"{path} can be read by others; make it mode 0600")
            return cls._from_json(json.loads(path.read_text("ascii")))
        except FileNotFoundError:
            raise KeysUnusable(
                f"there are no secrets at {path}; `ledger keys new {path}` makes them"
            ) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeysUnusable(
                f"{path} is not a secrets file of this program ({type(error).__name__})"
            ) from None

    def as_json(self) -> dict[str, object]:
        """As it is written."""
        named = {name: getattr(self, name) for name in ("lookup", "fingerprint", "refusal", "signing")}
        return {
            "format": _FORMAT,
            "keks": {str(number): _text(key) for number, key in self.keks.items()},
            **{name: _text(key) for name, key in named.items()},
            "later": {str(epoch): [_text(key) for key in keys] for epoch, keys in self.later.items()},
        }

    @classmethod
    def _from_json(cls, held: dict[str, object]) -> Self:
        keks, later = held["keks"], held.get("later", {})
        if held["format"] != _FORMAT or not isinstance(keks, dict) or not isinstance(later, dict):
            raise ValueError("format")
        names = ("lookup", "fingerprint", "refusal", "signing")
        return cls(
            {int(number): _key(text) for number, text in keks.items()},
            *(_key(held[name]) for name in names),
            later={int(epoch): [_key(text) for text in texts] for epoch, texts in later.items()},
        )

    @property
    def epoch(self) -> int:
        """The last epoch that began."""
        return max(self.later, default=1)

    @property
    def kek_no(self) -> int:
        """The number of the key-encryption key that wraps what is new."""
        return max(self.keks)

    def kek(self, number: int) -> AESGCM:
        """The key-encryption key of that number; raise KeysUnusable when this file does not hold it."""
        if number not in self.keks:
            raise KeysUnusable(f"the secrets file holds no key-encryption key {number}")
        return AESGCM(self.keks[number])

    def lookup_of(self, message: bytes) -> bytes:
        """The HMAC under which the vault finds a child."""
        return hmac.digest(self.lookup, message, "sha256")

    def fingerprint_of(self, message: bytes) -> bytes:
        """The HMAC that tells whether the same thing was sent again."""
        return hmac.digest(self.fingerprint, message, "sha256")

    def refusal_of(self, source: str, id_: str) -> bytes:
        """The keyed hash by which a refused event can be recognised, and by nobody else."""
        return hmac.digest(self.refusal, json.dumps([source, id_]).encode(), "sha256")

    def signer(self, name: str, epoch: int = 1) -> Signer:
        """Who signs checkpoints in the name of an origin of an epoch; KeysUnusable without a key of it."""
        if not (keys := self.signing_keys(epoch)):
            raise KeysUnusable(
                f"the secrets file holds no signing key of epoch {epoch}. Copy it from where `ledger recover` ran"
            )
        first, *later = map(Ed25519PrivateKey.from_private_bytes, keys)
        return Signer(name, first, tuple(later))

    def signing_keys(self, epoch: int) -> list[bytes]:
        """The signing keys of an epoch, in the order in which they came."""
        return [*([self.signing] if epoch == 1 else []), *self.later.get(epoch, ())]

    def verifier_key(self, name: str, epoch: int = 1) -> str:
        """An epoch's first public key as a C2SP signed-note verifier key: <name>+<key id>+<type and key in base64>."""
        return str(self.signer(name, epoch).verifier)


def _key(text: object) -> bytes:
    """One secret from its text; raise ValueError when it is not 32 bytes."""
    key = base64.b64decode(str(text), validate=True)
    if len(key) != _SIZE:
        raise ValueError("size")
    return key


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process adds a key to a file in a folder."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
