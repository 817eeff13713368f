"""Every JSON answer of the application under test tells all children and entries that it shows."""

from __future__ import annotations

import pytest
from flask import Flask, Response, current_app, request

from domain.facts.value_kinds import ChildRef
from interface.http.contract.operation import current_operation

_NAMED = {"scheme", "reference"}
"""The members of a child."""
_ENTRIES = ({"position", "recorded_at", "type"}, {"position", "role", "why"})
"""The members of an entry: by itself, and as evidence of a verdict."""


def checked(app: Flask) -> Flask:
    """The application; an answer that shows more than it discloses fails the test."""
    app.after_request(_check)
    return app


def _check(response: Response) -> Response:
    operation = current_operation()
    if operation is not None and operation.discloses and response.mimetype == "application/json":
        find = current_app.extensions["ledger"].ledger.vault.find
        children, positions = set(), set()
        for each in _objects(response.get_json()):
            if each.keys() == _NAMED:
                children.add(find(ChildRef(**each)))
            if any(each.keys() >= members for members in _ENTRIES):
                positions.add(each["position"])
            positions |= {each["trigger"]} if "trigger" in each else set()
        if not (children <= response.disclosed.children and positions <= response.disclosed.positions):
            pytest.fail(f"{request.path} shows records that it does not disclose")
    return response


def _objects(value):
    """Yield the objects in a JSON value, at any depth."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)
