"""Every JSON answer of the application under test goes through the schema that its route declares, strictly."""

from __future__ import annotations

import pytest
from flask import Flask, Response, current_app, request
from marshmallow import ValidationError, fields

from interface.http.contract.operation import operation_of
from interface.http.contract.recording_schemas import AtomicProblemSchema, ProblemSchema


def checked(app: Flask) -> Flask:
    """The application, each of whose answers is compared with its schema; a difference fails the test."""
    app.after_request(_check)
    return app


def _check(response: Response) -> Response:
    if not response.is_streamed and response.is_json and request.method != "HEAD":
        schema, body = _schema(response), response.get_json()
        if schema is not None and (difference := differs(schema, body)):
            pytest.fail(
                f"{request.path} {response.status_code}: {difference}"
            )  # no handler of the app catches it
    return response


def _schema(response: Response):
    """What the route declares for this status; None where the answer is of no schema."""
    if response.mimetype == "application/problem+json":
        return AtomicProblemSchema if "outcomes" in response.get_json() else ProblemSchema
    operation = operation_of(current_app.view_functions[request.endpoint])
    return operation.answers[response.status_code].schema


def differs(schema, body):
    """What is missing, does not fit, or is not declared; nothing when the answer is as its schema says."""
    field = fields.Nested(schema) if isinstance(schema, type) else schema
    try:
        loaded = field.deserialize(body, "answer", {"answer": body})
    except ValidationError as error:
        return error.messages
    return list(_undeclared(body, field.serialize("answer", {"answer": loaded})))


def _undeclared(body, dumped, path=""):
    """The paths at which an answer differs from what its schema makes of it."""
    if isinstance(body, dict) and isinstance(dumped, dict):
        for name in body.keys() | dumped.keys():
            yield from _undeclared(body.get(name), dumped.get(name), f"{path}/{name}")
    elif isinstance(body, list) and isinstance(dumped, list) and len(body) == len(dumped):
        for n, (one, other) in enumerate(zip(body, dumped, strict=True)):
            yield from _undeclared(one, other, f"{path}/{n}")
    elif body != dumped:
        yield path
