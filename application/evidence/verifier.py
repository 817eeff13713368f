"""Check an evidence bundle by itself: without network or database, by Python and its package `cryptography` alone.

    python3 verify_bundle.py BUNDLE.zip [--key KEY] [--against CHECKPOINT]

KEY is the ledger's verifier key, CHECKPOINT a file with a signed note, either of them from elsewhere: what a bundle
says of its own signer proves nothing. Exit status: 0 good; 1 something disagrees; 2 wrong usage; 3 all agrees, and
without --key or --against nobody can know who signed it. `docs/evidence.md` says how to do the same by hand.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT, MANIFEST = "episode-ledger-evidence/1", "manifest.json"
TOLD = ("told/", "index.html", "verify_bundle.py")  # what is not proved, but by the manifest whole
_NOTE = re.compile(r"((.+)\n([1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:.+\n)*)\n((?:— [^\s+]+ [^\s]+\n)+)")
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
_ROW = re.compile(r"([1-9][0-9]{0,15})\t([^\t\n]+)\t([^\t\n]+)")


class Disagrees(Exception):
    """Something is not as the rest of the bundle, or what is trusted, says that it should be."""


class Checkpoint:
    """A signed note over the size and root of a log's tree (C2SP tlog-checkpoint)."""

    def __init__(self, note: str) -> None:
        """Take it apart; ValueError when it is none."""
        found = _NOTE.fullmatch(note)
        if found is None:
            raise ValueError("This is not a checkpoint: a signed note with an origin, a size and a root.")
        signed = [line.split(" ") for line in found[5].splitlines()]
        self.note, self.text, self.signatures = note, found[1], [(s[1], _of_base64(s[2])) for s in signed]
        self.origin, self.size, self.root = found[2], int(found[3]), _of_base64(found[4])

    def signed_by(self, key: str) -> bool:
        """Whether a verifier key signed it, and nothing is said falsely in its name; ValueError for no key."""
        found = _KEY.fullmatch(key)
        name, key_id, public = (found[1], found[2], _of_base64(found[3])) if found else ("", "", b"")
        if _sha256(name.encode(), b"\n", public)[:4].hex() != key_id or public[:1] != b"\1":
            raise ValueError("This is not the verifier key of an Ed25519 signature: <name>+<key id>+<key>.")
        own = [value[4:] for signer, value in self.signatures if (signer, value[:4].hex()) == (name, key_id)]
        try:
            for value in own:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(value, self.text.encode())
        except InvalidSignature:
            return False
        return bool(own) and name == self.origin


