"""GET /v1/ledger: the ledger itself, so that anyone can check it without trusting it (design.md 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from flask import Blueprint, Response, g, request

from application.access.credentials import ROLES
from application.access.lines_in_scope import lines
from application.access.visibility import scope_of
from application.answers.disclosures import DisclosedRecords
from domain.errors import NotFound
from interface.http.contract.operation import Answer, reads, requires
from interface.http.contract.proof_schemas import (
    ConsistencySchema,
    InclusionSchema,
    LedgerSchema,
    TimestampSchema,
)
from interface.http.guards.authorisation import check_own_entry
from interface.http.requests import parameter_fields as p
from interface.http.requests.parameters import ParametersSchema, read_query
from interface.http.requests.prefer_wait import PREFER_SEALED, preferred_wait
from interface.http.requests.shared_parameters import LARGEST, StampedParameters, WitnessedParameters
from interface.http.responses.bodies import TEXT, DisclosingResponse, answer, text
from interface.http.runtime.services import services

blueprint = Blueprint("ledger", __name__)

_HASH: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_POSITION: Final = re.compile("0*[1-9][0-9]{0,15}", re.ASCII)
_MOST_LINES: Final = 100_000
_LINES: Final = "application/x-ndjson"


def _leaf_hash(text: str) -> bytes:
    if not _HASH.fullmatch(text):
        raise ValueError("must be 64 hex digits, as in a receipt")
    return bytes.fromhex(text)


class ProofParameters(ParametersSchema):
    """The parameters of a proof."""

    size = p.whole(1, LARGEST, "In the tree of this size. By default the size of the last checkpoint.")
    leaf_hash = p.read_by(
        _leaf_hash,
        {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "The hash of your receipt: the answer is an error when the entry at this position is another.",
    )


class ConsistencyParameters(ParametersSchema):
    """The parameters of a consistency proof."""

    from_ = p.whole(
        1,
        LARGEST,
        "The smaller size: the size of a checkpoint that you kept.",
        name="from",
        required="must be given: the size of a checkpoint that you kept",
    )
    to = p.whole(1, LARGEST, "The larger size. By default the size of the last checkpoint.")


class EntriesParameters(ParametersSchema):
    """The parameters of the stored lines."""

    from_ = p.whole(1, LARGEST, "The first position.", name="from", default=1)
    limit = p.whole(1, _MOST_LINES, "Lines at most.", default=1000)


@blueprint.get("/v1/ledger")
@requires(
    *ROLES,
    summary="How much is recorded, and how much of it is under a signed checkpoint",
    answers={200: Answer("The ledger; `root` is that of `checkpoint_size`", LedgerSchema)},
)
def ledger() -> Response:
    """The ledger's name, size, and last checkpoint in short."""
    return answer(services().proofs.head())


@blueprint.get("/v1/ledger/checkpoint")
@requires(
    *ROLES,
    summary="The last checkpoint: a signed note (C2SP tlog-checkpoint), with the cosignatures of witnesses",
    query=WitnessedParameters(),
    answers={200: Answer("The signed note", None, TEXT)},
    problems=("behind", "not-found"),
)
def checkpoint() -> Response:
    """Return the note. A kept copy proves what was recorded by then."""
    return text(services().proofs.checkpoint(**read_query()))


@blueprint.get("/v1/ledger/timestamp")
@requires(
    *ROLES,
    summary="The time stamp of a checkpoint: proof that its entries existed by that time (RFC 3161)",
    query=StampedParameters(),
    answers={200: Answer("The checkpoint, and the answer of the authority over it", TimestampSchema)},
    problems=("not-found",),
)
def timestamp() -> Response:
    """Return the time stamp, which is of a clock outside this service."""
    return answer(services().proofs.timestamp(**read_query()))


@blueprint.get("/v1/ledger/proofs/<position>")
@reads(
    "auditor",
    "recorder",
    summary="The proof that an entry is in the ledger; a recorder asks for entries of its own namespace",
    query=ProofParameters(),
    headers=(PREFER_SEALED,),
    answers={200: Answer("The proof; as text/plain a c2sp.org/tlog-proof@v1 file", InclusionSchema, also=(TEXT,))},
    problems=("not-found", "lost-in-recovery", "behind"),
)  # fmt: skip
def proof(position: str) -> Response:
    """An inclusion proof (RFC 9162), with the checkpoint that signs its root."""
    query, number, proofs = read_query(), _position(position), services().proofs
    proofs.check_not_lost(number, query["leaf_hash"])
    check_own_entry(g.credential, lambda: services().ledger.entries.namespace_of(number))
    if wait := preferred_wait():
        proofs.wait_for(number, wait)
    [found] = proofs.inclusion([number], query["size"])
    as_text = request.accept_mimetypes.best_match(["application/json", TEXT]) == TEXT
    return text(found.tlog_proof()) if as_text else answer(found.answer())


@blueprint.get("/v1/ledger/consistency")
@reads(
    "auditor",
    summary="The proof that the ledger of one size begins the ledger of another",
    query=ConsistencyParameters(),
    answers={200: Answer("The proof", ConsistencySchema)},
    problems=("behind",),
)
def consistency() -> Response:
    """A consistency proof (RFC 9162)."""
    query = read_query()
    return answer(services().proofs.consistency(query["from_"], query["to"]))


@blueprint.get("/v1/ledger/entries")
@reads(
    "auditor",
    discloses=True,
    summary="The stored lines; out of scope their leaf hashes alone",
    query=EntriesParameters(),
    answers={200: Answer("One line for each entry, as it is stored and hashed", None, _LINES)},
)
def entries() -> Response:
    """Return recorded lines, byte for byte, as they are read from the database."""
    query = read_query()
    first, limit = query["from_"], query["limit"]
    pages = lines(services().ledger.database, first, limit, scope_of(g.credential))
    span = (
        first,
        min(first + limit - 1, LARGEST),
    )  # whole, since it is recorded before the first line leaves
    return DisclosingResponse(_begun(pages), DisclosedRecords(span=span), _LINES)


def _begun(pages: Iterator[bytes]) -> Iterator[bytes]:
    """The same, with the first page read now: until then a fault is an answer like any other."""
    first = next(pages, b"")
    return chain([first], pages)


def _position(text: str) -> int:
    """Return the position in a path; NotFound when it is none."""
    if not _POSITION.fullmatch(text) or int(text) > LARGEST:
        raise NotFound("there is no such position: positions are whole numbers from 1")
    return int(text)
