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
from application.answers.disclosures import note
from domain.errors import NotFound
from interface.http.contract.operation import Answer, Parameter, reads, requires
from interface.http.guards.authorisation import check_own_entry
from interface.http.requests.parameters import STAMPED, WITNESSED, invalid, number, read_query, whole
from interface.http.requests.prefer_wait import PREFER_SEALED, preferred_wait
from interface.http.responses.bodies import TEXT, answer, text
from interface.http.runtime.services import services

blueprint = Blueprint("ledger", __name__)

_MOST: Final = 2**53
_HASH: Final = re.compile("[0-9a-f]{64}", re.ASCII)
_MOST_LINES: Final = 100_000
_LINES: Final = "application/x-ndjson"


def _leaf_hash(text: str) -> bytes:
    """A hash in a query; ValueError with what would be right."""
    if not _HASH.fullmatch(text):
        raise ValueError("must be 64 hex digits, as in a receipt")
    return bytes.fromhex(text)


@blueprint.get("/v1/ledger")
@requires(
    *ROLES,
    summary="How much is recorded, and how much of it is under a signed checkpoint",
    answers={200: Answer("The ledger; `root` is that of `checkpoint_size`", "Ledger")},
)
def ledger() -> Response:
    """The ledger's name, size, and last checkpoint in short."""
    return answer(services().proofs.head())


@blueprint.get("/v1/ledger/checkpoint")
@requires(
    *ROLES,
    summary="The last checkpoint: a signed note (C2SP tlog-checkpoint), with the cosignatures of witnesses",
    query=(WITNESSED,),
    answers={200: Answer("The signed note", None, TEXT)},
    problems=("behind", "not-found"),
)
def checkpoint() -> Response:
    """Keep it: whoever holds it can prove what was recorded by then."""
    return text(services().proofs.checkpoint(**read_query()))


@blueprint.get("/v1/ledger/timestamp")
@requires(
    *ROLES,
    summary="That a checkpoint was there at a time, by the word of a time stamping authority (RFC 3161)",
    query=(STAMPED,),
    answers={200: Answer("The checkpoint, and the answer of the authority over it", "Timestamp")},
    problems=("not-found",),
)
def timestamp() -> Response:
    """When it was recorded at the latest, by a clock that is not ours."""
    return answer(services().proofs.timestamp(**read_query()))


@blueprint.get("/v1/ledger/proofs/<position>")
@reads(
    "auditor",
    "recorder",
    summary="That an entry is in the ledger; a recorder asks for entries of its own namespace",
    query=(
        number("size", 1, _MOST, "In the tree of this size; the last checkpoint's, if left out."),
        Parameter(
            "leaf_hash",
            _leaf_hash,
            {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "That of your receipt: so it is told when the entry at this position is another.",
        ),
    ),
    headers=(PREFER_SEALED,),
    answers={200: Answer("The proof; as text/plain a c2sp.org/tlog-proof@v1 file", "Inclusion", also=(TEXT,))},
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
    summary="That the ledger of one size is the beginning of the ledger of another",
    query=(
        number("from", 1, _MOST, "The smaller size: that of a checkpoint that you kept. It must be given."),
        number("to", 1, _MOST, "The larger size; the last checkpoint's, if left out."),
    ),
    answers={200: Answer("The proof", "Consistency")},
    problems=("behind",),
)
def consistency() -> Response:
    """A consistency proof (RFC 9162)."""
    query = read_query()
    if query["from"] is None:
        raise invalid("from", "must be given: the size of a checkpoint that you kept")
    return answer(services().proofs.consistency(query["from"], query["to"]))


@blueprint.get("/v1/ledger/entries")
@reads(
    "auditor",
    discloses=True,
    summary="The stored lines; out of scope their leaf hashes alone",
    query=(
        number("from", 1, _MOST, "The first position.", 1),
        number("limit", 1, _MOST_LINES, "Lines at most.", 1000),
    ),
    answers={200: Answer("One line for each entry, as it is stored and hashed", None, _LINES)},
)
def entries() -> Response:
    """What is recorded, byte for byte, as it is read from the database."""
    query = read_query()
    first, limit = query["from"], query["limit"]
    pages = lines(services().ledger.database, first, limit, scope_of(g.credential))
    note(
        span=(first, min(first + limit - 1, _MOST))
    )  # now, since the access entry stands before the first line leaves
    return Response(_begun(pages), content_type=_LINES)


def _begun(pages: Iterator[bytes]) -> Iterator[bytes]:
    """The same, with the first page read now: until then a fault is an answer like any other."""
    first = next(pages, b"")
    return chain([first], pages)


def _position(text: str) -> int:
    """The position in a path; NotFound when there can be none like it."""
    try:
        return whole(1, _MOST)(text)
    except ValueError:
        raise NotFound("there is no such position: they are whole numbers from 1") from None
