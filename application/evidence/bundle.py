"""An evidence bundle: what the ledger says of some episodes, and the proof of it, in one file (docs/evidence.md).

The same ledger size and the same options give the same bytes, whenever it is made and however often.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from eventsourcing.application import Repository

from application.answers.disclosures import DisclosedRecords
from application.evidence import verify_bundle as verifier
from application.evidence.collector import BundleContents, BundleRequest, Collector
from application.evidence.html_page import page
from application.evidence.manifest_signature import Signing
from application.evidence.personal_values import Row
from application.evidence.proven_lines import ACCESS_FOLDER
from application.merkle_log.tree_builder import Signers
from application.queries.episodes.episode_report import Visibility
from application.store.database import Database
from application.store.vault import Vault


class EvidenceBundle(NamedTuple):
    """A bundle as a file, and the records that it discloses."""

    content: bytes
    disclosed: DisclosedRecords


class EvidenceBundles:
    """Makes bundles of one ledger."""

    def __init__(
        self, database: Database, vault: Vault, repository: Repository[str], name: str, signers: Signers
    ) -> None:
        """Say where entries are, which vault opens values, what reads one stream, the name, and who signs."""
        self._gatherer = Collector(database, vault, repository, name)
        self._signing = Signing(database, signers)

    def bundle(self, request: BundleRequest, seeing: Visibility) -> EvidenceBundle:
        """The file; NotFound for what is not there or out of scope, NotSealed, NoSuchSize, CannotSign."""
        gathered = self._gatherer.gather(request, seeing)
        files = dict(_proved(gathered)) | dict(_reports(gathered))
        hashes = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
        manifest = _json({"format": verifier.FORMAT, **gathered.about, "files": hashes})
        note = self._signing.note(manifest, gathered.checkpoint)
        content = verifier.archive(files | {verifier.MANIFEST: manifest, verifier.NOTE: note.encode()})
        return EvidenceBundle(content, gathered.disclosed)


def _proved(gathered: BundleContents) -> Iterator[tuple[str, bytes]]:
    """The files that can be checked by the checkpoints."""
    yield from gathered.proved.files()
    yield "disclosures.tsv", _table(gathered.values.disclosed)
    yield "redactions.tsv", _table(gathered.withheld)
    for member in ("key", "text"):
        for position, text in gathered.stated(member).items():
            yield f"stated/{position}.{member}", text.encode()
    for position, proof in gathered.handovers.items():
        yield f"stated/{position}.handover", proof.encode()
    if gathered.looked.proved is not None:
        yield from gathered.looked.proved.files(ACCESS_FOLDER)


def _reports(gathered: BundleContents) -> Iterator[tuple[str, bytes]]:
    """Yield the answers of the ledger. Its signature over the manifest vouches for them."""
    yield "told/now.json", _json(gathered.reports.now)
    if gathered.reports.known is not None:
        yield "told/known.json", _json(gathered.reports.known)
    yield "told/access.json", _json([reading.item for reading in gathered.looked.readings])
    yield "index.html", page(gathered).encode()
    yield "verify_bundle.py", inspect.getsource(verifier).encode()


def _table(rows: Sequence[Row]) -> bytes:
    return "".join(f"{position}\t{path}\t{value}\n" for position, path, value in rows).encode()


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
