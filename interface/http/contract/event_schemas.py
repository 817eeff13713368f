"""The JSON Schema (2020-12) of each event type: the whole structured CloudEvent, self-contained.

Made by apispec from the marshmallow schema of the type's `data`. Here are only the envelope and the definitions that
all types share. A latest before its earliest and the target of a correction are checked without it.
"""

from __future__ import annotations

from functools import cache
from inspect import getdoc
from typing import Final

from application.answers.as_json import Json
from domain.facts import FACTS, Fact
from domain.facts.value_kinds import REFERENCE
from interface.http.contract.schema_converter import converter
from interface.validation.cloudevent_attributes import ATTRIBUTES
from interface.validation.event_data import data_schema
from interface.validation.member_fields import CHILD_REFERENCE, EVENT_REFERENCE, member_field

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_CONVERTER: Final = converter(lambda _: "")[1]

TIME: Final = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^(19|20|21)\d\d-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$",
    "description": "An RFC 3339 time with an offset and at most nine fraction digits, in the years 1900 to 2199.",
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
CHILD: Final = {
    "description": "A child: a reference in the subject's namespace, or in a namespace that is named.",
    "anyOf": [
        {"type": "string", "pattern": f"^{REFERENCE}$"},
        _CONVERTER.schema2jsonschema(CHILD_REFERENCE()),
    ],
}
EVENT_REF: Final = {
    "description": "Another event, by its source and id.",
    **_CONVERTER.schema2jsonschema(EVENT_REFERENCE()),
}
DEFINITIONS: Final[Json] = {"time": TIME, "moment": MOMENT, "child": CHILD, "event_ref": EVENT_REF}
"""The shared definitions, by the name after `#/$defs/`."""


@cache
def event_schema(name: str) -> Json:
    """Return the schema of one type, by its name such as "returned"."""
    cls = FACTS[name]
    return {
        "$schema": DIALECT,
        "$id": f"/v1/schemas/{cls.TYPE}",
        "title": cls.TYPE,
        "description": getdoc(cls) or "",
        **envelope(cls),
        "$defs": DEFINITIONS,
    }


def envelope(cls: type[Fact]) -> Json:
    """Return the schema of a CloudEvent of this type. Other attributes are taken and not stored."""
    attributes = {m.name: _CONVERTER.field2property(member_field(m)) for m in ATTRIBUTES}
    return {
        "type": "object",
        "properties": {
            **attributes,
            "type": {"type": "string", "enum": [cls.TYPE]},
            "time": {"$ref": "#/$defs/time"},
            "data": _CONVERTER.schema2jsonschema(data_schema(cls.NAME)),
        },
        "required": [*(m.name for m in ATTRIBUTES if m.required), "data"],
        "not": {"required": ["data_base64"]},
        "if": {"properties": {"data": {"required": ["happened"]}}},
        "then": {"not": {"required": ["time"]}},
        "else": {"required": ["time"]},
    }
