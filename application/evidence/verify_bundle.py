"""Check an evidence bundle by itself: without network or database, by Python and its package `cryptography` alone.

    python3 verify_bundle.py BUNDLE.zip [--key KEY] [--against CHECKPOINT]

KEY is the ledger's verifier key, CHECKPOINT a file with a signed note; both must come from elsewhere. Exit status:
0 good; 1 disagrees; 2 wrong usage, or no `cryptography`; 3 agrees, signer unknown. By hand: docs/evidence.md.
"""

import argparse
import io
import json
import re
import sys
import zipfile
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit(sys.stderr.write("Python's package `cryptography` is missing: pip install cryptography\n") and 2)

FORMAT, MANIFEST, NOTE = "episode-ledger-evidence/1", "manifest.json", "manifest.note"
_NOTE = re.compile(r"(.+)\n([1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:.+\n)*\n(?:— [^\s+]+ [^\s]+\n)+")
_KEY = re.compile(r"([^\s+]+)/([^\s+/]+)\+([0-9a-f]{8})\+(A[Q-Za-f][A-Za-z0-9+/]{42})")  # A[Q-f]: Ed25519
_BARE = re.compile(r'\{"v":1,"position":[1-9][0-9]*,"leaf_hash":"([0-9a-f]{64})"\}')


class Disagrees(Exception):
    """Something is not as the rest of the bundle, or what is trusted, says that it should be."""


class Checkpoint:
    """A signed note over the size and root of a log's tree (C2SP tlog-checkpoint); ValueError for anything else."""

    def __init__(self, note: str) -> None:
        found = _NOTE.fullmatch(note)
        if found is None:
            raise ValueError("This is not a checkpoint, a signed note with origin, size and root.")
        self.note, self.origin, self.size, self.root = note, found[1], int(found[2]), b64decode(found[3])


