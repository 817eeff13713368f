"""Children: which person a child is, by all that ties it to others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

import psycopg

from application.projections.table import Row, Table
from application.store.database import Database
from domain.assessment.chronology.children import IdentityLink
from domain.assessment.chronology.disjoint_set import DisjointSet

TABLE: Final = Table("children", {"child": "uuid", "person": "uuid"}, key=1)


def rows(children: Iterable[UUID], ties: Iterable[IdentityLink]) -> list[Row]:
    """The rows of children, given every tie of theirs."""
    union = DisjointSet()
    for one, other in ties:
        union.join(one, other)
    return [(child, UUID(union.of(child.hex))) for child in children]


def ties(connection: psycopg.Connection[Any], children: Collection[UUID]) -> dict[UUID, IdentityLink]:
    """The tie of each of these children to the person that it is, as far as it is another."""
    found = TABLE.rows(connection, children)
    return {child: (child.hex, person.hex) for child, person in found if child != person}


def person(database: Database, child: str) -> str:
    """The person that a child is: itself, as long as nothing says otherwise."""
    found = database.rows("select person from views.children where child = %s::text::uuid", (child,))
    return found[0][0].hex if found else child
