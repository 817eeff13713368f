"""What a forger does to a bundle: changes files and makes the rest fit, as far as it goes without the key."""

from __future__ import annotations

import base64
import hashlib
import json

from application.checkpoint import Checkpoint
from application.evidence.verifier import FORMAT, MANIFEST, Bundle, archive
from application.note import Signer
from domain import merkle
from domain.merkle import Range
from tests.growing_tree import GrowingTree

PROOF = "c2sp.org/tlog-proof@v1"


def packed(contents, /, **manifest):
    """An archive of files with a manifest that fits them."""
    held = {name: content for name, content in contents.items() if name != MANIFEST}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(held.items())}
    said = {"format": FORMAT, "files": hashes} | manifest
    return archive(held | {MANIFEST: json.dumps(said, indent=1).encode()})


def with_files(bundle: Bundle, **changed):
    """The same bundle with files changed, or taken out where they are None; the manifest fits, unless it is given."""
    files = {name: content for name, content in (bundle.files | changed).items() if content is not None}
    return archive(files) if MANIFEST in changed else packed(files)


def bare_bundle(tree: GrowingTree, position: int, signer: Signer):
    """The smallest bundle: of one leaf of a tree its hash and proof, under a checkpoint."""
    leaf = merkle.range_root(Range(position - 1, position), tree.hash_of)
    note = signer.sign(Checkpoint(signer.name, tree.size, tree.root()).text)
    hashes = [base64.b64encode(each).decode() for each in tree.inclusion(position - 1, tree.size)]
    return packed({
        "checkpoint": note.encode(),
        "lines.ndjson": json.dumps({"v": 1, "position": position, "leaf_hash": leaf.hex()}).encode() + b"\n",
        "disclosures.tsv": b"",
        "redactions.tsv": b"%d\t*\tout of scope\n" % position,
        f"proofs/{position}": "\n".join([PROOF, f"index {position - 1}", *hashes, "", note]).encode(),
    })  # fmt: skip