class Bundle:
    """A bundle that agrees with itself, else Disagrees, of what it looked `at` last."""

    def __init__(self, content: bytes) -> None:
        self.at = "the archive"
        try:
            self.files = self._unpacked(content)
            self.checkpoint, self.lines = self._log("")
            self.keys = self._check_values()
            self.signers = self._signers()
            self.readings = self._log("access/")[1] if "access/checkpoint" in self.files else {}
        except Exception as error:  # noqa: BLE001  whatever a broken file makes a library raise
            wrong = Disagrees(f"{self.at}: not there, or not in the form that docs/evidence.md describes")
            raise error if isinstance(error, Disagrees) else wrong from None

    def check_signer(self, key: str | None, against: str | None) -> bool:
        """Return whether a key or a checkpoint from elsewhere identifies the signer; ValueError if unusable."""
        self.at, here = "checkpoint", self.checkpoint
        self._must(not key or signed(key, here.note) or key in self.keys.values(), f"the signature of {key}")
        if against:
            if (kept := Checkpoint(against)).size != here.size:
                raise ValueError(f"The bundle is of {here.size} entries: ask for one with size={kept.size}.")
            self._must((kept.origin, kept.root) == (here.origin, here.root), f"the root {kept.root.hex()}")
        return bool(against) or key in self.signers

    def _unpacked(self, content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as archived:
            self._must(sum(f.file_size for f in archived.infolist()) < len(content), "no compressed file")
            files = {info.filename: archived.read(info) for info in archived.infolist()}
        self._must(archive(files) == content, "files in order of name, each once, and nothing else")
        self.at, manifest = MANIFEST, json.loads(files[MANIFEST])
        self._must(manifest["format"] == FORMAT, f"the format {FORMAT}")
        self._must(manifest["files"].keys() == files.keys() - {MANIFEST, NOTE}, "the names of all files")
        for self.at, said in manifest["files"].items():
            self._must(sha256(files[self.at]).hexdigest() == said, f"the SHA-256 {said}, as in the manifest")
        return files

    def _log(self, folder: str) -> tuple[Checkpoint, dict[int, tuple[bytes, dict[str, Any]]]]:
        log, lines = Checkpoint(self._text(f"{folder}checkpoint")), dict[int, tuple[bytes, Any]]()
        known = not folder or any(signed(key, log.note, "/access") for key in self.keys.values())
        self._must(known, "the signature of a key that the ledger's own entries state")
        for line in filter(None, self._text(f"{folder}lines.ndjson").split("\n")):
            self.at, before = f"{folder}lines.ndjson, line {len(lines) + 1}", max(lines, default=0)
            entry, bare = json.loads(line), _BARE.fullmatch(line)
            self._must(before < (position := entry["position"]) <= log.size, "positions that rise")
            leaf = bytes.fromhex(bare[1]) if bare else sha256(b"\0" + line.encode()).digest()
            self._prove(f"{folder}proofs/{position}", position, leaf, log)
            lines[position] = leaf, {} if bare else entry
        self._must(len(lines) == sum(n.startswith(f"{folder}proofs/") for n in self.files), "no other proof")
        return log, lines

    def _prove(self, name: str, position: int, leaf: bytes, log: Checkpoint) -> None:
        head, _, note = self._text(name).partition("\n\n")
        index, last, (form, said, *hashes) = position - 1, log.size - 1, head.split("\n")
        right = ("c2sp.org/tlog-proof@v1", f"index {index}", log.note)
        self._must((form, said, note) == right, "its line's index, and its log's checkpoint")
        beside = [b64decode(each, validate=True) for each in reversed(hashes)]
        while last:  # RFC 9162, 2.1.3.2
            if index & 1:
                leaf = sha256(b"\1" + beside.pop() + leaf).digest()
            elif index < last:
                leaf = sha256(b"\1" + leaf + beside.pop()).digest()
            index, last = index >> 1, last >> 1
        self._must(leaf == log.root and not beside, "hashes that lead to the root")

    def _check_values(self) -> dict[int, str]:
        """Check all stated, disclosed and withheld values against the lines; return the stated keys by position."""
        sealed, keys = dict[tuple[str, str], str](), dict[int, str]()
        for position, (_, entry) in self.lines.items():
            data: dict[str, Any] = entry["event"]["data"] if entry else {"sealed": {"*": "*"}}
            sealed |= {(str(position), path): said for path, said in data.get("sealed", {}).items()}
            for member in [m for m in ("key", "text") if entry.get("by") == "ledger" and m in data]:
                self._must(self._text(f"stated/{position}.{member}") == data[member], "what its entry states")
                keys |= {position: data["key"]} if member == "key" else {}
        for name in ("disclosures.tsv", "redactions.tsv"):
            for row in filter(None, self._text(name).split("\n")):
                at, path, text = row.split("\t")
                self.at, committed = f"{name}, {path} of position {at}", sealed.pop((at, path), "")
                value = urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")
                fits = committed == value if name == "disclosures.tsv" else committed
                self._must(fits, "what its line commits to")
        self._must(not sealed, "all that is withheld")
        return keys

    def _signers(self) -> list[str]:
        """The keys of this epoch: each vouches for the one after it, and the last one signs what is here."""
        own = [(p, key) for p, key in self.keys.items() if key.startswith(f"{self.checkpoint.origin}+")]
        for (_, before), (position, _) in pairwise(own):
            over = Checkpoint(self._text(name := f"stated/{position}.handover").partition("\n\n")[2])
            self._prove(name, position, self.lines[position][0], over)
            self._must(signed(before, over.note), f"the signature of {before}")
        manifest = f"\n{sha256(self.files[MANIFEST]).hexdigest()}  {MANIFEST}\n\n"
        for name, part, said in (("checkpoint", "", ""), (NOTE, "/evidence", manifest)):
            note = self._text(name)
            self._must(own and said in note and signed(own[-1][1], note, part), "the stated key's signature")
        return [key for _, key in own]

    def _text(self, name: str) -> str:
        self.at = name
        return self.files[name].decode()

    def _must(self, holds: object, expected: str) -> None:
        if not holds:
            raise Disagrees(f"{self.at}: expected {expected}, found something else")


def signed(key: str, note: str, part: str = "") -> bool:
    """Return whether a verifier key signed a note that begins with its name, or with that of a part of its ledger."""
    found = _KEY.fullmatch(key)
    public = b64decode(found[4] if found else "")
    own, name = (f"{found[1]}{each}/{found[2]}" if found else "" for each in ("", part))
    own_id, key_id = (sha256(each.encode() + b"\n" + public).digest()[:4] for each in (own, name))
    if found is None or own_id.hex() != found[3]:
        raise ValueError("This is not the verifier key of an Ed25519 signature: <name>+<key id>+<key>.")
    text, _, lines = note.rpartition("\n\n")
    values = [b64decode(value) for _, who, value in map(str.split, lines.split("\n")[:-1]) if who == name]
    try:
        for value in (value for value in values if value[:4] == key_id):
            Ed25519PublicKey.from_public_bytes(public[1:]).verify(value[4:], f"{text}\n".encode())
    except InvalidSignature:
        return False
    return key_id in [value[:4] for value in values] and text.startswith(f"{name}\n")


def archive(files: dict[str, bytes]) -> bytes:
    """The one form of a bundle: in order of name, nothing compressed, dated the first day that a zip can hold."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archived:
        for name in sorted(files):
            file = zipfile.ZipInfo(name)
            file.create_system, file.external_attr = 3, 0o644 << 16
            archived.writestr(file, files[name])
    return made.getvalue()


def main() -> int:
    """Check the bundle that the command line names; the exit status."""
    parser = argparse.ArgumentParser(description="Check an evidence bundle by itself.")
    for name in ("bundle", "--key", "--against"):
        parser.add_argument(name)
    given = parser.parse_args()
    try:
        bundle = Bundle(Path(given.bundle).read_bytes())
        known = bundle.check_signer(given.key, given.against and Path(given.against).read_text("utf-8"))
    except (Disagrees, OSError, ValueError) as error:
        return sys.stderr.write(f"{error}\n") and (1 if isinstance(error, Disagrees) else 2)
    unknown = "" if known else ", but without --key or --against from elsewhere the signer is unknown"
    proved = f"{len(bundle.lines)} lines and {len(bundle.readings)} readings, proved."
    sys.stdout.write(f"{proved}\nEverything agrees{unknown}.\n")
    return 0 if known else 3


if __name__ == "__main__":
    sys.exit(main())
