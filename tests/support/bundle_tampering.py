"""What a forger does to a bundle: changes files and makes the rest fit, as far as it goes with or without a key."""

from __future__ import annotations

import base64
import hashlib
import json

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Signer
from application.evidence.verify_bundle import FORMAT, MANIFEST, NOTE, Bundle, archive
from domain.facts.ledger_entries import FOUNDED
from domain.merkle import tree as merkle
from domain.merkle.tree import Range
from tests.support.memory_tree import GrowingTree

PROOF = "c2sp.org/tlog-proof@v1"


def packed(contents, signer: Signer, /, **manifest):
    """An archive of files with a manifest that fits them, signed by whoever signs for the log."""
    held = {name: content for name, content in contents.items() if name not in {MANIFEST, NOTE}}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(held.items())}
    said = json.dumps({"format": FORMAT, "files": hashes} | manifest, indent=1).encode()
    return archive(held | {MANIFEST: said, NOTE: manifest_note(said, signer).encode()})


def manifest_note(manifest, signer: Signer):
    """What is signed of a manifest."""
    name, _, epoch = signer.name.rpartition("/")
    digest = hashlib.sha256(manifest).hexdigest()
    own = signer._replace(name=f"{name}/evidence/{epoch}")
    return own.sign(f"{own.name}\n{digest}  {MANIFEST}\n")


def with_files(bundle: Bundle, signer: Signer, /, **changed):
    """The same bundle with files changed, or taken out where they are None; the manifest fits, unless it is given."""
    files = {name: content for name, content in (bundle.files | changed).items() if content is not None}
    return archive(files) if MANIFEST in changed else packed(files, signer)


def founding(signer: Signer):
    """The line that founds a ledger, as far as it is looked at: it states the key."""
    event = {"type": FOUNDED, "data": {"key": str(signer.verifier)}}
    return json.dumps({"v": 1, "position": 1, "by": "ledger", "event": event}).encode()


def bare_bundle(tree: GrowingTree, position: int, signer: Signer):
    """The smallest bundle: the founding line of a tree and one leaf's hash, with proofs under a checkpoint."""
    note = signer.sign(Checkpoint(signer.name, tree.size, tree.root()).text)
    leaf = merkle.range_root(Range(position - 1, position), tree.hash_of)
    bare = b'{"v":1,"position":%d,"leaf_hash":"%b"}\n' % (position, leaf.hex().encode())
    return packed(
        {
            "checkpoint": note.encode(),
            "lines.ndjson": founding(signer) + b"\n" + bare,
            "disclosures.tsv": b"",
            "redactions.tsv": b"%d\t*\tout of scope\n" % position,
            "stated/1.key": str(signer.verifier).encode(),
            **{f"proofs/{at}": proof(tree, at, note) for at in (1, position)},
        },
        signer,
    )


def proof(tree: GrowingTree, position: int, note: str):
    """A proof that a tree holds a leaf."""
    hashes = [base64.b64encode(each).decode() for each in tree.inclusion(position - 1, tree.size)]
    return "\n".join([PROOF, f"index {position - 1}", *hashes, "", note]).encode()
