"""How much a query reads, by PostgreSQL's own account."""

from __future__ import annotations

from typing import Any

import psycopg


def rows_read(
    connection: psycopg.Connection[Any], query: str, values: Any, relation: str | None = None
) -> int:
    """How many rows the scans of a query met, wanted or not; of one table, if one is named."""
    [[[plan]]] = connection.execute(f"explain (analyze, format json) {query}".encode(), values).fetchall()
    return _met(plan["Plan"], relation)


def _met(node: dict[str, Any], relation: str | None) -> int:
    below = sum(_met(child, relation) for child in node.get("Plans", ()))
    scanned = node.get("Relation Name") if node["Node Type"].endswith("Scan") else None
    if node["Node Type"] == "Bitmap Index Scan" and relation is None:
        return below + int(node["Actual Rows"] * node["Actual Loops"])
    if scanned is None or relation not in {None, scanned}:
        return below
    removed = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return below + int((node["Actual Rows"] + removed) * node["Actual Loops"])
