"""Days of the access summary: whose records each reader read on a day, against the entries of the access log."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from application.verification.discrepancies import Discrepancies, Read

_DIFFER: Final = """
select count(*) from (
    select distinct (e.read_at at time zone 'Europe/London')::date as day, e.principal, e.by, c.child_no
    from ledger.access_entries e join ledger.access_children c on c.position = e.position
) told full join ledger.access_days kept using (day, principal, by, child_no)
where told is null or kept is null
"""


def check_days(connection: psycopg.Connection[Any], read: Read, findings: Discrepancies) -> None:
    """Check that there is a row for each day that entries give, and no other."""
    [(differ,)] = connection.execute(_DIFFER)
    if differ:
        findings.add("days", read.last, "days as the entries tell them", f"{differ} more or fewer")
