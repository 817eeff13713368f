"""The OpenAPI 3.1 document of an application, from what its routes declare and the types define."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from application.answers.as_json import Json
from domain.facts import FACTS
from domain.facts.value_kinds import NAMESPACE, REFERENCE
from domain.measures.definitions import MEASURES
from interface import VERSION
from interface.http.contract.access_schemas import LOOKED
from interface.http.contract.components import SHAPES, ref
from interface.http.contract.episode_schemas import DERIVED
from interface.http.contract.event_schemas import DEFINITIONS, DIALECT, envelope
from interface.http.contract.measure_schemas import MEASURED
from interface.http.contract.operation import (
    ARGUMENT,
    Answer,
    Header,
    Operation,
    Parameter,
    operation_of,
    path_of,
)
from interface.http.contract.proof_schemas import PROVED
from interface.http.contract.quality_schemas import QUALITY
from interface.http.contract.rulebook_schemas import RULED
from interface.http.guards.access_recording import PURPOSE
from interface.http.requests.cloudevents import BATCH, BINARY, STRUCTURED
from interface.http.responses.problems import KINDS, PROBLEM_JSON
from interface.http.runtime.services import services

_PATH: Final = {
    "namespace": {"type": "string", "pattern": f"^{NAMESPACE}$"},
    "scheme": {"type": "string", "pattern": f"^{NAMESPACE}$"},
    "reference": {"type": "string", "pattern": f"^{REFERENCE}$"},
    "type_": {"enum": [cls.TYPE for cls in FACTS.values()]},
    "position": {"type": "integer", "minimum": 1},
    "measure": {"enum": [measure.id for measure in MEASURES]},
}
"""What the variable parts of paths are."""
_TOKEN_PROBLEMS: Final = ("unauthenticated", "forbidden", "rate-limited", "not-recorded", "internal")


def describe(app: Flask) -> Json:
    """The whole document."""
    paths: dict[str, Json] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation is not None:
            paths.setdefault(path_of(rule), {})[_method(rule)] = _operation(rule, operation)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Episode Ledger",
            "version": VERSION,
            "description": "What each organisation asserts about a missing episode, recorded once, and what follows.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**SHAPES, **PROVED, **DERIVED, **MEASURED, **RULED, **QUALITY, **LOOKED, **_events()},
        },
    }


def _method(rule: Rule) -> str:
    return "post" if "POST" in (rule.methods or ()) else "get"


def _operation(rule: Rule, operation: Operation) -> Json:
    arguments = [_argument(name) for name in ARGUMENT.findall(rule.rule)]
    made: Json = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "parameters": arguments + [_parameter(p) for p in operation.query] + _headers(operation),
        "responses": {str(s): _answer(a) for s, a in operation.answers.items()} | _problems(operation),
        "security": [] if operation.roles is None else [{"token": []}],
    }
    if operation.roles is not None:
        made["description"] = f"Roles: {', '.join(sorted(operation.roles))}."
    if operation.takes_events:
        made["requestBody"] = _body()
    if operation.takes:
        made["requestBody"] = _members(operation.takes)
    return made


def _members(parameters: tuple[Parameter, ...]) -> Json:
    members = {p.name: {**p.schema, "description": p.means} for p in parameters}
    schema = {"type": "object", "properties": members, "additionalProperties": False}
    return {"required": True, "content": {BINARY: {"schema": schema}}}


def _argument(name: str) -> Json:
    return {"name": name.rstrip("_"), "in": "path", "required": True, "schema": _PATH[name]}


def _parameter(parameter: Parameter) -> Json:
    schema = (
        parameter.schema if parameter.default is None else {**parameter.schema, "default": parameter.default}
    )
    return {"name": parameter.name, "in": "query", "description": parameter.means, "schema": schema}


def _headers(operation: Operation) -> list[Json]:
    headers = (*operation.headers, *((_purpose(),) if operation.discloses else ()))
    return [{"name": h.name, "in": "header", "description": h.means, "schema": h.schema} for h in headers]


def _purpose() -> Header:
    """The header of routes that show children's records, with this installation's codes."""
    means = "Why the records are read. May be left out where the token carries a purpose of its own."
    return Header(PURPOSE, means, {"enum": list(services().settings.access.purposes)})


def _answer(answer: Answer) -> Json:
    if answer.media_type is None:
        return {"description": answer.means}
    schema = ref(answer.shape) if answer.shape else {"type": "string"}
    content = {answer.media_type: {"schema": schema}}
    content |= {media_type: {"schema": {"type": "string"}} for media_type in answer.also}
    return {"description": answer.means, "content": content}


def _problems(operation: Operation) -> Json:
    """Every problem that the route can answer with, by status."""
    always = ("internal",) if operation.roles is None else _TOKEN_PROBLEMS
    asked = ("invalid-query",) if operation.query or operation.discloses else ()
    reasons = dict.fromkeys((*asked, *operation.problems, *always))
    by_status: dict[str, list[str]] = {}
    for reason in reasons:
        by_status.setdefault(str(KINDS[reason].status), []).append(f"/problems/{reason}")
    content = {PROBLEM_JSON: {"schema": ref("Problem")}}
    return {s: {"description": ", ".join(types), "content": content} for s, types in by_status.items()}


def _body() -> Json:
    event = {"oneOf": [ref(cls.TYPE) for cls in FACTS.values()]}
    binary = {"type": "object", "description": "`data` alone; the attributes are in ce- headers."}
    return {
        "required": True,
        "content": {
            STRUCTURED: {"schema": event},
            BATCH: {"schema": {"type": "array", "items": event, "maxItems": 1000}},
            BINARY: {"schema": binary},
        },
    }


def _events() -> Json:
    """A component for each event type, and the definitions that they share."""
    shared = {name: _relinked(schema) for name, schema in DEFINITIONS.items()}
    return shared | {cls.TYPE: _relinked(envelope(cls)) for cls in FACTS.values()}


def _relinked(schema: Any) -> Any:
    """The same schema, with its definitions among the components."""
    if isinstance(schema, dict):
        return {
            name: value.replace("#/$defs/", "#/components/schemas/") if name == "$ref" else _relinked(value)
            for name, value in schema.items()
        }
    return [_relinked(item) for item in schema] if isinstance(schema, list) else schema
