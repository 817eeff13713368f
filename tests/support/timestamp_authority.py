"""A time stamping authority for the tests (RFC 3161): `openssl ts`, with certificates made for the run."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from tests.support.http_receiver import Answered, Asked

_CONFIG = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[authority]
serial = {folder}/serial
signer_cert = {folder}/stamping.pem
signer_key = {folder}/stamping.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
"""


class TestAuthority:
    """Stamps whatever it is asked to."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder, self._one = folder, threading.Lock()
        self.certificates = folder / "root.pem"
        (folder / "config").write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = ("req", "-newkey", "rsa:2048", "-nodes", "-config", folder / "config")
        self._run(*new, "-x509", "-extensions", "root", "-subj", "/CN=Root", "-keyout", folder / "root.key",
                  "-out", self.certificates)  # fmt: skip
        self._run(*new, "-subj", "/CN=Stamping", "-keyout", folder / "stamping.key", "-out", folder / "asked")
        self._run("x509", "-req", "-in", folder / "asked", "-CA", self.certificates, "-CAkey", folder / "root.key",
                  "-CAcreateserial", "-extfile", folder / "config", "-extensions", "stamping",
                  "-out", folder / "stamping.pem")  # fmt: skip

    def reply(self, asked: Asked) -> Answered:
        """Answer as the protocol over HTTP says (RFC 3161, 3.4)."""
        if asked.headers["Content-Type"] != "application/timestamp-query":
            return Answered(415)
        with self._one:
            (self.folder / "query").write_bytes(asked.body)
            self._run("ts", "-reply", "-config", self.folder / "config", "-section", "authority",
                      "-queryfile", self.folder / "query", "-out", self.folder / "reply")  # fmt: skip
            return Answered(200, (self.folder / "reply").read_bytes(), "application/timestamp-reply")

    def verify(self, reply: bytes, data: bytes) -> str:
        """What openssl says of a stamp over some bytes."""
        (self.folder / "given").write_bytes(reply)
        (self.folder / "data").write_bytes(data)
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-in", self.folder / "given", "-data", self.folder / "data",
             "-CAfile", self.certificates],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    @staticmethod
    def _run(*arguments: str | Path) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
