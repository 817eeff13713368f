"""The OpenAPI 3.1 document of an application, made by apispec from what its routes declare and the types define."""

from __future__ import annotations

from typing import Final

from apispec import APISpec
from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

from application.answers.as_json import Json
from domain.facts import FACTS
from domain.facts.value_kinds import NAMESPACE, REFERENCE
from domain.measures.definitions import MEASURES
from interface.http.contract.answer_fields import OneOfShapes
from interface.http.contract.event_schemas import DEFINITIONS, DIALECT, envelope
from interface.http.contract.examples import EXAMPLES
from interface.http.contract.operation import (
    ARGUMENT,
    Answer,
    Header,
    Operation,
    operation_of,
    path_of,
)
from interface.http.contract.recording_schemas import POSTED, AtomicProblemSchema, ProblemSchema
from interface.http.contract.rulebook_schemas import RULE_START
from interface.http.contract.schema_converter import (
    COMPONENTS,
    Converter,
    component_name,
    converter,
    relinked,
)
from interface.http.guards.access_recording import PURPOSE
from interface.http.requests.cloudevents import BATCH, BINARY, STRUCTURED
from interface.http.responses.problems import KINDS, PROBLEM_JSON
from interface.http.runtime.services import services

_PATH: Final = {
    "namespace": {"type": "string", "pattern": f"^{NAMESPACE}$"},
    "scheme": {"type": "string", "pattern": f"^{NAMESPACE}$"},
    "reference": {"type": "string", "pattern": f"^{REFERENCE}$"},
    "type_": {"type": "string", "enum": [cls.TYPE for cls in FACTS.values()]},
    "position": {"type": "integer", "minimum": 1},
    "measure": {"type": "string", "enum": [measure.id for measure in MEASURES]},
}
"""The schemas of the variable parts of paths."""
_TOKEN_PROBLEMS: Final = ("unauthenticated", "forbidden", "rate-limited", "not-recorded", "internal")
_ABOUT: Final = {
    "description": "What each organisation asserts about a missing episode, recorded once, and what follows.",
}
_TAGS: Final = {
    "events": "Record events.",
    "episodes": "Where each episode stands, its history and its duties.",
    "children": "A child, with all episodes.",
    "obligations": "The duties of all episodes.",
    "measures": "The service's figures.",
    "rulebook": "The rules by which verdicts are judged.",
    "quality": "What should be corrected, and how late entries come.",
    "evidence": "Bundles that prove what is recorded.",
    "access": "The access log: who read which records, and why.",
    "ledger": "The ledger itself, its checkpoints and proofs.",
    "schemas": "The JSON Schema of each event type.",
    "openapi": "This interface.",
    "health": "Whether the process lives and is ready.",
    "metrics": "Numbers for Prometheus.",
}
"""The purpose of the routes of each blueprint."""


def describe(app: Flask) -> Json:
    """Return the whole document."""
    spec, convert = converter(component_name)
    spec.options |= {
        "jsonSchemaDialect": DIALECT,
        "info": _ABOUT,
        "servers": [{"url": "/", "description": "The server that answers with this document."}],
    }
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for name, means in _TAGS.items():
        spec.tag({"name": name, "description": means})
    _add_components(spec, convert)
    routes = _Routes(convert)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation is not None and not operation.for_people:
            spec.path(path_of(rule), operations={_method(rule): routes.described(rule, operation)})
    return spec.to_dict()


def _add_components(spec: APISpec, convert: Converter) -> None:
    """Add a component for each event type, the definitions that they share, and shapes that are no objects."""
    for name, schema in DEFINITIONS.items():
        spec.components.schema(name, relinked(schema, COMPONENTS))
    for cls in FACTS.values():
        spec.components.schema(cls.TYPE, relinked(envelope(cls), COMPONENTS))
    for field in (POSTED, RULE_START):
        spec.components.schema(field.component, convert.any_of(field))


def _method(rule: Rule) -> str:
    return "post" if "POST" in (rule.methods or ()) else "get"


