"""The shapes of answers, as JSON Schema: components of the OpenAPI document (contract.md 1)."""

from __future__ import annotations

from typing import Any, Final

from domain.facts.value_kinds import NAMESPACE, SUBJECT
from interface.http.responses.problems import KINDS

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
OBJECT: Final[Schema] = {"type": "object"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
POSITION: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 2**53}
INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
SUBJECT_TEXT: Final[Schema] = {"type": "string", "pattern": f"^{SUBJECT}$"}
NAMESPACE_TEXT: Final[Schema] = {"type": "string", "pattern": f"^{NAMESPACE}$"}
BY_RULEBOOK: Final[Schema] = {
    "type": "object",
    "description": "The rulebook by which it is judged.",
    "properties": {"id": TEXT, "version": TEXT},
    "required": ["id", "version"],
}
HASH: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def by_name(values: Schema) -> Schema:
    """An object whose members are all alike."""
    return {"type": "object", "additionalProperties": values}


def shape(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object with members that are always there and others; members may be added (contract.md)."""
    made: Schema = {"type": "object", "properties": {**required, **(optional or {})}}
    return {**made, "required": list(required)} if required else made


_FAULT: Final = shape({"pointer": TEXT, "detail": TEXT})

SHAPES: Final[dict[str, Schema]] = {
    "Problem": shape(
        {
            "type": {"enum": [f"/problems/{reason}" for reason in KINDS]},
            "title": TEXT,
            "status": {"type": "integer"},
            "instance": TEXT,
        },
        {"detail": TEXT, "errors": listed(_FAULT)},
    ),
    "Receipt": shape(
        {
            "id": TEXT,
            "source": TEXT,
            "subject": SUBJECT_TEXT,
            "status": {"enum": ["recorded", "duplicate", "would_record"]},
        },
        {
            "position": POSITION,
            "version": COUNT,
            "recorded_at": INSTANT,
            "leaf_hash": HASH,
            "proof": TEXT,
            "inclusion": ref("Inclusion"),
        },
    ),
    "Outcome": shape(
        {"status": {"enum": ["recorded", "duplicate", "refused", "would_record"]}},
        {"receipt": ref("Receipt"), "problem": ref("Problem")},
    ),
    "Outcomes": shape(
        {"outcomes": listed(ref("Outcome")), "recorded": COUNT, "duplicate": COUNT, "refused": COUNT},
        {"would_record": COUNT},
    ),
    "Posted": {"anyOf": [ref("Receipt"), ref("Outcomes")]},
    "Schema": {"type": "object", "required": ["$schema", "$id", "title", "type", "properties"]},
    "Types": shape({"types": listed(shape({"type": TEXT, "schema": TEXT}))}),
    "Status": shape({"status": {"enum": ["alive", "ready"]}}),
    "OpenAPI": shape({"openapi": TEXT, "info": OBJECT, "paths": OBJECT}),
}
