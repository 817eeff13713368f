"""One call of the SQL function `ledger.append_access`: from requests to answers, as `append` is for episodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg

from application.store.append import AppendCall, AppendResult, Request, read_answer
from application.store.sql_call import ARRAY_OF, BYTEA, TIMESTAMPTZ, Call, array, clock

_CALL: Final = Call(
    b"ledger_append_access",
    b'select status, "position", version, recorded_at, leaf_hash from ledger.append_access($1, $2)',
    (TIMESTAMPTZ, ARRAY_OF[BYTEA]),
)


def append_access(
    connection: psycopg.Connection[Any],
    requests: Sequence[Request],
    *,
    atomic: bool = False,  # noqa: ARG001  none can be refused, so all or none is what it does
    prepared: bool = False,
) -> list[AppendResult]:
    """Record disclosures in order; each is recorded, or a duplicate by its id. A request's tail alone is stored."""
    tails = array(BYTEA, [request.tail for request in requests])
    result = _CALL(connection, [clock(), tails], prepared=prepared)
    return [read_answer(result, row) for row in range(result.ntuples)]


ACCESSES: Final = AppendCall(_CALL.prepare, append_access)
"""The access log."""
