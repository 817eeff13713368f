"""A witness for the tests (C2SP tlog-witness): proofs are checked by somebody else's code, its state is in memory."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import NamedTuple

import scitt_cose
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.http_receiver import Answered, Asked


class Seen(NamedTuple):
    """The last checkpoint that it cosigned."""

    size: int
    root: str


class TestWitness:
    """Knows logs by their origin, and cosigns what only grew. `time` is what its clock says, in seconds."""

    __test__ = False

    def __init__(self, *origins: str, name: str = "witness.example/w1") -> None:
        self.name, self.origins, self.seen = name, set(origins), dict[str, Seen]()
        self.key = Ed25519PrivateKey.generate()
        self.time = int(time.time())
        self.forbids = False
        self.unproved = False

    @property
    def verifier(self) -> str:
        """Its verifier key, as its operator would publish it."""
        key = b"\x04" + self.key.public_key().public_bytes_raw()
        return f"{self.name}+{self._key_id().hex()}+{base64.b64encode(key).decode()}"

    def _key_id(self) -> bytes:
        public = self.key.public_key().public_bytes_raw()
        return hashlib.sha256(f"{self.name}\n".encode() + b"\x04" + public).digest()[:4]

    def reply(self, asked: Asked) -> Answered:
        """Answer as the protocol says."""
        head, _, note = asked.body.decode().partition("\n\n")
        old, *proof = head.split("\n")
        text = note.partition("\n\n")[0] + "\n"
        origin, size, root = text.split("\n")[:3]
        known, now = int(old.removeprefix("old ")), Seen(int(size), base64.b64decode(root).hex())
        if origin not in self.origins:
            return Answered(404)
        if self.forbids:
            return Answered(403)
        seen = self.seen.get(origin, Seen(0, ""))
        if known != seen.size or (known == now.size and seen.root != now.root):
            return Answered(409, f"{seen.size}\n".encode(), "text/x.tlog.size")
        if known and known != now.size and not self._proved(seen, now, proof):
            self.unproved = True
            return Answered(422)
        self.seen[origin] = now
        return Answered(200, self.line(text).encode())

    def _proved(self, seen: Seen, now: Seen, proof: list[str]) -> bool:
        hashes = [base64.b64decode(value).hex() for value in proof]
        return bool(scitt_cose.verify_consistency(seen.root, now.root, seen.size, now.size, hashes))

    def line(self, text: str) -> str:
        """Its cosignature on the text of a checkpoint."""
        said = f"cosignature/v1\ntime {self.time}\n{text}".encode()
        value = self._key_id() + self.time.to_bytes(8) + self.key.sign(said)
        return f"— {self.name} {base64.b64encode(value).decode()}\n"