class Bundle:
    """A bundle that agrees with itself. `at` is what was looked at last, so that what is wrong is said of it."""

    def __init__(self, content: bytes) -> None:
        """Check it; Disagrees says what is wrong first."""
        self.at, self.checked, self.lines = "the archive", {MANIFEST}, list[int]()
        self.sealed, self.stated = dict[tuple[int, str], str](), dict[str, str]()
        try:
            self.files = self._unpacked(content)
            self.checkpoint = Checkpoint(self._text("checkpoint"))
            self._take_lines()
            self.keys = self._opened()
            self.at = ", ".join(n for n in self.files if not (n in self.checked or n.startswith(TOLD)))
            self._must(not self.at, "no file that docs/evidence.md does not describe")
        except Disagrees:
            raise
        except Exception:  # noqa: BLE001  whatever a broken file makes a library raise
            raise Disagrees(f"{self.at}: it has not the form that docs/evidence.md describes") from None

    def check_signer(self, key: str | None, against: str | None) -> bool:
        """Whether a key or a checkpoint from elsewhere says who signed; ValueError when it is not one to use."""
        self.at, here = "checkpoint", self.checkpoint
        self._must(here.signed_by(key) if key else self.keys, f"the signature of {key or 'a key it states'}")
        if against:
            kept = Checkpoint(against)
            if kept.size != here.size:
                raise ValueError(f"The bundle is of {here.size} entries: ask for one with size={kept.size}.")
            self._must((kept.origin, kept.root) == (here.origin, here.root), f"the root {kept.root.hex()}")
        return bool(key or against)

    def _unpacked(self, content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as archived:
            self._must(sum(f.file_size for f in archived.infolist()) < len(content), "no compressed file")
            files = {info.filename: archived.read(info) for info in archived.infolist()}
        self._must(archive(files) == content, "every byte as it was made")
        self.at, manifest = MANIFEST, json.loads(files[MANIFEST])
        self._must(manifest["format"] == FORMAT, f"the format {FORMAT}")
        self._must(manifest["files"].keys() == files.keys() - {MANIFEST}, "the names of all other files")
        for self.at, said in manifest["files"].items():
            self._must(_sha256(files[self.at]).hex() == said, f"the SHA-256 {said}, as in the manifest")
        return files

    def _take_lines(self) -> None:
        for number, line in enumerate(self._text("lines.ndjson").split("\n")[:-1], 1):
            self.at, entry = f"lines.ndjson, line {number}", json.loads(line)
            position, bare = entry["position"], entry.get("leaf_hash")
            rising = max(self.lines, default=0) < position <= self.checkpoint.size
            self._must(rising, f"positions that rise, up to {self.checkpoint.size}")
            self._prove(position, bytes.fromhex(bare) if bare else _sha256(b"\0", line.encode()))
            data: dict[str, Any] = {"sealed": {"*": ""}} if bare else entry["event"]["data"]
            self.lines.append(position)
            self.sealed |= {(position, path): said for path, said in data.get("sealed", {}).items()}
            if entry.get("by") == "ledger":
                self.stated |= {f"stated/{position}.{m}": data[m] for m in ("key", "text") if m in data}

    def _prove(self, position: int, reached: bytes) -> None:
        head, _, note = self._text(f"proofs/{position}").partition("\n\n")
        index, last, (form, said, *hashes) = position - 1, self.checkpoint.size - 1, head.split("\n")
        right = ("c2sp.org/tlog-proof@v1", f"index {index}", self.checkpoint.note, 32)
        self._must((form, said, note, len(reached)) == right, "its line's index, and the bundle's checkpoint")
        beside = [_of_base64(each) for each in reversed(hashes)]
        while last:  # RFC 9162, 2.1.3.2
            if index & 1:
                reached = _sha256(b"\1", beside.pop(), reached)
            elif index < last:
                reached = _sha256(b"\1", reached, beside.pop())
            index, last = index >> 1, last >> 1
        self._must(reached == self.checkpoint.root and not beside, "hashes that lead to the root")

    def _opened(self) -> list[str]:
        for place, text in self._table("disclosures.tsv").items():
            self.at = f"disclosures.tsv, {place[1]} of position {place[0]}"
            committed = base64.urlsafe_b64encode(_sha256(text.encode())).decode().rstrip("=")
            self._must(self.sealed.pop(place, "") == committed, "what its line commits to")
        self._must([*self._table("redactions.tsv")] == sorted(self.sealed), "all that is withheld")
        for name, stated in self.stated.items():
            self._must(self._text(name) == stated, "what its entry states")
        keys = [stated for name, stated in self.stated.items() if name.endswith(".key")]
        return [key for key in keys if self.checkpoint.signed_by(key)]

    def _text(self, name: str) -> str:
        self.at = name
        self.checked.add(name)
        return self.files[name].decode()

    def _table(self, name: str) -> dict[tuple[int, str], str]:
        rows = [_ROW.fullmatch(row) or [""] * 4 for row in self._text(name).split("\n")[:-1]]
        table = {(int(row[1]), row[2]): row[3] for row in rows}
        self._must(list(table) == sorted(table) and len(table) == len(rows), "rows in order, each once")
        return table

    def _must(self, holds: object, expected: str) -> None:
        if not holds:
            raise Disagrees(f"{self.at}: expected {expected}, found something else")


def archive(files: dict[str, bytes]) -> bytes:
    """The one form of a bundle: in order of name, nothing compressed, dated the first day that a zip can hold."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archived:
        for name in sorted(files):
            file = zipfile.ZipInfo(name)
            file.create_system, file.external_attr = 3, 0o644 << 16
            archived.writestr(file, files[name])
    return made.getvalue()


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _of_base64(text: str) -> bytes:
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError("This is not how base64 is written.")
    return value


def main() -> int:
    """Check the bundle that the command line names; the exit status."""
    asked = argparse.ArgumentParser(description="Check an evidence bundle by itself.")
    for name in ("bundle", "--key", "--against"):
        asked.add_argument(name)
    given = asked.parse_args()
    try:
        bundle = Bundle(Path(given.bundle).read_bytes())
        known = bundle.check_signer(given.key, given.against and Path(given.against).read_text("utf-8"))
    except (Disagrees, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1 if isinstance(error, Disagrees) else 2
    unknown = "" if known else "; who signed it nobody can know without --key or --against from elsewhere"
    sys.stdout.write(f"{len(bundle.lines)} lines, proved.\nEverything agrees{unknown}.\n")
    return 0 if known else 3


if __name__ == "__main__":
    sys.exit(main())
