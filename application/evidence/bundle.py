"""An evidence bundle: what is told of some episodes, and what proves it, in one file (docs/evidence.md).

The same ledger size and the same options give the same bytes, whenever it is made and however often.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from application.evidence import verifier
from application.evidence.gathering import Asked, Gathered, Gatherer
from application.evidence.page import page
from application.evidence.withheld import Row
from application.store.database import Database
from application.store.vault import Vault
from application.telling import Seeing


class Evidence:
    """Makes bundles of one ledger."""

    def __init__(self, database: Database, vault: Vault, name: str) -> None:
        """Say where entries are, who opens what is sealed, and the ledger's name."""
        self._gatherer = Gatherer(database, vault, name)

    def bundle(self, asked: Asked, seeing: Seeing) -> bytes:
        """The file; NotFound for what is not there or out of scope, NotSealed, NoSuchSize."""
        gathered = self._gatherer.gather(asked, seeing)
        files = dict(_proved(gathered)) | dict(_told(gathered))
        files["index.html"] = page(gathered).encode()
        files["verify_bundle.py"] = inspect.getsource(verifier).encode()
        hashes = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
        files[verifier.MANIFEST] = _json({"format": verifier.FORMAT, **gathered.about, "files": hashes})
        return verifier.archive(files)


def _proved(gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """The files that can be checked by themselves."""
    yield "checkpoint", gathered.checkpoint.encode()
    yield "lines.ndjson", b"".join(line.text + b"\n" for line in gathered.lines)
    yield from ((f"proofs/{each.position}", each.tlog_proof().encode()) for each in gathered.proofs)
    yield "disclosures.tsv", _table(gathered.values.disclosed)
    yield "redactions.tsv", _table(gathered.withheld)
    for member in ("key", "text"):
        for position, text in gathered.stated(member).items():
            yield f"stated/{position}.{member}", text.encode()


def _told(gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """What the ledger makes of it: proved by asking again."""
    yield "told/now.json", _json(gathered.now)
    if gathered.known is not None:
        yield "told/known.json", _json(gathered.known)
    yield "told/access.json", _json([reading.item for reading in gathered.readings])
    yield "told/access.ndjson", b"".join(reading.line + b"\n" for reading in gathered.readings)


def _table(rows: Sequence[Row]) -> bytes:
    return "".join(f"{position}\t{path}\t{value}\n" for position, path, value in rows).encode()


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
