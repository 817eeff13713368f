"""From marshmallow schemas to JSON Schema and OpenAPI, by apispec."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getdoc
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from application.answers.as_json import Json
from interface import VERSION
from interface.http.contract.answer_fields import AnswerSchema, OneOfShapes

OPENAPI: Final = "3.1.0"
COMPONENTS: Final = "#/components/schemas/"


class Converter(OpenAPIConverter):
    """The library's converter, for our own fields too."""

    def field2property(self, field: fields.Field[Any]) -> Json:
        """Return the JSON Schema of a field: its own where it has one."""
        made = self._own(field)
        if (
            made.get("default", made) is None
        ):  # a parameter that is left out has no value, null is none either
            del made["default"]
        return made

    def _own(self, field: fields.Field[Any]) -> Json:
        described = {"description": means} if (means := field.metadata.get("description")) else {}
        if isinstance(field, OneOfShapes):
            return {"$ref": f"{COMPONENTS}{field.component}", **described}
        if own := getattr(field, "json_schema", None):
            return {**own, **described}
        return super().field2property(field)

    def any_of(self, field: OneOfShapes) -> Json:
        """Return the component of a value that has one of several shapes."""
        return {"anyOf": [self.field2property(shape) for shape in field.shapes]}

    def schema2jsonschema(self, schema: Schema) -> Json:
        """Return the JSON Schema of an object; the docstring of an answer's schema describes it."""
        made: Json = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        return {"description": getdoc(type(schema)), **made} if isinstance(schema, AnswerSchema) else made


class Plugin(MarshmallowPlugin):
    """The library's plugin, with our converter."""

    Converter = Converter


def converter(resolver: Callable[[Any], str]) -> tuple[APISpec, Converter]:
    """Return a document to fill, and its converter; `resolver` names the component of a schema, empty: it has none."""
    plugin = Plugin(schema_name_resolver=resolver)
    spec = APISpec(title="Episode Ledger", version=VERSION, openapi_version=OPENAPI, plugins=[plugin])
    assert isinstance(plugin.converter, Converter)
    return spec, plugin.converter


def component_name(schema: Any) -> str:
    """Return the name of a schema's component: its class without `Schema`."""
    cls = schema if isinstance(schema, type) else type(schema)
    return str(cls.__name__).removesuffix("Schema")


def relinked(schema: Any, to: str) -> Any:
    """Return the same JSON Schema, with its shared definitions elsewhere."""
    if isinstance(schema, dict):
        return {
            name: value.replace("#/$defs/", to) if name == "$ref" else relinked(value, to)
            for name, value in schema.items()
        }
    return [relinked(item, to) for item in schema] if isinstance(schema, list) else schema
