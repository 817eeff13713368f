"""The JSON Schema (2020-12) of each event type: the whole structured CloudEvent, self-contained.

Said by the kinds of domain/facts; here are only the envelope and the definitions that kinds refer to.
What a schema cannot say (a latest before its earliest, members of a correction's target) the door says.
"""

from __future__ import annotations

from functools import cache
from inspect import getdoc
from typing import Any, Final

from domain.facts import FACTS, Fact
from domain.facts.members import object_schema
from domain.facts.value_kinds import NAMESPACE, ORIGIN, REFERENCE
from interface.validation.cloudevent_attributes import ATTRIBUTES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

TIME: Final = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^(19|20|21)\d\d-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)$",
    "description": "An RFC 3339 time with an offset and at most six fraction digits, in the years 1900 to 2199.",
}
MOMENT: Final = {
    "description": "When something happened, as far as anyone can say.",
    "anyOf": [
        {"$ref": "#/$defs/time"},
        {
            "type": "object",
            "properties": {"earliest": {"$ref": "#/$defs/time"}, "latest": {"$ref": "#/$defs/time"}},
            "minProperties": 1,
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"date": {"type": "string", "format": "date", "pattern": "^(19|20|21)"}},
            "required": ["date"],
            "additionalProperties": False,
            "description": "That day in Europe/London, from its midnight to the next.",
        },
    ],
}
_REFERENCE: Final = {"type": "string", "pattern": f"^{REFERENCE}$"}
CHILD: Final = {
    "description": "A child: a reference in the subject's namespace, or in a namespace that is named.",
    "anyOf": [
        _REFERENCE,
        {
            "type": "object",
            "properties": {
                "scheme": {"type": "string", "pattern": f"^{NAMESPACE}$"},
                "reference": _REFERENCE,
            },
            "required": ["scheme", "reference"],
            "additionalProperties": False,
        },
    ],
}
_ORIGIN: Final = {"type": "string", "pattern": f"^{ORIGIN}$"}
EVENT_REF: Final = {
    "description": "Another event, by its source and id.",
    "type": "object",
    "properties": {"source": _ORIGIN, "id": _ORIGIN},
    "required": ["source", "id"],
    "additionalProperties": False,
}
DEFINITIONS: Final[dict[str, Any]] = {"time": TIME, "moment": MOMENT, "child": CHILD, "event_ref": EVENT_REF}
"""What `#/$defs/…` in the schema of a kind means."""


@cache
def event_schema(name: str) -> dict[str, Any]:
    """The schema of one type, by its name such as "returned"."""
    cls = FACTS[name]
    return {
        "$schema": DIALECT,
        "$id": f"/v1/schemas/{cls.TYPE}",
        "title": cls.TYPE,
        "description": getdoc(cls) or "",
        **envelope(cls),
        "$defs": DEFINITIONS,
    }


def envelope(cls: type[Fact]) -> dict[str, Any]:
    """A CloudEvent of this type. Other attributes are taken and not stored; null is as good as absent."""
    attributes = {m.name: m.kind.schema() for m in ATTRIBUTES}
    return {
        "type": "object",
        "properties": {
            **attributes,
            "type": {"const": cls.TYPE},
            "time": {"$ref": "#/$defs/time"},
            "data": object_schema(cls.MEMBERS),
            "data_base64": False,
        },
        "required": [*(m.name for m in ATTRIBUTES if m.required), "data"],
        "oneOf": [
            {"required": ["time"]},
            {"properties": {"data": {"required": ["happened"]}}},
        ],
    }