class _Routes:
    """The routes of a document, each described by what it declares."""

    def __init__(self, convert: Converter) -> None:
        """Take the converter that adds components to the document."""
        self._convert = convert

    def described(self, rule: Rule, operation: Operation) -> Json:
        """Return the description of one route."""
        example = EXAMPLES.get(f"{_method(rule).upper()} {path_of(rule)}", {})
        parameters = [
            *map(_argument, ARGUMENT.findall(rule.rule)),
            *self._convert.schema2parameters(operation.query, location="query"),
            *_headers(operation),
        ]
        made: Json = {
            "operationId": rule.endpoint.replace(".", "_"),
            "tags": [rule.endpoint.partition(".")[0]],
            "summary": operation.summary,
            "parameters": _with_examples(parameters, example.get("path", {}) | example.get("query", {})),
            "responses": {
                str(s): self._answer(a, example.get("answer")) for s, a in operation.answers.items()
            }
            | self._problems(operation),
            "security": [] if operation.roles is None else [{"token": []}],
        }
        if operation.roles is not None:
            made["description"] = f"Roles: {', '.join(sorted(operation.roles))}."
        if operation.takes_events:
            made["requestBody"] = _event_bodies()
        if operation.takes is not None:
            schema = self._convert.schema2jsonschema(operation.takes)
            made["requestBody"] = {"required": True, "content": {BINARY: {"schema": schema}}}
        for media_type, body in example.get("body", {}).items():
            made["requestBody"]["content"][media_type]["example"] = body
        return made

    def _answer(self, answer: Answer, example: Json | None) -> Json:
        if answer.media_type is None:
            return {"description": answer.means}
        schema = {"type": "string"} if answer.schema is None else self._schema(answer.schema)
        content: Json = {answer.media_type: {"schema": schema}}
        if example is not None:
            content[answer.media_type]["example"] = example
        content |= {media_type: {"schema": {"type": "string"}} for media_type in answer.also}
        return {"description": answer.means, "content": content}

    def _schema(self, schema: type[Schema] | OneOfShapes) -> Json:
        """Return a reference to the component of a schema."""
        found: Json = (
            self._convert.resolve_nested_schema(schema)  # type: ignore[no-untyped-call]  # the library leaves it untyped
            if isinstance(schema, type)
            else self._convert.field2property(schema)
        )
        return found

    def _problems(self, operation: Operation) -> Json:
        """Return every problem that the route can answer with, by status."""
        always = ("internal",) if operation.roles is None else _TOKEN_PROBLEMS
        invalid = ("invalid-query",) if operation.query.fields or operation.discloses else ()
        sent = ("too-slow",) if operation.takes is not None or operation.takes_events else ()
        by_status: dict[str, list[str]] = {}
        for reason in dict.fromkeys((*invalid, *operation.problems, *sent, *always)):
            by_status.setdefault(str(KINDS[reason].status), []).append(reason)
        return {status: self._problem(reasons) for status, reasons in by_status.items()}

    def _problem(self, reasons: list[str]) -> Json:
        schema = self._schema(ProblemSchema)
        if "atomic" in reasons:
            schema = {"anyOf": [self._schema(AtomicProblemSchema), schema]}
        types = ", ".join(f"/problems/{reason}" for reason in reasons)
        return {"description": types, "content": {PROBLEM_JSON: {"schema": schema}}}


def _with_examples(parameters: list[Json], examples: Json) -> list[Json]:
    return [p | {"example": examples[p["name"]]} if p["name"] in examples else p for p in parameters]


def _ref(name: str) -> Json:
    return {"$ref": f"{COMPONENTS}{name}"}


def _argument(name: str) -> Json:
    return {"name": name.rstrip("_"), "in": "path", "required": True, "schema": _PATH[name]}


def _headers(operation: Operation) -> list[Json]:
    headers = (*operation.headers, *((_purpose(),) if operation.discloses else ()))
    return [{"name": h.name, "in": "header", "description": h.means, "schema": h.schema} for h in headers]


def _purpose() -> Header:
    """Return the header of routes that show children's records, with this installation's codes."""
    means = "Why the records are read. May be left out where the token carries a purpose of its own."
    return Header(PURPOSE, means, {"type": "string", "enum": list(services().settings.access.purposes)})


def _event_bodies() -> Json:
    event = {"oneOf": [_ref(cls.TYPE) for cls in FACTS.values()]}
    binary = {"type": "object", "description": "`data` alone; the attributes are in ce- headers."}
    return {
        "required": True,
        "content": {
            STRUCTURED: {"schema": event},
            # Means the same as `items`. For a list among several bodies openapi-python-client writes code that fails.
            BATCH: {"schema": {"type": "array", "unevaluatedItems": event, "maxItems": 1000}},
            BINARY: {"schema": binary},
        },
    }
