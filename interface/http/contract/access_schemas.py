"""The shapes of who looked at what (docs/auditing.md)."""

from __future__ import annotations

from typing import Final

from application.access.credentials import ROLES
from interface.http.contract.components import (
    COUNT,
    INSTANT,
    POSITION,
    TEXT,
    Schema,
    by_name,
    listed,
    ref,
    shape,
)
from interface.http.contract.episode_schemas import DERIVED

_WHO: Final[dict[str, Schema]] = {"principal": TEXT, "by": TEXT}
_SIZE: Final[dict[str, Schema]] = {
    "access_size": {**POSITION, "description": "Entries of the access log, without this reading's own."}
}

LOOKED: Final[dict[str, Schema]] = {
    "Access": shape(
        {
            "position": {**POSITION, "description": "In the access log."},
            "recorded_at": INSTANT,
            "read_at": INSTANT,
            **_WHO,
            "role": {"enum": [*ROLES, "operator"]},
            "purpose": TEXT,
            "route": TEXT,
            "children": {**COUNT, "description": "Of how many children the answer showed records."},
            "positions": {**listed(POSITION), "description": "Entries about this child, in the episode log."},
        },
        {"status": COUNT},
    ),
    "AccessList": shape(
        {
            "child": DERIVED["Episode"]["properties"]["child"],
            "items": listed(ref("Access")),
            "next": {"type": ["string", "null"]},
            **_SIZE,
        }
    ),
    "Accesses": shape(
        {
            **_WHO,
            "purposes": by_name(COUNT),
            "reads": COUNT,
            "children": COUNT,
            "most_children_in_a_day": COUNT,
            "outside_hours": COUNT,
            "beyond_own_area": COUNT,
            "unusual": listed({"enum": ["outside_hours", "many_children", "beyond_own_area"]}),
        }
    ),
    "AccessSummary": shape(
        {
            "items": listed(ref("Accesses")),
            "readers": COUNT,
            "from": INSTANT,
            "to": INSTANT,
            "office_hours": TEXT,
            "many_children": COUNT,
            **_SIZE,
        }
    ),
}
