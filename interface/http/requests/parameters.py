"""The parameters of a request, read strictly by the schema of its route: what is unknown or invalid is refused by name.

A mistyped filter must not answer with everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask import request
from marshmallow import RAISE, Schema, ValidationError

from domain.errors import Fault, InvalidQuery
from domain.facts.members import escape
from interface.http.contract.operation import current_operation


class ParametersSchema(Schema):
    """The parameters of a route, or the members of its JSON body; no others are taken."""

    error_messages = {"type": "must be an object"}  # noqa: RUF012  marshmallow's own way to say it

    class Meta:
        """Refuse what is unknown."""

        unknown = RAISE


def check_names() -> None:
    """Raise InvalidQuery for a parameter that the route does not have: before every request that needs a token."""
    operation = current_operation()
    if operation is not None and operation.roles is not None:
        _check_names(operation.query, request.args)


def read_query() -> dict[str, Any]:
    """Return the parameters of this request by name, defaults filled in; InvalidQuery names what is wrong."""
    operation = current_operation()
    assert operation is not None  # a view that reads parameters is declared
    for name, values in request.args.lists():
        if len(values) > 1:
            raise invalid(escape(name), "must be given once")
    return _load(operation.query, request.args.to_dict())


def read_members(body: object) -> dict[str, Any]:
    """Return the members of a JSON body in the same way."""
    operation = current_operation()
    assert operation is not None  # a view that reads a body is declared
    if not isinstance(body, dict):
        raise InvalidQuery("The body must be an object.")
    assert operation.takes is not None  # and says which
    _check_names(operation.takes, body)
    return _load(operation.takes, body)


def _load(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(given) if given else {**_defaults(schema)}
    except ValidationError as error:
        raise _refused(error.normalized_messages()) from None  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return loaded


@cache
def _defaults(schema: Schema) -> dict[str, Any]:
    """Return what a schema makes of no parameters: most requests have none."""
    loaded: dict[str, Any] = schema.load({})
    return loaded


def _refused(messages: Mapping[str, list[str]]) -> InvalidQuery:
    """Return the refusal of every parameter that is wrong; the detail is about the first."""
    faults = [Fault(f"/{escape(name)}", message) for name, (message, *_) in messages.items()]
    return InvalidQuery(_sentence(faults[0].pointer[1:], faults[0].detail), tuple(faults))


def _check_names(schema: Schema, given: Iterable[str]) -> None:
    known = [field.data_key or name for name, field in schema.fields.items()]
    for name in given:
        if name not in known:
            takes = f"is not a parameter of this route; it takes {', '.join(known) or 'none'}"
            raise invalid(escape(name), takes)


def invalid(name: str, what: str) -> InvalidQuery:
    """Return the refusal of one parameter: what is wrong with it, or what would be right."""
    return InvalidQuery(_sentence(name, what), (Fault(f"/{name}", what),))


def _sentence(name: str, what: str) -> str:
    return f"The parameter {name} {what}."
