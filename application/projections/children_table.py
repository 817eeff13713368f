"""Children: the person that each child is, by all identity links."""

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
    """Return the rows of children, given all their identity links."""
    union = DisjointSet()
    for one, other in ties:
        union.join(one, other)
    return [(child, UUID(union.of(child.hex))) for child in children]


def ties(connection: psycopg.Connection[Any], children: Collection[UUID]) -> dict[UUID, IdentityLink]:
    """Return the link from each of these children to their person, where the person has another id."""
    found = TABLE.rows(connection, children)
    return {child: (child.hex, person.hex) for child, person in found if child != person}


def person(database: Database, child: str) -> str:
    """Return the person that a child is: the child itself, unless a link says otherwise."""
    found = database.rows("select person from views.children where child = %s::text::uuid", (child,))
    return found[0][0].hex if found else child
